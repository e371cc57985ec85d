r"""The answer of the search: the worst problem that was found, exactly."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from qtheory.aliases import Json
from qtheory.exact.documents import SCHEMA
from qtheory.exact.enclosure import Enclosure
from qtheory.statements.instance import Instance
from qtheory.statements.witness import Side, Witness

_WIDTH = 100
_SAID = {
    "violated": "violated: the statement is false at this problem",
    "tight": "tight: it holds at this problem with nothing to spare; of other problems this says nothing",
    "slack": "slack: the nearest to a violation among the problems looked at",
}


@dataclass(frozen=True)
class WorstProblem:
    r"""The finite problem at which a part's conclusion is most false, or nearest to it, among those looked at.

    Attributes:
        witness: the problem with exact values for every symbol, and everything needed to check it again.
        slack: the greater side less the lesser one; minus the distance for an equation; negative if violated.
        relative_slack: the same divided by the larger of the two sides.
        outcome: "violated", certainly false here; "tight", true with slack exactly zero, sides that are not both
            zero and at least two actions; "slack" otherwise.
        how: in words, how it was found.
        certificates: for functions over which this is exactly the worst on this problem, the linear programmes and
            the multipliers that prove it.
        evaluated: problems looked at, in float32 or exactly.
        seconds: wall time; compile_seconds: the part of it that the first calls of compiled functions took.
    """

    witness: Witness
    slack: Side
    relative_slack: float
    outcome: str
    how: str
    certificates: tuple[Json, ...]
    evaluated: int
    seconds: float
    compile_seconds: float

    @property
    def claim(self) -> str:
        return self.witness.claim

    @property
    def part(self) -> str:
        return self.witness.part

    @property
    def instance(self) -> Instance:
        return self.witness.instance

    @property
    def left(self) -> Side | None:
        """The left side of the conclusion, where it is one relation between numbers."""
        return self.witness.left

    @property
    def right(self) -> Side | None:
        return self.witness.right

    def to_witness(self) -> Witness:
        """The instance with everything needed to check it again."""
        return self.witness

    def __str__(self) -> str:
        """The outcome, the problem with both sides, and how it was found."""
        lines = [
            textwrap.fill(f"{self.claim}/{self.part}: {_SAID[self.outcome]}", _WIDTH, subsequent_indent="  "),
            str(self.witness),
            f"  slack {self.slack}, relative to the larger side {self.relative_slack:.4g}",
            textwrap.fill(f"found {self.how}", _WIDTH, initial_indent="  ", subsequent_indent="  "),
            f"  {self.evaluated} problems in {self.seconds:.1f} s, {self.compile_seconds:.1f} s of it for compiling",
        ]
        return "\n".join(lines)

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "worst problem",
            "claim": self.claim,
            "part": self.part,
            "outcome": self.outcome,
            "slack": self.slack.to_json() if isinstance(self.slack, Enclosure) else str(self.slack),
            "relative_slack": self.relative_slack,
            "how": self.how,
            "certificates": list(self.certificates),
            "evaluated": self.evaluated,
            "seconds": self.seconds,
            "compile_seconds": self.compile_seconds,
            "witness": self.witness.to_json(),
        }
