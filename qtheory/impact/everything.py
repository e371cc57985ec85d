r"""Third reading: protect every outcome. When is that the same as protecting every action?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import InvalidInput
from qtheory.exact.certificate import check_certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.rationals import rational
from qtheory.exact.simplex import solve_exactly
from qtheory.impact.feature import Feature, exact_masses
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem


@dataclass(frozen=True)
class EverythingReading:
    r"""Whether "no outcome grows by more than $t$" says literally $p \le t\gamma$.

    Attributes:
        t: the factor.
        exposed: the actions that some policy within the outcome constraints plays more than $t$ times as often as the
            base; they have no outcome of their own.
        collapses: whether there are none, so that the two demands are one.
        separating: a policy within the outcome constraints that breaks $p \le t\gamma$, or None.
        value: the best expected utility under the outcome constraints.
        gap: how much that is above the best under $p \le t\gamma$.
    """

    t: Fraction
    exposed: tuple[int, ...]
    separating: tuple[Fraction, ...] | None
    value: Fraction
    gap: Fraction

    @property
    def collapses(self) -> bool:
        return not self.exposed

    def to_json(self) -> Json:
        return {
            "t": str(self.t),
            "collapses": self.collapses,
            "exposed_actions": list(self.exposed),
            "separating_policy": None if self.separating is None else [str(p) for p in self.separating],
            "value": str(self.value),
            "gap": str(self.gap),
        }


def protect_everything(problem: Problem, t: Any, features: Iterable[Feature]) -> EverythingReading:
    r"""Compare $p_{Z_i} \le t\gamma_{Z_i}$ for every feature of a family with $p \le t\gamma$, exactly.

    For $t > 1$ the two are the same exactly if every action of mass below $1/t$ has a private outcome, one that no
    other action of positive mass can produce, and every action of mass zero an outcome of mass zero; what an action
    without one can be raised to is found by a linear programme over the rationals.

    Args:
        problem: an exact finite problem.
        t: the factor, at least 1.
        features: the family.

    Source:
        derived; jermyn2022 observes that the two conditions read the same.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/2"]), utility=[1, 0])
    >>> reading = protect_everything(problem, "3/2", [Feature.of(None, [["2/3", "1/3"], ["1/3", "2/3"]])])
    >>> reading.collapses, [str(p) for p in reading.separating], reading.gap
    (False, ['1', '0'], Fraction(1, 4))
    """
    family, factor = tuple(features), rational(t, "t")
    if not family or factor < 1:
        raise InvalidInput("nothing can be compared", got=(len(family), str(factor)), allowed="features, and t >= 1")
    gamma = exact_masses(problem, len(family[0].kernel))
    candidates = [a for a in range(len(gamma)) if factor * gamma[a] < 1]
    if factor > 1:
        candidates = [a for a in candidates if not has_own_outcome(gamma, family, a)]
    highest = {a: _best(gamma, family, factor, {a: 1}) for a in candidates}
    exposed = tuple(a for a, (value, _) in highest.items() if value > factor * gamma[a])
    value, _ = _best(gamma, family, factor, dict(enumerate(problem.utility)))
    plain = Quantilizer(1 / factor)(problem).value()
    return EverythingReading(factor, exposed, highest[exposed[0]][1] if exposed else None, value, value - plain)


def has_own_outcome(gamma: tuple[Fraction, ...], family: Iterable[Feature], action: int) -> bool:
    """Whether an action has an outcome that no other action of positive mass can produce.

    >>> features = [Feature.of(None, [["1/2", "1/2", 0], ["1/2", 0, "1/2"]])]
    >>> has_own_outcome((Fraction(1, 2), Fraction(1, 2)), features, 0)
    True
    """
    return any(
        column[action] > 0
        and all(x == 0 for a, (x, g) in enumerate(zip(column, gamma, strict=True)) if g > 0 and a != action)
        for feature in family
        for column in feature.columns
    )


def _best(gamma: Any, family: tuple[Feature, ...], t: Fraction, gains: dict[int, Any]) -> tuple[Fraction, tuple]:
    """The largest mean of some gains under the outcome constraints, and a policy that has it."""
    rows = [
        (column, t * mass)
        for feature in family
        for column, mass in zip(feature.columns, feature.law(gamma), strict=True)
    ]
    objective = [gains.get(a, 0) for a in range(len(gamma))]
    program = LinearProgram(objective, at_most=rows, equal=[([1] * len(gamma), 1)])
    certificate = solve_exactly(program)
    value = check_certificate(program, certificate)
    assert isinstance(value, Fraction)
    return value, certificate.primal
