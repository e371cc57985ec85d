r"""Testing relations that are not linear in expectations: an interval for each mean, then interval arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp
from sympy.core.relational import Relational

from qtheory.checking.contrast import Term, term_of
from qtheory.checking.integrals import UniformDraws, range_over, uniform_draws
from qtheory.checking.integrands import evaluate_at, range_in
from qtheory.checking.model import Model
from qtheory.checking.sampling import ARITHMETIC_ERROR, MeanTest, drawn_for, histogram
from qtheory.checking.scene import Scene
from qtheory.checking.streams import affordable, draws_of
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.enclosure import Enclosure, Value
from qtheory.exact.evaluate import compile_exact, compile_truth
from qtheory.inference.bounded_mean import mean_interval
from qtheory.inference.interval import Interval
from qtheory.prover.expectation import expand
from qtheory.symbols import E, OfAction
from qtheory.worlds.world import World


@dataclass(frozen=True)
class Means:
    """A relation between any functions of expectations and integrals, and what has to be estimated for it.

    Attributes:
        terms: expectations, each as a mean of one stream.
        integrals: integrals over finite ranges.
    """

    relation: Relational
    terms: dict[sp.Basic, Term]
    integrals: tuple[sp.Integral, ...]
    equality: bool


def means_of(relation: Relational, ratios: frozenset[OfAction]) -> Means:
    """The relation with its expectations taken apart, and each of them as a mean of one stream."""
    expanded = expand(relation)
    terms = {moment: term_of(moment, sp.Integer(1), ratios) for moment in expanded.atoms(E)}
    integrals = tuple(sorted(expanded.atoms(sp.Integral), key=str))
    return Means(expanded, terms, integrals, isinstance(relation, sp.Eq))


def test_by_intervals(scene: Scene, means: Means, n: int, alpha: float, key: int, impl: str) -> MeanTest:
    """Whether the relation is certain, either way, when every mean lies in its interval."""
    n = affordable(scene.world, drawn_for(scene, means.terms.values()), n)
    share = alpha / max(1, len(means.terms) + len(means.integrals))
    values: dict[sp.Basic, Value] = dict(scene.scalars)
    values |= {moment: _interval(scene, term, n, share, key, impl) for moment, term in means.terms.items()}
    values |= {node: _integral(scene, node, n, share, key, impl) for node in means.integrals}
    leaves, arguments = tuple(values), tuple(values.values())
    try:
        answer = compile_truth(means.relation, leaves)(arguments)
        slack = _slack(means.relation, leaves, arguments)
    except (InvalidInput, NotAvailable):
        answer, slack = None, Interval(-math.inf, math.inf)
    # Decided at level alpha or not at all: p-values that say so, and that rounding cannot push above alpha.
    decided = alpha * (1 - 1e-9)
    return MeanTest(
        decided if answer is False else 1.0,
        decided if answer is True else 1.0,
        slack,
        slack.width / 2,
        n,
    )


def is_sampleable(scene: Scene, means: Means) -> bool:
    """Whether every mean has a stream and a range in the scene."""
    try:
        for term in means.terms.values():
            range_in(term.integrand, scene.model)
        for node in means.integrals:
            range_over(node, scene.model)
    except (InvalidInput, NotAvailable, KeyError):
        return False
    return True


def _interval(scene: Scene, term: Term, n: int, alpha: float, key: int, impl: str) -> Enclosure:
    policy = None if term.ratio is None else scene.policies[term.ratio]
    return _interval_in(scene.world, scene.model.about(term.integrand), policy, term.integrand, n, alpha, key, impl)


@lru_cache(maxsize=512)
def _interval_in(
    world: World, model: Model, policy: Any, integrand: sp.Expr, n: int, alpha: float, key: int, impl: str
) -> Enclosure:
    values = evaluate_at(integrand, model, draws_of(world, policy, n, key, impl))
    return _mean_between(values.low, values.high, range_in(integrand, model), alpha)


def _integral(scene: Scene, node: sp.Integral, n: int, alpha: float, key: int, impl: str) -> Enclosure:
    drawn: UniformDraws = uniform_draws(node, scene.model, n, key, impl)
    mean = _mean_between(drawn.values.low, drawn.values.high, range_over(node, scene.model), alpha)
    return mean * drawn.volume


def _mean_between(lower: np.ndarray, upper: np.ndarray, bounds: Enclosure, alpha: float) -> Enclosure:
    """An interval for a mean that lies between those of two arrays."""
    if bounds.is_point:
        return bounds
    margin = ARITHMETIC_ERROR * float(bounds.width)
    low, high = float(bounds.low) - margin, float(bounds.high) + margin
    below = mean_interval(*histogram(lower, low, high), alpha)
    above = below if upper is lower else mean_interval(*histogram(upper, low, high), alpha)
    inside = Fraction(max(below.low - margin, low)), Fraction(min(above.high + margin, high))
    return Enclosure(max(inside[0], bounds.low), min(inside[1], bounds.high))


def _slack(relation: Relational, leaves: tuple, arguments: tuple) -> Interval:
    lesser, greater = (relation.rhs, relation.lhs) if isinstance(relation, (sp.Ge, sp.Gt)) else relation.args
    value = Enclosure.of(compile_exact(greater - lesser, leaves)(arguments))
    return Interval(float(value.low), float(value.high))
