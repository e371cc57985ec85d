"""The registry, and the instances by which the theory refutes each wrong twin."""

from fractions import Fraction

import pytest
import sympy as sp
from known import A48, KNOWN
from small_problems import fractions

from qtheory.checking.falsify import breaks, witness_of
from qtheory.checking.replay import replay
from qtheory.claims import registry
from qtheory.claims.registry import all_claims, get, slugs
from qtheory.errors import InvalidInput
from qtheory.instances.complete import Choices, complete, free_functions, free_scalars
from qtheory.prover.locate import proofs_folder
from qtheory.statements.claim import KINDS
from qtheory.statements.instance import Instance
from qtheory.statements.witness import Witness
from qtheory.symbols import E, OfAction, c, q, t, u, w


def instance_of(part, base, values, feature):
    weights, utility = base
    scalars = {x: Fraction(values[x.name]) for x in free_scalars(part)}
    functions = {f: fractions(*values[f.name]) for f in free_functions(part)}
    choices = Choices(fractions(*weights), fractions(*utility), feature or (0,) * len(weights), scalars, functions)
    return complete(part, choices)


@pytest.mark.parametrize("slug, base, values, sides, feature", KNOWN, ids=[known[0] for known in KNOWN])
def test_the_known_instance_refutes_the_wrong_twin(slug, base, values, sides, feature):
    (part,) = get(slug).twin.parts
    instance = instance_of(part, base, values, feature)
    assert instance is not None and breaks(part, instance)
    witness = Witness.from_json(witness_of(slug, part, instance).to_json())
    assert replay(witness).holds is False
    if sides is not None:
        for found, known in zip((witness.left, witness.right), sides, strict=True):
            assert found == known if isinstance(found, Fraction) else float(found) == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize("slug, base, values, sides, feature", KNOWN, ids=[known[0] for known in KNOWN])
def test_no_part_of_the_claim_fails_at_the_known_instance(slug, base, values, sides, feature):
    for part in get(slug).parts:
        if part.conclusion.has(sp.Integral):
            continue  # an identity between formulas, which no instance can speak about
        named = {x.name: values.get(x.name, 1) for x in free_scalars(part)}
        rows = {f.name: values.get(f.name, [1] * len(base[0])) for f in free_functions(part)}
        instance = instance_of(part, base, {**named, **rows}, feature)
        assert instance is None or not breaks(part, instance)


def test_every_claim_has_a_known_refutation_of_its_twin():
    assert sorted(known[0] for known in KNOWN) == list(slugs())


def test_a_cost_that_is_a_constant_is_not_amplified_and_the_top_is_by_the_whole_factor():
    part = get("cost-bound").part("bound")
    for row, factor in (([1, 1, 1], 1), ([1, 0, 0], 4)):
        instance = instance_of(part, A48, {"q": "1/4", "c": row}, None)
        assert instance.value(E(w * c)) == factor * instance.value(E(c))


@pytest.mark.parametrize("slug", slugs())
def test_a_claim_is_filed_under_its_slug_with_its_script_and_its_twin(slug):
    claim = get(slug)
    assert claim.slug == slug and claim.kind in KINDS and claim.kind != "conjecture"
    assert claim.title and claim.source and claim.twin is not None and claim.twin.slug == f"{slug}-twin"
    assert set(claim.derivation) == {part.name for part in claim.parts}
    assert (proofs_folder() / f"{slug.replace('-', '_')}.py").is_file()
    assert all(part.says for part in claim.parts)


def test_the_registry_lists_each_claim_once_in_order():
    assert list(slugs()) == sorted(set(slugs())) and [claim.slug for claim in all_claims()] == list(slugs())
    assert registry.get("cost-bound") is get("cost-bound")


def test_an_unknown_slug_is_refused_with_the_closest_one():
    with pytest.raises(InvalidInput, match="did you mean cost-bound"):
        get("cost-bond")
    for name in ("", "registry", "no such thing"):
        with pytest.raises(InvalidInput, match="no such claim"):
            get(name)


def test_the_witness_of_the_shifting_cost_has_no_bound():
    part = get("signed-cost").part("no-bound")
    instance = Instance(
        fractions("1/2", "1/2"), {u: fractions(0, 1), w: fractions(0, 2)}, {q: Fraction(1, 2), t: Fraction(100)}
    )
    assert instance.truth(part.conclusion) and instance.value(E(w * t * (w - 1))) == 100
    assert isinstance(OfAction("p"), sp.Symbol)
