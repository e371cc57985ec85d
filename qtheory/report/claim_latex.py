r"""A claim as LaTeX: a theorem and its proof."""

from __future__ import annotations

import sympy as sp

from qtheory.checking.prove import attempts
from qtheory.prover.proof import Proof
from qtheory.statements.claim import Claim, Part


def claim_latex(claim: Claim) -> str:
    r"""Each part as a `theorem` environment, followed by a `proof` where there is one (needs amsmath and amsthm)."""
    proofs = {name: proof for name, proof in attempts(claim).items() if isinstance(proof, Proof)}
    blocks = [f"% {claim.slug}; source: {claim.source or 'none given'}"]
    for part in claim.parts:
        blocks.append(_theorem(claim, part))
        if part.name in proofs:
            blocks.append(_proof(proofs[part.name]))
    return "\n\n".join(blocks)


def formula(statement: sp.Basic) -> str:
    """A statement as LaTeX mathematics."""
    return sp.latex(statement)


def _theorem(claim: Claim, part: Part) -> str:
    hypotheses = ",\n  ".join(f"${formula(h)}$" for h in part.hypotheses)
    opening = f"Let\n  {hypotheses}.\nThen" if hypotheses else "It holds that"
    name = f"{claim.title}: {part.name}" if len(claim.parts) > 1 else claim.title
    return "\n".join(
        [rf"\begin{{theorem}}[{_text(name)}]", opening, rf"\[ {formula(part.conclusion)} . \]", r"\end{theorem}"]
    )


def _proof(proof: Proof) -> str:
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    lines = [r"\begin{proof}", r"\begin{enumerate}"]
    for fact in proof.facts:
        uses = ", ".join(f"({places[id(f)]})" for f in fact.uses)
        origin = f"{fact.rule}{' from ' + uses if uses else ''}"
        lines.append(
            rf"  \item ${formula(fact.statement)}$ --- {_text(fact.note)} \emph{{[{_text(origin)}; {fact.trust.name}]}}"
        )
    moments = ", ".join(f"${formula(f)}$" for f in proof.moments)
    lines += [
        r"\end{enumerate}",
        *([f"The expectations of {moments} are assumed to exist."] if moments else []),
        r"\end{proof}",
    ]
    return "\n".join(lines)


def _text(words: str) -> str:
    for character, escaped in (
        ("\\", r"\textbackslash{}"),
        ("_", r"\_"),
        ("^", r"\textasciicircum{}"),
        ("%", r"\%"),
        ("&", r"\&"),
        ("#", r"\#"),
    ):
        words = words.replace(character, escaped)
    return words.replace("<=", "$\\le$").replace(">=", "$\\ge$")
