"""The kernel of the prover: what it accepts, and that every broken variant is refused."""

import pytest
import sympy as sp

from qtheory.claims.registry import get, slugs
from qtheory.errors import ProofError
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.prover.derivation import Derivation
from qtheory.prover.lemmas.entropy import GIBBS, XLOGX_CHORD
from qtheory.prover.lemmas.lemma import Lemma, X, Y
from qtheory.prover.lemmas.logarithms import LOG_TANGENT
from qtheory.prover.proof import carry_out, prove_part
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Part, PolicyOf
from qtheory.symbols import E, OfAction, Scalar, c, eq, ge, le, n, q, r, t, tau, u, v, w, w2, xlogy

QUANTILIZER = (PolicyOf(Quantilizer(q)),)
BOUND = {"conclusion": E(w * c) <= E(c) / q, "given": (c >= 0,), "policies": QUANTILIZER}
RIVAL = (v >= 0, v <= t, eq(E(v), 1), c >= 0)
ANY_POLICY = prove_part(get("cost-bound"), get("cost-bound").part("any-policy"))
z = sp.Symbol("z", real=True)
DIVERGENCE = {"conclusion": E(xlogy(w, w)) <= sp.log(1 / q), "policies": QUANTILIZER}


def derived(conclusion, derive, given=(), policies=()):
    return carry_out("mine", Part("p", conclusion, given=given, policies=policies), derive)


def bound(d):
    d.conclude(d.integrate(d.pointwise(w * c <= c / q, "the density ratio is at most 1/q")))


def steps(*make):
    """A derivation of pointwise facts, integrated, from which the conclusion is drawn."""
    return lambda d: d.conclude([d.integrate(d.pointwise(statement, "")) for statement in make])


def foreign(d):
    other = Derivation(Part("other", E(c) <= -1, given=(c <= -1,)))
    d.conclude(other.integrate(other.pointwise(c <= -1, "")))


def drawn_elsewhere(d):
    d.integrate(d.pointwise(w * c <= c / q, ""))
    d.concluded = d.pointwise(c >= 0, "")


def conclusion_is_not_the_last_step(d):
    bound(d)
    d.pointwise(c >= 0, "")


def vanishes_without_zero_mean(d):
    room = d.pointwise(ge(c, 0), "")
    d.conclude(d.vanishes(room, d.arithmetic(E(c) >= 0, "", d.integrate(room))))


def vanishes_without_a_sign(d):
    mean = d.arithmetic(eq(E(u), 0), "")
    d.conclude(d.vanishes(d.pointwise(le(u * 0 + u, u), ""), mean))


def by_theorem(terms):
    return lambda d: d.conclude(d.theorem(ANY_POLICY, terms, ""))


REFUSED = {
    "a cost that may be negative": (E(w * c) <= E(c) / q, bound, (), QUANTILIZER),
    "a cost bounded below by -1 only": (E(w * c) <= E(c) / q, bound, (c >= -1,), QUANTILIZER),
    "no quantilizer behind the ratio": (E(v * c) <= E(c) / q, steps(v * c <= c / q), (c >= 0, v >= 0, eq(E(v), 1)), ()),
    "half the factor": (E(w * c) <= E(c) / (2 * q), bound, (c >= 0,), QUANTILIZER),
    "the factor forgotten": (E(w * c) <= E(c), steps(w * c <= c), (c >= 0,), QUANTILIZER),
    "the inequality the other way round": (E(w * c) >= E(c) / q, bound, (c >= 0,), QUANTILIZER),
    "a strict inequality": (E(w * c) < E(c) / q, bound, (c >= 0,), QUANTILIZER),
    "an equality": (eq(E(w * c), E(c) / q), bound, (c >= 0,), QUANTILIZER),
    "another conclusion than was derived": (E(w * u) <= E(u) / q, bound, (c >= 0,), QUANTILIZER),
    "an optimum without the rival's bound": (
        E(v * u) <= E(w * u),
        steps(ge((w - v) * (u - tau), 0)),
        (v >= 0, eq(E(v), 1)),
        QUANTILIZER,
    ),
    "an optimum without the rival's sign": (
        E(v * u) <= E(w * u),
        steps(ge((w - v) * (u - tau), 0)),
        (v <= 1 / q, eq(E(v), 1)),
        QUANTILIZER,
    ),
    "an optimum without the rival's mass": (
        E(v * u) <= E(w * u),
        steps(ge((w - v) * (u - tau), 0)),
        (v >= 0, v <= 1 / q),
        QUANTILIZER,
    ),
    "the expectation of a product as a product": (
        E(w * c) <= E(w) * E(c),
        steps(w * c <= c / q),
        (c >= 0,),
        QUANTILIZER,
    ),
    "the square of an expectation": (E(c**2) <= E(c) ** 2, steps(c**2 >= 0), (c >= 0,), ()),
    "the expectation taken inside a reciprocal": (eq(E(1 / c), 1 / E(c)), steps(ge(c, 0)), (c > 0,), ()),
    "the expectation taken inside a maximum": (
        E(sp.Max(c, u)) <= sp.Max(E(c), E(u)),
        steps(ge(sp.Max(c, u), c)),
        (),
        (),
    ),
    "a number fact integrated as if pointwise": (
        E(c) <= t,
        lambda d: d.conclude(d.integrate(d.arithmetic(E(c) >= 0, ""))),
        (),
        (),
    ),
    "a strict inequality integrated": (
        E(c) > 0,
        lambda d: d.conclude(d.integrate(d.pointwise(c > 0, ""))),
        (c > 0,),
        (),
    ),
    "an implication integrated": (
        E(c) >= 0,
        lambda d: d.conclude(d.integrate(d.pointwise(sp.Implies(u > 0, c >= 0), ""))),
        (c >= 0,),
        (),
    ),
    "a fact from another derivation": (E(c) <= -1, foreign, (), ()),
    "a conclusion set by hand": (E(w * c) <= E(c) / q, drawn_elsewhere, (c >= 0,), QUANTILIZER),
    "a step after the conclusion": (E(w * c) <= E(c) / q, conclusion_is_not_the_last_step, (c >= 0,), QUANTILIZER),
    "no conclusion": (E(w * c) <= E(c) / q, lambda d: d.pointwise(c >= 0, ""), (c >= 0,), QUANTILIZER),
    "an undeclared symbol": (E(c) >= 0, steps(ge(c + z**2, 0)), (c >= 0,), ()),
    "a step that SymPy decided": (E(c) >= 0, lambda d: d.conclude(d.pointwise(c**2 >= 0, "")), (), ()),
    "contradictory hypotheses": (E(c) <= -5, lambda d: d.conclude(), (q > 1, q < 1), ()),
    "hypotheses that contradict each other once integrated": (
        E(v * c) <= -5,
        lambda d: d.conclude(d.integrate(d.pointwise(c >= 0, ""))),
        (v >= 0, c >= 0, E(c) <= -1),
        (),
    ),
    "division by a number that may be zero": (le(E(c) / t, E(c) / t + 1), lambda d: d.conclude(), (), ()),
    "division by an expectation that may be zero": (
        le(1 / E(c), 1 / E(c) + 1),
        lambda d: d.conclude(d.arithmetic(1 / E(c) >= 0, "")),
        (),
        (),
    ),
    "a cancelled zero": (q * (1 / t) <= 1, lambda d: d.conclude(), (q <= t, t >= 0), ()),
    "the root of a number that may be negative": (sp.sqrt(t) >= 0, lambda d: d.conclude(), (t <= 1,), ()),
    "a root that begs the question": (t >= 0, lambda d: d.conclude(), (sp.sqrt(t) <= 5,), ()),
    "a lemma whose hypotheses do not hold": (
        E(xlogy(w, w)) <= sp.log(r),
        lambda d: d.conclude(d.integrate(d.lemma(XLOGX_CHORD, {X: w, Y: r}))),
        (r > 0,),
        QUANTILIZER,
    ),
    "a logarithm at a number that may be zero": (
        sp.log(t) <= t - 1,
        lambda d: d.conclude(d.lemma(LOG_TANGENT, {X: t})),
        (t >= 0,),
        (),
    ),
    "Gibbs without absolute continuity": (
        E(xlogy(v, v)) >= E(xlogy(v, u)) + E(v) - E(u),
        lambda d: d.conclude(d.integrate(d.lemma(GIBBS, {X: v, Y: u}))),
        (v >= 0, u >= 0),
        (),
    ),
    "a lemma with an undeclared term": (
        sp.log(t) <= t - 1,
        lambda d: d.conclude(d.lemma(LOG_TANGENT, {X: sp.Symbol("z", positive=True)})),
        (t > 0,),
        (),
    ),
    "a theorem whose hypotheses do not hold": (
        E(w2 * c) <= r * E(c),
        by_theorem({v: w2, t: r}),
        (c >= 0,),
        (PolicyOf(Quantilizer(q), w2),),
    ),
    "a number of a theorem replaced by a function of the action": (
        E(v * c) <= v * E(c),
        by_theorem({t: v}),
        (v >= 0, eq(E(v), 1), c >= 0),
        (),
    ),
    "a theorem at an undeclared symbol": (E(v * c) <= t * E(c), by_theorem({t: z}), (v >= 0, eq(E(v), 1), c >= 0), ()),
    "vanishing without mean zero": (eq(c, 0), vanishes_without_zero_mean, (c >= 0,), ()),
    "vanishing without a sign": (eq(u, 0), vanishes_without_a_sign, (eq(E(u), 0),), ()),
    "a pointwise claim from a mean": (c <= t, lambda d: d.conclude(d.arithmetic(E(c) <= t, "")), (E(c) <= t,), ()),
    "a claim about actions by arithmetic": (c <= t, lambda d: d.arithmetic(c <= t, ""), (E(c) <= t,), ()),
    "the mean bound taken for a bound": (c <= t, lambda d: d.conclude(), (E(c) <= t, c >= 0), ()),
}


def test_the_true_statement_goes_through_with_two_solvers():
    proof = derived(E(w * c) <= E(c) / q, bound, (c >= 0,), QUANTILIZER)
    assert proof.trust >= Trust.SMT and [fact.rule for fact in proof.facts] == ["pointwise", "integrate", "arithmetic"]
    assert set(proof.moments) == {c, c * w}


@pytest.mark.parametrize("conclusion, derive, given, policies", REFUSED.values(), ids=REFUSED)
def test_a_broken_variant_is_refused(conclusion, derive, given, policies):
    with pytest.raises(ProofError):
        derived(conclusion, derive, given, policies)


NEEDED = [
    ("cost-bound", "bound", c >= 0),
    ("cost-bound", "any-policy", v <= t),
    ("cost-bound", "any-policy", c >= 0),
    ("cost-bound", "attained", 1),
    ("cost-bound", "only-then", 1),
    ("fits-under", "sufficient", 4),
    ("fits-under", "sufficient", 7),
    ("fits-under", "factor-below-one", 4),
    ("quantilizer-optimality", "optimal", 0),
    ("quantilizer-optimality", "optimal", 1),
    ("quantilizer-optimality", "optimal", 2),
    ("quantilizer-optimality", "unique", 3),
    ("utility-antitone", "antitone", 0),
    ("bounded-cost", "dual-bound", 0),
    ("bounded-cost", "attained", 3),
    ("signed-cost", "attained", 0),
    ("reservation-value", "guaranteed", 0),
    ("reservation-value", "guaranteed", 1),
    ("feature-cost", "bound", 2),
    ("feature-cost", "bound", 4),
    ("top-k-of-n", "density", 0),
    ("top-k-of-n", "rounding-up", 2),
    ("best-of-n-kl", "refinement", 5),
]


@pytest.mark.parametrize("slug, name, dropped", NEEDED, ids=str)
def test_a_hypothesis_that_is_needed_cannot_be_dropped(slug, name, dropped):
    claim = get(slug)
    part = claim.part(name)
    hypothesis = part.given[dropped] if isinstance(dropped, int) else dropped
    weaker = Part(name, part.conclusion, tuple(h for h in part.given if h != hypothesis), part.policies, part.cost)
    assert len(weaker.given) == len(part.given) - 1
    with pytest.raises(ProofError):
        carry_out(slug, weaker, claim.derivation[name])


@pytest.mark.parametrize("slug", slugs())
def test_a_derivation_does_not_prove_the_wrong_twin(slug):
    claim = get(slug)
    for wrong in claim.twin.parts:
        for derive in claim.derivation.values():
            with pytest.raises(ProofError):
                carry_out(slug, wrong, derive)


def test_a_citation_is_carried_to_the_conclusion():
    proof = derived(E(c) <= t, lambda d: d.conclude(d.cite(E(c) <= t, "nobody2024, Theorem 9")))
    assert proof.trust is Trust.CITED and proof.cited


def test_a_lemma_is_worth_no_more_than_its_check(monkeypatch):
    weak = Lemma("weak", (), sp.Ge(X**2 + X + 1, 0, evaluate=False), "unchecked", lambda: Trust.CITED)
    monkeypatch.setattr("qtheory.prover.derivation.LEMMAS", (weak,))
    proof = derived(E(u**2) + E(u) + 1 >= 0, lambda d: d.conclude(d.integrate(d.lemma(weak, {X: u}))))
    assert proof.trust is Trust.CITED


def test_a_number_lemma_holds_at_every_action():
    part = Part("p", E(sp.log(n * OfAction("p"))) <= n * E(OfAction("p")) - 1, given=(OfAction("p") > 0, n >= 1))
    proof = carry_out("mine", part, lambda d: d.conclude(d.integrate(d.lemma(LOG_TANGENT, {X: n * OfAction("p")}))))
    assert proof.trust is Trust.CAS


def test_a_part_without_a_derivation_is_not_proved():
    claim = get("cost-bound")
    with pytest.raises(ProofError, match="no derivation"):
        prove_part(claim.derived_by({}), claim.part("bound"))


def test_two_symbols_of_one_name_are_two_numbers():
    one, other = Scalar("x0", "positive"), Scalar("x0", "real")
    d = Derivation(Part("p", E(c) <= t))
    with pytest.raises(ProofError):
        d.arithmetic(le(one, other), "")
    with pytest.raises(ProofError):
        d.pointwise(le(OfAction("y0", "cost"), OfAction("y0")), "")
