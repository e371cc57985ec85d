r"""The table of a run, for a terminal or a pipe."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable

from qtheory.checking.verify import ClaimReport
from qtheory.report.words import MISSED
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness_text import witness_text

_PIPE_WIDTH = 100
_COLOURS = {
    "contradiction": "bold white on red",
    "violated": "bold red",
    "vacuous": "bold red",
    "proved": "green",
    "cited": "cyan",
    "not proved": "yellow",
    "not applicable": "dim",
}


def report_text(reports: Iterable[ClaimReport], alpha: float | None) -> str:
    """A table with a row per claim, every counterexample below it, and a closing line."""
    from rich.console import Console
    from rich.table import Table

    listed = list(reports)
    table = Table(box=None, pad_edge=False, header_style="bold")
    readings = [v.reading for v in listed[0].verdicts] if listed else []
    table.add_column("claim", no_wrap=True)
    for reading in readings:
        table.add_column(reading)
    if any(report.twin is not None for report in listed):
        table.add_column("wrong twin")
    table.add_column("status", no_wrap=True)
    for report in listed:
        table.add_row(*_row(report, any(r.twin is not None for r in listed)))
    stream = io.StringIO()
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else _PIPE_WIDTH
    console = Console(file=stream, force_terminal=terminal, width=width, highlight=False)
    console.print(table)
    text = "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
    below = [block for report in listed for block in _remarks(report)]
    return "\n\n".join([text, *below, summary_line(listed, alpha)])


def summary_line(reports: list[ClaimReport], alpha: float | None) -> str:
    """How many claims ended in which status, and the error rate of what was sampled."""
    statuses = [report.status for report in reports]
    counted = ", ".join(f"{statuses.count(s)} {s}" for s in _COLOURS if s in statuses)
    seconds = sum(v.seconds for report in reports for v in report.verdicts)
    sampled = any(v.alpha is not None for report in reports for v in report.verdicts)
    rate = f"; chance of any wrong sampled verdict at most {alpha:g}" if sampled and alpha else ""
    if any(v.reading == "simulate" and v.outcome == "inconclusive" for report in reports for v in report.verdicts):
        rate += ")\n(inconclusive: sampling cannot tell a bound that is attained from one just broken; gaps: `--json`"
    return f"{len(reports)} claim{'s' * (len(reports) != 1)}: {counted} ({seconds:.0f} s{rate})"


def _row(report: ClaimReport, with_twin: bool) -> list[str]:
    cells = [report.claim.slug, *map(_cell, report.verdicts)]
    if with_twin:
        cells.append("" if report.twin is None else "refuted" if report.twin.outcome == "violated" else "NOT REFUTED")
    colour = _COLOURS[report.status]
    return [*cells, f"[{colour}]{report.status}[/]"]


def _cell(verdict: Verdict) -> str:
    if verdict.reading == "prove" and verdict.outcome == "holds":
        return f"holds ({verdict.trust})"
    if verdict.reading == "prove" and verdict.outcome == "not_applicable":
        return "no derivation"
    if verdict.reading == "falsify" and verdict.outcome == "survived":
        return f"survived {verdict.samples}"
    if verdict.reading == "simulate" and verdict.outcome == "inconclusive":
        cells = [detail["outcome"] for detail in verdict.details if "outcome" in detail]
        return f"inconclusive ({cells.count('holds')}/{len(cells)} hold)"
    return verdict.outcome.replace("_", " ")


def _remarks(report: ClaimReport) -> list[str]:
    blocks = []
    if report.status == "contradiction":
        blocks.append(f"CONTRADICTION: {report.claim.slug} is proved and violated. One of the readings has a defect.")
    if report.missed_by_sampling:
        blocks.append(f"{report.claim.slug} (simulate): {MISSED[0].lower()}{MISSED[1:]}")
    for verdict in report.verdicts:
        if verdict.witness is not None:
            blocks.append(
                f"{report.claim.slug} ({verdict.reading}): {verdict.evidence}\n{witness_text(verdict.witness)}"
            )
        elif verdict.outcome in ("violated", "vacuous") or (
            verdict.reading != "simulate" and verdict.outcome == "inconclusive"
        ):
            blocks.append(f"{report.claim.slug} ({verdict.reading}): {verdict.evidence}{_slack(verdict)}")
    return blocks


def _slack(verdict: Verdict) -> str:
    if verdict.slack is None:
        return ""
    low, high = verdict.slack
    return f"; right side minus left side lies in [{low:.4g}, {high:.4g}] at error rate {verdict.alpha:g}"
