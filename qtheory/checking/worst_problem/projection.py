r"""From free numbers to problems that satisfy a part's hypotheses, as far as moving one value at a time can do it.

The moves are those of `instances.complete`, on many problems at once: what they leave unmet is a penalty of the search,
and an exact instance is built and checked afresh in the end.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import sympy as sp

from qtheory import symbols as s
from qtheory.checking.worst_problem.batch import Batch, Values, running_sum, unmet, values_of
from qtheory.checking.worst_problem.batch_policies import apply_policy, by_level
from qtheory.checking.worst_problem.exact_population import FEATURE_VALUES
from qtheory.checking.worst_problem.latents import Latents, Shape, masses
from qtheory.checking.worst_problem.worst_costs import worst_cost
from qtheory.instances.complete import COMPUTED_DOMAINS, functions_of_feature
from qtheory.instances.repairs import COMPUTED_ROLES, MOVABLE_DOMAINS
from qtheory.statements.claim import Part
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

Move = Callable[[Batch], Batch]
SMALLEST_LEVEL, SMALLEST_POSITIVE = 1e-4, 1e-3
GRID = 1 / 64
SUPPORTED = {"utility", "ratio", "feature_ratio", "cost_mean", "win_chance"}
SUPPORTED |= {"threshold", "sup_ratio", "worst_cost", "amplification"}


def environment(part: Part, shape: Shape) -> Callable[[Latents], Batch]:
    """The problems that latents stand for, with policies applied and hypotheses repaired."""
    policies = [apply_policy(policy) for policy in part.policies]
    features = [*_win_chances(part), *_feature_moves(part), *_cost_means(part)]
    repairs = [move for h in _stated(part) for repair in _repair(h, part) for move in (repair, *_cost_means(part))]
    finish = worst_cost(part)

    def build(latents: Latents) -> Batch:
        batch = _raw(latents, shape)
        for move in (*policies, *features, *repairs, *repairs, *finish):
            batch = move(batch)
        return batch

    return build


def unsupported(part: Part) -> list[sp.Symbol]:
    """The symbols of a part that would have to be computed, and are not on many problems at once."""
    kinds = {x: x.role if isinstance(x, OfAction) else x.domain for x in part.symbols}  # type: ignore[attr-defined]
    computed = {x for x, kind in kinds.items() if kind in (*COMPUTED_ROLES, *COMPUTED_DOMAINS)}
    return sorted((x for x in computed if kinds[x] not in SUPPORTED), key=lambda x: x.name)


def penalty(part: Part) -> Callable[[Batch], jax.Array]:
    """By how much each problem misses the hypotheses in all; axioms of policies hold by construction."""
    terms = [unmet(hypothesis) for hypothesis in _stated(part)]

    def total(batch: Batch) -> jax.Array:
        return sum((term(batch) for term in terms), jnp.zeros(batch.mass.shape[1:]))

    return total


def _stated(part: Part) -> list[sp.Basic]:
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    # With numbers for parameters some are already decided.
    return [h for h in (*costs, *part.given) if h not in (True, sp.true)]


def _raw(latents: Latents, shape: Shape) -> Batch:
    mass = masses(latents.logits, latents.active)
    first = jnp.arange(shape.atoms)[:, None] == 0
    steps = jnp.where(first, 0.0, _on_grid(jnp.maximum(latents.steps, 0.0)))
    utility = _on_grid(latents.top) - running_sum(steps) - steps
    functions = {f: latents.functions[f.name] for f in shape.functions}
    scalars = {x: _inside(x, latents.scalars[x.name]) for x in shape.scalars}
    return Batch(mass, (steps > 0) | first, {s.u: utility, **functions}, scalars, latents.feature)


def _on_grid(value: jax.Array) -> jax.Array:
    """Multiples of `GRID`, whose sums float32 has exactly, so that ties are ties; gradients pass unchanged."""
    return value + jax.lax.stop_gradient(jnp.round(value / GRID) * GRID - value)


def _inside(symbol: Scalar, value: jax.Array) -> jax.Array:
    low, high = {
        "level": (SMALLEST_LEVEL, 1.0),
        "unit": (0.0, 1.0),
        "positive": (SMALLEST_POSITIVE, jnp.inf),
        "nonnegative": (0.0, jnp.inf),
        "count": (1.0, jnp.inf),
    }.get(symbol.domain, (-jnp.inf, jnp.inf))
    return jnp.clip(value, low, high)


def _feature_moves(part: Part) -> list[Move]:
    ratios = [x for x in part.symbols if isinstance(x, OfAction) and x.role == "feature_ratio"]
    means = lambda batch, of, to: batch.with_function(to, _class_means(batch, of))
    moves: list[Move] = [partial(means, of=f, to=f) for f in functions_of_feature(part)]
    if part.policies:
        ratio = part.policies[0].ratio
        moves += [partial(means, of=ratio, to=x) for x in ratios]
        if s.alpha in part.symbols:
            moves.append(lambda batch: batch.with_scalar(s.alpha, _largest(batch, _class_means(batch, ratio))))
        if s.rho in part.symbols:
            moves.append(lambda batch: batch.with_scalar(s.rho, _largest(batch, batch.functions[ratio])))
    return moves


def _win_chances(part: Part) -> list[Move]:
    def move(batch: Batch, symbol: OfAction) -> Batch:
        above, level = by_level(batch, batch.mass)
        return batch.with_function(symbol, 1 - above - level / 2)

    return [partial(move, symbol=x) for x in part.symbols if getattr(x, "role", "") == "win_chance"]


def _cost_means(part: Part) -> list[Move]:
    def move(batch: Batch, symbol: OfAction) -> Batch:
        _, total = by_level(batch, batch.mass * batch.functions[s.c])
        _, level = by_level(batch, batch.mass)
        return batch.with_function(symbol, jnp.where(level > 0, total / jnp.where(level > 0, level, 1.0), 0.0))

    return [partial(move, symbol=x) for x in part.symbols if getattr(x, "role", "") == "cost_mean"]


def _largest(batch: Batch, row: jax.Array) -> jax.Array:
    return jnp.max(jnp.where(batch.mass > 0, row, -jnp.inf), axis=0)


def _class_means(batch: Batch, symbol: OfAction) -> jax.Array:
    """The conditional expectation of a function given the feature."""
    row, result = batch.functions[symbol], jnp.zeros_like(batch.mass)
    for label in range(FEATURE_VALUES):
        inside = batch.feature == label
        mass = batch.mean(jnp.where(inside, 1.0, 0.0))
        mean = batch.mean(jnp.where(inside, row, 0.0)) / jnp.where(mass > 0, mass, 1.0)
        result = jnp.where(inside, mean, result)
    return result


def _repair(hypothesis: sp.Basic, part: Part) -> list[Move]:
    if isinstance(hypothesis, sp.Implies) and is_pointwise(hypothesis):
        return _set_where(*hypothesis.args)
    if not isinstance(hypothesis, (sp.Le, sp.Ge, sp.Eq)):
        return []
    lesser, greater = (hypothesis.rhs, hypothesis.lhs) if isinstance(hypothesis, sp.Ge) else hypothesis.args
    equal = isinstance(hypothesis, sp.Eq)
    if is_pointwise(hypothesis):
        return _clip(lesser, greater, equal)
    if isinstance(greater, Scalar) and _may_move(greater, part) and lesser.has(E):
        return [_raise_to(greater, lesser, equal)]
    if isinstance(lesser, E) and isinstance(lesser.args[0], OfAction) and not greater.has(lesser.args[0]):
        return [_scale(lesser.args[0], greater, equal)] if _is_free(lesser.args[0]) else []
    return []


def _is_free(symbol: sp.Basic) -> bool:
    return isinstance(symbol, OfAction) and symbol.role not in COMPUTED_ROLES


def _may_move(symbol: Scalar, part: Part) -> bool:
    used = [value for p in part.policies for value in p.optimizer.parameters().values()]
    return symbol.domain in MOVABLE_DOMAINS and not any(symbol in getattr(x, "free_symbols", ()) for x in used)


def _set_where(condition: sp.Basic, consequence: sp.Basic) -> list[Move]:
    if not isinstance(consequence, sp.Eq) or not _is_free(consequence.lhs):
        return []
    symbol, wanted = consequence.args
    if symbol in condition.free_symbols | wanted.free_symbols:
        return []
    holds, value = values_of(condition), values_of(wanted)
    return [lambda batch: batch.with_function(symbol, jnp.where(holds(batch), value(batch), batch.functions[symbol]))]


def _clip(lesser: sp.Expr, greater: sp.Expr, equal: bool) -> list[Move]:
    for symbol, other, choose in ((lesser, greater, jnp.minimum), (greater, lesser, jnp.maximum)):
        if _is_free(symbol) and symbol not in other.free_symbols:
            return [partial(_bounded, symbol=symbol, bound=values_of(other), choose=_second if equal else choose)]
    return []


def _bounded(batch: Batch, symbol: OfAction, bound: Values, choose: Callable) -> Batch:
    return batch.with_function(symbol, choose(batch.functions[symbol], bound(batch)))


def _second(row: jax.Array, level: jax.Array) -> jax.Array:
    return jnp.broadcast_to(level, row.shape)


def _raise_to(symbol: Scalar, expression: sp.Expr, equal: bool) -> Move:
    value = values_of(expression)

    def move(batch: Batch) -> Batch:
        found = value(batch)
        return batch.with_scalar(symbol, found if equal else jnp.maximum(batch.scalars[symbol], found))

    return move


def _scale(symbol: OfAction, target: sp.Expr, equal: bool) -> Move:
    wanted = values_of(target)

    def move(batch: Batch) -> Batch:
        row, goal = batch.functions[symbol], wanted(batch)
        mean = batch.mean(row)
        factor = jnp.where(mean > 0, goal / jnp.where(mean > 0, mean, 1.0), 1.0)
        return batch.with_function(symbol, row * (factor if equal else jnp.minimum(factor, 1.0)))

    return move
