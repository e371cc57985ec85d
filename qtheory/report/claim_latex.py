r"""A claim as LaTeX: statements, called theorems where they were proved, and their proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp

from qtheory.checking.prove import attempts
from qtheory.report.latex_math import broken, formula, width
from qtheory.report.run import named, policy_lines
from qtheory.report.standing import UNTRIED, Standing
from qtheory.report.told import Derived, Refused, Step, Told, tell
from qtheory.statements.claim import Claim, Part

Fit = Callable[[str], str]
# What so many signs wide needs no line of its own.
_SHORT = 34
# What a document of the reader's own needs for a claim that is shown alone.
_HINT = r"% in the preamble: \usepackage{amsmath,amssymb,amsthm} \newtheorem{claim}{Claim}"

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


def claim_latex(claim: Claim, told: Told | None = None, standings: Mapping[str, Standing] | None = None) -> str:
    r"""Each part as an environment, followed by a `proof` where there is one (needs amsmath and amsthm).

    Args:
        claim: the claim.
        told: its derivations, if they have been carried out already; formulas are then set in `\\fitted`, a macro of the
            document, which shrinks what is wider than a line.
        standings: what a run made of each part, which names its environment; `claim`, which says nothing of its truth,
            where there was no run.
    """
    fit = _bare if told is None else _fitted
    derived = tell(claim, attempts(claim)) if told is None else told
    hint = [_HINT] if standings is None else []
    blocks = ["\n".join([f"% {_one_line(claim.slug)}; source: {_one_line(claim.source) or 'none given'}", *hint])]
    for part in claim.parts:
        blocks.append(_stated(claim, part, (standings or {}).get(part.name, UNTRIED), fit))
        if (found := derived.get(part.name)) is not None:
            blocks.append(_proof(found, fit) if isinstance(found, Derived) else _refused(found))
    return "\n\n".join(blocks)


def _bare(latex: str) -> str:
    return latex


def _fitted(latex: str) -> str:
    # what is short need not be measured
    return latex if width(latex) <= _SHORT else rf"\fitted{{{latex}}}"


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


def coded(words: object) -> str:
    r"""Words as LaTeX text in typewriter, which may be broken after a comma, a bracket or an equals sign."""
    text = escaped(words)
    for sign in (",", "(", "=", r"\_", "/"):
        text = text.replace(sign, sign + r"\allowbreak{}")
    return rf"\texttt{{{text}}}"


def _stated(claim: Claim, part: Part, standing: Standing, fit: Fit) -> str:
    opening = [escaped(part.says)] if part.says else []
    opening += [rf"Here {_joined(lines)}." for lines in [_setting(part)] if lines]
    hypotheses = ",\n  ".join(_hypothesis(h, fit) for h in part.hypotheses)
    opening.append(f"Let\n  {hypotheses}.\nThen" if hypotheses else "It holds that")
    name = escaped(f"{claim.title}: {part.name}" if len(claim.parts) > 1 else claim.title)
    head = f"({escaped(standing.word)}) {name}" if standing.word else name
    conclusion = broken(part.conclusion)
    shown = rf"\[ {fit(conclusion)} \]" if "aligned" in conclusion else rf"\[ {fit(conclusion)} . \]"
    return "\n".join([rf"\begin{{{standing.noun}}}[{{{head}}}]", *opening, shown, rf"\end{{{standing.noun}}}"])


def _setting(part: Part) -> list[str]:
    lines = [rf"${formula(ratio)}$ is the density ratio of {coded(of)}" for ratio, of in policy_lines(part)]
    return lines + ([] if part.cost is None else [f"the hidden cost lies in {coded(named(part.cost))}"])


def _joined(phrases: list[str]) -> str:
    return ", and ".join(phrases)


def _hypothesis(statement: sp.Basic, fit: Fit) -> str:
    text = formula(statement)
    return f"${text}$" if width(text) <= _SHORT else f"${fit(broken(statement))}$"


def _proof(told: Derived, fit: Fit) -> str:
    lines = [
        r"\begin{proof}\leavevmode",
        r"\begin{enumerate}",
        *(_step(step, fit) for step in told.steps),
        r"\end{enumerate}",
    ]
    moments = ", ".join(f"${moment.latex}$" for moment in told.moments)
    return "\n".join(
        [*lines, *([f"The expectations of {moments} are assumed to exist."] if moments else []), r"\end{proof}"]
    )


def _step(step: Step, fit: Fit) -> str:
    why = rf"{escaped(step.note)} \emph{{[{escaped(step.origin)}; {step.trust}]}}"
    if width(step.statement.latex) <= _SHORT and "aligned" not in step.statement.broken:
        return rf"  \item ${step.statement.latex}$ --- {why}"
    aligned = step.statement.broken.replace(r"\begin{aligned}", r"\begin{aligned}[t]")
    return rf"  \item ${fit(aligned)}$ \\ {why}"


def _refused(told: Refused) -> str:
    return rf"\emph{{Not proved: the derivation was refused.}} {escaped(told.says)}"


def _one_line(words: str) -> str:
    return " ".join(words.split()).encode("ascii", "replace").decode()
