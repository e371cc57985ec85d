r"""The closed table from SymPy functions to JAX: what is not here is refused, never guessed.

`sympy.lambdify(modules="jax")` is silently wrong or fails for erf, gamma, beta, LambertW, expint and the incomplete
functions. Every entry here is checked in value and gradient against mpmath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, eq, ge, gt, le, lt, ne

import jax
import jax.numpy as jnp
import jax.scipy.special as jsp
import sympy as sp

from qtheory.lowering.lambert import lambert_w
from qtheory.symbols import xlogy as sympy_xlogy


def xlogy(x: jax.Array, y: jax.Array) -> jax.Array:
    r"""$x \log y$ with $0 \log 0 = 0$, and at $(0, 0)$ the gradient 0 where calculus has none.

    Only there is the logarithm kept from its argument: at $x = 0 < y$ the derivative in $x$ is $\log y$.

    >>> float(xlogy(jnp.float32(0), jnp.float32(0)))
    0.0
    """
    vanishes = (x == 0) & (y <= 0)
    # an inner and an outer choice, because a product with a NaN of the branch not taken would reach the gradient
    return jnp.where(vanishes, 0.0, x * jnp.log(jnp.where(vanishes, 1.0, y)))


def only_where(allowed: jax.Array, value: jax.Array) -> jax.Array:
    """The value on the real domain of a function, and NaN outside, where JAX may return something else.

    >>> bool(jnp.isnan(only_where(jnp.array(False), jnp.float32(1))))
    True
    """
    return jnp.where(allowed, value, jnp.nan)


def _loggamma(x):
    # gammaln is log|gamma|, which is not the logarithm of gamma left of zero
    return only_where(x > 0, jsp.gammaln(x))


def _lower_gamma(a, x):
    return only_where((a > 0) & (x >= 0), jsp.gammainc(a, x) * jsp.gamma(a))


def _upper_gamma(a, x):
    return only_where((a > 0) & (x >= 0), jsp.gammaincc(a, x) * jsp.gamma(a))


def _beta(a, b):
    # jsp.beta and jsp.betaln of jax 0.10 are wrong by up to 5e-7 where an argument is near 10, in float64 too
    return only_where((a > 0) & (b > 0), jnp.exp(jsp.gammaln(a) + jsp.gammaln(b) - jsp.gammaln(a + b)))


def _betainc_regularized(a, b, low, high):
    inside = (low >= 0) & (low <= 1) & (high >= 0) & (high <= 1)
    return only_where(inside, jsp.betainc(a, b, high) - jsp.betainc(a, b, low))


def _every(*statements):
    return reduce(jnp.logical_and, statements)


def _some(*statements):
    return reduce(jnp.logical_or, statements)


def _implies(premise, conclusion):
    return jnp.logical_or(jnp.logical_not(premise), conclusion)


def _equivalent(*statements):
    return _every(*statements) | ~_some(*statements)


ELEMENTWISE: Mapping[type, Callable[..., jax.Array]] = {
    sp.Add: lambda *terms: reduce(add, terms),
    sp.exp: jnp.exp,
    sp.log: jnp.log,
    sp.sin: jnp.sin,
    sp.cos: jnp.cos,
    sp.tan: jnp.tan,
    sp.tanh: jnp.tanh,
    sp.atan: jnp.arctan,
    sp.erf: jsp.erf,
    sp.erfc: jsp.erfc,
    sp.erfinv: jsp.erfinv,
    sp.gamma: jsp.gamma,
    sp.loggamma: _loggamma,
    sp.beta: _beta,
    sp.lowergamma: _lower_gamma,
    sp.uppergamma: _upper_gamma,
    sp.betainc_regularized: _betainc_regularized,
    sp.Ei: jsp.expi,
    sp.Max: lambda *values: reduce(jnp.maximum, values),
    sp.Min: lambda *values: reduce(jnp.minimum, values),
    sp.Abs: jnp.abs,
    sp.sign: jnp.sign,
    sympy_xlogy: xlogy,
    sp.Lt: lt,
    sp.Le: le,
    sp.Gt: gt,
    sp.Ge: ge,
    sp.Eq: eq,
    sp.Ne: ne,
    sp.And: _every,
    sp.Or: _some,
    sp.Not: jnp.logical_not,
    sp.Implies: _implies,
    sp.Equivalent: _equivalent,
}

# Functions whose first argument must be a literal integer: JAX has them for each order, not as a function of it.
BY_ORDER: Mapping[type, tuple[int, Callable[[int, jax.Array], jax.Array]]] = {
    sp.polygamma: (0, lambda order, x: jsp.digamma(x) if order == 0 else only_where(x > 0, jsp.polygamma(order, x))),
    sp.expint: (1, lambda order, x: only_where(x > 0, jsp.expn(order, x))),
}

ONE_ARGUMENT: Mapping[type, Callable[[jax.Array], jax.Array]] = {sp.LambertW: lambert_w}
