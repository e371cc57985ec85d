r"""Three-valued logic (Kleene's strong one): `True`, `False`, and `None` for what enclosures cannot tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias

from qtheory.exact.enclosure import Enclosure, Undefined, Value

Decider: TypeAlias = "Callable[[Sequence[Value]], bool | None]"


def less(x: Value, y: Value) -> bool | None:
    """Whether $x < y$.

    >>> less(Fraction(1), Enclosure(Fraction(0), Fraction(2))) is None
    True
    """
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x < y
    x, y = Enclosure.of(x), Enclosure.of(y)
    if x.certainly_less(y):
        return True
    return False if y.certainly_at_most(x) else None


def equal(x: Value, y: Value) -> bool | None:
    """Whether $x = y$.

    >>> equal(Fraction(3), Enclosure(Fraction(0), Fraction(2)))
    False
    """
    if isinstance(x, Fraction) and isinstance(y, Fraction):
        return x == y
    x, y = Enclosure.of(x), Enclosure.of(y)
    if x.certainly_less(y) or y.certainly_less(x):
        return False
    return True if x.certainly_equal(y) else None


def opposite(verdict: bool | None) -> bool | None:
    """The negation of a verdict; of what cannot be told, nothing can be told.

    >>> opposite(None) is None
    True
    """
    return None if verdict is None else not verdict


def negated(part: Decider) -> Decider:
    """The negation of a statement.

    >>> negated(lambda values: False)(())
    True
    """
    return lambda values: opposite(part(values))


def every(parts: Sequence[Decider]) -> Decider:
    """The conjunction: one certain `False` decides, whatever the others are and whether or not they exist.

    >>> every([lambda values: None, lambda values: False])(())
    False
    """

    def holds(values):
        unknown, undefined = False, None
        for part in parts:
            try:
                verdict = part(values)
            except Undefined as error:
                undefined = error
                continue
            if verdict is False:
                return False
            unknown = unknown or verdict is None
        if undefined is not None:
            raise undefined
        return None if unknown else True

    return holds


def some(parts: Sequence[Decider]) -> Decider:
    """The disjunction: one certain `True` decides.

    >>> some([lambda values: None, lambda values: True])(())
    True
    """
    return negated(every([negated(part) for part in parts]))
