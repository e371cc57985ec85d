r"""Float32 draws on the device whose tails are as fine as 64 random bits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.device import fold_rank_words
from qtheory.base.families.mixture import Mixture
from qtheory.errors import InvalidInput, NotAvailable

_SMALLEST_TAIL = 2.0**-65
_WORD = 2**32


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
    _require_float32(family)
    return _mixture(family, key, n) if isinstance(family, Mixture) else _simple(family, key, n)


def _simple(family: AbstractFamily, key: Any, n: int) -> Any:
    high, low = _words(key, n)
    return family.device_quantile()(*fold_rank_words(high, low))


def _mixture(family: Mixture, key: Any, n: int) -> Any:
    import jax
    import jax.numpy as jnp

    pick, *keys = jax.random.split(key, len(family.components) + 1)
    high, low = _words(pick, n)
    draws = sample_family(family.components[0], keys[0], n)
    share = Fraction(0)
    for i in range(1, len(keys)):
        share += Fraction(family.weights[i - 1])
        first, second = divmod(int(share * 2**64), _WORD)
        beyond = (high > jnp.uint32(first)) | ((high == jnp.uint32(first)) & (low >= jnp.uint32(second)))
        draws = jnp.where(beyond, sample_family(family.components[i], keys[i], n), draws)
    return draws


def _words(key: Any, n: int) -> tuple[Any, Any]:
    import jax

    high, low = jax.random.bits(key, (2, n), "uint32")
    return high, low


def _require_float32(family: AbstractFamily) -> None:
    ends = np.abs([family.upper_quantile(_SMALLEST_TAIL), family.lower_quantile(_SMALLEST_TAIL)])
    if not np.all(ends <= float(np.finfo(np.float32).max)):
        raise NotAvailable(
            "draws could exceed the range of float32",
            got=family,
            allowed=f"quantiles at rank {_SMALLEST_TAIL:.2g} within 3.4e38",
            remedy="rescale, or sample the logarithm",
        )
