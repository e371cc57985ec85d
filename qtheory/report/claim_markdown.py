r"""A claim as Markdown with mathematics."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sympy as sp

from qtheory.checking.prove import attempts
from qtheory.report.latex_math import broken, formula
from qtheory.report.run import named, policy_lines
from qtheory.report.standing import UNTRIED, Standing, all_derived, kind_shown
from qtheory.report.told import Derived, Refused, Told, tell
from qtheory.statements.claim import Claim, Part

# What Markdown, or HTML inside of it, would act upon.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$&])")
# Markdown takes the backslash before a sign away, and mathematics needs it: names say the same.
_NAMED = {
    r"\{": r"\lbrace ",
    r"\}": r"\rbrace ",
    r"\!": "",
    r"\:": r"\ ",
    r"\,": r"\thinspace ",
    r"\;": r"\ ",
    "\\\\": r"\cr ",
}
_SIGNED = re.compile(r"\\[{}!:,;\\]")


def claim_markdown(claim: Claim) -> str:
    """A section per part: hypotheses, statement and the steps of its derivation."""
    told = tell(claim, attempts(claim))
    line = [
        f"`{claim.slug}`",
        kind_shown(claim, all_derived(claim, told)),
        f"source: {plain(claim.source or 'none given')}",
    ]
    blocks = [f"## {plain(claim.title)}", " · ".join(filter(None, line))]
    if claim.limits:
        blocks.append(f"*Limits:* {plain(claim.limits)}")
    blocks += parts_markdown(claim, told)
    if claim.twin is not None:
        stated = "; ".join(inline(part.conclusion) for part in claim.twin.parts)
        blocks.append(f"*Wrong twin, refuted:* {plain(claim.twin.title)}: {stated}")
    return "\n\n".join(blocks)


def parts_markdown(claim: Claim, told: Told, standings: Mapping[str, Standing] | None = None) -> list[str]:
    """Each part with its derivation, called what a run made of it, or a claim where there was none."""
    blocks = []
    for part in claim.parts:
        blocks.append(_part(part, (standings or {}).get(part.name, UNTRIED)))
        if (found := told.get(part.name)) is not None:
            blocks.append(_derived(found) if isinstance(found, Derived) else _refused(found))
        elif told:
            blocks.append("*Not proved: there is no derivation.*")
    return blocks


def plain(words: object) -> str:
    r"""Words as they are, on one line, with nothing that Markdown would act upon.

    >>> plain("a_b <script>")
    'a\\_b \\<script\\>'
    """
    return _ACTIVE.sub(r"\\\1", " ".join(str(words).split()))


def inline(statement: sp.Basic) -> str:
    """Mathematics in a line of text, between dollars."""
    return f"${_robust(formula(statement))}$"


def displayed(statement: sp.Basic) -> str:
    """Mathematics on its own lines, between pairs of dollars."""
    return f"$$ {_one_line(broken(statement))} $$"


def code(text: str) -> str:
    """A block of text as it is."""
    return "\n".join(f"    {line}" for line in text.splitlines())


def _part(part: Part, standing: Standing) -> str:
    blocks = [f"### {standing}: {plain(part.name)}"]
    if part.says:
        blocks.append(plain(part.says))
    blocks += [f"{inline(ratio)} is the density ratio of `{of}`." for ratio, of in policy_lines(part)]
    if part.cost is not None:
        blocks.append(f"The hidden cost lies in `{named(part.cost)}`.")
    if part.hypotheses:
        blocks.append(f"Given {', '.join(map(inline, part.hypotheses))}:")
    return "\n\n".join([*blocks, displayed(part.conclusion)])


def _derived(told: Derived) -> str:
    lines = [f"*Derivation* (trust {told.trust})", ""]
    lines += [
        f"{i}. ${_robust(step.statement.latex)}$ ({plain(step.origin)}, {step.trust}: {plain(step.note)})"
        for i, step in enumerate(told.steps, 1)
    ]
    if told.moments:
        moments = ", ".join(f"${_robust(moment.latex)}$" for moment in told.moments)
        lines += ["", f"Needs the expectations of {moments}."]
    return "\n".join(lines)


def _refused(told: Refused) -> str:
    return f"*Not proved: the derivation was refused.*\n\n{code(told.says)}"


def _robust(latex: str) -> str:
    return _SIGNED.sub(lambda match: _NAMED[match.group()], latex)


def _one_line(latex: str) -> str:
    return " ".join(_robust(latex).split())
