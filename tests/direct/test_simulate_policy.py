"""Drawing from policies themselves, against quadrature and closed forms, with the coverage of what is said."""

import math

import numpy as np
import pytest

import qtheory as qt
from qtheory.direct import designs
from qtheory.direct.simulate_policy import simulate_policy
from qtheory.direct.transport import rank_at
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable
from qtheory.problem import Problem

METHODS = ("independent", "stratified", "sobol")
SIGMOID = "1/(1+exp(-x))"
NORMAL = Problem(qt.Continuous("normal(0,1)"), cost=SIGMOID)
POLICIES = (
    qt.Quantilizer(1),
    qt.Quantilizer("1/10"),
    qt.Quantilizer("1e-12"),
    qt.BestOfN(10**9),
    qt.TopKOfN(n=160, k=16),
    qt.BestOfPoisson(1000),
    qt.WindowedQuantilizer("1/100", "1/10"),
    qt.Mixture(qt.Quantilizer(1), qt.Quantilizer("1/100"), "1/3"),
    qt.KLRegularized(1),
)
# One run misses a truth anywhere with at most this probability, where its intervals are rigorous.
ALPHA = 1e-6


@pytest.mark.parametrize("method", METHODS)
def test_every_policy_agrees_with_quadrature(method):
    run = simulate_policy(NORMAL, list(POLICIES), 1, 1 << 14, 3, ALPHA, method=method, utility_range=(-40, 40))
    assert run.method == method and run.statements == 2 * len(POLICIES)
    for optimizer, found in zip(POLICIES, run.policies, strict=True):
        policy = optimizer(NORMAL)
        assert found.estimand == policy.estimand
        for mean, true in ((found.value, policy.value()), (found.costs["cost"], policy.expect(NORMAL.cost))):
            assert abs(mean.estimate.value - float(true)) < 8 * mean.standard_error + 1e-12
            assert mean.estimate.interval.contains(float(true))
            assert mean.estimate.evidence == ("asymptotic" if method == "sobol" else "rigorous")


def test_closed_forms_of_the_exponential():
    """E of the top q is 1 - log q, and of the best of n the n-th harmonic number."""
    problem = Problem(qt.Continuous("exponential(1)"))
    levels, counts = [1, "1/3", 1e-6, 1e-12], [1, 2, 1000, 10**9]
    run = simulate_policy(problem, [*map(qt.Quantilizer, levels), *map(qt.BestOfN, counts)])
    true = [1 - math.log(float(qt.Quantilizer(q).q)) for q in levels]
    harmonic = [1.0, 1.5, sum(1 / i for i in range(1, 1001)), math.log(10**9) + np.euler_gamma + 0.5e-9]
    for found, exact in zip(run.policies, [*true, *harmonic], strict=True):
        assert abs(found.value.estimate.value - exact) < min(8 * found.value.standard_error, 1e-4)


def test_stratifying_beats_independent_draws_a_thousand_times():
    errors = {}
    for method in METHODS:
        run = simulate_policy(NORMAL, qt.BestOfN(1000), 1, 1 << 14, method=method)
        errors[method] = run.policies[0].value.standard_error
    assert errors["stratified"] < errors["independent"] / 1000
    assert errors["sobol"] < errors["independent"] / 1000


def missed(method, problem, policy, limits, alpha, runs, true):
    """How often the intervals for utility and cost miss, and how often they are withheld."""
    outside = np.zeros(2)
    for key in range(runs):
        run = simulate_policy(problem, policy, 1, 256, key, alpha, method=method, utility_range=limits)
        means = (run.policies[0].value, run.policies[0].costs["cost"])
        outside += [not mean.estimate.interval.contains(t) for mean, t in zip(means, true, strict=True)]
    return outside / runs


@pytest.mark.parametrize("method", ["independent", "stratified"])
def test_rigorous_intervals_cover(method):
    """A cost that jumps, at 400 seeds: each interval misses at most 0.05 of the time.

    More than 0.1 of 400 are then seen with probability below 1e-4; the seeds are fixed.
    """
    problem = Problem(qt.Continuous("normal(0,1)"), utility="x", cost="Piecewise((1, x > 1.7), (0, True))")
    policy = qt.Quantilizer("1/10")
    true = policy(NORMAL).value(), float(problem.base.survival(1.7)) * 10
    assert (missed(method, problem, policy, (-9, 40), 0.1, 400, true) <= 0.1).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("policy", [qt.Quantilizer("1/100"), qt.Quantilizer(1), qt.BestOfN(50)], ids=str)
def test_asymptotic_intervals_cover_about_as_often_as_they_say(method, policy):
    """Unbounded utilities at 400 seeds, each interval at 0.05; Student's interval is approximate, so up to 0.1 may miss."""
    true = float(policy(NORMAL).value())
    outside = 0
    for key in range(400):
        run = simulate_policy(Problem(NORMAL.base), policy, None, 1024, key, 0.05, method=method)
        outside += not run.policies[0].value.estimate.interval.contains(true)
    assert outside <= 40


def test_a_biased_sampler_is_caught(monkeypatch):
    def biased(density, unit):
        rank = rank_at(density, unit)
        return type(rank)(0.9 * rank.top, 1 - 0.9 * rank.top)

    monkeypatch.setattr(designs, "rank_at", biased)
    policy = qt.BestOfN(10)
    true = float(policy(NORMAL).expect(NORMAL.cost))
    for method in ("independent", "stratified"):
        run = simulate_policy(NORMAL, policy, 1, 1 << 14, method=method)
        assert not run.policies[0].costs["cost"].estimate.interval.contains(true)


def test_levels_share_strata_and_agree_with_levels_alone():
    levels = [qt.Quantilizer(q) for q in ("1/10", "1/1000", "1/10")]
    together = simulate_policy(NORMAL, levels, 1)
    assert together.policies[0].value == together.policies[2].value
    for level, found in zip(levels, together.policies, strict=True):
        alone = simulate_policy(NORMAL, level, 1, key=5).policies[0]
        gap = abs(found.value.estimate.value - alone.value.estimate.value)
        assert gap < 8 * math.hypot(found.value.standard_error, alone.value.standard_error)


def test_one_seed_gives_one_answer_and_another_seed_another():
    first, second, third = (simulate_policy(NORMAL, qt.BestOfN(3), 1, key=k) for k in (1, 1, 2))
    assert first == second != third
    assert first.to_json() == second.to_json()


def test_tails_without_a_variance_get_no_normal_interval():
    problem = Problem(qt.Continuous("pareto(3/2)"))
    for method in METHODS:
        mean = simulate_policy(problem, qt.Quantilizer("1/10"), method=method).policies[0].value
        assert mean.estimate.interval is None and "variance" in mean.estimate.withheld
    window = simulate_policy(problem, qt.WindowedQuantilizer("1/100", "1/10")).policies[0].value
    assert window.estimate.interval is not None


@pytest.mark.parametrize("method", ["stratified", "sobol"])
def test_a_jump_that_no_stratum_straddles_is_not_overlooked(method):
    """The two draws of the jump's stratum mostly agree: their difference says that there is no error at all."""
    base = qt.Continuous("uniform(0,1)")
    jump = Problem(base, utility=lambda x: x * 1e-3 + (x > 0.3141))
    smooth = Problem(base, utility=lambda x: x * 1e-3)
    for key in range(20):
        for problem, trusted in ((jump, False), (smooth, True)):
            run = simulate_policy(problem, qt.Quantilizer(1), samples=1024, increasing=True, key=key, method=method)
            assert (run.policies[0].value.estimate.interval is not None) == trusted
    # a declared range makes it rigorous
    run = simulate_policy(jump, qt.Quantilizer(1), samples=1024, increasing=True, utility_range=(0, 2))
    assert run.policies[0].value.estimate.interval.contains(1 - 0.3141 + 0.5e-3)


def test_a_cost_that_jumps_gets_no_interval_from_scramblings_that_agree():
    problem = Problem(NORMAL.base, cost="Piecewise((1/2 + x/1000, x > 1.7), (x/1000, True))")
    window = qt.WindowedQuantilizer("1/100", "1/10")
    for key in range(10):
        cost = simulate_policy(problem, window, 1, 1024, key, method="sobol").policies[0].costs["cost"]
        assert cost.estimate.interval is None
    assert simulate_policy(NORMAL, window, 1, 1024, method="sobol").policies[0].costs["cost"].estimate.interval


def test_a_declared_order_is_checked_at_the_draws():
    rising = Problem(qt.Continuous("normal(0,1)"), utility=lambda x: x**3 + x)
    run = simulate_policy(rising, qt.BestOfN(10), increasing=True)
    twin = Problem(qt.Continuous("normal(0,1)"), utility="x**3+x")
    assert run.policies[0].value.estimate.value == pytest.approx(float(qt.BestOfN(10)(twin).value()), rel=1e-6)
    with pytest.raises(NotAvailable, match="not known to increase"):
        simulate_policy(rising, qt.BestOfN(10))
    # at the top 1/100 the square does increase; it ranks other actions there all the same
    for wrong in (lambda x: -x, lambda x: x * x, lambda x: (x > 0) * 1.0):
        with pytest.raises(InvalidInput, match="does not increase"):
            simulate_policy(Problem(NORMAL.base, utility=wrong), qt.Quantilizer("1/100"), increasing=True)


BAD = (
    (lambda: simulate_policy(Problem(qt.Finite([1]), utility=[1]), qt.BestOfN(2)), NotAvailable, "atoms"),
    (lambda: simulate_policy(Problem(qt.Generative(lambda key: key), "x"), qt.BestOfN(2)), NotAvailable, "quantile"),
    (lambda: simulate_policy(Problem(NORMAL.base, "x**2"), qt.BestOfN(2)), NotAvailable, "increase"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2)), InvalidInput, "cap"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), "1/2"), InvalidInput, "outside its declared range"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, utility_range=(-1, 1)), InvalidInput, "outside"),
    (lambda: simulate_policy(Problem(NORMAL.base, cost="sqrt(x)/10"), qt.BestOfN(2), 1), InvalidInput, "not finite"),
    (lambda: simulate_policy(NORMAL, [], 1), InvalidInput, "no policies"),
    (lambda: simulate_policy(NORMAL, "best", 1), InvalidInput, "not a policy"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, 10), InvalidInput, "samples"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, "many"), InvalidInput, "samples"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, key=-1), InvalidInput, "seed"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, alpha=0), InvalidInput, "alpha"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2), 1, method="halton"), InvalidInput, "unknown way"),
    (lambda: simulate_policy("world", qt.BestOfN(2), 1), InvalidInput, "takes a problem"),
    (lambda: simulate_policy(NORMAL, qt.Quantilizer("1e-290"), 1), InvalidLevel, "resolved"),
    (lambda: simulate_policy(NORMAL, qt.BestOfN(2)(Problem(qt.Continuous("gumbel(0,1)"))), 1), InvalidInput, "another"),
)


@pytest.mark.parametrize(("call", "error", "says"), BAD, ids=[says for _, _, says in BAD])
def test_bad_calls_are_refused_by_type(call, error, says):
    with pytest.raises(error, match=says):
        call()
