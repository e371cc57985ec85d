r"""A base distribution given by scored samples, each with mass $1/n$."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from qtheory.aliases import Json, NumberLike, Values
from qtheory.base.abstract import AbstractAtomicBase
from qtheory.errors import InvalidInput
from qtheory.exact.documents import values_to_json
from qtheory.exact.values import as_float, read_values, same_values


@dataclass(frozen=True, eq=False, repr=False)
class Empirical(AbstractAtomicBase):
    r"""The empirical distribution of $n$ scored samples: action $i$ is sample $i$, its proxy utility the score.

    Statements about it are statements about the sample, not about where the sample came from.

    Args:
        scores: the proxy utility of each sample, finite numbers.

    >>> Empirical([0.3, 1.5, 0.2]).size
    3
    """

    scores: np.ndarray

    def __init__(self, scores: Iterable[NumberLike] | np.ndarray):
        read = as_float(read_values(scores, "scores"))
        if len(read) == 0:
            raise InvalidInput("an empirical base needs at least one sample", got=[])
        object.__setattr__(self, "scores", read)

    @cached_property
    def weights(self) -> Values:
        weights = np.full(len(self.scores), 1 / len(self.scores))
        weights.setflags(write=False)
        return weights

    @property
    def exact(self) -> bool:
        return False

    def cumulative(self, order: np.ndarray) -> np.ndarray:
        # Counting keeps a level that falls between two samples from splitting a sample by rounding.
        return np.arange(1, len(order) + 1) / len(order)

    def sample(self, key: Any, n: int) -> Any:
        import jax

        return jax.random.randint(key, (n,), 0, self.size)

    def to_json(self) -> Json:
        return {"type": "empirical", "scores": values_to_json(self.scores)}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Empirical) and same_values(self.scores, other.scores)

    def __hash__(self) -> int:
        return hash(("empirical", (self.scores + 0.0).tobytes()))  # so that -0.0 hashes as 0.0

    def __repr__(self) -> str:
        return f"Empirical(<{self.size} scores>)"
