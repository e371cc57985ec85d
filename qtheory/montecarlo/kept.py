r"""How many of n draws a level q keeps, and what that many are enough for."""

from __future__ import annotations

import math
from fractions import Fraction

from qtheory.errors import InvalidLevel
from qtheory.exact.rationals import exact_text

# with fewer kept draws the normal approximation to their mean says nothing at the error rates used here
FEWEST_FOR_ASYMPTOTICS = 30


def require_kept(q: Fraction, n: int, noun: str = "draws", verb: str = "draw") -> None:
    """Refuse a level that keeps less than one of n draws.

    Raises:
        InvalidLevel: q < 1/n.

    >>> require_kept(Fraction(1, 10), 10)
    """
    if q * n >= 1:
        return
    remedy = f"ask for q >= 1/{n}, or {verb} at least {exact_text(Fraction(math.ceil(1 / q)))} {noun}"
    what = f"q = {exact_text(q)} keeps less than one of {n} {noun}"
    raise InvalidLevel(what, got=exact_text(q), allowed=f"1/{n} <= q <= 1", remedy=remedy)
