"""The second reading: it refutes what is false with a small witness that replays, and never what is true."""

import json

import pytest
import sympy as sp
from small_problems import FloorOfQ

import qtheory as qt
from qtheory.checking.falsify import FEWEST_INSTANCES, FEWEST_WITH_INTEGRALS, breaks, falsify
from qtheory.checking.prove import prove
from qtheory.checking.replay import replay
from qtheory.checking.verify import TWIN_EXAMPLES
from qtheory.claims.registry import get, slugs
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.errors import AxiomViolated
from qtheory.instances.complete import choices_of, complete
from qtheory.instances.shrink import _without_an_action
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.maximizer import Maximizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.statements.verdict import Verdict
from qtheory.symbols import (
    C,
    E,
    OfAction,
    Scalar,
    alpha,
    c,
    epsilon,
    eq,
    ge,
    indicator,
    k,
    kappa,
    n,
    q,
    r,
    rho,
    t,
    tau,
    u,
    v,
    w,
    w2,
    worst,
    xlogy,
)

EXAMPLES = 120
# `qtheory verify` tries more on every built-in claim; here the larger problems of the last round are added.
EXAMPLES_OF_BUILT_IN = 40
QUANTILIZER = (PolicyOf(Quantilizer(q)),)
ORDERED = (PolicyOf(Quantilizer(q, ties="ordered")),)
BEST = (PolicyOf(BestOfN(n)),)
RIVAL = (v >= 0, v <= 1 / q, eq(E(v), 1))


def user(conclusion, *given, policies=QUANTILIZER, cost=None, derive=None):
    part = Part("statement", conclusion, given, policies, cost)
    return Claim("user", "a user's statement", (part,), derivation={"statement": derive} if derive else {})


def by(*facts):
    """Integrate pointwise facts and conclude from them: what an author would try first."""
    return lambda d: d.conclude([d.integrate(d.pointwise(fact, "")) for fact in facts])


def fewest(part):
    return FEWEST_WITH_INTEGRALS if part.conclusion.has(sp.Integral) else FEWEST_INSTANCES


@pytest.mark.parametrize("slug", slugs())
def test_no_claim_is_refuted(slug):
    verdict = falsify(get(slug), EXAMPLES_OF_BUILT_IN)
    assert verdict.outcome in ("survived", "inconclusive") and verdict.witness is None
    assert verdict.samples >= sum(map(fewest, get(slug).parts))


@pytest.fixture(scope="module", params=slugs())
def refuted(request):
    """A wrong twin and what refutes it, found once for all the tests that look at it."""
    twin = get(request.param).twin
    return twin, falsify(twin, TWIN_EXAMPLES)


def test_every_wrong_twin_is_refuted_by_a_small_witness_that_replays(refuted):
    _, verdict = refuted
    assert verdict.outcome == "violated" and len(verdict.witness.instance.weights) <= 4
    back = Verdict.from_json(json.loads(json.dumps(verdict.to_json(), allow_nan=False)))
    assert back == verdict
    instance = back.witness.instance
    assert replay(back.witness).holds is False
    assert all(instance.truth(hypothesis) is not False for hypothesis in back.witness.given)
    if back.witness.left is not None:
        assert (instance.value(back.witness.conclusion.lhs), instance.value(back.witness.conclusion.rhs)) == (
            back.witness.left,
            back.witness.right,
        )


def test_no_single_action_of_a_witness_can_be_left_out(refuted):
    twin, verdict = refuted
    witness = verdict.witness
    part = twin.part(witness.part)
    assert breaks(part, witness.instance)
    for smaller in _without_an_action(choices_of(part, witness.instance)):
        candidate = complete(part, smaller)
        assert candidate is None or not breaks(part, candidate)


@pytest.mark.parametrize("slug", ["cost-bound", "upper-cvar", "best-of-n-kl"])
def test_the_same_key_finds_the_same_witness(slug):
    without_time = lambda verdict: {**verdict.to_json(), "seconds": 0}
    twin = get(slug).twin
    assert without_time(falsify(twin, key=3)) == without_time(falsify(twin, key=3))
    assert falsify(twin, key=4).outcome == "violated"
    assert without_time(falsify(get(slug), 40, key=5)) == without_time(falsify(get(slug), 40, key=5))


def test_a_quantilizer_that_never_raises_a_cost_comes_back_with_two_actions():
    verdict = falsify(user(E(w * c) <= E(c), c >= 0))
    instance = verdict.witness.instance
    assert verdict.outcome == "violated" and len(instance.weights) == 2 and "2 actions" in verdict.evidence
    assert verdict.witness.left > verdict.witness.right and instance.scalars[q] < 1


FALSE = {
    "the ratio of the best action is 1/q": user(sp.Implies(u > tau, eq(w, 1)), derive=lambda d: d.conclude()),
    "utility above the threshold is all that is played": user(
        E(w * indicator(u > tau)) >= 1, derive=lambda d: d.conclude()
    ),
    "the threshold bounds the mean utility": user(E(u) <= tau, derive=by(u <= tau)),
    "quantilizing costs at most q of the mean": user(E(w * c) <= q * E(c), c >= 0, derive=by(w * c <= q * c)),
    "a rival of the same bound is no more diverse": user(E(v**2) <= E(w**2), *RIVAL, derive=by(v**2 <= v / q)),
    "second moments grow by 1/q only": user(E(w * c) ** 2 <= E(c**2) * 1, c >= 0, derive=by(w * c <= c / q)),
    "stricter is costlier": user(
        E(w2 * c) <= E(w * c),
        c >= 0,
        q <= r,
        policies=(*QUANTILIZER, PolicyOf(Quantilizer(r), w2, Scalar("tau2", "threshold"))),
    ),
    "best of n has the largest ratio n": user(rho >= n, policies=BEST, derive=lambda d: d.conclude()),
    "best of n costs less than its n-th": user(
        E(w * c) <= E(c) * (n + 1) / 2, c >= 0, policies=BEST, derive=by(w * c <= n * c)
    ),
    "keeping k of n costs k": user(E(w * c) <= k * E(c), c >= 0, policies=(PolicyOf(TopKOfN(n, k)),)),
    "the maximiser keeps the mean cost within its cap times the mean": user(
        E(w * c) <= C * E(c), c >= 0, c <= C, policies=(PolicyOf(Maximizer()),)
    ),
    "the capped worst case is the simple one": user(
        worst >= sp.Min(C, epsilon / q), policies=QUANTILIZER, cost=RangeAndMean(epsilon, C)
    ),
    "divergence below chi-squared over two": user(2 * E(xlogy(w, w)) <= E(w**2) - 1, policies=QUANTILIZER),
    "a cost of a feature grows by the ratio at the best": user(E(w * kappa) <= E(kappa), kappa >= 0),
    "huge numbers do not stop it": user(E((c + 10**4) ** 90) <= 1, c >= 0, policies=()),
    "an equality that fails rarely": user(eq(w * (1 / q - w), 0)),
    "integer steps hide nothing": user(sp.Or(u >= tau, eq(w, 0), u < tau - 1) & (rho * q >= 1)),
}
TRUE = {
    "the cost bound": user(E(w * c) <= E(c) / q, c >= 0, derive=by(w * c <= c / q)),
    "ordered ties do not matter to it": user(E(w * c) <= E(c) / q, c >= 0, policies=ORDERED, derive=by(w * c <= c / q)),
    "the ratio is a density": user(eq(E(w), 1), derive=lambda d: d.conclude()),
    "the mean utility is at least the threshold": user(E(w * u) >= tau, derive=by(w * u >= tau * w)),
    "quantilizing does not lower the mean utility": user(E(w * u) >= E(u), derive=by(ge((w - 1) * (u - tau), 0))),
    "second moment of the ratio": user(E(w**2) >= 1, derive=by(ge((w - 1) ** 2, 0))),
    "imitation changes nothing": user(eq(E(w * c), E(c)), policies=(PolicyOf(Imitation()),), derive=by(eq(w * c, c))),
    "the maximiser plays the best": user(
        eq(E(w * u), tau), policies=(PolicyOf(Maximizer()),), derive=by(eq(w * u, tau * w))
    ),
    "best of n is at most n times as costly": user(
        E(w * c) <= n * E(c), c >= 0, policies=BEST, derive=by(w * c <= n * c)
    ),
    "best of n does not lower the utility": user(E(w * u) >= E(u), policies=BEST),
    "the worst case of the class bounds its costs": user(
        E(w * c) <= worst, policies=QUANTILIZER, cost=MeanBounded(epsilon)
    ),
    "the worst case of side effects bounds theirs": user(
        E(w * c) <= worst, policies=QUANTILIZER, cost=FeatureMeasurable(epsilon)
    ),
    "two side effects grow by the amplification": user(
        E(w * (kappa + OfAction("kappa2", "feature_cost"))) <= alpha * E(kappa + OfAction("kappa2", "feature_cost")),
        kappa >= 0,
        OfAction("kappa2", "feature_cost") >= 0,
    ),
    "a side effect below another cost grows by the amplification": user(
        E(w * kappa) <= alpha * E(kappa), kappa >= 0, kappa <= c, c >= 0
    ),
    "a mean below the level": user(E(w * c) <= 1, c >= 0, E(c) <= q, derive=by(w * c <= c / q)),
    "the divergence is not negative": user(E(xlogy(w, w)) >= 0),
    "the largest ratio is at least one": user(rho >= 1),
    "reading a huge exponential": user(E(sp.exp(-9000 * (u**2 + 1))) <= 1, policies=()),
    "an indicator is at most one": user(E(w * indicator(u >= t)) <= 1, derive=by(w * indicator(u >= t) <= w)),
}


@pytest.mark.parametrize("claim", FALSE.values(), ids=FALSE)
def test_a_false_statement_is_refuted_and_never_proved(claim):
    verdict = falsify(claim)
    assert verdict.outcome == "violated"
    assert prove(claim).outcome != "holds"
    back = Verdict.from_json(json.loads(json.dumps(verdict.to_json(), allow_nan=False))).witness
    assert replay(back).holds is False


@pytest.mark.parametrize("claim", TRUE.values(), ids=TRUE)
def test_a_true_statement_is_never_refuted(claim):
    for key in (0, 1):
        assert falsify(claim, EXAMPLES, key).outcome == "survived"
    assert prove(claim).outcome == ("holds" if claim.derivation else "not_applicable")


def test_a_statement_nothing_can_be_tried_on_is_vacuous_or_inconclusive():
    assert falsify(user(E(c) <= 1, c >= 50, c <= 49, policies=()), 40).outcome == "vacuous"
    # The conclusion has no value at any instance: nothing was tried, however many draws fitted.
    verdict = falsify(user(E(1 / (c - c**2)) <= 0, eq(c, 0), policies=()), 40)
    assert verdict.outcome == "inconclusive" and verdict.details[0]["undefined"] == verdict.details[0]["instances"]


def test_a_function_without_rigorous_values_is_not_applicable():
    verdict = falsify(user(E(sp.erf(u)) <= 1, policies=()))
    assert verdict.outcome == "not_applicable" and "erf" in verdict.evidence


def test_an_overlap_of_enclosures_is_no_counterexample():
    part = user(eq(E(sp.log(2 * c)), E(sp.log(c)) + sp.log(2)), c > 0, policies=())
    verdict = falsify(part, 60)
    assert verdict.outcome == "survived" and verdict.details[0]["undecided"] > 0


def test_a_broken_optimizer_is_reported_as_such_and_not_as_a_counterexample():
    with pytest.raises(AxiomViolated, match="breaks its own axiom"):
        falsify(user(E(w * c) <= E(c) / q, c >= 0, policies=(PolicyOf(FloorOfQ(q)),)))


def test_samples_and_tightness_are_reported():
    verdict = falsify(get("cost-bound"), EXAMPLES)
    assert verdict.samples == sum(detail["instances"] for detail in verdict.details)
    assert "equality among them" in verdict.evidence
    assert all(detail["tightest"] is None or 0 <= detail["tightest"] <= 2 for detail in verdict.details)


@pytest.mark.parametrize("key", range(4))
def test_signed_costs_and_large_counts_are_tried(key):

    @qt.claim("t", policy=qt.Quantilizer(q), given=[E(c) >= 0])
    def mean_is_enough():
        return E(w * c) <= E(c) / q

    @qt.claim("t", policy=qt.BestOfN(n))
    def entropy_is_bounded():
        return E(xlogy(w, w)) <= sp.Rational(3, 2)

    for claim in (mean_is_enough, entropy_is_bounded):
        assert falsify(claim, examples=200, key=key).outcome == "violated"
