r"""Functions of the action at drawn actions, in float64 on the host, checked against their declared range."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import InvalidInput
from qtheory.montecarlo.ranges import Range, refuse
from qtheory.policies.estimand import Estimand

# Formulas are computed in float64; a value is believed to this share of its range and no further.
ARITHMETIC_ERROR = 2.0**-40


@dataclass(frozen=True, eq=False)
class Points:
    """Drawn actions and where they came from.

    Attributes:
        actions: float64, any shape.
        rank: their top ranks under the base, of the same shape.
        estimand: whose actions they are.
    """

    actions: np.ndarray
    rank: Rank
    estimand: Estimand


def values_at(function: ActionFunction, limits: Range, points: Points) -> np.ndarray:
    """The values of a function, all within its range.

    Raises:
        InvalidInput: a value that is not finite or leaves the range by more than rounding; nothing else is clipped.

    >>> from qtheory.action_function import action_function
    >>> rank, estimand = Rank(np.array([0.5]), np.array([0.5])), Estimand.weights()
    >>> values_at(action_function("x**2", "u"), Range("u", 0.0, 9.0), Points(np.array([3.0]), rank, estimand))
    array([9.])
    """
    values = points.actions if function.is_identity else np.asarray(_compiled(function)(points.actions))
    values = np.broadcast_to(values, points.actions.shape)
    allowance = arithmetic_error(limits)
    if np.isfinite(values).all() and values.min() >= limits.low - allowance and values.max() <= limits.high + allowance:
        return np.clip(values, limits.low, limits.high)
    with np.errstate(invalid="ignore"):
        bad = ~(np.isfinite(values) & (values >= limits.low - allowance) & (values <= limits.high + allowance))
    first = int(np.argmax(bad.ravel()))
    place = f"top rank {points.rank.top.ravel()[first]:.6g} of {points.estimand}"
    raise refuse(
        limits, float(values.ravel()[first]), place, points.actions.ravel()[first], f"{bad.mean():.2g} of draws"
    )


def arithmetic_error(limits: Range) -> float:
    """What rounding may add to a value of a bounded function; counted in every rigorous interval."""
    if not (np.isfinite(limits.low) and np.isfinite(limits.high)):
        return 0.0
    return ARITHMETIC_ERROR * max(limits.high - limits.low, abs(limits.low), abs(limits.high))


def require_increasing(utility: np.ndarray, points: Points) -> None:
    """Refuse a utility that was declared to rank as the action does and is seen not to."""
    order = np.argsort(points.actions, axis=None)
    action, value = points.actions.ravel()[order], utility.ravel()[order]
    bad = (np.diff(action) > 0) & ~(np.diff(value) > 0)
    if bad.any():
        i = int(np.argmax(bad))
        raise InvalidInput(
            "the utility does not increase with the action, as was declared",
            got=f"utility {value[i]:.9g} at {action[i]:.9g} and {value[i + 1]:.9g} at {action[i + 1]:.9g}",
            allowed="a utility that increases strictly: on a plateau the policy would share the ranks out differently",
            remedy="use simulate_problem (the command simulate), which ranks the draws by their utility",
        )


@lru_cache(maxsize=64)
def _compiled(function: ActionFunction) -> Callable[[np.ndarray], Any]:
    """The function in one program, kept so that the next call finds it."""
    import jax

    program = jax.jit(function.on_device)

    def evaluate(actions: np.ndarray) -> np.ndarray:
        with jax.enable_x64(True):
            # vmap maps over the first axis alone, so a function of one action sees a flat batch
            return np.asarray(program(actions.ravel()), dtype=np.float64).reshape(actions.shape)

    return evaluate
