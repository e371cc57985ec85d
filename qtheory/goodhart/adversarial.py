r"""Scores of which a share is chosen by an adversary: who is selected?"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import integrate_family
from qtheory.base.families.exponential_tilt import log_exponential_moment
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational
from qtheory.goodhart.independent import read_family
from qtheory.goodhart.measured import Measured, by_formula
from qtheory.optimizers.abstract import read_count
from qtheory.trust.contamination import unit


def dominated_top(share: NumberLike, q: NumberLike) -> Fraction:
    r"""The adversary's chance under the $q$-quantilizer if it outscores everybody: $\min(1,\delta/q)$, its worst case.

    >>> dominated_top("1/100", "1/10")
    Fraction(1, 10)
    """
    return min(Fraction(1), unit(share, "share") / level(q))


def dominated_best_of_n(share: NumberLike, n: int) -> Fraction:
    r"""The same under best-of-$n$: $1-(1-\delta)^n$, the chance that any of the draws is the adversary's.

    >>> round(float(dominated_best_of_n("1/100", 10)), 9)
    0.095617925
    """
    return 1 - (1 - unit(share, "share")) ** read_count(n, "n")


def adversary_in_best_of_n(share: NumberLike, honest: Any, adversary: Any, n: int) -> Measured:
    r"""$\delta\int f_D\,n\,F^{n-1}$ with $F$ the mixture: the adversary's chance with scores from a law of its own.

    Args:
        share: $\delta$, in [0, 1].
        honest, adversary: the laws of the scores: families, or their text forms.
        n: the number of draws.

    >>> round(adversary_in_best_of_n("1/100", "normal(0, 1)", "normal(2, 1)", 10).value, 9)
    0.065248726
    """
    delta, count = float(unit(share, "share")), read_count(n, "n")
    good, bad = read_family(honest), read_family(adversary)

    def wins(u: np.ndarray) -> np.ndarray:
        above = (1 - delta) * good.survival(u) + delta * bad.survival(u)
        return count * (1 - above) ** (count - 1)

    # Where a draw of the other law begins to outscore, the chance of winning may change quickly.
    ranks = [float(bad.survival(x)) for x in good.upper_quantile(np.array([0.5, 1 / (1 + count)]))]
    found = integrate_family(bad, wins, lambda rank: np.ones_like(rank.top), breaks=ranks)
    return Measured(delta * found.value, delta * found.error)


def adversary_under_tilt(share: NumberLike, honest: Any, adversary: Any, tilt: NumberLike) -> Measured:
    r"""Its chance under $e^{sU}$: the odds are $\frac\delta{1-\delta}\,\frac{E_De^{sU}}{E_He^{sU}}$, which nothing bounds.

    Raises:
        NotAvailable: an exponential moment is infinite or has no closed form.

    >>> round(adversary_under_tilt("1/100", "normal(0, 1)", "normal(2, 1)", 1).value, 9)
    0.06945316
    >>> adversary_under_tilt("1/100", "normal(0, 1)", "normal(100, 1)", 1).value
    1.0
    """
    delta, rate = unit(share, "share"), rational(tilt, "tilt")
    if rate <= 0:
        raise InvalidInput("the tilt is not positive", got=str(rate), allowed="> 0")
    if delta in (0, 1):
        return Measured(float(delta), 0.0)
    ahead = _log_moment(adversary, rate) - _log_moment(honest, rate)
    log_odds = math.log(delta / (1 - delta)) + ahead
    value = 1 / (1 + math.exp(-log_odds)) if log_odds > 0 else math.exp(log_odds) / (1 + math.exp(log_odds))
    return Measured(value, by_formula(value, value * (1 + abs(log_odds))).error)


def _log_moment(law: Any, rate: Fraction) -> float:
    family = read_family(law)
    found = log_exponential_moment(family, rate)
    if found is None or math.isinf(found):
        what = "infinite" if found is not None else "not known in closed form"
        raise NotAvailable(f"the exponential moment is {what}", got=f"E exp({rate} U) under {family}")
    return found
