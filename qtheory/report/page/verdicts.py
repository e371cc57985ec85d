r"""What the readings of a claim found, as part of the page."""

from __future__ import annotations

from qtheory.checking.verify import ClaimReport
from qtheory.report.details import details_notes, details_table, slack_text
from qtheory.report.page.intervals import interval_figure
from qtheory.report.page.markup import badge, displayed, element, folded, inline, table, text
from qtheory.report.run import twin_text
from qtheory.report.words import remarks_on
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness import Witness
from qtheory.statements.witness_text import witness_text


def verdict_section(report: ClaimReport) -> str:
    """A heading and a block a reading, with the counterexamples."""
    blocks = [_verdict(verdict) for verdict in report.verdicts]
    alarm = "".join(element("p", remark, class_="warn") for remark in remarks_on(report))
    return element("section", element("h4", "Verdicts") + alarm + "".join(blocks) + _twin(report), class_="verdicts")


def outcome_text(verdict: Verdict) -> str:
    """The outcome in a few words."""
    if verdict.reading == "prove" and verdict.outcome == "not_applicable":
        return "no derivation"
    if verdict.outcome == "survived":
        return f"survived {verdict.samples}"
    if verdict.reading == "simulate" and verdict.outcome == "inconclusive":
        cells = [detail["outcome"] for detail in verdict.details if "outcome" in detail]
        return f"inconclusive ({cells.count('holds')}/{len(cells)} hold)"
    return verdict.outcome.replace("_", " ")


def _verdict(verdict: Verdict) -> str:
    facts = [text(verdict.evidence)]
    if slack := slack_text(verdict):
        facts.append(f"at the worst cell {slack}")
    line = f"<strong>{text(verdict.reading)}</strong> {badge(outcome_text(verdict))} {'; '.join(facts)}"
    body = element("p", line)
    if verdict.witness is not None:
        body += counterexample(verdict.witness)
    if verdict.reading == "simulate":
        body += interval_figure(verdict)
    if verdict.details:
        heads, rows = details_table(verdict)
        cells = [[text(cell) for cell in row] for row in rows]
        notes = "".join(element("p", text(note), class_="small") for note in details_notes(verdict))
        shown = (table(heads, cells) if rows else "") + notes
        body += folded(f"Details of {text(verdict.reading)}", shown, class_="quiet")
    return body


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
