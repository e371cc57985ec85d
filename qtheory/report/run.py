r"""A run as the written reports see it: the claims with their verdicts and derivations, and the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qtheory.checking.prove import attempts
from qtheory.checking.verify import ClaimReport
from qtheory.errors import ProofError
from qtheory.prover.proof import Proof
from qtheory.report.document import run_record
from qtheory.statements.claim import Claim, Part
from qtheory.statements.record import Record

STATUSES = ("contradiction", "violated", "proved", "cited", "not proved", "not applicable")


@dataclass(frozen=True)
class Entry:
    """One claim of a run.

    Attributes:
        report: what its readings found.
        proofs: for each part with a derivation, its proof, or why it was refused; empty if nothing was to be proved.
    """

    report: ClaimReport
    proofs: dict[str, Proof | ProofError]

    @property
    def claim(self) -> Claim:
        return self.report.claim


@dataclass(frozen=True)
class Run:
    """Everything a written report shows.

    Attributes:
        entries: one a claim.
        record: of the run.
        alpha: the chance of any wrong sampled verdict in it.
    """

    entries: tuple[Entry, ...]
    record: Record
    alpha: float

    @property
    def reports(self) -> list[ClaimReport]:
        return [entry.report for entry in self.entries]

    def counted(self) -> dict[str, int]:
        """How many claims ended in each status that occurs."""
        statuses = [report.status for report in self.reports]
        return {status: statuses.count(status) for status in STATUSES if status in statuses}

    def readings(self) -> tuple[str, ...]:
        """The readings that were asked for."""
        return tuple(verdict.reading for verdict in self.reports[0].verdicts) if self.entries else ()


def make_run(
    reports: Iterable[ClaimReport],
    options: dict[str, Any],
    key: int,
    progress: Callable[[str, str], None] | None = None,
) -> Run:
    """Collects what a report shows; the derivations are carried out once more, for their steps."""
    listed = list(reports)
    entries = []
    for report in listed:
        if progress is not None:
            progress(report.claim.slug, "write up")
        entries.append(Entry(report, attempts(report.claim) if report.verdict("prove") is not None else {}))
    return Run(tuple(entries), run_record(listed, options, key), options["alpha"])


def twin_text(report: ClaimReport) -> str:
    """Whether the wrong twin was refuted, in a word; empty if nobody tried."""
    if report.twin is None:
        return ""
    return "refuted" if report.twin.outcome == "violated" else "not refuted"


def policy_lines(part: Part) -> list[tuple[Any, str]]:
    """The symbol of each policy's density ratio, and the optimizer that it is of."""
    return [(policy.ratio, named(policy.optimizer)) for policy in part.policies]


def named(thing: Any) -> str:
    """An optimizer or a cost class with its parameters."""
    parameters = ", ".join(f"{name}={value}" for name, value in thing.parameters().items())
    return f"{type(thing).__name__}({parameters})"


def uses(proof: Proof) -> list[tuple[int, ...]]:
    """For each step the numbers of the steps it rests on."""
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    return [tuple(places[id(used)] for used in fact.uses) for fact in proof.facts]
