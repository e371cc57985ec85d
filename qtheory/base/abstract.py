r"""What every base distribution is: something trusted that one can draw actions from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from qtheory.aliases import Json, Values
from qtheory.exact.values import as_float


class AbstractBase(ABC):
    r"""A base distribution $\gamma$ over actions."""

    @abstractmethod
    def sample(self, key: Any, n: int) -> Any:
        """Draw `n` independent actions; a leading axis of length `n`."""

    @abstractmethod
    def to_json(self) -> Json:
        """The base as a JSON object, or `DocumentError` where it is code and not data."""


class AbstractAtomicBase(AbstractBase):
    """A base on finitely many actions, numbered from 0: actions are indices."""

    @property
    @abstractmethod
    def weights(self) -> Values:
        """The mass of each action, summing to one; exact rationals or float64 of shape `[actions]`."""

    @property
    @abstractmethod
    def exact(self) -> bool:
        """Whether the weights are rationals, so that every rational functional is exact."""

    @property
    def size(self) -> int:
        return len(self.weights)

    def cumulative(self, order: np.ndarray) -> np.ndarray:
        """Float64 running masses along an order of the actions, the last one exactly 1."""
        running = np.cumsum(as_float(self.weights)[order])
        running[-1] = 1.0
        return np.minimum(running, 1.0)
