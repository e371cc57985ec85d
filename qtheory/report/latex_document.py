r"""A run as a LaTeX document that compiles: booktabs for the table, theorem environments for the claims."""

from __future__ import annotations

from qtheory.checking.verify import ClaimReport
from qtheory.report.claim_latex import claim_latex, escaped
from qtheory.report.page.verdicts import outcome_text
from qtheory.report.run import Entry, Run, twin_text
from qtheory.statements.witness_text import witness_text

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{booktabs,longtable,array}
\newtheorem{theorem}{Theorem}
\allowdisplaybreaks
\emergencystretch=4em
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\begin{document}
\title{Verification report}
\date{}
\maketitle"""


def report_latex(run: Run) -> str:
    """The run as one LaTeX document."""
    counted = ", ".join(f"{count} {status}" for status, count in run.counted().items())
    blocks = [_PREAMBLE, f"{len(run.entries)} claims: {counted}.", _table(run)]
    blocks += [_claim(entry) for entry in run.entries]
    return "\n\n".join([*blocks, _record(run), r"\end{document}"]) + "\n"


def _table(run: Run) -> str:
    heads = ["claim", "trust", *run.readings(), "wrong twin", "status"]
    columns = r">{\raggedright\arraybackslash}p{42mm}" + r">{\raggedright\arraybackslash}p{20mm}" * (len(heads) - 1)
    head = " & ".join(heads) + r" \\"
    lines = [
        r"{\footnotesize\setlength{\tabcolsep}{3pt}", rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule", head, r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot",
        *map(_row, run.reports), r"\end{longtable}}",
    ]  # fmt: skip
    return "\n".join(lines)


def _row(report: ClaimReport) -> str:
    outcomes = [outcome_text(verdict) for verdict in report.verdicts]
    cells = [report.claim.slug, report.trust or "", *outcomes, twin_text(report), report.status]
    return " & ".join(map(escaped, cells)) + r" \\"


def _claim(entry: Entry) -> str:
    claim, report = entry.claim, entry.report
    source = rf"\texttt{{{escaped(claim.slug)}}}, {claim.kind}, {report.status}; source: {escaped(claim.source or 'none given')}."
    blocks = [rf"\section*{{{escaped(claim.title)}}}", source]
    if claim.limits:
        blocks.append(rf"\emph{{Limits:}} {escaped(claim.limits)}.")
    blocks += [claim_latex(claim, entry.proofs), _verdicts(report)]
    witnesses = [v.witness for v in report.verdicts if v.witness is not None]
    blocks += [_verbatim(witness_text(witness)) for witness in witnesses]
    return "\n\n".join(blocks)


def _verdicts(report: ClaimReport) -> str:
    items = [rf"  \item {v.reading}: {escaped(outcome_text(v))}; {escaped(v.evidence)}." for v in report.verdicts]
    if report.claim.twin is not None and report.twin is not None:
        items.append(rf"  \item wrong twin {twin_text(report)}: {escaped(report.claim.twin.title)}.")
    # an empty list is an error in LaTeX
    return "\n".join([r"\begin{itemize}", *items, r"\end{itemize}"]) if items else ""


def _verbatim(text: str) -> str:
    # the one thing that could end the environment from within
    inert = text.replace(r"\end{verbatim}", r"\end {verbatim}").encode("ascii", "replace").decode()
    return "\\begin{verbatim}\n" + inert + "\n\\end{verbatim}"


def _record(run: Run) -> str:
    record = run.record
    rows = {"seed": record.key, "device": record.device, **record.versions}
    rows |= {name: value for name, value in record.configuration.items() if name not in ("claims", "key")}
    rows["configuration"] = record.configuration_hash[:16]
    body = "\n".join(rf"{escaped(name)} & {escaped(value)} \\" for name, value in rows.items())
    table = "\\begin{tabular}{@{}ll@{}}\n\\toprule\n" + body + "\n\\bottomrule\n\\end{tabular}"
    return "\\section*{Record of the run}\n\n" + table
