r"""All verdicts at a glance: a strip a reading, a square a claim, equal outcomes side by side."""

from __future__ import annotations

from collections import Counter

from qtheory.checking.verify import ClaimReport
from qtheory.prover.trust import Trust
from qtheory.report.page.markup import anchor, element, text
from qtheory.report.run import Run, twin_text

# What has no look of its own.
_UNKNOWN = "none"
# The order in a strip, what is good first, and the look of each, which does not rest on colour alone.
_LOOKS = {
    **{trust.name: "full" if trust >= Trust.SMT2 else "half" for trust in sorted(Trust, reverse=True)},
    Trust.CITED.name: "told",
    "holds": "full",
    # whoever survives has not been proved
    "survived": "tried",
    "refuted": "full",
    "inconclusive": "open",
    "not applicable": _UNKNOWN,
    "not refuted": "cross",
    "vacuous": "cross",
    "violated": "cross",
}
_STEP, _SIZE = 10, 8
_CAPTION = (
    "A square is a claim, and leads to it. What survived is grey: no counterexample was found, which proves nothing. "
    "Where sampling is inconclusive, a square is filled as far as cells hold with room to spare; a bound that is attained "
    "cannot be told from one just broken."
)


def overview(run: Run) -> str:
    """The strips; empty for a run of nothing."""
    names = [*run.readings(), *(["wrong twin"] if any(report.twin is not None for report in run.reports) else [])]
    strips = "".join(_strip(name, [(report, _word(report, name)) for report in run.reports]) for name in names)
    caption = element("figcaption", _CAPTION)
    return element("figure", strips + caption, class_="overview") if strips else ""


def _word(report: ClaimReport, name: str) -> str:
    if name == "wrong twin":
        return twin_text(report)
    verdict = report.verdict(name)
    if verdict is None:
        return ""
    if name == "prove" and verdict.outcome == "holds" and verdict.trust is not None:
        return verdict.trust
    return verdict.outcome.replace("_", " ")


def _strip(name: str, words: list[tuple[ClaimReport, str]]) -> str:
    order = list(dict.fromkeys([*_LOOKS, *(word for _, word in words)]))
    shares = {report.claim.slug: holding(report) if name == "simulate" else 0.0 for report, _ in words}
    listed = sorted(
        (pair for pair in words if pair[1]), key=lambda pair: (order.index(pair[1]), -shares[pair[0].claim.slug])
    )
    squares = "".join(_square(i, report, word, shares[report.claim.slug]) for i, (report, word) in enumerate(listed))
    width = _STEP * max(len(words), 30)
    drawing = element("svg", squares, viewBox=f"0 0 {width} {_STEP}", role="group", aria_label=name)
    counts = Counter(word for _, word in listed)
    keys = "".join(_key(word, counts[word]) for word in order if word in counts)
    return element("div", element("b", text(name)) + drawing + element("p", keys), class_="strip")


def holding(report: ClaimReport) -> float:
    """The share of the sampled cells that hold with room to spare, where that does not go without saying."""
    verdict = report.verdict("simulate")
    if verdict is None or verdict.outcome != "inconclusive":
        return 0.0
    cells = [detail["outcome"] for detail in verdict.details if "outcome" in detail]
    return cells.count("holds") / max(1, len(cells))


def _square(i: int, report: ClaimReport, word: str, share: float) -> str:
    shape = element("title", text(f"{report.claim.slug}: {word}")) + _shape(word, _STEP * i + 1, 1, share)
    return element("a", shape, href=f"#{anchor(report.claim.slug)}", tabindex="-1")


def _key(word: str, count: int) -> str:
    sample = element("svg", _shape(word, 1, 1), viewBox=f"0 0 {_STEP} {_STEP}", aria_hidden="true")
    return element("span", f"{sample}{count} {text(word)}", class_="key")


def _shape(word: str, x: int, y: int, share: float = 0.0) -> str:
    look = _LOOKS.get(word, _UNKNOWN)
    square = f'<rect class="{look}" x="{x}" y="{y}" width="{_SIZE}" height="{_SIZE}" rx="1.5"/>'
    if look != "cross":
        high = _SIZE * share
        filled = f'<rect class="share" x="{x}" y="{y + _SIZE - high:.2f}" width="{_SIZE}" height="{high:.2f}"/>'
        return filled + square if share else square
    far = _SIZE - 2
    return (
        square + f'<path class="strokes" d="M{x + 2} {y + 2}L{x + far} {y + far}M{x + far} {y + 2}L{x + 2} {y + far}"/>'
    )
