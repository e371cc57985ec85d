r"""What the readings of a claim found, as part of the page."""

from __future__ import annotations

from qtheory.aliases import Json
from qtheory.checking.verify import ClaimReport
from qtheory.report.page.markup import badge, displayed, element, folded, inline, table, text
from qtheory.report.run import twin_text
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness import Witness
from qtheory.statements.witness_text import witness_text

_HEADS = {"detectable_gap": "detectable gap"}


def verdict_section(report: ClaimReport) -> str:
    """A heading and a block a reading, with the counterexamples."""
    blocks = [_verdict(verdict) for verdict in report.verdicts]
    alarm = (
        element("p", "Proved and violated: one of the readings has a defect.", class_="warn")
        if report.status == "contradiction"
        else ""
    )
    return element("section", element("h4", "Verdicts") + alarm + "".join(blocks) + _twin(report), class_="verdicts")


def outcome_text(verdict: Verdict) -> str:
    """The outcome in a few words."""
    if verdict.outcome == "survived":
        return f"survived {verdict.samples}"
    if verdict.reading == "simulate" and verdict.outcome == "inconclusive":
        cells = [detail["outcome"] for detail in verdict.details if "outcome" in detail]
        return f"inconclusive ({cells.count('holds')}/{len(cells)} hold)"
    return verdict.outcome.replace("_", " ")


def _verdict(verdict: Verdict) -> str:
    facts = [text(verdict.evidence)]
    if verdict.slack is not None and verdict.alpha is not None:
        low, high = verdict.slack
        facts.append(f"right side minus left side lies in [{low:.4g}, {high:.4g}] at error rate {verdict.alpha:g}")
    line = f"<strong>{text(verdict.reading)}</strong> {badge(outcome_text(verdict))} {'; '.join(facts)}"
    body = element("p", line)
    if verdict.witness is not None:
        body += counterexample(verdict.witness)
    if verdict.details:
        body += folded(f"Details of {text(verdict.reading)}", _details(verdict.details), class_="quiet")
    return body


def _details(details: tuple[Json, ...]) -> str:
    columns = list(dict.fromkeys(name for detail in details for name in detail))
    rows = [[text(_cell(detail.get(column))) for column in columns] for detail in details]
    return table([_HEADS.get(column, column) for column in columns], rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        shown = ", ".join(map(_cell, value))
        return f"[{shown}]" if all(isinstance(x, float | int) for x in value) and value else shown
    return str(value).replace("_", " ")


def counterexample(witness: Witness) -> str:
    """The instance that breaks a statement."""
    claimed = element("p", f"Counterexample to {element('code', text(witness.part))}, which claims")
    return claimed + displayed(witness.conclusion) + element("pre", text(witness_text(witness)), tabindex="0")


def _twin(report: ClaimReport) -> str:
    twin = report.claim.twin
    if twin is None:
        return ""
    stated = "; ".join(inline(part.conclusion) for part in twin.parts)
    word = badge(twin_text(report)) if report.twin is not None else ""
    body = element("p", f"<strong>Wrong twin</strong> {word} {text(twin.title)}:") + element(
        "div", stated, class_="display", tabindex="0"
    )
    if report.twin is not None and report.twin.witness is not None:
        body += folded("Its counterexample", counterexample(report.twin.witness))
    return body
