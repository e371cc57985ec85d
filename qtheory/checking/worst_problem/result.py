r"""The answer of the search: the worst problem that was found, exactly."""

from __future__ import annotations

from dataclasses import dataclass

from qtheory.aliases import Json
from qtheory.exact.documents import SCHEMA
from qtheory.exact.enclosure import Enclosure
from qtheory.statements.instance import Instance
from qtheory.statements.witness import Side, Witness


@dataclass(frozen=True)
class WorstProblem:
    r"""The finite problem at which a part's conclusion is most false, or nearest to it, among those looked at.

    Attributes:
        claim: slug of the claim; part: name of its part.
        instance: the problem, with exact values for every symbol.
        left, right: both sides of the conclusion, where it is one relation between numbers.
        slack: the greater side less the lesser one; minus the distance for an equation; negative if violated.
        relative_slack: the same divided by the larger of the two sides.
        outcome: "violated", certainly false here; "tight", true with slack exactly zero, sides that are not both
            zero and at least two actions; "slack" otherwise.
        how: in words, how it was found.
        certificates: for functions over which this is exactly the worst on this problem, the linear programme and the
            multipliers that prove it.
        evaluated: problems looked at, in float32 or exactly.
        seconds: wall time; compile_seconds: the part of it before the first block was scored.
    """

    claim: str
    part: str
    instance: Instance
    left: Side | None
    right: Side | None
    slack: Side
    relative_slack: float
    outcome: str
    how: str
    certificates: tuple[Json, ...]
    evaluated: int
    seconds: float
    compile_seconds: float
    witness: Witness

    def to_witness(self) -> Witness:
        """The instance with everything needed to check it again."""
        return self.witness

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "worst problem",
            "claim": self.claim,
            "part": self.part,
            "outcome": self.outcome,
            "slack": _side(self.slack),
            "relative_slack": self.relative_slack,
            "how": self.how,
            "certificates": list(self.certificates),
            "evaluated": self.evaluated,
            "seconds": self.seconds,
            "compile_seconds": self.compile_seconds,
            "witness": self.witness.to_json(),
        }


def _side(side: Side) -> object:
    return side.to_json() if isinstance(side, Enclosure) else str(side)
