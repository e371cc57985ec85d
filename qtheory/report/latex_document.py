r"""A run as a LaTeX document that compiles: booktabs for the table, an environment for each part that says how it stands."""

from __future__ import annotations

from qtheory.checking.verify import ClaimReport
from qtheory.report.claim_latex import claim_latex, coded, escaped
from qtheory.report.coq_text import availability
from qtheory.report.details import details_notes, details_table, slack_text
from qtheory.report.latex_math import broken, formula
from qtheory.report.page.verdicts import outcome_text
from qtheory.report.run import Entry, Run, sampled, symbols_of, twin_text
from qtheory.report.standing import kind_shown, standing
from qtheory.report.words import ALMOST_EVERY, MEANINGS, TRUST, remarks_on
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict
from qtheory.statements.witness_text import witness_text
from qtheory.symbols import meaning

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\usepackage{booktabs,longtable,array,graphicx,fancyvrb}
\usepackage[hidelinks]{hyperref}
% The name and the number, then what is to be known of it and its title.
\newtheoremstyle{standing}{}{}{\itshape}{}{\bfseries}{.}{ }{\thmname{#1}\thmnumber{ #2}\thmnote{ #3}}
\theoremstyle{standing}
\newtheorem{theorem}{Theorem}
\newtheorem{proposition}[theorem]{Proposition}
\newtheorem{conjecture}[theorem]{Conjecture}
\newtheorem{claim}[theorem]{Claim}
% A formula, made smaller where it is wider than a line.
\newsavebox{\formulabox}
\newcommand{\fitted}[1]{\sbox{\formulabox}{$\displaystyle #1$}%
  \ifdim\wd\formulabox>\linewidth\resizebox{\linewidth}{!}{\usebox{\formulabox}}\else\usebox{\formulabox}\fi}
\allowdisplaybreaks
\sloppy
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt}
\setcounter{tocdepth}{1}
\begin{document}
\title{Verification report}
\date{}
\maketitle"""
# Columns whose words are long, and what share of the line each may take; the rest take what they need.
_WIDE = {"scene": 0.22, "part": 0.12, "estimand": 0.13, "integrable": 0.4, "evidence": 0.23, "why": 0.15, "slack": 0.16}
_WIDE |= {"detectable gap": 0.09, "vacuous": 0.3}
# The columns of the table of claims, in millimetres.
_TABLE = {"claim": 30, "trust": 13, "prove": 18, "falsify": 22, "simulate": 27, "wrong twin": 16, "status": 19}


def report_latex(run: Run) -> str:
    """The run as one LaTeX document."""
    counted = ", ".join(f"{count} {status}" for status, count in run.counted().items())
    rate = f" The chance of any wrong sampled verdict is at most {run.alpha:g}." if sampled(run) else ""
    blocks = [_PREAMBLE, f"{len(run.entries)} claims: {counted}.{rate}", _table(run)]
    blocks += [_claim(entry) for entry in run.entries]
    return "\n\n".join([*blocks, _reading(), _record(run), r"\end{document}"]) + "\n"


def _table(run: Run) -> str:
    heads = ["claim", "trust", *run.readings(), "wrong twin", "status"]
    columns = "".join(rf">{{\raggedright\arraybackslash}}p{{{_TABLE.get(head, 12)}mm}}" for head in heads)
    return _longtable(columns, heads, [_row(report) for report in run.reports], r"\footnotesize")


def _row(report: ClaimReport) -> list[str]:
    outcomes = [outcome_text(verdict) for verdict in report.verdicts]
    words = [report.trust or "", *outcomes, twin_text(report), report.status]
    slug = escaped(report.claim.slug)
    return [rf"\hyperref[claim:{_label(report.claim)}]{{{slug}}}", *map(escaped, words)]


def _longtable(columns: str, heads: list[str], rows: list[list[str]], size: str) -> str:
    """A table over as many pages as it needs; heads and cells are LaTeX."""
    lines = [
        rf"{{{size}\setlength{{\tabcolsep}}{{3pt}}", rf"\begin{{longtable}}{{@{{}}{columns}@{{}}}}",
        r"\toprule", " & ".join(heads) + r" \\", r"\midrule", r"\endhead", r"\bottomrule", r"\endfoot",
        *(" & ".join(row) + r" \\" for row in rows), r"\end{longtable}}",
    ]  # fmt: skip
    return "\n".join(lines)


def _claim(entry: Entry) -> str:
    claim, report = entry.claim, entry.report
    source = escaped(claim.source or "none given").rstrip(".")
    kind = kind_shown(claim, report.trust is not None)
    line = f"{coded(claim.slug)}, {', '.join(filter(None, [kind, report.status]))}; source: {source}."
    title = escaped(claim.title)
    blocks = [rf"\section*{{{title}}}\label{{claim:{_label(claim)}}}", line]
    if claim.limits:
        blocks.append(rf"\emph{{Limits:}} {escaped(claim.limits).rstrip('.')}.")
    standings = {part.name: standing(report, part, entry.told) for part in claim.parts}
    blocks += [claim_latex(claim, entry.told, standings), _coq(claim)]
    blocks += [rf"\textbf{{{remark}}}" for remark in remarks_on(report)]
    blocks += [rf"\paragraph{{Verdicts}}{_verdicts(report)}", *_witnesses(report), *_twin(report)]
    blocks += [_details(verdict) for verdict in report.verdicts if verdict.details]
    return "\n\n".join(block for block in [*blocks, _symbols(claim)] if block)


def _label(claim: Claim) -> str:
    return "".join(x if x.isascii() and (x.isalnum() or x == "-") else f".{ord(x):x}" for x in claim.slug)


def _coq(claim: Claim) -> str:
    found = [text for part in claim.parts if (text := availability(claim.slug, part.name)) is not None]
    return r" \\ ".join(rf"{{\small {coded(text)}}}" for text in found)


def _verdicts(report: ClaimReport) -> str:
    items = [rf"  \item {v.reading}: {escaped('; '.join(_facts(v)))}." for v in report.verdicts]
    # an empty list is an error in LaTeX
    return "\n".join([r"\begin{itemize}", *items, r"\end{itemize}"]) if items else " none."


def _facts(verdict: Verdict) -> list[str]:
    slack = slack_text(verdict)
    return [outcome_text(verdict), verdict.evidence, *([f"at the worst cell {slack}"] if slack else [])]


def _witnesses(report: ClaimReport) -> list[str]:
    return [_verbatim(witness_text(v.witness)) for v in report.verdicts if v.witness is not None]


def _twin(report: ClaimReport) -> list[str]:
    twin = report.claim.twin
    if twin is None:
        return []
    word = f" ({twin_text(report)})" if report.twin is not None else ""
    blocks = [rf"\paragraph{{Wrong twin{word}}} {escaped(twin.title).rstrip('.')}:"]
    blocks += [rf"\[ \fitted{{{broken(part.conclusion)}}} \]" for part in twin.parts]
    if report.twin is not None and report.twin.witness is not None:
        blocks += ["Its counterexample:", _verbatim(witness_text(report.twin.witness))]
    return blocks


def _details(verdict: Verdict) -> str:
    heads, rows = details_table(verdict)
    notes = [escaped(note) for note in details_notes(verdict)]
    opening = rf"\paragraph{{Details of {verdict.reading}}}"
    if not rows:
        return "\n\n".join([opening, *notes])
    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{{_WIDE[head]}\linewidth}}" if head in _WIDE else "l" for head in heads
    )
    cells = [[_breakable(cell) for cell in row] for row in rows]
    return "\n\n".join([opening, _longtable(columns, heads, cells, r"\scriptsize"), *notes])


def _breakable(cell: str) -> str:
    return escaped(cell).replace(",", r",\allowbreak{}").replace("(", r"(\allowbreak{}")


def _symbols(claim: Claim) -> str:
    listed = "; ".join(f"${formula(symbol)}$: {escaped(meaning(symbol))}" for symbol in symbols_of(claim))
    return rf"\paragraph{{Symbols}} {listed}." if listed else ""


def _verbatim(text: str) -> str:
    # the one thing that could end the environment from within
    inert = text.replace(r"\end{Verbatim}", r"\end {Verbatim}").encode("ascii", "replace").decode()
    widest = max(map(len, inert.splitlines()), default=0)
    size = r"\footnotesize" if widest <= 100 else r"\scriptsize" if widest <= 125 else r"\tiny"
    return "\\begin{Verbatim}[fontsize=" + size + "]\n" + inert + "\n\\end{Verbatim}"


def _reading() -> str:
    words = [*MEANINGS, *((trust.name, says) for trust, says in TRUST.items())]
    items = "\n".join(rf"  \item[{escaped(word)}] {escaped(says)}." for word, says in words)
    says = rf"The base distribution is $\gamma$, and $\mathbb{{E}}_\gamma$ the expectation under it. {ALMOST_EVERY}"
    return "\\section*{How to read it}\n\n" + says + "\n\\begin{description}\n" + items + "\n\\end{description}"


def _record(run: Run) -> str:
    record = run.record
    rows = {"seed": record.key, "device": record.device, "arithmetic of samples": record.dtype, **record.versions}
    rows |= {name: value for name, value in record.configuration.items() if name not in ("claims", "key")}
    rows["configuration"] = record.configuration_hash[:16]
    body = "\n".join(rf"{escaped(name)} & {escaped(value)} \\" for name, value in rows.items())
    table = "\\begin{tabular}{@{}ll@{}}\n\\toprule\n" + body + "\n\\bottomrule\n\\end{tabular}"
    return "\\section*{Record of the run}\n\n" + table
