r"""One check of the kit: what it demands of an implementation, and how it says that it was disappointed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from qtheory.exact.enclosure import Enclosure

# Float64 sums of at most 150 masses, divided by levels of 1e-4 or more, are this close to their exact value.
CLOSE = 2.0**-30
# The chance that one statistical check fails a right implementation, over its seeds; each is run with fixed ones.
FALSE_FAIL = 1e-9


class Disagreement(AssertionError):
    """An implementation that does not give what it should; says which check, at what input, and what was expected."""

    def __init__(self, says: str, case: str = "", expected: Any = None, got: Any = None):
        self.says, self.case, self.expected, self.got = says, case, expected, got
        lines = [says]
        if case:
            lines.append(f"  at:       {case}")
        if expected is not None:
            lines.append(f"  expected: {shown(expected)}")
        if got is not None:
            lines.append(f"  got:      {shown(got)}")
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Check:
    """A demand on implementations of one interface.

    Attributes:
        name: what it is called in reports.
        role: the name of the interface.
        says: the demand, in a line.
        run: raises `Disagreement` if the implementation does not meet it.
        error_rate: the chance, over seeds, that a right implementation fails; 0 for an exact check.
    """

    name: str
    role: str
    says: str
    run: Callable[[Subject], None]
    error_rate: float = 0.0


def check(*roles: str, says: str, error_rate: float = 0.0) -> Callable[[Callable[[Subject], None]], tuple[Check, ...]]:
    """Make a function of an implementation the same check of one or several interfaces."""

    def make(run: Callable[[Subject], None]) -> tuple[Check, ...]:
        name = run.__name__.strip("_").replace("_", "-")
        return tuple(Check(name, role, says, run, error_rate) for role in roles)

    return make


@dataclass(frozen=True)
class Subject:
    """An implementation under test: called with exact numbers or with floats, and watched.

    Attributes:
        run: the implementation.
        floats: whether numbers become floats and rows float64 arrays on their way in.
    """

    run: Callable[..., Any]
    floats: bool = False

    def __call__(self, *arguments: Any) -> Any:
        """What it returns; whatever it raises is a disagreement, and so is a changed argument."""
        given = tuple(map(_as_floats, arguments)) if self.floats else arguments
        before = tuple(x.copy() if isinstance(x, np.ndarray) else x for x in given)
        try:
            result = self.run(*given)
        except Exception as error:
            raise Disagreement(f"it raises {type(error).__name__}: {error}", case_of(arguments)) from error
        for mine, old in zip(given, before, strict=True):
            if isinstance(mine, np.ndarray) and not np.array_equal(mine, old, equal_nan=True):
                raise Disagreement("it changes its arguments", case_of(arguments))
        return result


def _as_floats(value: Any) -> Any:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, tuple) and value and all(isinstance(x, (Fraction, float)) for x in value):
        return np.array([float(x) for x in value])
    return value


def agree(got: Any, expected: Any, scale: Any = 1) -> bool:
    """Whether a number is the expected one: exactly if it is exact, closely, for its scale, if it is a float.

    >>> agree(Fraction(1, 3), Fraction(1, 3)), agree(0.333, Fraction(1, 3)), agree(math.inf, math.inf)
    (True, False, True)
    """
    if isinstance(got, (bool, np.bool_)):
        return False
    if isinstance(got, Enclosure):
        # An expected float is itself rounded.
        slack = Fraction(_slack(expected, scale)) if isinstance(expected, float) else 0
        return expected != math.inf and got.low - slack <= expected <= got.high + slack
    if isinstance(got, (int, Fraction, np.integer)) and not isinstance(expected, float):
        return Fraction(int(got.numerator), int(got.denominator)) == expected
    if not isinstance(got, (int, float, Fraction, np.integer, np.floating)):
        return False
    if not math.isfinite(got) or not math.isfinite(expected):
        return float(got) == expected
    return abs(float(got) - float(expected)) <= _slack(expected, scale)


def _slack(expected: Any, scale: Any) -> float:
    return CLOSE * max(1.0, abs(float(expected)), abs(float(scale)))


def agree_rows(got: Any, expected: Iterable[Any]) -> bool:
    """Whether a row has the expected length and numbers."""
    wanted = list(expected)
    try:
        found = list(got)
    except TypeError:
        return False
    return len(found) == len(wanted) and all(map(agree, found, wanted))


def expect(holds: bool, says: str, arguments: tuple = (), expected: Any = None, got: Any = None) -> None:
    """Raise a disagreement unless something holds."""
    if not holds:
        disagree(says, arguments, expected, got)


def disagree(says: str, arguments: tuple = (), expected: Any = None, got: Any = None) -> NoReturn:
    """Raise a disagreement."""
    raise Disagreement(says, case_of(arguments), expected, got)


def case_of(arguments: tuple) -> str:
    """The arguments of a call, as one writes them."""
    return ", ".join(map(shown, arguments))


def shown(value: Any, limit: int = 160) -> str:
    """A value in short: fractions as a/b, long rows cut."""
    if isinstance(value, (tuple, list, np.ndarray)):
        text = "[" + ", ".join(shown(x) for x in value) + "]"
    elif isinstance(value, (Fraction, str)):
        text = str(value)
    else:
        text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
