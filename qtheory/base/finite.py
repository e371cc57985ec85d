r"""A base distribution on finitely many actions, with exact or float64 weights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json, NumberLike, Values
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput
from qtheory.exact.documents import values_to_json
from qtheory.exact.values import read_values, same_values

_REMEDY = "divide each weight by their sum"


@dataclass(frozen=True, eq=False, repr=False)
class Finite(AbstractAtomicBase):
    r"""Finitely many actions with given masses $\gamma(a)$; actions of mass zero may be listed.

    Args:
        weights: the masses, summing to one. Text, integers, fractions, decimals and Python floats (read by
            their shortest decimal form) are exact; a float64 array stays float64.

    Raises:
        InvalidInput: a negative mass, no action, or masses that do not sum to one.

    >>> Finite(["1/4", "1/2", "1/4"]).weights
    (Fraction(1, 4), Fraction(1, 2), Fraction(1, 4))
    """

    masses: Values

    def __init__(self, weights: Iterable[NumberLike] | np.ndarray):
        masses = read_values(weights, "weights")
        _check_masses(masses)
        object.__setattr__(self, "masses", masses)

    @property
    def weights(self) -> Values:
        return self.masses

    @property
    def exact(self) -> bool:
        return isinstance(self.masses, tuple)

    def sample(self, key: Any, n: int) -> Any:
        import jax

        return jax.random.choice(key, self.size, (n,), p=np.asarray(self.masses, dtype=float))

    def to_json(self) -> Json:
        return {"type": "finite", "weights": values_to_json(self.masses)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Finite) and same_values(self.masses, other.masses)

    def __hash__(self) -> int:
        return hash(("finite", tuple(self.masses)))

    def __repr__(self) -> str:
        if not self.exact:
            return f"Finite(<{self.size} float weights>)"
        return f"Finite([{', '.join(repr(str(m)) for m in self.masses)}])"


def _check_masses(masses: Values) -> None:
    if len(masses) == 0:
        raise InvalidInput("a base distribution needs at least one action", got=list(masses))
    negative = [int(np.argmax(masses < 0))] if isinstance(masses, np.ndarray) else range(len(masses))
    for i in negative:
        if masses[i] < 0:
            raise InvalidInput(f"weights[{i}] is negative", got=str(masses[i]), allowed="masses >= 0")
    if isinstance(masses, tuple):
        total = sum(masses, Fraction(0))
        if total != 1:
            raise InvalidInput("the weights do not sum to one", got=f"{total}", allowed="exactly 1", remedy=_REMEDY)
        return
    slack = len(masses) * np.finfo(np.float64).eps
    if not abs(float(masses.sum()) - 1) <= slack:
        got = f"sum {masses.sum()!r}"
        raise InvalidInput("the weights do not sum to one", got=got, allowed=f"1 within {slack:.1e}", remedy=_REMEDY)
