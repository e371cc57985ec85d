r"""A run as Markdown with mathematics: a table of claims, a section a claim, the record."""

from __future__ import annotations

from qtheory.checking.verify import ClaimReport
from qtheory.report.claim_markdown import code, inline, parts_markdown, plain
from qtheory.report.coq_text import availability
from qtheory.report.details import details_notes, details_table, slack_text
from qtheory.report.page.verdicts import outcome_text
from qtheory.report.run import Entry, Run, sampled, symbols_of, twin_text
from qtheory.report.standing import kind_shown, standing
from qtheory.report.words import ALMOST_EVERY, MEANINGS, TRUST, remarks_on
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness_text import witness_text
from qtheory.symbols import meaning


def report_markdown(run: Run) -> str:
    """The run as one Markdown document, formulas between dollars."""
    counted = ", ".join(f"{count} {status}" for status, count in run.counted().items())
    rate = f" The chance of any wrong sampled verdict is at most {run.alpha:g}." if sampled(run) else ""
    blocks = ["# Verification report", f"{len(run.entries)} claims: {counted}.{rate}", _table(run)]
    return "\n\n".join([*blocks, *map(_claim, run.entries), _reading(), _record(run)]) + "\n"


def _table(run: Run) -> str:
    return _grid(["claim", "statement", "trust", *run.readings(), "wrong twin", "status"], map(_row, run.reports))


def _grid(heads: list[str], rows) -> str:
    lines = [[plain(head) for head in heads], ["---"] * len(heads), *([plain(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(report: ClaimReport) -> list[str]:
    outcomes = [outcome_text(verdict) for verdict in report.verdicts]
    return [report.claim.slug, report.claim.title, report.trust or "", *outcomes, twin_text(report), report.status]


def _claim(entry: Entry) -> str:
    claim, report = entry.claim, entry.report
    names = ", ".join(filter(None, [plain(claim.slug), kind_shown(claim, report.trust is not None), report.status]))
    source = f"{names}; source: {plain(claim.source or 'none given')}"
    standings = {part.name: standing(report, part, entry.told) for part in claim.parts}
    blocks = [f"## {plain(claim.title)}", source]
    if claim.limits:
        blocks.append(f"*Limits:* {plain(claim.limits)}")
    blocks += [*parts_markdown(claim, entry.told, standings), *_coq(claim), "### Verdicts"]
    blocks += [f"**{remark}**" for remark in remarks_on(report)]
    blocks += [_verdict(verdict) for verdict in report.verdicts]
    return "\n\n".join([*blocks, *_twin(report), *_symbols(claim)])


def _coq(claim: Claim) -> list[str]:
    found = (availability(claim.slug, part.name) for part in claim.parts)
    return [plain(text) for text in found if text is not None]


def _verdict(verdict: Verdict) -> str:
    slack = slack_text(verdict)
    facts = [outcome_text(verdict), verdict.evidence, *([f"at the worst cell {slack}"] if slack else [])]
    blocks = [f"**{verdict.reading}**: {plain('; '.join(facts))}"]
    if verdict.witness is not None:
        blocks.append(code(witness_text(verdict.witness)))
    heads, rows = details_table(verdict)
    blocks += [_grid(heads, rows)] if rows else []
    blocks += [plain(note) for note in details_notes(verdict)]
    return "\n\n".join(blocks)


def _twin(report: ClaimReport) -> list[str]:
    twin = report.claim.twin
    if twin is None:
        return []
    stated = "; ".join(inline(part.conclusion) for part in twin.parts)
    blocks = [f"**Wrong twin** ({twin_text(report) or 'not tried'}): {plain(twin.title)}: {stated}"]
    if report.twin is not None and report.twin.witness is not None:
        blocks += ["Its counterexample:", code(witness_text(report.twin.witness))]
    return blocks


def _symbols(claim: Claim) -> list[str]:
    listed = "; ".join(f"{inline(symbol)}: {plain(meaning(symbol))}" for symbol in symbols_of(claim))
    return [f"*Symbols:* {listed}"] if listed else []


def _reading() -> str:
    words = [*MEANINGS, *((trust.name, says) for trust, says in TRUST.items())]
    says = f"The base distribution is $\\gamma$, and $\\mathbb{{E}}_\\gamma$ the expectation under it. {ALMOST_EVERY}"
    return "\n\n".join(["## How to read it", says, _grid(["word", "what it means"], [list(pair) for pair in words])])


def _record(run: Run) -> str:
    record = run.record
    rows = {"seed": record.key, "device": record.device, "arithmetic of samples": record.dtype, **record.versions}
    rows |= {k: v for k, v in record.configuration.items() if k not in ("claims", "key")}
    lines = [f"- {plain(name)}: {plain(value)}" for name, value in rows.items()]
    return "\n".join(["## Record of the run", "", *lines, f"- hash of the configuration: {record.configuration_hash}"])
