r"""The details of a verdict as a table of words: a row a part, or a row a sampled cell."""

from __future__ import annotations

from qtheory.statements.verdict import Verdict

_HEADS = {"detectable_gap": "detectable gap"}


def details_table(verdict: Verdict) -> tuple[list[str], list[list[str]]]:
    """The heads and the rows of a verdict's details; a column that no row fills is not there."""
    columns = list(dict.fromkeys(name for detail in verdict.details for name in detail))
    rows = [[detail_text(detail.get(column)) for column in columns] for detail in verdict.details]
    return [_HEADS.get(column, column) for column in columns], rows


def slack_text(verdict: Verdict) -> str:
    """By how much the right side is larger at the worst cell of a sampled verdict; empty where nothing was sampled."""
    if verdict.slack is None or verdict.alpha is None:
        return ""
    low, high = verdict.slack
    return f"right side minus left side lies in [{low:.4g}, {high:.4g}] at error rate {verdict.alpha:.2g}"


def detail_text(value: object) -> str:
    """One detail in words.

    >>> detail_text([0.123456, 2]), detail_text(["d", "w"]), detail_text(None)
    ('[0.1235, 2]', 'd, w', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        shown = ", ".join(map(detail_text, value))
        return f"[{shown}]" if all(isinstance(x, float | int) for x in value) and value else shown
    return str(value).replace("_", " ")
