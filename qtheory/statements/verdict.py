r"""Verdicts: what one reading of a claim found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import DocumentError, InvalidInput
from qtheory.exact.documents import SCHEMA, expect_document, field, list_field, number_from_json, number_to_json
from qtheory.statements.witness import Witness

READINGS = ("prove", "falsify", "simulate")
OUTCOMES = ("holds", "survived", "inconclusive", "vacuous", "violated", "not_applicable")


@dataclass(frozen=True)
class Verdict:
    r"""What one reading of one claim found.

    Attributes:
        reading: "prove", "falsify" or "simulate".
        outcome: "holds" (proved, or shown by sampling at error rate `alpha`), "survived" (no counterexample among
            those tried), "inconclusive", "vacuous" (the claim is shown to say nothing), "violated" (always with a
            witness or a test at rate `alpha`), or "not_applicable".
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

    def __str__(self) -> str:
        """One line, and the counterexample below it if there is one."""
        trust = "" if self.trust is None else f" ({self.trust})"
        line = f"{self.reading}: {self.outcome.replace('_', ' ')}{trust}; {self.evidence}"
        return line if self.witness is None else f"{line}\n{self.witness}"

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
            "slack": None if self.slack is None else [number_to_json(float(x)) for x in self.slack],
            "witness": None if self.witness is None else self.witness.to_json(),
            "details": list(self.details),
            "seconds": self.seconds,
        }

    @staticmethod
    def from_json(document: Any) -> Verdict:
        data = expect_document(document, "verdict")
        slack, witness = _interval_from_json(field(data, "slack")), field(data, "witness")
        plain = {name: _plain(field(data, name), kind, name) for name, kind in _PLAIN.items()}
        return Verdict(
            slack=slack,
            witness=None if witness is None else Witness.from_json(witness),
            details=tuple(list_field(data, "details")),
            **plain,
        )


_NUMBER = (int, float)
_PLAIN = {"reading": str, "outcome": str, "evidence": str, "trust": (str, type(None)), "seconds": _NUMBER}
_PLAIN |= {"alpha": (*_NUMBER, type(None)), "samples": (int, type(None))}


def _plain(value: Any, kind: Any, name: str) -> Any:
    endless = isinstance(value, float) and not math.isfinite(value)
    if endless or isinstance(value, bool) or not isinstance(value, kind):
        raise DocumentError(f"{name} of the verdict is of the wrong kind", got=value)
    return value


def _interval_from_json(value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise DocumentError("slack is not an interval", got=value, allowed="two bounds, or null")
    low, high = (float(number_from_json(bound, "a slack bound")) for bound in value)
    return low, high
