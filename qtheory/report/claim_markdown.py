r"""A claim as Markdown with mathematics."""

from __future__ import annotations

from qtheory.checking.prove import attempts
from qtheory.prover.proof import Proof
from qtheory.report.claim_latex import formula
from qtheory.statements.claim import Claim, Part


def claim_markdown(claim: Claim) -> str:
    """A section per part: hypotheses, statement and the steps of its derivation."""
    proofs = {name: proof for name, proof in attempts(claim).items() if isinstance(proof, Proof)}
    blocks = [f"## {claim.title}", f"`{claim.slug}` · {claim.kind} · source: {claim.source or 'none given'}"]
    if claim.limits:
        blocks.append(f"*Limits:* {claim.limits}")
    for part in claim.parts:
        blocks.append(_part(part))
        if part.name in proofs:
            blocks.append(_steps(proofs[part.name]))
    if claim.twin is not None:
        stated = "; ".join(f"${formula(part.conclusion)}$" for part in claim.twin.parts)
        blocks.append(f"*Wrong twin, refuted:* {claim.twin.title}: {stated}")
    return "\n\n".join(blocks)


def _part(part: Part) -> str:
    given = ", ".join(f"${formula(h)}$" for h in part.hypotheses)
    says = f"{part.says}\n\n" if part.says else ""
    return f"### {part.name}\n\n{says}" + (f"Given {given}:\n\n" if given else "") + f"$$ {formula(part.conclusion)} $$"


def _steps(proof: Proof) -> str:
    lines = [f"*Derivation* (trust {proof.trust.name})", ""]
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    for i, fact in enumerate(proof.facts, 1):
        uses = f" from {', '.join(str(places[id(f)]) for f in fact.uses)}" if fact.uses else ""
        lines.append(f"{i}. ${formula(fact.statement)}$ ({fact.rule}{uses}: {fact.note})")
    return "\n".join(lines)
