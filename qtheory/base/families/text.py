r"""Reading a family from text such as `normal(0, 1)` or `mixture(0.9*normal(0,1) + 0.1*normal(5,1))`.

A tokenizer and a recursive descent over names, numbers and six signs; nothing is evaluated.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import fields
from typing import NoReturn

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.catalogue import SIMPLE_FAMILIES
from qtheory.base.families.mixture import Mixture
from qtheory.errors import FormulaError, InvalidInput

LONGEST_TEXT = 10_000
DEEPEST_NESTING = 8

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|(?P<number>-?(?:\d+\s*/\s*\d+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?))|(?P<sign>[(),*+=]))"
)


def parse_family(text: str) -> AbstractFamily:
    """The family a text names.

    Args:
        text: `name(number, ...)`, `name(key=number, ...)` or `mixture(weight*family + ...)`; numbers as '3/2', '1e-3'.

    Raises:
        FormulaError: the text is not in this grammar, names an unknown family, or gives parameters it does not take.

    >>> parse_family("pareto(3/2)"), parse_family("normal(sd=2)")
    (Pareto(alpha=1.5, minimum=1), Normal(mean=0, sd=2))
    """
    tokens = _tokens(text)
    family, after = _family(text, tokens, 0, 0)
    if tokens[after] != ("end", ""):
        _refuse(text, f"unexpected {tokens[after][1]!r} after the family")
    return family


Tokens = list[tuple[str, str]]


def _tokens(text: str) -> Tokens:
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        _refuse(text, f"a family is text of at most {LONGEST_TEXT} characters")
    tokens, place, stripped = [], 0, text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            _refuse(text, f"cannot read {stripped[place:].strip()[:1]!r}")
        tokens.append((str(match.lastgroup), match[match.lastgroup]))  # type: ignore[index]
        place = match.end()
    return [*tokens, ("end", "")]


def _family(text: str, tokens: Tokens, at: int, depth: int) -> tuple[AbstractFamily, int]:
    if depth > DEEPEST_NESTING:
        _refuse(text, f"families are nested more than {DEEPEST_NESTING} deep")
    kind, name = tokens[at]
    if kind != "name" or (name not in SIMPLE_FAMILIES and name != Mixture.name):
        _refuse(text, f"{name!r} is not a family" if name else "a family is missing", _meant(name))
    at = _expect(text, tokens, at + 1, "(")
    return (_mixture if name == Mixture.name else _simple)(text, tokens, at, name, depth)


def _simple(text: str, tokens: Tokens, at: int, name: str, depth: int) -> tuple[AbstractFamily, int]:
    allowed = [field.name for field in fields(SIMPLE_FAMILIES[name])]  # type: ignore[arg-type]
    given: dict[str, str] = {}
    while tokens[at][1] != ")":
        if given:
            at = _expect(text, tokens, at, ",")
        key = tokens[at][1] if tokens[at][0] == "name" else None
        at = at if key is None else _expect(text, tokens, at + 1, "=")
        key = allowed[len(given)] if key is None and len(given) < len(allowed) else key
        if key not in allowed or key in given or tokens[at][0] != "number":
            _refuse(text, f"{name} takes the numbers {', '.join(allowed)}")
        given[key], at = tokens[at][1], at + 1
    try:
        return SIMPLE_FAMILIES[name](**given), at + 1
    except (TypeError, InvalidInput) as error:
        raise _refused(f"{name} cannot have these parameters", text, error) from error


def _mixture(text: str, tokens: Tokens, at: int, name: str, depth: int) -> tuple[AbstractFamily, int]:
    weights, components = [], []
    while True:
        if tokens[at][0] != "number":
            _refuse(text, "a component of a mixture is written weight*family")
        weights.append(tokens[at][1])
        component, at = _family(text, tokens, _expect(text, tokens, at + 1, "*"), depth + 1)
        components.append(component)
        if tokens[at][1] == ")":
            break
        at = _expect(text, tokens, at, "+")
    try:
        return Mixture(weights, components), at + 1
    except InvalidInput as error:
        raise _refused("the weights do not make a mixture", text, error) from error


def _refused(problem: str, text: str, error: Exception) -> FormulaError:
    """An error with the reason of another; that one's own layout would be shown inside this one's."""
    reason = error.problem if isinstance(error, InvalidInput) else str(error)
    allowed = error.allowed if isinstance(error, InvalidInput) else "the parameters of the family, and no others"
    return FormulaError(f"{problem}: {reason}", got=text, allowed=allowed)


def _expect(text: str, tokens: Tokens, at: int, sign: str) -> int:
    missing = tokens.count(("sign", "(")) - tokens.count(("sign", ")"))
    if tokens[at] == ("end", "") and missing > 0:
        remedy = f"did you mean {text.strip()}{')' * missing}?"
        _refuse(text, "the closing bracket ')' is missing", remedy)
    if tokens[at] != ("sign", sign):
        _refuse(text, f"expected {sign!r} but found {tokens[at][1] or 'the end'!r}")
    return at + 1


def _meant(name: str) -> str:
    close = difflib.get_close_matches(name.lower(), [*SIMPLE_FAMILIES, Mixture.name], 1)
    return f"did you mean {close[0]}?" if close else ""


def _refuse(text: object, why: str, remedy: str = "") -> NoReturn:
    known = ", ".join(
        f"{name}({', '.join(field.name for field in fields(family))})"  # type: ignore[arg-type]
        for name, family in SIMPLE_FAMILIES.items()
    )
    allowed = f"{known}, mixture(weight*family + ...)"
    raise FormulaError(f"not a family: {why}", got=text, allowed=allowed, remedy=remedy)
