r"""Statements about many finite problems at once: each value is an array with one column per problem.

The actions of a problem are listed best first. Nothing is lost by that, since a statement cannot tell actions of one
name from another, and ranks then need no sort: the mass above an action is a running sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import jax
import jax.numpy as jnp
import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from qtheory.errors import NotAvailable
from qtheory.lowering.sympy_to_jax import to_jax
from qtheory.statements.instance import leaves_of
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import E, OfAction, Scalar

# Sides below this are both zero for float32: what holds between them says nothing about the statement.
TRIVIAL = 1e-6
# What a trivial or undefined conclusion is worth: as far from equality as a relative slack of one.
NOT_TIGHT = 1.0


@dataclass(frozen=True)
class Batch:
    r"""Finite problems side by side.

    Attributes:
        mass: the base, `[action, problem]`, columns summing to one; zero for actions that are not there.
        new_level: whether an action's utility is below that of the one before, `[action, problem]`.
        functions: `[action, problem]` for each function of the action.
        scalars: `[problem]` for each number.
        feature: labels 0, 1, 2, ..., `[action, problem]`.
    """

    mass: jax.Array
    new_level: jax.Array
    functions: dict[OfAction, jax.Array]
    scalars: dict[Scalar, jax.Array]
    feature: jax.Array

    def with_function(self, symbol: OfAction, row: jax.Array) -> Batch:
        return replace(self, functions={**self.functions, symbol: row})

    def with_scalar(self, symbol: Scalar, value: jax.Array) -> Batch:
        return replace(self, scalars={**self.scalars, symbol: jnp.broadcast_to(value, self.mass.shape[1:])})

    def mean(self, row: jax.Array) -> jax.Array:
        """The expectation of a function of the action under each base."""
        return jnp.sum(jnp.where(self.mass > 0, self.mass * row, 0.0), axis=0)


def running_sum(rows: jax.Array) -> jax.Array:
    """Sums over the actions listed before, `[action, problem]`.

    Action by action, each step on a row of problems: XLA's own sums crawl on CPUs, and a triangular matrix takes twice as
    long.
    """

    def step(total: jax.Array, row: jax.Array) -> tuple[jax.Array, jax.Array]:
        return total + row, total

    return jax.lax.scan(step, jnp.zeros(rows.shape[1:], rows.dtype), rows)[1]


Values: TypeAlias = Callable[[Batch], jax.Array]


def values_of(expression: sp.Basic) -> Values:
    """An expression's value in each problem, or at each action of each problem where it depends on the action."""
    expression = sp.sympify(expression)
    leaves = leaves_of(expression)
    if not leaves:
        constant = float(expression)
        return lambda batch: jnp.full(batch.mass.shape[1:], constant, batch.mass.dtype)
    kernel, sources = to_jax(expression, leaves), [_leaf(leaf) for leaf in leaves]
    return lambda batch: kernel(*(source(batch) for source in sources))


def slack_of(statement: sp.Basic) -> Values:
    """How far each problem is from breaking a statement, relative to its sides: negative where it is false.

    >>> from qtheory.symbols import E, c
    >>> batch = Batch(jnp.full((2, 1), 0.5), jnp.ones((2, 1), bool), {c: jnp.array([[1.0], [3.0]])}, {}, None)
    >>> slack_of(E(c) <= 4)(batch).tolist()
    [0.5]
    """
    return _over_actions(statement, _relative)


def unmet(statement: sp.Basic) -> Values:
    """By how much each problem misses a hypothesis, absolute for small sides and relative for large ones."""
    slack = _over_actions(statement, _damped)
    return lambda batch: jnp.maximum(-slack(batch), 0.0)


def _leaf(leaf: sp.Basic) -> Values:
    if isinstance(leaf, Scalar):
        return lambda batch: batch.scalars[leaf]
    if isinstance(leaf, OfAction):
        return lambda batch: batch.functions[leaf]
    assert isinstance(leaf, E)
    integrand = values_of(leaf.args[0])
    return lambda batch: batch.mean(jnp.broadcast_to(integrand(batch), batch.mass.shape))


def _over_actions(statement: sp.Basic, measure: Callable) -> Values:
    tree = _tree(statement, measure)
    if not is_pointwise(statement):
        return tree
    # Almost every action: those without mass do not count.
    return lambda batch: jnp.min(jnp.where(batch.mass > 0, tree(batch), jnp.inf), axis=0)


def _tree(statement: sp.Basic, measure: Callable) -> Values:
    if isinstance(statement, Relational):
        return _relation(statement, measure)
    if isinstance(statement, (BooleanTrue, BooleanFalse)):
        sign = 1.0 if statement else -1.0
        return lambda batch: jnp.full(batch.mass.shape[1:], sign, batch.mass.dtype)
    if isinstance(statement, sp.Not):
        inner = _tree(statement.args[0], measure)
        return lambda batch: -inner(batch)
    if isinstance(statement, sp.Implies):
        return _tree(sp.Or(sp.Not(statement.args[0]), statement.args[1], evaluate=False), measure)
    if isinstance(statement, (sp.And, sp.Or)):
        return _joined([_tree(part, measure) for part in statement.args], isinstance(statement, sp.And))
    raise NotAvailable("this statement has no slack", got=statement, allowed="relations, And, Or, Not, Implies")


def _joined(parts: list[Values], every: bool) -> Values:
    join = jnp.minimum if every else jnp.maximum

    def slack(batch: Batch) -> jax.Array:
        result = parts[0](batch)
        for part in parts[1:]:
            result = join(result, part(batch))
        return result

    return slack


def _relation(relation: Relational, measure: Callable) -> Values:
    left, right, pointwise = values_of(relation.lhs), values_of(relation.rhs), is_pointwise(relation)

    def slack(batch: Batch) -> jax.Array:
        low, high = left(batch), right(batch)
        if isinstance(relation, (sp.Ge, sp.Gt)):
            low, high = high, low
        gap = high - low
        if isinstance(relation, (sp.Eq, sp.Ne)):
            gap = jnp.abs(gap) if isinstance(relation, sp.Ne) else -jnp.abs(gap)
        return measure(gap, jnp.maximum(jnp.abs(low), jnp.abs(high)), pointwise)

    return slack


def _relative(gap: jax.Array, scale: jax.Array, pointwise: bool) -> jax.Array:
    safe = jnp.where(scale > TRIVIAL, scale, 1.0)
    trivial = 0.0 if pointwise else NOT_TIGHT
    slack = jnp.where(scale > TRIVIAL, gap / safe, trivial)
    return jnp.where(jnp.isfinite(slack), slack, NOT_TIGHT)


def _damped(gap: jax.Array, scale: jax.Array, pointwise: bool) -> jax.Array:
    slack = gap / (1.0 + scale)
    return jnp.where(jnp.isfinite(slack), slack, -1.0)
