"""A simulation as text."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from qtheory.inference.interval import Interval
from qtheory.montecarlo.result import BaseCost, CostAtLevel, Estimate, LevelSimulation, WorldSimulation, excludes
from qtheory.montecarlo.text import Section, interval, number, render
from qtheory.statements.verdict import Verdict

_WIDE = 0.25  # of the interval: what the order inside a bin may hide without a word
_VALUE = ("q", "factor 1/q", "threshold", "E_Q[U]", "interval", "by quadrature")
_COST = ("q", "E_Q[c]", "interval", "by quadr.", "amplification", "interval", "1/q")


def simulation_text(run: WorldSimulation, colour: bool = False) -> str:
    """The text that `qtheory simulate` prints.

    Args:
        run: the simulation.
        colour: whether to use terminal colours and line drawing; plain ASCII otherwise.

    Returns:
        Lines of at most 100 columns.
    """
    return render(_parts(run), colour)


def _parts(run: WorldSimulation) -> Iterable[str | Section]:
    base = run.base_value
    where = "(plug-in, no interval)" if base.interval is None else f"in {interval(base.interval)}"
    yield f"{run.samples} draws and {run.pilot} pilot draws, key {run.key}. E_base[U] = {number(base.value)} {where}"
    yield Section("Utility", _VALUE, [_value_row(level) for level in run.levels])
    for place, cost in enumerate(run.base_costs):
        yield _cost_section(run, place, cost)
        for level in run.levels:
            yield _verdict_line(cost.name, str(level.q), level.costs[place].verdict)
    yield from _notes(run)


def warnings_of(estimates: Iterable[tuple[str, Interval | None, float | None]]) -> Iterable[str]:
    """A loud line for each named interval that misses the quadrature printed beside it."""
    for name, ends, truth in estimates:
        if excludes(ends, truth):
            yield (
                f"WARNING: the interval of {name}, {interval(ends)}, excludes its value by quadrature, {number(truth)}: "
                "too few draws for so heavy or skewed a tail, or float32 rounding; trust the quadrature."
            )


def _estimates(run: WorldSimulation) -> Iterable[tuple[str, Estimate]]:
    yield "E_base[U]", run.base_value
    for cost in run.base_costs:
        yield f"E_base[{cost.name}]", cost.mean
    for level in run.levels:
        yield f"E_Q[U] at q = {level.q}", level.value
        for at in level.costs:
            yield f"E_Q[{at.name}] at q = {level.q}", at.mean
            yield f"the amplification of {at.name!r} at q = {level.q}", at.amplification


def _value_row(level: LevelSimulation) -> list[str]:
    value = level.value
    place = [str(level.q), number(level.factor), number(level.threshold)]
    return [*place, number(value.value), interval(value.interval), number(value.truth)]


def _cost_section(run: WorldSimulation, place: int, cost: BaseCost) -> Section:
    rows = []
    for level in run.levels:
        mean, ratio = level.costs[place].mean, level.costs[place].amplification
        estimates = [number(mean.value), interval(mean.interval), number(mean.truth)]
        rows.append([str(level.q), *estimates, number(ratio.value), interval(ratio.interval), number(level.factor)])
    truth = "" if cost.mean.truth is None else f", by quadrature {number(cost.mean.truth)}"
    name = "Cost" if cost.name == "cost" else f"Cost {cost.name!r}"
    where = f"E_base[c] = {number(cost.mean.value)} in {interval(cost.mean.interval)}{truth}"
    return Section(f"{name} in [0, {cost.cost_max:g}]: {where}", _COST, rows)


def _verdict_line(name: str, q: str, verdict: Verdict) -> str:
    assert verdict.slack is not None
    low, high = verdict.slack
    which = "" if name == "cost" else f" for {name!r}"
    return f"{verdict.outcome}: E_Q[c] <= E_base[c]/q{which} at q = {q} (slack [{low:.4g}, {high:.4g}])"


def _notes(run: WorldSimulation) -> Iterable[str]:
    verdicts = [cost.verdict for level in run.levels for cost in level.costs]
    kind = next((v.evidence for v in verdicts if v.outcome == "inconclusive"), None)
    if kind is not None:
        yield f"Inconclusive: {kind}."
    for place, cost in enumerate(run.base_costs):
        gaps = [(level.q, level.costs[place].detectable_gap) for level in run.levels]
        yield from _gaps(cost.name, gaps)
    if verdicts:
        yield (
            f"Verdicts compare E_Q[c] on the {run.samples} draws with E_base[c] on the {run.pilot} pilot draws, an "
            "independent stream; the slack may also use the ratio on the draws."
        )
    yield from _kinds(run)
    if run.statements:
        yield (
            f"alpha {run.alpha:.2g} for the whole run is split over {run.statements} intervals (Bonferroni): "
            f"{run.alpha_each:.2g} each."
        )
    yield from _ways(run)
    yield "Estimand: ideal(q), for the utility as computed in float32."


def _ways(run: WorldSimulation) -> Iterable[str]:
    """How the sample was cut and its costs kept, where that is not the usual way or where it matters."""
    if run.quantiles == "exact":
        yield "Quantiles of the sample are exact."
    if run.base_costs and not run.costs_counted:
        yield "Costs were added up, not counted by level: the intervals are wider for it."
    for level in run.levels:
        for cost in level.costs:
            if _is_wide(cost):
                yield (
                    f"E_Q[{cost.name}] at q = {level.q}: the order of draws within a bin is not known, and puts the mean of "
                    f"the sample's own top q anywhere in {interval(cost.bracket)}; --exact finds it."
                )


def _is_wide(cost: CostAtLevel) -> bool:
    ends = cost.mean.interval
    assert ends is not None
    return cost.bracket.high - cost.bracket.low > _WIDE * (ends.high - ends.low)


def _gaps(name: str, gaps: list[tuple[Fraction, float | None]]) -> Iterable[str]:
    seen = ", ".join(f"{gap:.3g} at q = {q}" for q, gap in gaps if gap is not None)
    if seen:
        yield f"An excess over the bound on {name!r} that this run shows with 99 % power: {seen}."
    unseen = ", ".join(str(q) for q, gap in gaps if gap is None)
    if unseen:
        yield f"No detectable excess is given for {name!r} at q = {unseen}: too few draws carry information."


def _kinds(run: WorldSimulation) -> Iterable[str]:
    values = {"E_base[U]": run.base_value, **{f"q = {level.q}": level.value for level in run.levels}}
    reasons = list(dict.fromkeys(value.withheld for value in values.values() if value.withheld))
    for reason in reasons:
        names = ", ".join(name for name, value in values.items() if value.withheld == reason)
        yield f"No interval for the utility ({names}), only plug-in values: {reason}."
    kinds = {value.evidence for value in values.values()}
    if "rigorous" in kinds:
        yield "Intervals for the utility are rigorous on the declared range."
    elif "asymptotic" in kinds:
        yield (
            "Intervals for the utility are asymptotic and assume that its variance is finite: declare "
            "--utility-range for rigorous ones."
        )
    yield from warnings_of((name, one.interval, one.truth) for name, one in _estimates(run))
