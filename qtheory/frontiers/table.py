"""A frontier and a comparison as text."""

from __future__ import annotations

from collections.abc import Iterable

from qtheory.frontiers.result import Comparison, Frontier, FrontierPoint, Quantity
from qtheory.montecarlo.table import warnings_of
from qtheory.montecarlo.text import Section, interval, number, render

_POINT = ("q", "1/q", "E_Q[U]", "sampled in", "E_Q[c]", "sampled in", "worst", "guarantee")
_ROW = ("target", "optimizer", "E[U]", "factor", "KL", "chi2", "E[c]", "draws")
_SOURCES = {
    "exact": "exact",
    "float64": "summed in float64",
    "quadrature": "by quadrature",
    "simulated": "estimates from draws; divergences are those of a utility without ties",
}


def frontier_text(curve: Frontier, comparison: Comparison | None = None, colour: bool = False) -> str:
    """The text that `qtheory frontier` prints, in lines of at most 100 columns."""
    return render(_parts(curve, comparison), colour)


def _parts(curve: Frontier, comparison: Comparison | None) -> Iterable[str | Section]:
    yield Section("Frontier", *_without_empty(_POINT, [_point(point) for point in curve.points]))
    yield from _best(curve)
    if comparison is not None:
        rows = [_row(row) for row in comparison.rows]
        matched = "cost factor" if comparison.match == "factor" else "KL, that of the quantilizer with this factor"
        yield Section(f"Optimizers at equal {matched}", *_without_empty(_ROW, rows))
        sources = sorted({row.source for row in comparison.rows})
        known = "; ".join(_SOURCES[source] for source in sources)
        yield f"Values: {known}. Draws of the quantilizer: given its threshold."
    if curve.alpha is not None:
        yield from _sampling(curve)


def _sampling(curve: Frontier) -> Iterable[str]:
    yield (
        f"{curve.samples} draws, and {curve.pilot} pilot draws that place the bins; "
        f"alpha {curve.alpha:.2g} for all intervals (Bonferroni)."
    )
    kinds = {point.value.evidence for point in curve.points if point.value.interval is not None}
    if "asymptotic" in kinds:
        yield "Intervals of E_Q[U] are asymptotic and assume that its variance is finite; those of E_Q[c] are rigorous."
    elif kinds:
        yield "Intervals are rigorous on the declared ranges."
    for reason in dict.fromkeys(point.value.withheld for point in curve.points if point.value.withheld):
        levels = ", ".join(str(point.q) for point in curve.points if point.value.withheld == reason)
        yield f"No sampled interval of E_Q[U] at q = {levels}: {reason}."
    yield from warnings_of(
        (f"{name} at q = {point.q}", one.interval, float(one.value))
        for point in curve.points
        for name, one in (("E_Q[U]", point.value), ("E_Q[c]", point.cost))
        if one is not None and one.source == "quadrature"
    )


def _best(curve: Frontier) -> Iterable[str]:
    if curve.unbounded:
        levels = ", ".join(str(point.q) for point in curve.unbounded)
        yield (
            f"E_Q[U] is infinite or does not exist at q = {levels}: the tail of the utility is too heavy, and no finite "
            "guarantee ranks the levels."
        )
    if curve.epsilon is None:
        yield "No bound on the mean cost: give --epsilon or --cost for worst-case costs and guarantees."
        return
    epsilon = f"{number(curve.epsilon.value)} ({curve.epsilon.source})"
    yield f"Worst: epsilon/q for any cost >= 0 with base mean <= epsilon = {epsilon}."
    if curve.best is None:
        return
    yield f"Best guarantee E_Q[U] - epsilon/q among these: {number(curve.best.guarantee)} at q = {curve.best.q}"
    if curve.reservation is not None:
        value, q = curve.reservation
        yield f"Best over all q, the reservation value: {number(value, 9)} at q = {number(q, 9)}"


def _point(point: FrontierPoint) -> list[str]:
    bound = [number(point.worst_cost, 5), number(point.guarantee, 5)]
    return [str(point.q), number(point.factor), *_quantity(point.value), *_quantity(point.cost), *bound]


def _quantity(quantity: Quantity | None) -> list[str]:
    return ["-", "-"] if quantity is None else [number(quantity.value, 5), interval(quantity.interval, 4)]


def _row(row: object) -> list[str]:
    names = [number(row.target), row.optimizer]  # type: ignore[attr-defined]
    return names + [number(getattr(row, name)) for name in ("value", "factor", "kl", "chi2", "cost", "draws")]


def _without_empty(header: tuple[str, ...], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that have nothing to say."""
    kept = [i for i in range(len(header)) if any(row[i] != "-" for row in rows)]
    return [header[i] for i in kept], [[row[i] for i in kept] for row in rows]
