r"""A claim as terminal text."""

from __future__ import annotations

import textwrap

import sympy as sp

from qtheory.checking.prove import attempts
from qtheory.checking.vacuous import vacuity
from qtheory.errors import ProofError
from qtheory.exact.binding import as_sympy, is_symbolic
from qtheory.prover.proof import Proof
from qtheory.report.coq_text import availability
from qtheory.report.standing import kind_shown
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import meaning

_WIDTH = 100


def claim_text(claim: Claim) -> str:
    """Statement, hypotheses, derivation, source and wrong twin of a claim."""
    proofs = attempts(claim)
    proved = all(isinstance(proofs.get(part.name), Proof) for part in claim.parts)
    line = "; ".join(filter(None, [kind_shown(claim, proved), f"source: {claim.source or 'none given'}"]))
    blocks = [f"{claim.slug}: {claim.title}\n{line}"]
    if claim.limits:
        blocks.append(_wrap(f"Limits: {claim.limits}"))
    blocks += [_part(part, proofs.get(part.name), claim.slug) for part in claim.parts]
    if claim.twin is not None:
        stated = "; ".join(str(part.conclusion) for part in claim.twin.parts)
        blocks.append(f"Wrong twin, refuted by exact instances: {claim.twin.title}\n    {stated}")
    blocks.append("Symbols\n" + _symbols(claim))
    return "\n\n".join(blocks)


def steps_text(claim: Claim) -> str:
    """Every step of a claim's derivations."""
    found = attempts(claim)
    told = [_steps(found[p.name]) if p.name in found else f"  {p.name}: no derivation" for p in claim.parts]
    empty = [f"  {why}" for part in claim.parts if (why := vacuity(part)) is not None]
    return "\n\n".join([claim.slug, *empty, *told])


def _part(part: Part, proof: Proof | ProofError | None, slug: str) -> str:
    lines = [f"Part {part.name}"]
    if part.says:
        lines.append(_wrap(part.says, "  "))
    for policy in part.policies:
        lines.append(f"  {policy.ratio} is the density ratio of {_named(policy.optimizer)}")
    if part.cost is not None:
        lines.append(f"  c lies in {_named(part.cost)}")
    lines += [f"  given   {hypothesis}" for hypothesis in part.given]
    lines.append(f"  claimed {part.conclusion}")
    lines.append(_steps(proof) if proof is not None else "  not proved: there is no derivation")
    if (why := vacuity(part)) is not None:
        lines.append(f"  {why}")
    if (coq := availability(slug, part.name)) is not None:
        lines.append(f"  {coq}")
    return "\n".join(lines)


def _steps(proof: Proof | ProofError) -> str:
    if isinstance(proof, ProofError):
        return f"  not proved: {proof}"
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    lines = [f"  Derivation of {proof.part.name} (trust {proof.trust.name}, {proof.seconds:.2f} s)"]
    for i, fact in enumerate(proof.facts, 1):
        uses = f" from {', '.join(str(places[id(f)]) for f in fact.uses)}" if fact.uses else ""
        lines.append(f"    {i}. {fact.statement}")
        lines.append(_wrap(f"{fact.rule}{uses} [{fact.trust.name}]: {fact.note}", "       "))
    if proof.moments:
        lines.append(_wrap(f"needs the expectations of: {', '.join(map(str, proof.moments))}", "    "))
    return "\n".join(lines)


def _named(thing: object) -> str:
    parameters = ", ".join(f"{name}={value}" for name, value in thing.parameters().items())  # type: ignore[attr-defined]
    return f"{type(thing).__name__}({parameters})"


def _symbols(claim: Claim) -> str:
    twins = [part.conclusion.free_symbols for part in claim.twin.parts] if claim.twin is not None else []
    used = sorted(frozenset().union(*map(_shown, claim.parts), *_derived(claim), *twins), key=lambda x: x.name)
    return "\n".join(f"  {x.name:<8} {meaning(x)}" for x in used)


def _shown(part: Part) -> frozenset[sp.Symbol]:
    """The symbols that the text of a part shows; what only the axioms of its optimizers mention is not among them."""
    policies = [
        as_sympy(value) for p in part.policies for value in p.optimizer.parameters().values() if is_symbolic(value)
    ]
    ratios = {p.ratio for p in part.policies}
    return part.stated_symbols.union(ratios, *(value.free_symbols for value in policies))


def _derived(claim: Claim) -> list[frozenset[sp.Symbol]]:
    """The symbols of the statements that the derivations show."""
    proofs = [proof for proof in attempts(claim).values() if isinstance(proof, Proof)]
    return [frozenset(fact.statement.free_symbols) for proof in proofs for fact in proof.facts]


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
