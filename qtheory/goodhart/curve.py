r"""The truth against the pressure on its proxy, measured in nats for every kind of selection."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level
from qtheory.goodhart.independent import ProxyModel
from qtheory.goodhart.measured import Measured
from qtheory.optimizers.abstract import read_count

_DEFAULT = tuple(Fraction(round(10 ** (6 - k / 6)), 10**6) for k in range(25))


@dataclass(frozen=True)
class GoodhartPoint:
    r"""One strength of selection.

    Attributes:
        setting: "q=1/10" or "n=10".
        nats: $\mathrm{KL}(\pi\|\gamma)$ of the selection: $\log(1/q)$, or $\log n - (n-1)/n$.
        truth: $E_\pi[V]$.
    """

    setting: str
    nats: float
    truth: Measured


@dataclass(frozen=True)
class GoodhartCurve:
    r"""$E[V]$ by the pressure of selection on $U = V + X$.

    Attributes:
        label: what a legend says.
        truth: the law of the truth, in words.
        points: by increasing pressure.
        best: the level after which the truth is largest and its value there; None if more selection always pays, as far
            as can be seen.
    """

    label: str
    truth: str
    points: tuple[GoodhartPoint, ...]
    best: GoodhartPoint | None = None


def goodhart_curve(
    model: ProxyModel,
    levels: Iterable[NumberLike] = _DEFAULT,
    *,
    draws: Iterable[int] | None = None,
    label: str | None = None,
) -> GoodhartCurve:
    r"""The truth under quantilizers of the proxy, or under best-of-n of it.

    Args:
        model: truth and independent error.
        levels: of quantilizers.
        draws: numbers of draws; best-of-n instead of quantilizers if given.
        label: what a legend says.

    Raises:
        InvalidInput: no level and no number of draws.

    >>> curve = goodhart_curve(ProxyModel("normal(0, 1)", "normal(0, 1)"), ["1", "1/10"])
    >>> [(p.setting, round(p.nats, 4), round(p.truth.value, 6)) for p in curve.points], curve.best
    ([('q=1', 0.0, 0.0), ('q=1/10', 2.3026, 1.240961)], None)
    """
    if not isinstance(model, ProxyModel):
        raise InvalidInput("not a model of a proxy", got=model, allowed="ProxyModel(truth, error)")
    points = sorted(_selected(model, levels) if draws is None else _drawn(model, draws), key=lambda p: p.nats)
    if not points:
        raise InvalidInput("no strength of selection", got=[], allowed="levels, or numbers of draws")
    name = f"error {model.error.text()}" if label is None else label
    return GoodhartCurve(name, model.truth.text(), tuple(points), _best(model, points[-1]) if draws is None else None)


def _selected(model: ProxyModel, levels: Iterable[NumberLike]) -> list[GoodhartPoint]:
    return [GoodhartPoint(f"q={q}", -math.log(q) + 0.0, model.top(q)) for q in map(level, levels)]


def _drawn(model: ProxyModel, draws: Iterable[int]) -> list[GoodhartPoint]:
    numbers = [read_count(n, "n") for n in draws]
    return [GoodhartPoint(f"n={n}", math.log(n) - (n - 1) / n, model.best_of_n(n)) for n in numbers]


def _best(model: ProxyModel, last: GoodhartPoint) -> GoodhartPoint | None:
    """The best level, where the curve is seen to fall after it by more than the quadratures may be off."""
    try:
        found = model.best_level()
    except NotAvailable:
        return None
    q, doubt = found.q.value, found.value.error + last.truth.error
    if -math.log(q) >= last.nats or not found.value.value > last.truth.value + doubt:
        return None
    return GoodhartPoint(f"q={q:.3g}", -math.log(q), found.value)
