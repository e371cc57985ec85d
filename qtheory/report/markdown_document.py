r"""A run as Markdown with mathematics: a table of claims, a section a claim, the record."""

from __future__ import annotations

import re

from qtheory.checking.verify import ClaimReport
from qtheory.prover.proof import Proof
from qtheory.report.claim_latex import formula
from qtheory.report.page.verdicts import outcome_text
from qtheory.report.run import Entry, Run, policy_lines, twin_text, uses
from qtheory.statements.claim import Part
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness_text import witness_text

# What Markdown, or HTML inside of it, would act upon.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def report_markdown(run: Run) -> str:
    """The run as one Markdown document, formulas between dollars."""
    counted = ", ".join(f"{count} {status}" for status, count in run.counted().items())
    blocks = ["# Verification report", f"{len(run.entries)} claims: {counted}.", _table(run), *map(_claim, run.entries)]
    return "\n\n".join([*blocks, _record(run)]) + "\n"


def plain(words: object) -> str:
    r"""Words as they are, on one line, with nothing that Markdown would act upon.

    >>> plain("a_b <script>")
    'a\\_b \\<script\\>'
    """
    return _ACTIVE.sub(r"\\\1", " ".join(str(words).split()))


def _table(run: Run) -> str:
    heads = ["claim", "statement", "trust", *run.readings(), "wrong twin", "status"]
    rows = [heads, ["---"] * len(heads), *(_row(report) for report in run.reports)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(report: ClaimReport) -> list[str]:
    outcomes = [plain(outcome_text(verdict)) for verdict in report.verdicts]
    words = [report.claim.slug, report.claim.title, report.trust or ""]
    return [*map(plain, words), *outcomes, twin_text(report), report.status]


def _claim(entry: Entry) -> str:
    claim, report = entry.claim, entry.report
    source = f"{plain(claim.slug)}, {claim.kind}, {report.status}; source: {plain(claim.source or 'none given')}"
    blocks = [f"## {plain(claim.title)}", source]
    if claim.limits:
        blocks.append(f"*Limits:* {plain(claim.limits)}")
    for part in claim.parts:
        blocks.append(_part(part))
        proof = entry.proofs.get(part.name)
        if isinstance(proof, Proof):
            blocks.append(_steps(proof))
        elif proof is not None:
            blocks.append("*Not proved: the derivation was refused.*\n\n" + _block(str(proof)))
    blocks.append("### Verdicts")
    blocks += [_verdict(verdict) for verdict in report.verdicts]
    if claim.twin is not None:
        stated = "; ".join(f"${formula(part.conclusion)}$" for part in claim.twin.parts)
        blocks.append(f"*Wrong twin* ({twin_text(report) or 'not tried'}): {plain(claim.twin.title)}: {stated}")
    return "\n\n".join(blocks)


def _part(part: Part) -> str:
    blocks = [f"### {plain(part.name)}"]
    if part.says:
        blocks.append(plain(part.says))
    blocks += [f"${formula(ratio)}$ is the density ratio of `{of}`." for ratio, of in policy_lines(part)]
    if part.hypotheses:
        blocks.append(f"Given {', '.join(f'${formula(h)}$' for h in part.hypotheses)}:")
    return "\n\n".join([*blocks, f"$$ {formula(part.conclusion)} $$"])


def _steps(proof: Proof) -> str:
    lines = [f"*Derivation* (trust {proof.trust.name})", ""]
    for i, (fact, used) in enumerate(zip(proof.facts, uses(proof), strict=True), 1):
        origin = f" from {', '.join(map(str, used))}" if used else ""
        lines.append(
            f"{i}. ${formula(fact.statement)}$ ({plain(fact.rule)}{origin}, {fact.trust.name}: {plain(fact.note)})"
        )
    return "\n".join(lines)


def _verdict(verdict: Verdict) -> str:
    line = f"- {verdict.reading}: {plain(outcome_text(verdict))}; {plain(verdict.evidence)}"
    return line if verdict.witness is None else f"{line}\n\n{_block(witness_text(verdict.witness))}"


def _block(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _record(run: Run) -> str:
    record = run.record
    lines = [
        f"- {name}: {plain(value)}"
        for name, value in {"seed": record.key, "device": record.device, **record.versions}.items()
    ]
    settings = {k: v for k, v in record.configuration.items() if k not in ("claims", "key")}
    lines += [f"- {plain(name)}: {plain(value)}" for name, value in settings.items()]
    return "\n".join(["## Record of the run", "", *lines, f"- hash of the configuration: {record.configuration_hash}"])
