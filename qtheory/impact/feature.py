r"""A feature of the world as a kernel: the chance of each of its values for each action, exact."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import rationals
from qtheory.problem import Problem


@dataclass(frozen=True)
class Feature:
    r"""A feature $Z$ of the action or of what comes of it: $K(z \mid a)$, one row per action.

    Attributes:
        labels: the values of the feature.
        kernel: one row per action, one chance per value.

    >>> noisy = Feature.of(None, [["2/3", "1/3"], ["1/3", "2/3"]])
    >>> [str(x) for x in noisy.law(["1/2", "1/2"])]
    ['1/2', '1/2']
    """

    labels: tuple[Hashable, ...]
    kernel: tuple[tuple[Fraction, ...], ...]

    @staticmethod
    def of(problem: Problem | None, kernel: Any = None) -> Feature:
        """The feature with this kernel, or the one that the problem labels its actions with.

        Raises:
            InvalidInput: a kernel whose rows are no laws, or neither a kernel nor labels.
        """
        if kernel is not None:
            rows = _rows(kernel)
            return Feature(tuple(range(len(rows[0]))), rows)
        if problem is None or problem.feature is None:
            remedy = "give Problem(..., feature=[label of each action]), or kernel=[row of chances of each action]"
            raise InvalidInput("the problem states no feature", got=None, remedy=remedy)
        labels = tuple(dict.fromkeys(problem.feature))
        return Feature(labels, tuple(tuple(Fraction(int(z == x)) for x in labels) for z in problem.feature))

    def law(self, probabilities: Iterable[Any]) -> tuple[Fraction, ...]:
        r"""The law of the feature under a policy, $\sum_a \pi(a) K(z \mid a)$."""
        masses = rationals(probabilities, "probabilities")
        return tuple(sum((p * x for p, x in zip(masses, column, strict=True)), Fraction(0)) for column in self.columns)

    @property
    def columns(self) -> tuple[tuple[Fraction, ...], ...]:
        """For each value, the chance of it under each action."""
        return tuple(zip(*self.kernel, strict=True))


def exact_masses(problem: Problem, size: int) -> tuple[Fraction, ...]:
    """The masses of an exact finite problem with as many actions as a kernel has rows."""
    if not problem.exact:
        remedy = "give the weights as text or fractions"
        raise NotAvailable("targeted impact is computed on exact finite problems", got=problem.base, remedy=remedy)
    weights = problem.base.weights  # type: ignore[attr-defined]
    if len(weights) != size:
        raise InvalidInput("kernel has the wrong length", got=size, allowed=f"{len(weights)}, one row per action")
    return weights


def _rows(kernel: Any) -> tuple[tuple[Fraction, ...], ...]:
    for table in (kernel, *(kernel if isinstance(kernel, Iterable) else ())):
        if isinstance(table, (str, bytes)) or not isinstance(table, Iterable):
            raise InvalidInput("kernel is not a table", got=kernel, allowed="one row of chances per action")
    rows = tuple(rationals(row, f"kernel[{i}]") for i, row in enumerate(kernel))
    if not rows or not rows[0]:
        raise InvalidInput("kernel is empty", got=kernel, allowed="one row of chances per action")
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]) or min(row) < 0 or sum(row, Fraction(0)) != 1:
            got = [str(x) for x in row]
            raise InvalidInput(f"kernel[{i}] is no law of the feature", got=got, allowed="chances that sum to one")
    return rows
