r"""Verdicts: what one reading of a claim found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.documents import SCHEMA, expect_document, field
from qtheory.statements.witness import Witness

READINGS = ("prove", "falsify", "simulate")
OUTCOMES = ("holds", "survived", "inconclusive", "violated", "not_applicable")


@dataclass(frozen=True)
class Verdict:
    r"""What one reading of one claim found.

    Attributes:
        reading: "prove", "falsify" or "simulate".
        outcome: "holds" (proved, or shown by sampling at error rate `alpha`), "survived" (no counterexample among
            those tried), "inconclusive", "violated" (always with a witness or a test at rate `alpha`), or
            "not_applicable".
        evidence: in words, what was found.
        trust: for a proof, its weakest step.
        alpha: the error rate of a sampled verdict.
        samples: samples or instances looked at.
        slack: an interval for right side minus left side, infinite where unknown.
        witness: the instance that breaks the claim.
        details: further facts of the reading, JSON-ready.
        seconds: wall time.
    """

    reading: str
    outcome: str
    evidence: str
    trust: str | None = None
    alpha: float | None = None
    samples: int | None = None
    slack: tuple[float, float] | None = None
    witness: Witness | None = None
    details: tuple[Json, ...] = ()
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.reading not in READINGS or self.outcome not in OUTCOMES:
            raise InvalidInput("not a verdict", got=(self.reading, self.outcome), allowed=f"{READINGS}, {OUTCOMES}")

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA,
            "type": "verdict",
            "reading": self.reading,
            "outcome": self.outcome,
            "evidence": self.evidence,
            "trust": self.trust,
            "alpha": self.alpha,
            "samples": self.samples,
            "slack": None if self.slack is None else [_bound(x) for x in self.slack],
            "witness": None if self.witness is None else self.witness.to_json(),
            "details": list(self.details),
            "seconds": self.seconds,
        }

    @staticmethod
    def from_json(document: Any) -> Verdict:
        data = expect_document(document, "verdict")
        slack, witness = field(data, "slack"), field(data, "witness")
        plain = {name: field(data, name) for name in ("trust", "alpha", "samples", "seconds")}
        return Verdict(
            reading=field(data, "reading"),
            outcome=field(data, "outcome"),
            evidence=field(data, "evidence"),
            slack=None if slack is None else (_from_bound(slack[0]), _from_bound(slack[1])),
            witness=None if witness is None else Witness.from_json(witness),
            details=tuple(field(data, "details")),
            **plain,
        )


def _bound(value: float) -> float | str:
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def _from_bound(value: Any) -> float:
    if value in ("inf", "-inf"):
        return math.inf if value == "inf" else -math.inf
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DocumentError("a slack bound is not a number", got=value, allowed="a number, 'inf' or '-inf'")
    return float(value)
