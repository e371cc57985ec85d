"""Making a seed of Hypothesis mean the same draws wherever they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def same_draws() -> Iterator[None]:
    """Draw without the constants that Hypothesis collects from whatever local modules happen to be loaded.

    They would make the instances of a seed depend on what was imported before. Versions of Hypothesis without such a
    collection are left alone.
    """
    try:
        from hypothesis.internal.conjecture import providers

        collected, cache, nothing = providers._get_local_constants, providers.CONSTANTS_CACHE.cache, providers.Constants
    except (ImportError, AttributeError):
        yield
        return
    providers._get_local_constants = nothing
    cache.clear()
    try:
        yield
    finally:
        providers._get_local_constants = collected
        cache.clear()
