r"""Sampled policies as text and as a document, beside their values by quadrature."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Any

from qtheory.aliases import Json
from qtheory.direct.designs import RANDOMISATIONS
from qtheory.direct.means import Mean
from qtheory.direct.result import PolicyMeans, PolicySimulation
from qtheory.errors import NotAvailable
from qtheory.inference.interval import Interval
from qtheory.montecarlo.table import warnings_of
from qtheory.montecarlo.text import Section, number, render
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.problem import Problem
from qtheory.statements.record import Record

SCHEMA = 1
_MOST_DIGITS = 15
_USES = {
    "independent": "each is drawn by itself",
    "stratified": "two in each stratum",
    "sobol": f"{RANDOMISATIONS} scramblings, each of a power of two of points",
}
_HEADER = ("policy", "mean", "standard error", "interval", "by quadrature")


def with_quadrature(
    problem: Problem, policies: Sequence[AbstractOptimizer | AbstractPolicy], run: PolicySimulation
) -> PolicySimulation:
    """The run with the value by quadrature beside every mean, where there is one.

    >>> from qtheory.base.continuous import Continuous
    >>> from qtheory.direct.simulate_policy import simulate_policy
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> problem, policies = Problem(Continuous("exponential(1)")), [Quantilizer("1/2")]
    >>> (found,) = with_quadrature(problem, policies, simulate_policy(problem, policies)).policies
    >>> round(found.value.estimate.truth, 12)
    1.69314718056
    """
    # a utility that is only declared to increase has the ranks of the action
    ranked = problem if problem.ranks_as_action else Problem(problem.base, "x")
    found = []
    for chosen, means in zip(policies, run.policies, strict=True):
        policy = chosen(ranked) if isinstance(chosen, AbstractOptimizer) else chosen
        costs = {name: _beside(means.costs[name], policy, problem.costs[name]) for name in means.costs}
        found.append(replace(means, value=_beside(means.value, policy, problem.utility), costs=costs))
    return replace(run, policies=tuple(found))


def policy_document(run: PolicySimulation, record: Record) -> Json:
    """The document that `qtheory sample-policy --json` prints."""
    return {"schema": SCHEMA, "simulation": run.to_json(), "record": record.to_json()}


def policy_text(run: PolicySimulation, colour: bool = False, asked: int | None = None) -> str:
    """The text that `qtheory sample-policy` prints; lines of at most 100 columns.

    Args:
        run: the simulation.
        colour: whether the terminal shows it.
        asked: the number of draws asked for, where it may not be the one used.
    """
    return render(_lines(run, asked), colour)


def outward(ends: Interval, digits: int = 7) -> tuple[str, int]:
    """An interval whose ends are rounded away from each other, and the digits that show its width.

    >>> outward(Interval(1.23456789, 1.2345689))
    ('[1.23456788, 1.2345689]', 9)
    >>> outward(Interval(-1 / 3, 2 / 3))
    ('[-0.3333334, 0.6666667]', 7)
    """
    size, width = max(abs(ends.low), abs(ends.high)), ends.high - ends.low
    if 0 < width < math.inf:
        digits = min(max(digits, math.ceil(math.log10(size / width)) + 2), _MOST_DIGITS)
    low, high = (
        # one who reads the decimal back as a float gets it, up to fifteen digits
        f"{float(Context(prec=digits, rounding=direction).create_decimal_from_float(end)):.{digits}g}"
        for end, direction in ((ends.low, ROUND_FLOOR), (ends.high, ROUND_CEILING))
    )
    return f"[{low}, {high}]", digits


def _beside(mean: Mean, policy: AbstractPolicy, function: Any) -> Mean:
    try:
        truth = float(policy.expect(function))
    except NotAvailable:
        return mean
    return replace(mean, estimate=replace(mean.estimate, truth=truth))


def _lines(run: PolicySimulation, asked: int | None) -> Iterable[str | Section]:
    yield f"{run.samples} {run.method} draws, key {run.key}; no draw of the base is rejected."
    if asked not in (None, run.samples):
        yield f"Of the {asked} draws asked for {run.samples} are used: {_USES[run.method]}."
    yield Section("Utility", _HEADER, [_row(p, p.value) for p in run.policies])
    for name in run.policies[0].costs:
        title = "Cost" if name == "cost" else f"Cost {name!r}"
        yield Section(title, _HEADER, [_row(p, p.costs[name]) for p in run.policies])
    named = {f"E[U] of {p.estimand}": p.value for p in run.policies}
    named |= {f"E[{name}] of {p.estimand}": mean for p in run.policies for name, mean in p.costs.items()}
    for kind in ("rigorous", "asymptotic"):
        count = sum(mean.estimate.evidence == kind for mean in named.values())
        if count:
            yield f"{count} of {len(named)} intervals are {kind}."
    for name, mean in named.items():
        if mean.estimate.withheld:
            yield f"No interval for {name}: {mean.estimate.withheld}."
    if run.statements:
        yield (
            f"alpha {run.alpha:.2g} for the whole run is split over {run.statements} intervals (Bonferroni): "
            f"{run.alpha_each:.2g} each."
        )
    yield from warnings_of((name, m.estimate.interval, m.estimate.truth) for name, m in named.items())


def _row(policy: PolicyMeans, mean: Mean) -> list[str]:
    estimate = mean.estimate
    ends, digits = ("-", 0) if estimate.interval is None else outward(estimate.interval)
    return [
        str(policy.estimand),
        number(estimate.value, max(digits, 8)),
        number(mean.standard_error, 2),
        ends,
        number(estimate.truth, max(digits, 8)),
    ]
