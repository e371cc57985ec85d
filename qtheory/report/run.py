r"""A run as the written reports see it: the claims with their verdicts and derivations, and the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from qtheory.checking.prove import attempts
from qtheory.checking.verify import ClaimReport
from qtheory.report.document import run_record
from qtheory.report.told import Told, tell
from qtheory.statements.claim import Claim, Part
from qtheory.statements.record import Record

STATUSES = ("contradiction", "violated", "vacuous", "proved", "cited", "not proved", "not applicable")


@dataclass(frozen=True)
class Entry:
    """One claim of a run.

    Attributes:
        report: what its readings found.
        told: for each part with a derivation, its steps, or why it was refused; empty if nothing was to be proved.
    """

    report: ClaimReport
    told: Told

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
    """Collects what a report shows.

    Derivations that nobody told of when they were carried out (`verify(..., teller=tell)`) are carried out once more.
    """
    listed = list(reports)
    entries = []
    for report in listed:
        if progress is not None:
            progress(report.claim.slug, "write up")
        entries.append(Entry(report, _told(report)))
    return Run(tuple(entries), run_record(listed, options, key), options["alpha"])


def _told(report: ClaimReport) -> Told:
    if report.verdict("prove") is None:
        return {}
    return report.told if report.told is not None else tell(report.claim, attempts(report.claim))


def sampled(run: Run) -> bool:
    """Whether anything in it was sampled, and so has an error rate."""
    return any(verdict.alpha is not None for report in run.reports for verdict in report.verdicts)


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


def implied(part: Part) -> list[Any]:
    """The hypotheses that the policies and the cost class of a part bring along."""
    given = part.given if part.policies or part.cost else part.hypotheses
    return [hypothesis for hypothesis in part.hypotheses if hypothesis not in given]


def symbols_of(claim: Claim) -> list[Any]:
    """The symbols of a claim, by name."""
    return sorted(frozenset().union(*(part.symbols for part in claim.parts)), key=lambda x: x.name)
