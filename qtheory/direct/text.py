r"""Sampled policies as text and as a document, beside their values by quadrature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from qtheory.aliases import Json
from qtheory.direct.means import Mean
from qtheory.direct.result import PolicyMeans, PolicySimulation
from qtheory.errors import NotAvailable
from qtheory.montecarlo.table import warnings_of
from qtheory.montecarlo.text import Section, interval, number, render
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.policies.abstract import AbstractPolicy
from qtheory.problem import Problem
from qtheory.statements.record import Record

SCHEMA = 1
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


def policy_text(run: PolicySimulation, colour: bool = False) -> str:
    """The text that `qtheory sample-policy` prints; lines of at most 100 columns."""
    return render(_lines(run), colour)


def _beside(mean: Mean, policy: AbstractPolicy, function: Any) -> Mean:
    try:
        truth = float(policy.expect(function))
    except NotAvailable:
        return mean
    return replace(mean, estimate=replace(mean.estimate, truth=truth))


def _lines(run: PolicySimulation) -> Iterable[str | Section]:
    yield f"{run.samples} {run.method} draws, key {run.key}; no draw of the base is rejected."
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
    ends = interval(estimate.interval, 7)
    return [
        str(policy.estimand),
        number(estimate.value, 8),
        number(mean.standard_error, 2),
        ends,
        number(estimate.truth, 8),
    ]
