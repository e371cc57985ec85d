r"""Utility and costs as functions of the latent numbers, in float64, compiled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction
from qtheory.base.generative import Generative
from qtheory.direct.evaluate import arithmetic_error
from qtheory.direct.normal_latent import NormalLatent
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.montecarlo.ranges import Range, refuse
from qtheory.problem import Problem

# One shape for all calls, so that nothing is compiled twice.
BATCH = 1 << 13


@dataclass(frozen=True, eq=False)
class LatentFunctions:
    """What can be asked about latent points `[n, d]`."""

    latent: NormalLatent
    utility: ActionFunction
    costs: tuple[ActionFunction, ...]
    ranges: tuple[Range, ...]

    @property
    def dimension(self) -> int:
        return self.latent.dimension

    def utilities(self, z: np.ndarray) -> np.ndarray:
        """The utility of each point."""
        return self._checked(self.utility, self.ranges[0], z)

    def cost_values(self, z: np.ndarray) -> list[np.ndarray]:
        """Each cost of each point."""
        return [self._checked(c, limits, z) for c, limits in zip(self.costs, self.ranges[1:], strict=True)]

    def _checked(self, function: ActionFunction, limits: Range, z: np.ndarray) -> np.ndarray:
        values = _in_batches(_compiled(self.latent, function), z, limits.name)
        allowance = arithmetic_error(limits)
        good = np.isfinite(values) & (values >= limits.low - allowance) & (values <= limits.high + allowance)
        if not good.all():
            first = int(np.argmin(good))
            share = f"{1 - good.mean():.2g} of draws"
            raise refuse(limits, float(values[first]), "latent point " + str(z[first].round(6)), z[first], share)
        return np.clip(values, limits.low, limits.high)


def latent_functions(problem: Problem, ranges: tuple[Range, ...]) -> LatentFunctions:
    """The functions of a problem whose actions come from normal numbers.

    Raises:
        NotAvailable: another base.
    """
    base = problem.base
    if not isinstance(base, Generative) or not isinstance(base.draw, NormalLatent):
        raise NotAvailable(
            "a rare event is sampled through the normal numbers that make the action",
            got=base,
            allowed="Generative(NormalLatent(dimension, action))",
            remedy="on a one-dimensional Continuous base use simulate_policy, which needs no weights",
        )
    return LatentFunctions(base.draw, problem.utility, tuple(problem.costs.values()), ranges)


def _in_batches(program: Callable[[Any], Any], z: np.ndarray, name: str) -> np.ndarray:
    import jax

    count = -(-len(z) // BATCH)
    padded = np.zeros((count * BATCH, z.shape[1]))
    padded[: len(z)] = z
    with jax.enable_x64(True):
        found = [np.asarray(program(part), dtype=np.float64) for part in padded.reshape(count, BATCH, -1)]
    values = np.concatenate(found)[: len(z)]
    if values.ndim != 1:
        what = "the utility" if name == "utility" else f"the cost {name!r}"
        raise InvalidInput(
            f"{what} does not give one number per action",
            got=f"the shape {values.shape[1:]} for one action",
            allowed="the shape ()",
            remedy="reduce it, as lambda z: z.sum() or lambda z: z[0] do",
        )
    return values


@lru_cache(maxsize=64)
def _compiled(latent: NormalLatent, function: ActionFunction) -> Callable[[Any], Any]:
    import jax

    return jax.jit(jax.vmap(lambda z: function.of_one(latent.of_latent(z))))
