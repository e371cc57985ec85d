r"""Targeted impact of a problem, in four readings kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import Json
from qtheory.costs.conditionally_bounded import ConditionallyBounded
from qtheory.errors import InvalidInput
from qtheory.exact.documents import SCHEMA
from qtheory.impact.constrained import ConstrainedReading, constrained_reading
from qtheory.impact.everything import EverythingReading, protect_everything
from qtheory.impact.feature import Feature
from qtheory.impact.plain import PlainReading, plain_reading
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem


@dataclass(frozen=True)
class ConditionalReading:
    r"""Costs of which the mean given the utility is at most one: by how much each form of ties amplifies the worst.

    Attributes:
        proportional: the factor of the proportional quantilizer, which is one at every level.
        ordered: the factor of the quantilizer that breaks ties in listed order.
    """

    proportional: Fraction
    ordered: Fraction

    def to_json(self) -> Json:
        return {"proportional": str(self.proportional), "ordered": str(self.ordered)}


@dataclass(frozen=True)
class TargetedImpact:
    r"""What "targeted impact" can mean for one problem and one level.

    Attributes:
        plain: the quantilizer, against costs of the feature alone.
        constrained: the best policy under the feature budget alone: no promise for other costs.
        both: the best policy under the feature budget and the action budget $1/q$.
        everything: protect every value of the feature (or of a family): when that is $p \le \gamma/q$.
        conditional: the quantilizer, against costs that are typical given the utility.
    """

    plain: PlainReading
    constrained: ConstrainedReading
    both: ConstrainedReading
    everything: EverythingReading
    conditional: ConditionalReading

    def to_json(self) -> Json:
        readings = {name: getattr(self, name).to_json() for name in self.__dataclass_fields__}
        return {"schema": SCHEMA, "type": "targeted impact", **readings}

    def __str__(self) -> str:
        from qtheory.impact.text import targeted_impact_text

        return targeted_impact_text(self)


def targeted_impact(
    problem: Problem, q: Any, kernel: Any = None, feature_budget: Any = 1, family: Iterable[Any] | None = None
) -> TargetedImpact:
    r"""How far optimization at level $q$ moves a feature of the world, in four readings kept apart.

    Args:
        problem: an exact finite problem; its `feature` is a label per action.
        q: the level of the quantilizer, in (0, 1].
        kernel: for a noisy feature, the chance of each of its values: one row per action. Otherwise the labels count.
        feature_budget: the most that the second reading lets a value of the feature grow, at least 1.
        family: kernels of several features, for the third reading; the one feature if left out.

    Returns:
        The four readings, as exact numbers; `str` of it is a report, `to_json` the same as a document.

    Raises:
        InvalidInput: no feature, or a kernel whose rows are no laws.
        NotAvailable: a problem that is not exact.

    Source:
        derived; what section 2.2 of taylor2016quantilizers intends is not known here, and this is a reconstruction
        around the question of jermyn2022.

    >>> from qtheory.base.finite import Finite
    >>> base = Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"])
    >>> problem = Problem(base, utility=[0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1])
    >>> for q in ("1", "1/2", "2/5", "1/5", "1/20"):
    ...     plain = targeted_impact(problem, q).plain
    ...     print(*map(str, plain.probabilities), "|", plain.value, plain.alpha, plain.plain_factor)
    3/10 1/10 3/10 1/10 1/10 1/10 | 4/5 1 1
    0 0 9/20 3/20 1/5 1/5 | 7/5 7/6 2
    0 0 3/8 1/8 1/4 1/4 | 3/2 5/4 5/2
    0 0 0 0 1/2 1/2 | 2 5/3 5
    0 0 0 0 1/2 1/2 | 2 5/3 20
    """
    if not isinstance(problem, Problem):
        raise InvalidInput("targeted impact is that of a problem", got=problem, allowed="Problem(..., feature=[...])")
    feature = Feature.of(problem, kernel)
    plain = plain_reading(problem, q, feature)
    features = [feature] if family is None else [Feature.of(None, rows) for rows in _listed(family)]
    return TargetedImpact(
        plain=plain,
        constrained=constrained_reading(problem, feature, feature_budget),
        both=constrained_reading(problem, feature, feature_budget, plain.plain_factor),
        everything=protect_everything(problem, plain.plain_factor, features),
        conditional=ConditionalReading(*(_conditional(problem, q, ties) for ties in ("proportional", "ordered"))),
    )


def _listed(family: Any) -> list:
    if isinstance(family, (str, bytes)) or not isinstance(family, Iterable):
        allowed = "a list of kernels, each with one row per action"
        raise InvalidInput("family is not a list of kernels", got=family, allowed=allowed)
    return list(family)


def _conditional(problem: Problem, q: Any, ties: str) -> Fraction:
    policy = Quantilizer(q, ties)(problem)
    assert isinstance(policy, AtomPolicy)
    return ConditionallyBounded(1).worst_case(policy).value  # type: ignore[return-value]
