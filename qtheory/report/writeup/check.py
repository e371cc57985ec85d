r"""Checking a write-up: every marker is computed anew and held against what is printed after it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from qtheory.errors import DataError, MarkerError, QTheoryError
from qtheory.report.writeup.claims import VOCABULARY, claim_word
from qtheory.report.writeup.printed import FORMS, read_number
from qtheory.report.writeup.quantities import Computed, compute
from qtheory.report.writeup.query import Query, parse_query

# Anything that looks like a marker must be one; a slip of the pen would otherwise be a number that nobody checks.
_OPENING = re.compile(r"\\?\{\s*\\?\{\s*qt(?![a-z])|\{\s*qt\s*:", re.IGNORECASE)
_MARKER = re.compile(r"\{\{\s*qt:\s*(?P<query>[^{}]*?)\s*\}\}")
# What may stand between a marker and its number: the end of a comment, and signs that set the number.
_GAP = re.compile(r"[ \t]*(?:-->)?[ \t]*(?:\r?\n)?[ \t]*(?:[$`*]+|\\[(\[])?[ \t]*")
_FORM = "{{qt: QUANTITY name=value ...}}"
_REMEDY = "write it so: two braces, qt in small letters and a colon right after it, no brace within"


@dataclass(frozen=True)
class Finding:
    """One marker of a write-up.

    Attributes:
        line: where it begins, counted from 1.
        query: what it asks for, as it is written.
        outcome: "agrees", "drifted", "too many digits" or "bad marker".
        printed: what follows the marker.
        computed: what should.
        says: how the number was had, or what is wrong with the marker.
        start, end: where what is printed stands in the text.
    """

    line: int
    query: str
    outcome: str
    printed: str = ""
    computed: str = ""
    says: str = ""
    start: int = 0
    end: int = 0


def check_text(text: str, *, latex: bool = False) -> tuple[Finding, ...]:
    """Every marker of a text, in order.

    >>> [f.outcome for f in check_text("{{qt: kl q=1/10}}2.303, or {{qt: cost-factor q=1/10}}11")]
    ['agrees', 'drifted']
    """
    return tuple(_findings(text, latex))


def check_file(path: Path) -> tuple[str, tuple[Finding, ...]]:
    """The text of a file and its markers; a name that ends in `.tex` means LaTeX, any other Markdown.

    Raises:
        DataError: it cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    return text, check_text(text, latex=path.suffix.lower() == ".tex")


def corrected(text: str, findings: tuple[Finding, ...]) -> str:
    """The text with every drifted number replaced by the one computed."""
    for finding in reversed(findings):
        if finding.outcome == "drifted":
            text = text[: finding.start] + finding.computed + text[finding.end :]
    return text


def replace_file(path: Path, text: str) -> None:
    """Puts a new text in a file's place at once, so that there is never half of one.

    Raises:
        DataError: it cannot be written; the file is as it was.
    """
    target = path.resolve()
    name = ""
    try:
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            name = file.name
            file.write(text.encode("utf-8"))
            os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
        os.replace(name, target)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        problem = f"the write-up cannot be written: {error.strerror or error}"
        raise DataError(
            problem, got=str(path), remedy="make room, or make the file writable; it is as it was"
        ) from error


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> DataError:
    if isinstance(error, UnicodeDecodeError):
        problem = f"the write-up is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}"
        return DataError(problem, got=str(path), remedy="save it as UTF-8")
    problem = f"the write-up cannot be read: {error.strerror or error}"
    return DataError(problem, got=str(path), remedy="give the path of a text file that you may read")


def _findings(text: str, latex: bool) -> Iterator[Finding]:
    for opening in _OPENING.finditer(text):
        line = text.count("\n", 0, opening.start()) + 1
        marker = _MARKER.match(text, opening.start())
        try:
            if marker is None:
                shown = text[opening.start() : opening.start() + 60]
                raise MarkerError("not a marker", got=shown.partition("\n")[0], allowed=_FORM, remedy=_REMEDY)
            yield _finding(text, marker, line, latex)
        except QTheoryError as error:
            yield Finding(line, marker.group("query") if marker else "", "bad marker", says=str(error))


def _finding(text: str, marker: re.Match[str], line: int, latex: bool) -> Finding:
    query = parse_query(marker.group("query"))
    gap = _GAP.match(text, marker.end())
    start = gap.end() if gap else marker.end()
    hold = _hold_word if query.words[0] == "claim" else _hold_number
    outcome, printed, computed, says = hold(text, start, query, latex)
    return Finding(line, marker.group("query"), outcome, printed, computed, says, start, start + len(printed))


def _hold_number(text: str, start: int, query: Query, latex: bool) -> tuple[str, str, str, str]:
    printed = read_number(text, start, latex)
    found = _computed(query)
    if printed is None:
        raise MarkerError("no number is printed after the marker", got=text[start : start + 20], allowed=FORMS)
    if printed.half_unit == 0 and not found.is_exact:
        known = "from draws" if found.how == "simulated" else "by an interval"
        remedy = "print a decimal, with the digits that you mean"
        raise MarkerError(f"a fraction is printed for a number that is known {known}", got=printed.text, remedy=remedy)
    outcome = printed.against(found.value)
    return outcome, printed.text, printed.instead(found.value), _how(found)


def _hold_word(text: str, start: int, query: Query, latex: bool) -> tuple[str, str, str, str]:
    word = claim_word(query)
    match = _WORDS.match(text, start)
    if match is None:
        allowed = ", ".join(VOCABULARY)
        raise MarkerError("no verdict is printed after the marker", got=text[start : start + 20], allowed=allowed)
    return ("agrees" if match.group() == word else "drifted"), match.group(), word, "computed anew"


_WORDS = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, VOCABULARY), key=len, reverse=True))})(?![\w-])")


def _how(found: Computed) -> str:
    return f"{found.how}: {found}"


def _computed(query: Query) -> Computed:
    return _cached(query.words, tuple(query.settings.items()))


@lru_cache(maxsize=256)
def _cached(words: tuple[str, ...], settings: tuple[tuple[str, str], ...]) -> Computed:
    return compute(Query(words, dict(settings)))
