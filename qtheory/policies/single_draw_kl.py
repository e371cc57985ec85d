r"""The divergence of best-of-n from its base, estimated from the base mass of one selected action."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.errors import InvalidInput
from qtheory.exact.elementary import log
from qtheory.exact.enclosure import Value, simplest
from qtheory.exact.rationals import level


def single_draw_kl(n: int, mass: Any) -> Value:
    r"""$\hat D = (1-e)^n\left(\log n + (n-1)\log(1-e) - \tfrac{n-1}n\right) + (1-(1-e)^n)\log\frac{1-(1-e)^n}e$.

    Here $e$ is the mass that the base gives the selected action. Its mean under best-of-n has been above the divergence
    wherever it was computed; that it always is, is a conjecture.

    Args:
        n: the number of draws, at least 1.
        mass: $e \in (0, 1]$.

    Returns:
        A `Fraction` where it is rational, else an enclosure.

    Source:
        beirami2024, Section 4.

    >>> single_draw_kl(1, "1/3"), str(single_draw_kl(2, "1/2"))
    (Fraction(0, 1), '0.1790988310811... +- 4e-38')
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise InvalidInput("not a number of draws", got=n, allowed="an integer >= 1")
    e = level(mass, "mass")
    if n == 1 or e == 1:
        return Fraction(0)
    missed = (1 - e) ** n
    unseen = log(Fraction(n)) + (n - 1) * log(1 - e) - Fraction(n - 1, n)
    return simplest(missed * unseen + (1 - missed) * log((1 - missed) / e))
