r"""What a cost class answers for a policy: its worst case, the cost that attains it, and what proves it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from qtheory.aliases import Number, Values
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import Certificate
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.linear_program import LinearProgram

EXACT, UPPER = "exact", "upper"


@dataclass(frozen=True)
class RankStep:
    """A cost that is `height` on the top ranks above `low` and up to `rank`, and `rest` on the others."""

    rank: float
    height: float
    rest: float = 0.0
    low: float = 0.0


@dataclass(frozen=True)
class CostOfRatio:
    """A cost that depends on the action through the policy's density ratio `w` alone.

    Attributes:
        formula: how it depends on `w`, for readers.
        at: the same as a vectorised function of float64 ratios.

    >>> CostOfRatio("2*w", lambda w: 2 * w).at(1.5)
    3.0
    """

    formula: str
    at: Callable[[Any], Any] = field(compare=False, repr=False)


Cost: TypeAlias = "Values | RankStep | CostOfRatio"


@dataclass(frozen=True)
class CostSequence:
    r"""Costs of the class, one for each $n = 1, 2, \dots$, whose means under the policy approach the worst case.

    Attributes:
        cost: from $n$ to the cost.
        reached: from $n$ to its mean under the policy.
    """

    cost: Callable[[int], Any]
    reached: Callable[[int], Any]


@dataclass(frozen=True, repr=False)
class WorstCase:
    r"""The value of a cost class's support function at a policy, $\sup_{c \in \mathcal C} E_\pi[c]$.

    Attributes:
        value: a `Fraction`, or an `Enclosure` where irrational, on exact problems; infinite where nothing bounds it.
        cost: a cost of the class that attains it, one number per action; on bases without atoms a step in the top
            rank or a function of the density ratio; `None` where none does or none is known. Where density ratios
            are known by enclosures only, it attains `value` to within their width.
        attained: whether the supremum is a maximum, as far as is known.
        kind: "exact", or "upper" where `value` is only an upper bound.
        sequence: costs that approach the supremum where none attains it.
        program: the linear programme whose optimum `value` is, where one was solved.
        certificate: what proves that optimum; for `check_certificate`.
    """

    value: Number | Enclosure
    cost: Cost | None
    attained: bool
    kind: str = EXACT
    sequence: CostSequence | None = field(default=None, compare=False)
    program: LinearProgram | None = None
    certificate: Certificate | None = None

    def __post_init__(self) -> None:
        if self.kind not in (EXACT, UPPER):
            raise InvalidInput("not a kind of worst case", got=self.kind, allowed=f'"{EXACT}" or "{UPPER}"')
        if self.kind == UPPER and self.attained:
            raise InvalidInput("an upper bound that is attained is exact", got=self)

    @property
    def is_exact(self) -> bool:
        """Whether `value` is the supremum, and not only a bound on it."""
        return self.kind == EXACT

    def gap(self, n: int) -> Any:
        r"""How far the $n$-th cost of `sequence` falls short of `value`.

        Raises:
            NotAvailable: there is no sequence.
        """
        if self.sequence is None:
            raise NotAvailable("there is no maximising sequence here", got=self, remedy="look at `cost`")
        return math.inf if _is_infinite(self.value) else self.value - self.sequence.reached(n)

    def __repr__(self) -> str:
        kind = "" if self.is_exact else f", kind={self.kind!r}"
        return f"WorstCase(value={self.value!r}, cost={self.cost!r}, attained={self.attained!r}{kind})"


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and math.isinf(value)
