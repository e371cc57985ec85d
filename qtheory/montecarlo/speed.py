r"""How fast this machine draws: the streaming engine on a reference job, beside its own generator and beside a sort.

The job: standard normal actions, a proxy utility that is not monotone, four costs in [0, 1], 200 levels from 1 to 1e-6,
$E_Q[U]$ and the four $E_Q[c]$ at each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from qtheory.base.continuous import Continuous
from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.words import BLOCK, BlockWords
from qtheory.problem import Problem

LEVELS = tuple(Fraction(float(q)) for q in np.geomspace(1, 1e-6, 200))
_DRAWS, _SORTED = 1 << 24, 1 << 21
_ROUNDS = 2


@cache
def reference_problem() -> Problem:
    """The reference job's problem."""
    costs = {
        "logistic": "1/(1+exp(-x))",
        "near": "exp(-(x-2)**2)",
        "ratio": "x**2/(1+x**2)",
        "step": "Piecewise((1,x>=3/2),(0,True))",
    }
    return Problem(Continuous("normal(0,1)"), utility="x+3/2*exp(-2*(x-1)**2)", cost=costs)


@dataclass(frozen=True)
class Speed:
    """What one way of doing the job takes.

    Attributes:
        way: in words.
        draws: how many were made.
        nanoseconds: of wall time for each, the better of two runs, compiling left out.
    """

    way: str
    draws: int
    nanoseconds: float

    @property
    def per_second(self) -> float:
        """Draws a second."""
        return 1e9 / self.nanoseconds


def measure_speed(draws: int = _DRAWS, sorted_draws: int = _SORTED) -> tuple[Speed, ...]:
    """The generator alone, the engine three ways, and a NumPy sort, in one run; about ten seconds on two cores.

    Args:
        draws: of the engine.
        sorted_draws: of the sort.
    """
    ways: list[tuple[str, int, Callable[[int, int], Any]]] = [
        ("random words alone, 96 bits a draw", draws, _words),
        ("binned, costs summed", draws, _engine(exact=False, counted=False)),
        ("binned, costs on 17 levels", draws, _engine(exact=False, counted=True)),
        ("exact quantiles, costs summed", draws, _engine(exact=True, counted=False)),
        ("NumPy: draw, argsort, running sums", sorted_draws, _sorting),
    ]
    return tuple(Speed(way, n, 1e9 * _seconds(run, n) / n) for way, n, run in ways)


def _seconds(run: Callable[[int, int], Any], n: int) -> float:
    run(min(n, 1 << 22), 0)  # compiles

    def once(seed: int) -> float:
        start = time.perf_counter()
        run(n, seed)
        return time.perf_counter() - start

    return min(once(seed) for seed in range(1, 1 + _ROUNDS))


def _engine(exact: bool, counted: bool) -> Callable[[int, int], Any]:
    def run(n: int, seed: int) -> float:
        engine, levels = Engine(exact=exact, counted=counted), [q for q in LEVELS if q * n >= 1]
        tally = tally_problem(reference_problem(), levels, 1, n, seed, engine=engine).main.tied
        return sum(tally.mean_utility(float(q)) + sum(tally.mean_cost(k, float(q)) for k in range(4)) for q in levels)

    return run


def _words(n: int, seed: int) -> int:
    import jax

    return int(_xor_of_words()(jax.random.key(seed), np.int32(n // BLOCK)))


@cache
def _xor_of_words() -> Callable[..., Any]:
    import jax
    import jax.numpy as jnp

    from qtheory.montecarlo.compiling import compiler_options

    def run(key: Any, blocks: Any) -> Any:
        def body(i: Any, seen: Any) -> Any:
            words = BlockWords(jax.random.fold_in(key, i))
            high, low = words.pair(0)
            return seen ^ high ^ low ^ words.noise()

        return jax.lax.fori_loop(0, blocks, body, jnp.zeros(BLOCK, jnp.uint32)).sum(dtype=jnp.uint32)

    return jax.jit(run, compiler_options=compiler_options())


def _sorting(n: int, seed: int) -> np.ndarray:
    """The same numbers by one sort, in float32 as the engine computes them."""
    a = np.random.default_rng(seed).standard_normal(n, dtype=np.float32)
    utility = a + np.float32(1.5) * np.exp(np.float32(-2) * (a - 1) ** 2)
    costs = (
        1 / (1 + np.exp(-a)),
        np.exp(-((a - 2) ** 2)),
        a * a / (1 + a * a),
        (a >= np.float32(1.5)).astype(np.float32),
    )
    order, k = np.argsort(-utility), np.array([max(1, int(q * n)) for q in LEVELS])
    return np.array([np.cumsum(column[order], dtype=np.float64)[k - 1] / k for column in (utility, *costs)])
