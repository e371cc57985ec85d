"""A device without room for a run, said in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from qtheory.errors import OutOfDeviceMemory

_NO_ROOM = "RESOURCE_EXHAUSTED"


@contextmanager
def explained_memory() -> Iterator[None]:
    """Turn the system's and the compiler's errors about memory into one that says what to do.

    Raises:
        OutOfDeviceMemory: there was no room.

    >>> with explained_memory():
    ...     raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 17179869184 bytes.")
    Traceback (most recent call last):
        ...
    qtheory.errors.OutOfDeviceMemory: the device has no room for this run
      got:     'RESOURCE_EXHAUSTED: Out of memory allocating 17179869184 bytes.'
      remedy:  give it fewer costs at a time, add costs up instead of counting their levels (--sum-costs), use fewer threads \
or devices at once, or another device; what a ledger has is kept
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, RuntimeError) and _NO_ROOM not in str(error):
            raise
        raise OutOfDeviceMemory(
            "the device has no room for this run",
            got=next(iter(str(error).splitlines()), "MemoryError"),
            remedy="give it fewer costs at a time, add costs up instead of counting their levels (--sum-costs), use fewer "
            "threads or devices at once, or another device; what a ledger has is kept",
        ) from error
