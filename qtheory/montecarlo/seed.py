"""The seed of a run: one rule for draws and for tie-breaks."""

from __future__ import annotations

from qtheory.errors import InvalidInput


def checked_seed(seed: int) -> int:
    """The seed itself.

    Raises:
        InvalidInput: it is not an integer from 0 to 2**32 - 1, which is what JAX keys are made from.

    >>> checked_seed(7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise InvalidInput("key is not a seed", got=seed, allowed="an integer from 0 to 2**32 - 1")
    return seed
