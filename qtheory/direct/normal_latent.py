r"""Actions made from standard normal numbers, so that a rare event of them can be moved to where it is common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qtheory.errors import InvalidInput

MOST_DIMENSIONS = 64


@dataclass(frozen=True)
class NormalLatent:
    r"""A sampler for `Generative`: the action is a function of $z\sim N(0, I_d)$, or $z$ itself.

    `rare_event` uses the law of $z$; `Generative` alone draws from it.

    Args:
        dimension: $d$, from 1 to 64.
        action: a JAX function from $z$, `[d]`, to the action.

    >>> import jax
    >>> from qtheory.base.generative import Generative
    >>> Generative(NormalLatent(10)).sample(jax.random.key(0), 3).shape
    (3, 10)
    """

    dimension: int
    action: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        d = self.dimension
        if isinstance(d, bool) or not isinstance(d, int) or not 1 <= d <= MOST_DIMENSIONS:
            raise InvalidInput("not a number of dimensions", got=d, allowed=f"an integer from 1 to {MOST_DIMENSIONS}")
        if self.action is not None and not callable(self.action):
            raise InvalidInput("an action is made by a function", got=self.action, allowed="z -> action")

    def __call__(self, key: Any) -> Any:
        import jax

        return self.of_latent(jax.random.normal(key, (self.dimension,)))

    def of_latent(self, z: Any) -> Any:
        """The action that latent numbers give."""
        return z if self.action is None else self.action(z)
