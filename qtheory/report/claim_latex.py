r"""A claim as LaTeX: a theorem and its proof."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from qtheory.checking.prove import attempts
from qtheory.errors import ProofError
from qtheory.prover.proof import Proof
from qtheory.statements.claim import Claim, Part

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
}


def claim_latex(claim: Claim, found: Mapping[str, Proof | ProofError] | None = None) -> str:
    r"""Each part as a `theorem` environment, followed by a `proof` where there is one (needs amsmath and amsthm).

    Args:
        claim: the claim.
        found: its derivations, if they have been carried out already.
    """
    tried = attempts(claim) if found is None else found
    proofs = {name: proof for name, proof in tried.items() if isinstance(proof, Proof)}
    blocks = [f"% {_one_line(claim.slug)}; source: {_one_line(claim.source) or 'none given'}"]
    for part in claim.parts:
        blocks.append(_theorem(claim, part))
        if part.name in proofs:
            blocks.append(_proof(proofs[part.name]))
    return "\n\n".join(blocks)


def formula(statement: sp.Basic) -> str:
    """A statement as LaTeX mathematics."""
    return sp.latex(statement)


def escaped(words: object) -> str:
    r"""Words as LaTeX text on one line; what is not ASCII becomes a question mark, which every engine has.

    >>> escaped("50% of w_2 <= 1")
    '50\\% of w\\_2 $\\le$ 1'
    """
    text = "".join(_SPECIAL.get(character, character) for character in _one_line(str(words)))
    text = (
        text.replace("<=", "$\\le$")
        .replace(">=", "$\\ge$")
        .replace("<", "\\textless{}")
        .replace(">", "\\textgreater{}")
    )
    return text.encode("ascii", "replace").decode()


def _theorem(claim: Claim, part: Part) -> str:
    hypotheses = ",\n  ".join(f"${formula(h)}$" for h in part.hypotheses)
    opening = f"Let\n  {hypotheses}.\nThen" if hypotheses else "It holds that"
    name = f"{claim.title}: {part.name}" if len(claim.parts) > 1 else claim.title
    return "\n".join(
        [rf"\begin{{theorem}}[{{{escaped(name)}}}]", opening, rf"\[ {formula(part.conclusion)} . \]", r"\end{theorem}"]
    )


def _proof(proof: Proof) -> str:
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    lines = [r"\begin{proof}", r"\begin{enumerate}"]
    for fact in proof.facts:
        uses = ", ".join(f"({places[id(f)]})" for f in fact.uses)
        origin = f"{fact.rule}{' from ' + uses if uses else ''}"
        lines.append(
            rf"  \item ${formula(fact.statement)}$ --- {escaped(fact.note)} \emph{{[{escaped(origin)}; {fact.trust.name}]}}"
        )
    moments = ", ".join(f"${formula(f)}$" for f in proof.moments)
    lines += [
        r"\end{enumerate}",
        *([f"The expectations of {moments} are assumed to exist."] if moments else []),
        r"\end{proof}",
    ]
    return "\n".join(lines)


def _one_line(words: str) -> str:
    return " ".join(words.split()).encode("ascii", "replace").decode()
