r"""The details of a verdict in words: a table with a row a part or a sampled cell, and what concerns them all."""

from __future__ import annotations

from qtheory.aliases import Json
from qtheory.statements.verdict import Verdict

_HEADS = {"detectable_gap": "detectable gap"}


def details_table(verdict: Verdict) -> tuple[list[str], list[list[str]]]:
    """The heads and the rows of a verdict's details; a column that no row fills is not there."""
    listed = [detail for detail in verdict.details if _is_row(detail)]
    columns = list(dict.fromkeys(name for detail in listed for name in detail))
    rows = [[detail_text(detail.get(column)) for column in columns] for detail in listed]
    return [_HEADS.get(column, column) for column in columns], rows


def details_notes(verdict: Verdict) -> list[str]:
    """What is known of all rows together, such as the gap that sampling would have seen in every cell."""
    facts = [item for detail in verdict.details if not _is_row(detail) for item in detail.items()]
    return [_note(name, value) for name, value in facts]


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


def _is_row(detail: Json) -> bool:
    # what belongs to no part concerns them all
    return "part" in detail


def _note(name: str, value: object) -> str:
    if name != "detectable_gap":
        return f"{detail_text(name)}: {detail_text(value)}"
    if not isinstance(value, float | int):
        return "In some cell no violation, however large, is sure to be seen."
    return f"In each of these cells a violation by {detail_text(value)} would be seen, with a chance of at least about 99 %."
