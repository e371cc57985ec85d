"""Every optimizer against every cost class on small random problems, by means that share no code with the package.

Worst costs that solve a linear programme are recomputed by HiGHS, the others by numeric maximisation from several starts;
the costs that are returned are held against the definition of their class; divergences are summed again at 40 digits.
"""

import math
from fractions import Fraction as F
from functools import cache

import jax
import mpmath as mp
import numpy as np
import pytest
from calculus_oracles import is_in, linear_worst, numeric_worst
from scipy import stats

import qtheory as qt
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.atom import AtomPolicy

FALSE_ALARM = 1e-6
# Six actions; five with one of no mass; four without a feature; two; five, of which the best has no mass.
SEEDS = (2, 6, 7, 9, 10)


def middle(x):
    return float(x.midpoint) if isinstance(x, Enclosure) else float(x)


@cache
def random_problem(seed):
    """Two to six actions with few levels of utility, so that ties abound; about one in four has an action of no mass."""
    rng = np.random.default_rng((seed, 77))
    size = int(rng.integers(2, 7))
    weights = rng.integers(1, 7, size)
    if size > 2 and rng.random() < 0.5:
        weights[rng.integers(size)] = 0
    utility = [F(int(x), 2) for x in rng.integers(-2, 5, size)]
    utility[int(np.argmax(weights))] += F(1, 3)
    if seed == 10:
        utility[int(np.argmin(weights))] = F(3)
    feature = [0, *(int(x) for x in rng.integers(0, 2, size - 1))]
    return qt.Problem(qt.Finite([F(int(g), int(weights.sum())) for g in weights]), utility=utility, feature=feature)


def optimizers(problem):
    level = problem.utility[int(np.argmax(problem.base.weights))]
    plain = [F(1, problem.base.size)] * problem.base.size
    return {
        "base": qt.Imitation(),
        "maximiser": qt.Maximizer(),
        "quantilizer": qt.Quantilizer("1/3"),
        "ordered": qt.Quantilizer("3/7", ties="ordered"),
        "window": qt.WindowedQuantilizer("1/5", "2/3"),
        "satisficer": qt.Satisficer(level),
        "best of 3": qt.BestOfN(3),
        "top 2 of 5": qt.TopKOfN(5, 2),
        "poisson": qt.BestOfPoisson("3/2"),
        "mixture": qt.Mixture(qt.Quantilizer("1/4"), qt.BestOfN(2), "2/5"),
        "threshold": qt.EstimatedThreshold(4, 2),
        "soft": qt.SoftBestOfN(3, "3/2"),
        "rejection": qt.Rejection("2/5", plain),
        "kl": qt.KLRegularized("1/2"),
        "power 2": qt.PowerRegularized(2, "1/3"),
        "power 3/2": qt.PowerRegularized("3/2", "1/2"),
        "tsallis": qt.TsallisRegularized(3, "1/2"),
        "tv": qt.TotalVariationRegularized(1),
        "reverse kl": qt.ReverseKLRegularized("1/2"),
        "feature": qt.FeatureConstrained("4/3", action_budget=3),
        "maximin": qt.Maximin(qt.RangeAndMean("1/4", 1)),
    }


NAMES = list(optimizers(random_problem(0)))


def linear_classes(problem):
    size = problem.base.size
    caps = ["inf" if problem.base.weights[i] > 0 and i % 3 == 0 else F(i + 1, 2) for i in range(size)]
    slope = [[F(int(i == j) - int(i == j + 1)) for i in range(size)] for j in range(size - 1)]
    return [
        qt.MeanBounded("1/5"),
        qt.MeanBounded(0),
        qt.RangeAndMean("1/4", "3/2"),
        qt.Signed("1/10", "1/2"),
        qt.Capped("1/3", caps=caps),
        qt.Capped("1/3", caps=caps, weights=[F(i % 3) for i in range(size)]),
        qt.Oscillation("1/4", "3/2"),
        qt.Oscillation("1/4", "3/2", nonnegative=True),
        qt.Oscillation("3/2", "1/2", nonnegative=True),
        qt.FeatureMeasurable("1/5"),
        qt.ConditionallyBounded("1/3"),
        qt.LinearlyConstrained("1/5", cap=2, rows=[(row, "1/2") for row in slope]),
    ]


CURVED = [
    qt.MomentBounded(2, "1/2"),
    qt.MomentBounded("3/2", 1),
    qt.MomentBounded(4, 1),
    qt.VarianceBounded("1/5", "2/3"),
    qt.VarianceBounded("1/5", "2/3", nonnegative=True),
    qt.VarianceBounded("1/5", "1/9", nonnegative=True),
    qt.ExponentialMoment("1/2", "1/5"),
    qt.ExponentialMoment("1/2", "1/5", nonnegative=True),
    qt.CorrelatedProxy("1/2"),
    qt.CorrelatedProxy(1),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_linear_worst_costs_are_those_of_highs(name, seed):
    problem = random_problem(seed)
    policy = optimizers(problem)[name](problem)
    classes = linear_classes(problem)
    for cost_class in classes[:-1] if policy.encloses else classes:  # exact programmes take rational policies only
        check(cost_class, policy, linear_worst(cost_class, policy))


@pytest.mark.parametrize("seed", SEEDS)
def test_policies_that_play_what_the_base_never_does_meet_their_linear_worst_cost(seed):
    problem = random_problem(seed)
    size = problem.base.size
    policy = AtomPolicy(problem, [F(2 * i + 1, size * size) for i in range(size)])
    for cost_class in linear_classes(problem):
        check(cost_class, policy, linear_worst(cost_class, policy))


@pytest.mark.parametrize("cost_class", CURVED, ids=repr)
@pytest.mark.parametrize("seed", [6, 10])
def test_curved_worst_costs_are_those_of_numeric_maximisation(cost_class, seed):
    problem = random_problem(seed)
    for name in ("base", "ordered", "poisson", "mixture", "reverse kl", "tv"):
        policy = optimizers(problem)[name](problem)
        worst = cost_class.worst_case(policy)
        found = numeric_worst(cost_class, policy)
        assert found <= middle(worst.value) + 1e-6, (name, "a feasible cost is worse than the worst case")
        if worst.kind == "upper":
            assert policy.encloses and cost_class.nonnegative
            continue
        assert middle(worst.value) == pytest.approx(found, abs=2e-5), name
        if worst.attained and worst.cost is not None:
            check(cost_class, policy, middle(worst.value))


def check(cost_class, policy, expected):
    worst = cost_class.worst_case(policy)
    assert middle(worst.value) == pytest.approx(expected, abs=1e-8), (cost_class, policy)
    if all(isinstance(p, F) for p in policy.probabilities) and expected < math.inf and cost_class not in CURVED:
        assert isinstance(worst.value, F)
    if worst.attained and worst.cost is not None:
        cost = np.array([middle(x) for x in worst.cost])
        assert is_in(cost_class, policy.problem, cost), (cost_class, cost)
        reached = float(cost @ [middle(p) for p in policy.probabilities])
        assert reached == pytest.approx(expected, abs=1e-8), cost_class


# ---- divergences ----


def sums(policy):
    """Direct sums over the actions that the base takes."""
    pairs = [(mp.mpf(1) * g.numerator / g.denominator, to_mp(p)) for g, p in atoms(policy)]
    w = [(g, p / g) for g, p in pairs]
    power = lambda a: mp.fsum(g * x**a for g, x in w if x > 0)
    outside = sum(p for g, p in zip(policy.problem.base.weights, policy.probabilities, strict=True) if g == 0)
    beyond = mp.inf if outside else mp.mpf(0)
    return {
        "kl": beyond + mp.fsum(g * x * mp.log(x) for g, x in w if x > 0),
        "reverse_kl": -mp.fsum(g * mp.log(x) for g, x in w) if all(x > 0 for _, x in w) else mp.inf,
        "chi2": beyond + power(2) - 1,
        "total_variation": mp.fsum(abs(x - 1) * g for g, x in w) / 2 + to_mp(outside) / 2,
        "bhattacharyya": power(mp.mpf(1) / 2),
        "sup_ratio": beyond + max(x for _, x in w),
        "renyi 0": -mp.log(power(0)),
        "renyi 1/2": -2 * mp.log(power(mp.mpf(1) / 2)),
        "renyi 3": beyond or mp.log(power(3)) / 2,
        "renyi inf": beyond or mp.log(max(x for _, x in w)),
        "power_norm 3/2": beyond + power(mp.mpf(3) / 2) ** (mp.mpf(2) / 3),
    }


def atoms(policy):
    return [(g, p) for g, p in zip(policy.problem.base.weights, policy.probabilities, strict=True) if g > 0]


def to_mp(x):
    x = x.midpoint if isinstance(x, Enclosure) else F(x)
    return mp.mpf(x.numerator) / x.denominator


@pytest.mark.parametrize("name", NAMES)
def test_divergences_are_direct_sums_at_forty_digits(name):
    for seed in SEEDS:
        problem = random_problem(seed)
        policy = optimizers(problem)[name](problem)
        exact = all(isinstance(p, F) for p in policy.probabilities)
        with mp.workdps(60):
            for called, expected in sums(policy).items():
                method, *order = called.split()
                got = getattr(policy, method)(*(math.inf if o == "inf" else F(o) for o in order))
                if expected == mp.inf:
                    assert got == math.inf, called
                    continue
                box = Enclosure.of(got)
                slack = mp.mpf(10) ** (-45 if exact else -20)
                low, high = to_mp(box.low) - slack, to_mp(box.high) + slack
                assert low <= expected <= high and high - low < mp.mpf(10) ** (-20 if exact else -12), called
                if exact and method in ("chi2", "total_variation", "sup_ratio"):
                    assert isinstance(got, F)


# ---- samples ----


@pytest.mark.parametrize("name", NAMES)
def test_samples_follow_the_exact_law(name):
    problem = random_problem(6)
    policy = optimizers(problem)[name](problem)
    drawn = np.bincount(np.asarray(policy.sample(jax.random.key(11), 20_000)), minlength=problem.base.size)
    law = np.array([middle(p) for p in policy.probabilities])
    assert drawn[law == 0].sum() == 0 and drawn.sum() == 20_000
    if (law > 0).sum() > 1:
        assert stats.chisquare(drawn[law > 0], 20_000 * law[law > 0]).pvalue > FALSE_ALARM
        tilted = law[law > 0] * np.linspace(0.8, 1.2, (law > 0).sum())
        assert stats.chisquare(drawn[law > 0], 20_000 * tilted / tilted.sum()).pvalue < FALSE_ALARM
