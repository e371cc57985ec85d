r"""How much the quantilizer raises costs of a side quantity that is correlated with the utility, by level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.rationals import level
from qtheory.impact.normal import exponential_amplification, tail_amplification

# Ten levels a decade, from 1 to 1/1000.
_DEFAULT = tuple(Fraction(round(10 ** (6 - k / 10)), 10**6) for k in range(31))
_MODEL = r"$U$ and $Y$ standard normal, correlation $\rho$"
_CORRELATIONS = ("1", "1/2", "0", "-1/2")


@dataclass(frozen=True)
class AmplificationCurve:
    """The factor by which a mean cost grows, by level.

    Attributes:
        label: the cost and the correlation.
        points: pairs (level, factor), by decreasing level.
        model: the joint law, in words.
    """

    label: str
    points: tuple[tuple[float, float], ...]
    model: str


def amplification_curves(
    levels: Iterable[NumberLike] = _DEFAULT,
    correlations: Iterable[NumberLike] = _CORRELATIONS,
    threshold: tuple[NumberLike, NumberLike] | None = (2, "1/2"),
) -> tuple[AmplificationCurve, ...]:
    r"""The costs $e^Y$ for several correlations of $Y$ with the utility, and $1\{Y > y\}$ for one.

    Args:
        levels: of the quantilizer.
        correlations: for the cost $e^Y$.
        threshold: y and its correlation; no such curve if None.

    >>> curves = amplification_curves(["1", "1/100"], ["1/2"])
    >>> [(curve.label, round(curve.points[-1][1], 6)) for curve in curves]
    [('$e^Y$, $\\rho=0.5$', 3.389894), ('$1\\{Y>2\\}$, $\\rho=0.5$', 9.838249)]
    """
    wanted = sorted({level(q) for q in levels}, reverse=True)
    if not wanted:
        raise InvalidInput("no levels", got=[], allowed="at least one level in (0, 1]")
    found = [
        AmplificationCurve(
            rf"$e^Y$, $\rho={float(Fraction(rho)):g}$",
            tuple((float(q), exponential_amplification(q, rho)) for q in wanted),
            _MODEL,
        )
        for rho in correlations
    ]
    if threshold is not None:
        y, rho = threshold
        label = rf"$1\{{Y>{float(Fraction(y)):g}\}}$, $\rho={float(Fraction(rho)):g}$"
        points = tuple((float(q), tail_amplification(q, rho, y)) for q in wanted)
        found.append(AmplificationCurve(label, points, _MODEL))
    return tuple(found)
