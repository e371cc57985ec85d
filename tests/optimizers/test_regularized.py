"""Regularised optimizers on finitely many actions: they maximise their objective, and enclosures hold the truth."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from scipy import optimize
from small_problems import A48, D5, R6, T3, as_floats, random_problem

from qtheory.base.continuous import Continuous
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized
from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.problem import Problem

MP = mpmath.mp.clone()
# Twice sixty, because a root of a residue where there should be none has half the digits.
MP.dps = 120
SEEDS = range(12)
# Objectives are sums of a few terms of size at most ten in float64.
ROUNDING = 1e-12
OPTIMIZERS = [KLRegularized("1/2"), KLRegularized(3), ReverseKLRegularized("1/2"), ReverseKLRegularized(2)]
OPTIMIZERS += [TotalVariationRegularized("3/2"), TotalVariationRegularized(3), TsallisRegularized(2, "1/2")]
OPTIMIZERS += [TsallisRegularized("3/2", 1), TsallisRegularized(4, 2), TsallisRegularized("1.3", "0.7")]
OPTIMIZERS += [PowerRegularized(p, budget) for p in (2, 3, "3/2", "1.3") for budget in ("1/3", 2)]


def exactly(x):
    return MP.mpf(x.numerator) / x.denominator


def penalty(optimizer, g, w):
    """What the optimizer's objective subtracts from the expected utility, in float64 and from its definition."""
    if isinstance(optimizer, KLRegularized):
        return float(optimizer.beta) * float(np.sum(g * np.where(w > 0, w * np.log(np.where(w > 0, w, 1.0)), 0.0)))
    if isinstance(optimizer, ReverseKLRegularized):
        return math.inf if (w <= 0).any() else -float(optimizer.beta) * float(np.sum(g * np.log(w)))
    if isinstance(optimizer, TotalVariationRegularized):
        return float(optimizer.penalty) * float(np.sum(g * np.abs(w - 1))) / 2
    if isinstance(optimizer, TsallisRegularized):
        a = float(optimizer.alpha)
        return float(optimizer.beta) * float(np.sum(g * (w**a - a * w + a - 1))) / (a * (a - 1))
    conjugate = float(optimizer.p) / (float(optimizer.p) - 1)
    return float(optimizer.budget) * float(np.sum(g * w**conjugate)) ** (1 / conjugate)


def without_empty_actions(problem):
    kept = [(g, u) for g, u in zip(problem.base.weights, problem.utility, strict=True) if g > 0]
    return Problem(Finite([g for g, _ in kept]), [u for _, u in kept])


def setting(seed):
    problem = without_empty_actions(random_problem(np.random.default_rng(seed)))
    return problem, np.array([float(g) for g in problem.base.weights]), np.array([float(u) for u in problem.utility])


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("seed", SEEDS)
def test_no_step_towards_any_action_and_no_other_policy_does_better(optimizer, seed):
    # The objective is concave, so that no step towards a vertex gains means that nothing does.
    problem, g, u = setting(seed)
    policy = np.array([float(p) for p in optimizer(problem).probabilities])
    best = policy @ u - penalty(optimizer, g, policy / g)
    rivals = [(1 - step) * policy + step * vertex for vertex in np.eye(len(g)) for step in (1e-3, 0.1, 0.9)]
    rivals += list(np.random.default_rng(seed).dirichlet(np.ones(len(g)), 40))
    assert max(pi @ u - penalty(optimizer, g, pi / g) for pi in rivals) <= best + ROUNDING


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_a_numerical_maximiser_finds_the_same_value(optimizer):
    problem, g, u = without_empty_actions(R6), *setting(0)[1:]
    g, u = np.array([float(x) for x in problem.base.weights]), np.array([float(x) for x in problem.utility])
    policy = np.array([float(p) for p in optimizer(problem).probabilities])
    best = policy @ u - penalty(optimizer, g, policy / g)

    def loss(logits):
        pi = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
        return penalty(optimizer, g, pi / g) - pi @ u

    settings = {"maxiter": 20_000, "maxfev": 20_000, "xatol": 1e-10, "fatol": 1e-13, "adaptive": True}
    found = optimize.minimize(loss, np.log(g), method="Nelder-Mead", options=settings)
    assert best - 1e-3 <= -found.fun <= best + ROUNDING


def test_another_strength_would_be_noticed():
    problem, g, u = (
        without_empty_actions(D5),
        *(np.array([float(x) for x in row]) for row in (D5.base.weights, D5.utility)),
    )
    for right, wrong in zip(OPTIMIZERS[::2], OPTIMIZERS[1::2], strict=True):
        if type(right) is not type(wrong) or isinstance(right, TotalVariationRegularized):
            continue
        mine, other = (np.array([float(p) for p in o(problem).probabilities]) for o in (right, wrong))
        if not np.allclose(mine, other):
            assert other @ u - penalty(right, g, other / g) < mine @ u - penalty(right, g, mine / g) - 1e-9


def in_many_digits(optimizer, g, u):
    """The density ratio, from the formula of the optimum and bisection in 120 digits."""
    top = max(u)
    if isinstance(optimizer, KLRegularized):
        raw = [MP.exp(x / exactly(optimizer.beta)) for x in u]
        z = MP.fsum(a * b for a, b in zip(g, raw, strict=True))
        return [x / z for x in raw], None
    if isinstance(optimizer, ReverseKLRegularized):
        beta = exactly(optimizer.beta)
        nu = bisected(
            lambda t: MP.fsum(a * beta / (t - x) for a, x in zip(g, u, strict=True)) - 1,
            top + MP.mpf(10) ** -40,
            top + beta,
        )
        return [beta / (nu - x) for x in u], nu
    if isinstance(optimizer, TsallisRegularized):
        order, bound = 1 / (exactly(optimizer.alpha) - 1), exactly(optimizer.beta) / (exactly(optimizer.alpha) - 1)
        exponent = order
    else:
        order, bound = exactly(optimizer.p), exactly(optimizer.budget)
        exponent = order - 1
    part = lambda x, t, e: (x - t) ** e if x > t else MP.zero
    excess = lambda t: MP.fsum(a * part(x, t, order) for a, x in zip(g, u, strict=True)) - bound**order
    tau = bisected(excess, min(u) - bound, top)
    raw = [part(x, tau, exponent) for x in u]
    z = MP.fsum(a * b for a, b in zip(g, raw, strict=True))
    return [x / z for x in raw], tau


def bisected(falling, low, high):
    for _ in range(430):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return (low + high) / 2


def holds(value, truth):
    box, slack = Enclosure.of(value), MP.mpf(10) ** -50 * (1 + abs(truth))
    assert exactly(box.low) - slack <= truth <= exactly(box.high) + slack
    assert box.width <= Fraction(1, 10**15) * (1 + abs(box.high))


@pytest.mark.parametrize("optimizer", [o for o in OPTIMIZERS if not isinstance(o, TotalVariationRegularized)], ids=repr)
@pytest.mark.parametrize("seed", SEEDS)
def test_enclosures_hold_the_values_to_sixty_digits(optimizer, seed):
    problem = without_empty_actions(random_problem(np.random.default_rng(100 + seed)))
    g, u = ([exactly(x) for x in row] for row in (problem.base.weights, problem.utility))
    ratio, threshold = in_many_digits(optimizer, g, u)
    policy, pairs = optimizer(problem), list(zip(g, ratio, strict=True))
    mean = lambda f: MP.fsum(a * f(w) for a, w in pairs)
    for found, truth in zip(policy.ratio, ratio, strict=True):
        holds(found, truth)
    if threshold is not None:
        holds(optimizer.threshold(problem), threshold)
    entropy = lambda w: w * MP.log(w) if w > 0 else MP.zero
    holds(policy.kl(), mean(entropy))
    holds(policy.chi2(), mean(lambda w: w * w) - 1)
    holds(policy.total_variation(), mean(lambda w: abs(w - 1)) / 2)
    holds(policy.bhattacharyya(), mean(MP.sqrt))
    holds(policy.sup_ratio(), max(ratio))
    holds(policy.value(), MP.fsum(a * w * x for (a, w), x in zip(pairs, u, strict=True)))
    holds(policy.renyi(Fraction(7, 3)), MP.log(mean(lambda w: w ** (MP.mpf(7) / 3))) * 3 / 4)
    holds(policy.power_norm(3), mean(lambda w: w**3) ** (MP.one / 3))
    if min(ratio) > 0:
        holds(policy.reverse_kl(), -mean(MP.log))
    else:
        assert policy.reverse_kl() == math.inf


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
@pytest.mark.parametrize("seed", SEEDS)
def test_float_problems_agree_with_exact_ones(optimizer, seed):
    problem = random_problem(np.random.default_rng(seed))
    exact = [float(p) for p in optimizer(problem).probabilities]
    policy = optimizer(as_floats(problem))
    assert np.allclose(policy.probabilities, exact, atol=1e-10)
    for name in ("value", "kl", "chi2", "total_variation", "bhattacharyya", "sup_ratio", "reverse_kl"):
        found = getattr(policy, name)()
        assert isinstance(found, float) and found == pytest.approx(float(getattr(optimizer(problem), name)()), abs=1e-8)
    if optimizer.threshold(problem) is not None:
        assert optimizer.threshold(as_floats(problem)) == pytest.approx(float(optimizer.threshold(problem)), abs=1e-9)


def test_chi_squared_pessimism_is_rational_and_power_thresholds_are_where_they_can_be():
    assert TsallisRegularized(2, "1/2")(D5).probabilities == (0, 0, 0, Fraction(1, 16), Fraction(15, 16))
    assert TsallisRegularized(2, "1/2").normaliser(D5) == 3
    assert PowerRegularized(2, "1/2").threshold(D5) == 8
    # 1/2 of the mass at 0 and 1/2 at 1: (1 - t)^2 + t^2 = 2 B^2 at t = -3 with B^2 = 25/2.
    half = Problem(Finite(["1/2", "1/2"]), [0, 1])
    assert isinstance(PowerRegularized(2, 3).threshold(half), Enclosure)
    seven = Problem(Finite(["1/2", "1/2"]), [0, 6])
    assert PowerRegularized(2, 5).threshold(seven) == -1  # (49 + 1) / 2 = 25
    assert PowerRegularized(3, 1).threshold(Problem(Finite(["1/27", "26/27"]), [0, -100])) == -3
    assert PowerRegularized("3/2", 1).threshold(Problem(Finite([1]), [5])) == 4


@pytest.mark.parametrize("problem", [T3, A48, D5, R6])
@pytest.mark.parametrize("budget", ["1/100", "1/10", "1/2", 1, 7])
def test_power_one_is_the_quantilizer_at_the_reservation_value(problem, budget):
    optimizer = PowerRegularized(1, budget)
    tau = optimizer.threshold(problem)
    pairs = list(zip(problem.base.weights, problem.utility, strict=True))
    assert sum(g * max(u - tau, 0) for g, u in pairs) == Fraction(budget)
    level = sum(g for g, u in pairs if u >= tau)
    policy = optimizer(problem)
    assert policy == Quantilizer(level)(problem)
    # Its guarantee against costs of mean at most the budget is the threshold, and no quantilizer's is higher.
    assert policy.value() - Fraction(budget) * policy.sup_ratio() == tau
    rivals = (Quantilizer(Fraction(i, 48))(problem) for i in range(1, 49))
    assert max(rival.value() - Fraction(budget) * rival.sup_ratio() for rival in rivals) <= tau


@pytest.mark.parametrize("problem", [T3, A48, D5, R6])
@pytest.mark.parametrize("p", [2, 3, "3/2"])
def test_the_power_threshold_is_the_value_of_the_objective_and_grows_with_the_order(problem, p):
    optimizer = PowerRegularized(p, "1/2")
    conjugate = optimizer.p / (optimizer.p - 1)
    policy, tau = optimizer(problem), Enclosure.of(optimizer.threshold(problem))
    value = Enclosure.of(policy.value() - Fraction(1, 2) * policy.power_norm(conjugate))
    assert value.low <= tau.high and tau.low <= value.high and value.width < Fraction(1, 10**20)
    assert Enclosure.of(PowerRegularized(1, "1/2").threshold(problem)).certainly_at_most(tau)


def test_a_budget_that_pushes_the_threshold_below_everything_still_has_its_policy():
    policy = PowerRegularized(2, 100)(T3)
    assert all(Enclosure.of(p).low > 0 for p in policy.probabilities)
    assert Enclosure.of(PowerRegularized(2, 100).threshold(T3)).high < -99


@pytest.mark.parametrize("problem", [T3, A48, D5, R6])
def test_limits_of_the_strength(problem):
    weak, strong = Fraction(10**6), Fraction(1, 10**3)
    base, best = [float(g) for g in problem.base.weights], [float(p) for p in Maximizer()(problem).probabilities]
    for family in (
        KLRegularized,
        ReverseKLRegularized,
        lambda b: TsallisRegularized(2, b),
        lambda b: TsallisRegularized("3/2", b),
    ):
        assert np.allclose([float(p) for p in family(weak)(problem).probabilities], base, atol=1e-4)
        assert np.allclose([float(p) for p in family(strong)(problem).probabilities], best, atol=2e-2)
    assert TotalVariationRegularized(weak)(problem).probabilities == problem.base.weights
    assert TotalVariationRegularized(0)(problem).probabilities == Maximizer()(problem).probabilities


def test_tsallis_tends_to_boltzmann_and_not_otherwise():
    boltzmann = [float(p) for p in KLRegularized(2)(D5).probabilities]
    near = [float(p) for p in TsallisRegularized("1001/1000", 2)(D5).probabilities]
    far = [float(p) for p in TsallisRegularized(2, 2)(D5).probabilities]
    assert np.allclose(near, boltzmann, atol=5e-3) and not np.allclose(far, boltzmann, atol=5e-3)


def test_the_twins_are_refuted():
    # Equal thresholds are not equal policies, Tsallis policies drop actions, and a total-variation penalty can be none.
    chi2, quantilizer = TsallisRegularized(2, "1/2")(D5), PowerRegularized(1, "1/2")
    assert quantilizer.threshold(D5) == Fraction(5, 2) and quantilizer(D5).value() == Fraction(13, 2) != chi2.value()
    assert TsallisRegularized("3/2", 1)(D5).probabilities[:3] == (0, 0, 0)
    assert TotalVariationRegularized(2)(D5).sup_ratio() == 16
    uniform = Problem(Continuous("uniform(0, 1)"))
    assert PowerRegularized(2, "1/10").threshold(uniform) != pytest.approx(1 - math.sqrt(0.02), abs=1e-2)


def test_empty_actions_are_never_played_however_good():
    problem = Problem(Finite(["1/2", "1/2", 0]), [0, 1, 9])
    for optimizer in OPTIMIZERS:
        for one in (problem, as_floats(problem)):
            policy = optimizer(one)
            assert policy.probabilities[2] == 0 and float(policy.sup_ratio()) <= 2 + 1e-12


def test_scored_samples_are_weighted():
    scores = np.random.default_rng(0).normal(size=3000)
    for optimizer in OPTIMIZERS:
        policy = optimizer(Problem(Empirical(scores)))
        assert policy.value() > scores.mean() and abs(policy.probabilities.sum() - 1) < 1e-12


@pytest.mark.parametrize(
    "make",
    [lambda: KLRegularized(0), lambda: KLRegularized(-1), lambda: KLRegularized(math.inf), lambda: KLRegularized("x")]
    + [lambda: PowerRegularized(math.inf, 1), lambda: PowerRegularized("1/2", 1), lambda: PowerRegularized(2, 0)]
    + [lambda: TsallisRegularized(1, 1), lambda: TsallisRegularized(2, 0), lambda: TotalVariationRegularized(-1)]
    + [lambda: ReverseKLRegularized(0), lambda: ReverseKLRegularized(True), lambda: TotalVariationRegularized(None)],
)
def test_strengths_that_are_none_are_refused(make):
    with pytest.raises(InvalidInput):
        make()


def test_what_is_refused_says_where_to_go():
    with pytest.raises(InvalidInput, match="Maximizer"):
        PowerRegularized(math.inf, 1)
    with pytest.raises(InvalidInput, match="KLRegularized"):
        TsallisRegularized(1, 1)
    with pytest.raises(NotAvailable, match="Quantilizer"):
        TotalVariationRegularized(1)(Problem(Continuous("uniform(0, 1)")))
