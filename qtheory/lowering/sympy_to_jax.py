r"""SymPy statements as JAX functions, over a closed table of heads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import sympy as sp
from sympy.logic.boolalg import BooleanAtom

from qtheory.errors import InvalidInput, NotAvailable
from qtheory.lowering.heads import BY_ORDER, ELEMENTWISE, ONE_ARGUMENT
from qtheory.symbols import E, xlogy

# Enough digits for float64; the constants are folded on the host, so that no precision is lost on the device.
CONSTANT_DIGITS = 20

Kernel: TypeAlias = "Callable[..., jax.Array]"


@dataclass(frozen=True)
class _Step:
    """One sub-expression: a function and the places of its arguments among the earlier results."""

    kernel: Kernel
    places: tuple[int, ...]


def to_jax(expr: sp.Basic, arguments: Sequence[sp.Basic]) -> Callable[..., jax.Array]:
    """The JAX function that computes an expression or a statement.

    It can be jitted, differentiated and vmapped; a sub-expression that occurs twice is computed once. The dtype of
    the arrays is kept. Outside a function's real domain the value is NaN. As in JAX, the gradient of a Piecewise is NaN
    where that of a branch not taken is.

    Args:
        expr: a SymPy expression or statement.
        arguments: what is an argument, in order: symbols, or whole sub-expressions such as `E(w*c)`.

    Returns:
        A function of as many arrays, which must broadcast together; its result has their common shape.

    Raises:
        NotAvailable: a function that is not in the table.
        InvalidInput: something in the expression is neither an argument nor made of them.

    >>> from qtheory.symbols import c, q
    >>> float(to_jax(c / q, (c, q))(3.0, 0.5))
    6.0
    """
    expr = sp.sympify(expr, strict=True)
    program = _Program(len(arguments), {argument: i for i, argument in enumerate(arguments)}, [])
    result = program.place(expr)
    return _runner(tuple(program.steps), result, len(arguments))


def _runner(steps: tuple[_Step, ...], result: int, count: int) -> Callable[..., jax.Array]:
    def function(*arrays):
        if len(arrays) != count:
            raise InvalidInput(f"{len(arrays)} arrays", got=len(arrays), allowed=f"{count}, one for each argument")
        values = list(arrays)
        for step in steps:
            values.append(step.kernel(*(values[place] for place in step.places)))
        return _like_arguments(values[result], arrays)

    return function


def _like_arguments(value, arrays) -> jax.Array:
    """The value in the arguments' shape and, unless it is a truth value, their floating dtype."""
    shape = jnp.broadcast_shapes(*(jnp.shape(array) for array in arrays))
    is_truth = jnp.result_type(value) == jnp.bool_
    dtype = jnp.bool_ if is_truth else jnp.result_type(*arrays, 1.0)
    return jnp.broadcast_to(jnp.asarray(value, dtype), shape)


@dataclass(frozen=True)
class _Program:
    """A program under construction: where each sub-expression's result lies, and the steps so far."""

    argument_count: int
    places: dict[sp.Basic, int]
    steps: list[_Step]

    def place(self, expr: sp.Basic) -> int:
        if expr not in self.places:
            kernel, parts = self.lowered(expr)
            inputs = tuple(self.place(part) for part in parts)
            self.steps.append(_Step(kernel, inputs))
            self.places[expr] = self.argument_count + len(self.steps) - 1
        return self.places[expr]

    def lowered(self, expr: sp.Basic) -> tuple[Kernel, tuple[sp.Basic, ...]]:
        if isinstance(expr, BooleanAtom):
            return _constant(bool(expr)), ()
        if isinstance(expr, sp.Expr) and not expr.free_symbols and not expr.has(E, xlogy):
            return _constant(_folded(expr)), ()
        special = _SPECIAL.get(expr.func)
        if special is not None:
            return special(expr)
        if expr.func in ELEMENTWISE:
            return ELEMENTWISE[expr.func], expr.args
        raise _unknown(expr)


def _constant(value: float | bool) -> Callable[..., Any]:
    return lambda: value


def _folded(expr: sp.Expr) -> float:
    value = expr.evalf(CONSTANT_DIGITS)
    if not (value.is_Number and value.is_finite):
        raise _unknown(expr)
    return float(value)


def _unknown(expr: sp.Basic) -> Exception:
    if expr.is_Symbol or expr.func is E:
        return InvalidInput(f"{expr} is not an argument", got=expr, remedy="list it among the arguments")
    known = ", ".join(sorted(head.__name__ for head in {*ELEMENTWISE, *BY_ORDER, *ONE_ARGUMENT, *_SPECIAL}))
    return NotAvailable(f"{expr.func.__name__} cannot be lowered to JAX in this form", got=expr, allowed=known)


def _product(expr: sp.Mul) -> tuple[Kernel, tuple[sp.Basic, ...]]:
    """A product with its divisions as divisions: one rounding fewer than by reciprocals."""
    below = [arg for arg in expr.args if arg.is_Pow and arg.exp == -1]
    above = [arg for arg in expr.args if arg not in below]
    count = len(above)

    def kernel(*factors):
        result = factors[0] if count else 1.0
        for factor in factors[1:count]:
            result = result * factor
        for factor in factors[count:]:
            result = result / factor
        return result

    return kernel, (*above, *(arg.base for arg in below))


def _power(expr: sp.Pow) -> tuple[Kernel, tuple[sp.Basic, ...]]:
    base, exponent = expr.args
    if exponent.is_Integer:
        n = int(exponent)
        return lambda x: 1 / x if n == -1 else jax.lax.integer_pow(x, n), (base,)
    if exponent.is_Rational and exponent.q == 2:
        p = int(exponent.p)
        return lambda x: _half_integer_power(x, p), (base,)
    # not exp(y log x): its relative error grows with |y log x|
    return jnp.power, (base, exponent)


def _half_integer_power(x: jax.Array, p: int) -> jax.Array:
    root = jnp.sqrt(x)
    return root if p == 1 else jax.lax.integer_pow(root, p)


def _by_order(expr: sp.Expr) -> tuple[Kernel, tuple[sp.Basic, ...]]:
    order, argument = expr.args
    least, function = BY_ORDER[expr.func]
    if not (order.is_Integer and order >= least):
        raise _unknown(expr)
    return lambda x: function(int(order), x), (argument,)


def _one_argument(expr: sp.Expr) -> tuple[Kernel, tuple[sp.Basic, ...]]:
    if len(expr.args) != 1:
        raise _unknown(expr)
    return ONE_ARGUMENT[expr.func], expr.args


def _piecewise(expr: sp.Piecewise) -> tuple[Kernel, tuple[sp.Basic, ...]]:
    def kernel(*flat):
        result: Any = jnp.nan
        for value, condition in reversed(list(zip(flat[::2], flat[1::2], strict=False))):
            result = jnp.where(condition, value, result)
        return result

    return kernel, tuple(part for pair in expr.args for part in pair.args)


_SPECIAL = {
    sp.Mul: _product,
    sp.Pow: _power,
    sp.Piecewise: _piecewise,
    **dict.fromkeys(BY_ORDER, _by_order),
    **dict.fromkeys(ONE_ARGUMENT, _one_argument),
}
