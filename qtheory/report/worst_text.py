r"""The worst problem of a statement as text."""

from __future__ import annotations

import textwrap

from qtheory.checking.worst_problem.result import WorstProblem
from qtheory.errors import NotAvailable
from qtheory.statements.witness_text import witness_text

_WIDTH = 100
_SAID = {
    "violated": "violated: the statement is false at this problem",
    "tight": "tight: the statement holds at this problem with nothing to spare",
    "slack": "slack: the nearest to a violation among the problems looked at",
}


def worst_text(found: WorstProblem) -> str:
    """The outcome, the problem with both sides, and how it was found."""
    relative = f"{found.relative_slack:.4g}"
    lines = [
        f"{found.claim}/{found.part}: {_SAID[found.outcome]}",
        witness_text(found.to_witness()),
        f"  slack {found.slack}, relative to the larger side {relative}",
        textwrap.fill(f"found {found.how}", _WIDTH, initial_indent="  ", subsequent_indent="  "),
        f"  {found.evaluated} problems in {found.seconds:.1f} s, {found.compile_seconds:.1f} s of it for compiling",
    ]
    return "\n".join(lines)


def refused_text(claim: str, part: str, error: NotAvailable) -> str:
    """Why a part was not searched."""
    return f"{claim}/{part}: not searched: {error.problem}"
