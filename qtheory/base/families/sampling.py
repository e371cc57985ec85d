r"""Float32 draws on the device whose tails are as fine as 64 random bits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.device import fold_rank_words
from qtheory.base.families.mixture import Mixture
from qtheory.errors import InvalidInput, NotAvailable

_SMALLEST_TAIL = 2.0**-65
_WORD = 2**32
_MOST_COMPONENTS = 2**12


Words = Callable[[int], tuple[Any, Any]]


def sample_family(family: AbstractFamily, key: Any, n: int) -> Any:
    r"""`n` independent draws, a float32 jax array.

    Each draw inverts the survival probability $(W+\tfrac12)/2^{64}$ of two uint32 words, from the nearer end. A
    mixture first draws the component, from 64 more bits, so that components far apart need no steep inverse.

    Args:
        family: the law.
        key: a jax random key.
        n: how many.

    Raises:
        NotAvailable: a draw could exceed float32.

    >>> import jax
    >>> from qtheory.base.families import Normal
    >>> sample_family(Normal(0, 1), jax.random.key(0), 3).shape
    (3,)
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 0:
        raise InvalidInput("n is not a number of draws", got=n, allowed="a non-negative integer")
    import jax

    if not isinstance(family, Mixture):
        return family_from_words(family, lambda lane: _words(key, n))
    return family_from_words(family, lambda lane: _words(jax.random.fold_in(key, lane), n))


def _words(key: Any, n: int) -> tuple[Any, Any]:
    import jax

    high, low = jax.random.bits(key, (2, n), "uint32")
    return high, low


def family_from_words(family: AbstractFamily, words: Words) -> Any:
    r"""The float32 draws that random words stand for; the shape is that of the words.

    Args:
        family: the law.
        words: from a lane 0, 1, 2, ... to a pair of uint32 arrays, the high and the low word of a rank.

    Raises:
        NotAvailable: a draw could exceed float32.
    """
    _require_float32(family)
    return _from_words(family, words)


def _from_words(family: AbstractFamily, words: Words) -> Any:
    if isinstance(family, Mixture):
        return _mixture(family, words)
    return family.device_quantile()(*fold_rank_words(*words(0)))


def _mixture(family: Mixture, words: Words) -> Any:
    import jax.numpy as jnp

    high, low = words(0)
    draws = _component(family, 0, words)
    share = Fraction(0)
    for i in range(1, len(family.components)):
        share += Fraction(family.weights[i - 1])
        first, second = divmod(int(share * 2**64), _WORD)
        beyond = (high > jnp.uint32(first)) | ((high == jnp.uint32(first)) & (low >= jnp.uint32(second)))
        draws = jnp.where(beyond, _component(family, i, words), draws)
    return draws


def _component(family: Mixture, i: int, words: Words) -> Any:
    """The draws of one component, which may be a mixture too, from lanes that no other component uses."""
    return _from_words(family.components[i], lambda lane: words(_MOST_COMPONENTS * lane + i + 1))


def _of_the_mean(family: AbstractFamily) -> str:
    """What matters more than the range, where it is so: of such a law no mean can be estimated in any range."""
    try:
        mean = family.expectation()
    except NotAvailable:
        return ", and this law has no mean"
    return "" if np.isfinite(mean) else ", and the mean of this law is infinite"


def _require_float32(family: AbstractFamily) -> None:
    ends = np.abs([family.upper_quantile(_SMALLEST_TAIL), family.lower_quantile(_SMALLEST_TAIL)])
    if not np.all(ends <= float(np.finfo(np.float32).max)):
        raise NotAvailable(
            f"draws could exceed the range of float32{_of_the_mean(family)}",
            got=family,
            allowed=f"quantiles at rank {_SMALLEST_TAIL:.2g} within 3.4e38",
            remedy="rescale, or sample the logarithm",
        )
