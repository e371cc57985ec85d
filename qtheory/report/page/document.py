r"""A run as one HTML page that needs no network, no font and no library."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources

from qtheory.checking.verify import ClaimReport
from qtheory.prover.trust import Trust
from qtheory.report.page.claims import claim_section
from qtheory.report.page.markup import anchor, badge, element, table, text
from qtheory.report.page.overview import overview
from qtheory.report.page.verdicts import outcome_text
from qtheory.report.run import Run, sampled, twin_text
from qtheory.report.words import ALMOST_EVERY, MEANINGS, TRUST
from qtheory.statements.record import Record

_TITLE = "Verification report"


def report_page(run: Run) -> str:
    """The page: a table of claims to sort and filter, a section a claim, and the record of the run.

    The page forbids itself every script but its own, and every connection.
    """
    style, script = _file("style.css"), _file("script.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        element("title", _TITLE),
        '<link rel="icon" href="data:,">',
        f"<style>{style}</style>",
    ]
    body = [
        _top(run),
        element("main", _claims(run) + _sections(run) + _reading() + _record(run.record)),
        f"<script>{script}</script>",
    ]
    parts = ["<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>"]
    return "\n".join(parts) + "\n"


def _file(name: str) -> str:
    return resources.files("qtheory.report.page").joinpath(name).read_text(encoding="utf-8")


def _top(run: Run) -> str:
    tiles = "".join(
        element("li", element("b", str(count)) + badge(status), class_="tile")
        for status, count in run.counted().items()
    )
    count = len(run.entries)
    says = f"{count} claim{'s' * (count != 1)} about quantilizers and soft optimisation"
    says += f", read as {', '.join(run.readings())}" if run.readings() else ""
    rate = ""
    if sampled(run):
        rate = f" The chance of any wrong sampled verdict is at most {run.alpha:g}."
    links = [("claims", "Claims"), ("how-to-read", "How to read it"), ("record", "Record of the run")]
    menu = element("nav", " ".join(element("a", text(name), href=f"#{place}") for place, name in links))
    return element(
        "header",
        element("h1", _TITLE)
        + element("p", text(says + "." + rate))
        + element("ul", tiles, class_="tiles")
        + overview(run)
        + menu,
    )


def _claims(run: Run) -> str:
    heads = ["claim", "trust", *run.readings(), "wrong twin", "status"]
    cells = "".join(element("th", element("button", text(h), type="button"), scope="col") for h in heads)
    body = "".join(_row(report, heads) for report in run.reports)
    grid = element("table", element("thead", element("tr", cells)) + element("tbody", body), id="table")
    return element("section", element("h2", "Claims") + _filters(run) + grid, id="claims")


def _row(report: ClaimReport, heads: list[str]) -> str:
    claim, trust = report.claim, report.trust or ""
    link = element("a", text(claim.title), href=f"#{anchor(claim.slug)}") + element("code", text(claim.slug))
    rank = str(Trust[trust].value) if trust in Trust.__members__ else "-1"
    outcomes = [badge(outcome_text(verdict)) for verdict in report.verdicts]
    words = [
        link,
        badge(trust) if trust else "",
        *outcomes,
        badge(twin_text(report)) if report.twin else "",
        badge(report.status),
    ]
    keys = ["" if head != "trust" else rank for head in heads]
    cells = "".join(
        element("td", word, data_label=head, **({"data_key": key} if key else {}))
        for word, head, key in zip(words, heads, keys, strict=True)
    )
    return element("tr", cells, data_status=report.status, data_trust=trust)


def _filters(run: Run) -> str:
    trusts = [t.name for t in Trust if any(report.trust == t.name for report in run.reports)]
    find = (
        '<input id="find" type="search" placeholder="Filter by words" aria-label="Filter by words" autocomplete="off">'
    )
    return element(
        "form",
        find + _select("status", list(run.counted())) + _select("trust", trusts)
        + element("output", "", id="shown", aria_live="polite"),
        id="filters",
    )  # fmt: skip


def _select(name: str, values: list[str]) -> str:
    options = element("option", f"any {name}", value="") + "".join(element("option", text(v), value=v) for v in values)
    return element("select", options, id=name, aria_label=name)


def _sections(run: Run) -> str:
    return element(
        "section",
        element("h2", "Statements and derivations") + "".join(map(claim_section, run.entries)),
        id="statements",
    )


def _reading() -> str:
    words = table(["word", "what it means"], [[badge(word), text(says)] for word, says in MEANINGS])
    trusts = table(["trust", "of the weakest step"], [[badge(t.name), text(says)] for t, says in TRUST.items()])
    notation = element(
        "p",
        "The base distribution is γ, and 𝔼 with index γ the expectation under it; 𝟙{…} is one where the condition holds "
        f"and zero elsewhere. {ALMOST_EVERY}",
    )
    return element("section", element("h2", "How to read it") + notation + words + trusts, id="how-to-read")


def _record(record: Record) -> str:
    configuration = {name: value for name, value in record.configuration.items() if name != "claims"}
    rows = [
        ["command", record.command],
        ["seed", str(record.key)],
        ["device", record.device],
        ["arithmetic of samples", record.dtype],
        *([name, json.dumps(value)] for name, value in configuration.items() if name != "key"),
        *([name, version] for name, version in record.versions.items()),
        ["hash of the configuration", record.configuration_hash],
    ]
    shown = table(["", "value"], [[text(name), element("code", text(value))] for name, value in rows])
    return element("section", element("h2", "Record of the run") + shown, id="record")
