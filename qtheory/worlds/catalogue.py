r"""The worlds in which claims are simulated: light and heavy tails, ties, atoms, and a base that only draws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.base.generative import Generative
from qtheory.policies.rank_density import TopOfDraws
from qtheory.problem import Problem
from qtheory.worlds.shapes import Smooth
from qtheory.worlds.world import World

_UNIT = (Fraction(0), Fraction(1))


def worlds() -> tuple[World, ...]:
    """Every world of the simulated reading."""
    return (_normal(), _exponential(), _pareto(), _uniform(), _tied(), _ladder(), _mixed(), _draws())


def _normal_survival(x: Any) -> Any:
    from jax.scipy.special import ndtr

    return ndtr(-x)


def _exponential_survival(x: Any) -> Any:
    import jax.numpy as jnp

    return jnp.exp(-x)


def _pareto_survival(x: Any) -> Any:
    return x**-1.5


def _uniform_survival(x: Any) -> Any:
    return 1 - x


def _normal() -> World:
    return World("normal", "standard normal actions, U = x", Problem(Continuous("normal(0,1)")), _normal_survival)


def _exponential() -> World:
    problem = Problem(Continuous("exponential(1)"))
    return World("exponential", "exponential actions, U = x", problem, _exponential_survival)


def _pareto() -> World:
    problem = Problem(Continuous("pareto(3/2)"))
    return World("pareto", "Pareto(3/2) actions of infinite variance, U = x", problem, _pareto_survival)


def _uniform() -> World:
    problem = Problem(Continuous("uniform(0,1)"))
    # As a function of the rank the utility is 1 - s, half the density of best-of-2.
    utility = Smooth("1 - rank", TopOfDraws(2, 1), Fraction(1, 2))
    says = "uniform actions, U = x in [0, 1]"
    return World("uniform", says, problem, _uniform_survival, _UNIT, utility_shape=utility)


def _tied() -> World:
    # The best level has mass 1/10 and the best two 1/2, so that bounds are attained at those q.
    base = Finite(["1/25", "1/5", "3/50", "1/5", "1/10", "2/5"])
    problem = Problem(base, utility=["1", "1/2", "1", "1/2", "1/4", "0"])
    return World("tied", "six actions with tied utilities in [0, 1]", problem, utility_bounds=_UNIT)


def _ladder() -> World:
    # Utilities of either sign, on a larger scale, of which the best are rare.
    base = Finite(["1/200", "9/200", "1/20", "1/10", "1/5", "1/10", "1/4", "1/4"])
    utility = [12, 5, 2, 1, "1/2", 0, -1, -4]
    bounds = (Fraction(-4), Fraction(12))
    return World("ladder", "eight actions with utilities from -4 to 12", Problem(base, utility), utility_bounds=bounds)


def _mixed() -> World:
    problem = Problem(Continuous("normal(0,1)"), utility="Min(Max(x, 0), 1)")
    says = "normal actions, U clipped to [0, 1]: atoms at both ends"
    return World("mixed", says, problem, _normal_survival, _UNIT, draw_only=True, atoms=True)


def _pair(key: Any) -> Any:
    import jax

    return jax.random.normal(key, (2,))


def _pair_utility(action: Any) -> Any:
    import jax

    return jax.nn.sigmoid(action.sum())


def _pair_rank(actions: Any) -> Any:
    return _normal_survival(actions.sum(axis=-1) / 2**0.5)


def _draws() -> World:
    problem = Problem(Generative(_pair, "pairs of normals"), utility=_pair_utility)
    return World("draws", "a sampler of pairs, U in [0, 1]: only draws", problem, _pair_rank, _UNIT, draw_only=True)
