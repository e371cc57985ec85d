r"""A claim as a section of the page: statement, hypotheses, derivation, verdicts, counterexamples."""

from __future__ import annotations

from collections.abc import Iterable

from qtheory.report.coq_text import availability
from qtheory.report.page.markup import anchor, badge, displayed, element, folded, inline, set_apart, text
from qtheory.report.page.verdicts import verdict_section
from qtheory.report.run import Entry, implied, named, policy_lines, symbols_of
from qtheory.report.standing import kind_shown, standing
from qtheory.report.told import Derived, Refused, Step
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import meaning


def claim_section(entry: Entry) -> str:
    """Everything about one claim."""
    claim, report = entry.claim, entry.report
    title = element("h3", element("a", text(claim.title), href=f"#{anchor(claim.slug)}"))
    trust = badge(report.trust) if report.trust else ""
    kind = kind_shown(claim, report.trust is not None)
    shown = element("span", text(kind)) if kind else ""
    line = element("code", text(claim.slug)) + badge(report.status) + trust + shown
    body = [
        title,
        element("p", line, class_="line"),
        element("p", f"Source: {text(claim.source or 'none given')}", class_="small"),
        element("p", f"<strong>Limits.</strong> {text(claim.limits)}") if claim.limits else "",
        *(_part(entry, part) for part in claim.parts),
        verdict_section(report),
        _symbols(claim),
        element("p", element("a", "Back to the table", href="#claims"), class_="small"),
    ]
    return element("article", "".join(body), id=anchor(claim.slug))


def _part(entry: Entry, part: Part) -> str:
    claim = entry.claim
    body = [
        element("h4", text(f"{standing(entry.report, part, entry.told)}: {part.name}")),
        element("p", text(part.says)) if part.says else "",
        _given(part),
        displayed(part.conclusion),
        _derivation(claim, part, entry.told.get(part.name)) if entry.told else "",
    ]
    return element("section", "".join(body), class_="part", id=anchor(claim.slug, part.name))


def _given(part: Part) -> str:
    policies = [
        f"{inline(ratio)} is the density ratio of {element('code', text(of))}" for ratio, of in policy_lines(part)
    ]
    if part.cost is not None:
        policies.append(f"the hidden cost lies in {element('code', text(named(part.cost)))}")
    lines = "".join(element("p", f"Here {line}.") for line in [_joined(policies)] if line)
    given = part.given if part.policies or part.cost else part.hypotheses
    if given:
        lines += element("p", "Given") + _listed(map(inline, given))
    if brought := implied(part):
        lines += folded("What that means", _listed(map(inline, brought)), class_="quiet")
    return lines + element("p", "Then")


def _joined(phrases: list[str]) -> str:
    return ", and ".join(phrases)


def _listed(items: Iterable[str]) -> str:
    return element("ul", "".join(element("li", item) for item in items), class_="given")


def _derivation(claim: Claim, part: Part, told: Derived | Refused | None) -> str:
    if told is None:
        return element("p", "Not proved: there is no derivation.", class_="warn")
    if isinstance(told, Refused):
        return element("p", "Not proved: the derivation was refused.", class_="warn") + element("pre", text(told.says))
    steps = "".join(map(_step, told.steps))
    moments = ", ".join(moment.mathml for moment in told.moments)
    assumed = element("p", f"Needs the expectations of {moments}.", class_="small") if moments else ""
    coq = availability(claim.slug, part.name)
    more = assumed + (element("p", text(coq), class_="small") if coq is not None else "")
    count = f"{len(told.steps)} step{'s' * (len(told.steps) > 1)}"
    return folded(f"Derivation, {count} {badge(told.trust)}", element("ol", steps, class_="steps") + more)


def _step(step: Step) -> str:
    why = f"{text(step.origin)} {badge(step.trust)} {text(step.note)}"
    return element("li", set_apart(step.statement.mathml) + element("p", why, class_="small"))


def _symbols(claim: Claim) -> str:
    rows = "".join(f"<dt>{inline(symbol)}</dt><dd>{text(meaning(symbol))}</dd>" for symbol in symbols_of(claim))
    return folded("Symbols", element("dl", rows, class_="symbols"), class_="quiet") if rows else ""
