"""The four readings as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qtheory.impact.constrained import ConstrainedReading
    from qtheory.impact.targeted import TargetedImpact


def targeted_impact_text(found: TargetedImpact) -> str:
    """A report of a few lines per reading."""
    return "\n".join([*_plain(found), *_constrained(found), *_everything(found), *_conditional(found)])


def _plain(found: TargetedImpact) -> Iterable[str]:
    plain = found.plain
    yield f"1. The {plain.q}-quantilizer, costs of the feature alone"
    yield f"   value {plain.value}; factor {plain.alpha}, against {plain.plain_factor} for costs of any kind"
    if plain.wholly_top:
        values = ", ".join(str(z) for z in plain.wholly_top)
        yield f"   no better than 1/q: only full actions lead to the value {values}"
    yield f"   better than 1/q at every q below {plain.improves_below}"
    yield f"   from q = {plain.saturates_at} down the policy stands still, at the factor {plain.saturated_alpha}"


def _constrained(found: TargetedImpact) -> Iterable[str]:
    budget = found.constrained.feature_budget
    yield f"2. The best policy that amplifies no value of the feature by more than {budget}"
    yield f"   alone: {_optimum(found.constrained)}"
    yield f"   with no action amplified by more than {found.both.action_budget}: {_optimum(found.both)}"


def _optimum(one: ConstrainedReading) -> str:
    return f"value {one.value}, feature {one.alpha}, costs of any kind {one.factor}"


def _everything(found: TargetedImpact) -> Iterable[str]:
    every = found.everything
    yield f"3. No outcome amplified by more than {every.t}"
    if every.collapses:
        yield f"   is literally: no action amplified by more than {every.t}"
        return
    exposed = ", ".join(str(a) for a in every.exposed)
    policy = ", ".join(str(p) for p in every.separating or ())
    yield f"   is weaker than: no action; nothing that follows tells apart action {exposed} (counted from 0)"
    yield f"   witness: the policy {policy}"
    yield f"   best value {every.value}, which is {every.gap} more"


def _conditional(found: TargetedImpact) -> Iterable[str]:
    both = found.conditional
    yield "4. Costs that are typical given the utility"
    yield f"   factor {both.proportional} with proportional ties, {both.ordered} in listed order"
