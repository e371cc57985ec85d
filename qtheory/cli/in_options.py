"""Errors of the library, which name its arguments, in the words of the command line, which has options."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qtheory.errors import QTheoryError

# The commands whose options are the arguments of one function; the others read files, where Python's names are right.
_COMMANDS = ("simulate", "frontier", "audit", "sample-policy")
_ARGUMENT = re.compile(r"(?<![\w-])(cost_max|cost_mean|cost_limit|utility_range)\b=?")
# Names that are also words, or symbols of formulas, are options only where they begin the sentence.
_BEGINS = re.compile(r"(samples|alpha|key|epsilon|q)(?= is )")
_LEVEL = "as '1/10', Fraction(1, 10), Decimal('0.1') or 0.1"
_NUMBER = "an integer, a Fraction, a Decimal, a finite float, or text such as '1/10', '0.1' or '1e-3'"
_PYTHON = {
    _LEVEL: "as 1/10 or 0.1",
    _NUMBER: "a number such as 1/10, 0.1 or 1e-3",
    "use Maximizer()": "use Maximizer() from Python; no command takes it",
}


def in_options(error: QTheoryError, arguments: Sequence[str]) -> QTheoryError:
    """The error with options in the place of arguments; as it is where the command is of another kind.

    >>> print(in_options(QTheoryError("cost_max is missing", remedy="declare cost_max"), ["simulate"]))
    --cost-max is missing
      remedy:  declare --cost-max
    """
    if error.where or not arguments or arguments[0] not in _COMMANDS:
        return error
    problem = "--" + error.problem if _BEGINS.match(error.problem) else error.problem
    said = {"allowed": _worded(error.allowed), "remedy": _worded(error.remedy)}
    return QTheoryError(_worded(problem), got=error.got, **said)


def _worded(text: str) -> str:
    for python, command_line in _PYTHON.items():
        text = text.replace(python, command_line)
    return _ARGUMENT.sub(_option, text)


def _option(found: re.Match[str]) -> str:
    return "--" + found[1].replace("_", "-") + (" " if found[0].endswith("=") else "")
