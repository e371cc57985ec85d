"""Atom policies with irrational probabilities: functionals are enclosures of the truth, and documents keep them."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from small_problems import D5, as_floats, random_policy, random_problem

from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, QTheoryError
from qtheory.exact.elementary import exp, log, sqrt
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.documents import policy_from_json
from qtheory.problem import Problem

NAMES = ("value", "sup_ratio", "kl", "chi2", "total_variation", "bhattacharyya", "reverse_kl")
ROOT = sqrt(Fraction(1, 2))
HALF = Problem(Finite(["1/2", "1/2"]), [0, 1])


def widened(policy, width=Fraction(1, 10**12)):
    """The same policy, known to some width only."""
    wide = [Enclosure(max(p - width, Fraction(0)), p + width) if p else p for p in policy.probabilities]
    return AtomPolicy(policy.problem, wide)


@pytest.mark.parametrize("seed", range(40))
def test_functionals_of_enclosures_enclose_those_of_every_policy_inside(seed):
    rng = np.random.default_rng(seed)
    exact = random_policy(rng, random_problem(rng))
    wide = widened(exact)
    for name in NAMES:
        found, truth = getattr(wide, name)(), getattr(exact, name)()
        if truth == math.inf:
            assert found == math.inf
            continue
        box, inner = Enclosure.of(found), Enclosure.of(truth)
        assert box.low <= inner.low and inner.high <= box.high and box.width < Fraction(1, 10**5)
    for order in (Fraction(1, 3), 2, Fraction(7, 2)):
        for of in (AtomPolicy.renyi, AtomPolicy.power_norm):
            box, inner = Enclosure.of(of(wide, order)), Enclosure.of(of(exact, order))
            assert box.low <= inner.low and inner.high <= box.high and box.width < Fraction(1, 10**4)
    assert wide.encloses and not exact.encloses


def test_an_irrational_policy_has_irrational_functionals_and_rational_ones_where_they_are():
    policy = AtomPolicy(HALF, [1 - ROOT, ROOT])
    assert Enclosure.of(policy.sup_ratio() * policy.sup_ratio()).contains(2)
    assert policy.chi2().contains(8 * (Enclosure.of(ROOT) - Fraction(1, 2)) ** 2 / 2) or policy.chi2().width < Fraction(
        1, 10**30
    )
    assert policy.expect([7, 7]) == 7 and policy.power_norm(1) == 1 and policy.renyi(0) == 0
    assert policy.value() == ROOT and isinstance(policy.kl(), Enclosure)


def test_a_boltzmann_policy_is_enclosed_and_its_objective_is_the_free_energy():
    policy = KLRegularized(2)(D5)
    free = 2 * Enclosure.of(
        log(sum(g * exp(Fraction(u) / 2) for g, u in zip(D5.base.weights, D5.utility, strict=True)))
    )
    value = policy.value() - 2 * policy.kl()
    assert value.low <= free.high and free.low <= value.high and value.width < Fraction(1, 10**30)


@pytest.mark.parametrize("seed", range(10))
def test_irrational_policies_survive_a_round_trip(seed):
    rng = np.random.default_rng(seed)
    for policy in (widened(random_policy(rng, random_problem(rng))), KLRegularized("1/3")(D5)):
        document = json.loads(json.dumps(policy.to_json(), allow_nan=False))
        assert policy_from_json(document) == policy and policy_from_json(document).ratio == policy.ratio


def test_documents_with_broken_enclosures_are_typed_errors():
    document = KLRegularized(1)(D5).to_json()
    for broken in ({"low": "1"}, {"low": "1", "high": "0"}, {"low": "x", "high": "1"}, {"low": "-1", "high": "1"}, []):
        with pytest.raises(QTheoryError):
            policy_from_json({**document, "probabilities": [broken, *document["probabilities"][1:]]})


@pytest.mark.parametrize(
    "bad",
    [
        [ROOT, ROOT],  # more than one in sum
        [Enclosure(Fraction(-1, 9), Fraction(1)), "1/2"],  # may be negative
        [Enclosure(Fraction(0), Fraction(1, 3)), "1/2"],  # less than one in sum
        [ROOT, 1 - ROOT, "0"],  # too many
        [ROOT, "x"],
    ],
)
def test_what_is_no_distribution_for_certain_is_refused(bad):
    with pytest.raises(InvalidInput):
        AtomPolicy(HALF, bad)


def test_whether_an_empty_action_is_played_must_be_certain():
    problem = Problem(Finite([1, 0]), [0, 1])
    with pytest.raises(InvalidInput, match="never takes"):
        AtomPolicy(problem, [Enclosure(Fraction(1, 2), Fraction(1)), Enclosure(Fraction(0), Fraction(1, 2))])
    off = AtomPolicy(problem, [1 - ROOT, ROOT])
    assert (
        off.sup_ratio()
        == off.kl()
        == off.chi2()
        == off.renyi(2)
        == off.power_norm(2)
        == off.renyi(math.inf)
        == math.inf
    )
    assert off.renyi(Fraction(1, 2)).low > 0 and off.total_variation() == ROOT and off.power_norm(1) == 1


def test_on_float_problems_an_enclosure_is_its_float():
    policy = AtomPolicy(as_floats(HALF), [1 - ROOT, ROOT])
    assert policy.probabilities.dtype == np.float64 and policy.value() == pytest.approx(math.sqrt(0.5))


@pytest.mark.parametrize(
    "order", [Fraction(1, 1000), 0.5, Fraction(10**6), 10**9, Fraction(100_001, 100_000), Fraction(123456, 7)]
)
def test_orders_of_any_size_are_enclosed(order):
    import mpmath

    context = mpmath.mp.clone()
    context.dps = 60
    policy = AtomPolicy(HALF, ["1/3", "2/3"])
    alpha = context.mpf(Fraction(str(order)).numerator) / Fraction(str(order)).denominator
    logs = [alpha * context.log(w) for w in (context.mpf(2) / 3, context.mpf(4) / 3)]
    mean = logs[1] + context.log((1 + context.exp(logs[0] - logs[1])) / 2)
    for found, truth in (
        (policy.renyi(order), mean / (alpha - 1)),
        (policy.power_norm(order), context.exp(mean / alpha)),
    ):
        box, slack = Enclosure.of(found), context.mpf(10) ** -40
        low, high = (context.mpf(x.numerator) / x.denominator for x in (box.low, box.high))
        assert low - slack <= truth <= high + slack and box.width < Fraction(1, 10**20)
    floating = AtomPolicy(as_floats(HALF), np.array([1 / 3, 2 / 3]))
    assert floating.renyi(order) == pytest.approx(float(mean / (alpha - 1)), rel=1e-9)
    assert floating.power_norm(order) == pytest.approx(float(context.exp(mean / alpha)), rel=1e-9)
