r"""What the sums of a pass depend on, as readable JSON, so that no run goes on with the sums of another.

A function given as code is known by the program that JAX makes of it, not by its source text: the program holds all
that the numbers depend on, helper functions, constants and captured arrays included.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import DocumentError, LedgerError
from qtheory.montecarlo.arithmetic import arithmetic
from qtheory.montecarlo.kernel import compiled
from qtheory.montecarlo.stream import Pass

# Flags that begin so say how a device computes; others say how many devices there are, or what is logged.
_ARITHMETIC_FLAGS = ("--xla_cpu_", "--xla_gpu_", "--xla_allow_", "--xla_backend_")
_SOFTWARE = ("qtheory", "jax", "jaxlib")
_CALLBACK = re.compile("xla_[a-z_]*python[a-z_]*callback")


def configuration_of(work: Pass) -> Json:
    """All that the sums of a pass depend on, but for the number of draws.

    Raises:
        LedgerError: a function that calls back into Python, so that nothing on file can say what it computes.
    """
    problem = work.problem
    return {
        "base": _shown(problem.base),
        "utility": _shown(problem.utility),
        "costs": {name: _shown(cost) for name, cost in problem.costs.items()},
        "ranges": {limits.name: [_number(limits.low), _number(limits.high)] for limits in work.ranges},
        "costs counted": work.columns.counted,
        "key": work.seed,
        "software": {name: version(name) for name in _SOFTWARE},
        "device": device(),
        "stream": work.stream,
        "generator": work.generator,
        "bins": _digest(work.bins.device_columns),
        "windows": None if work.windows is None else _digest(work.windows.device_columns),
        "program": _program(work),
    }


def device() -> str:
    """The kind of device, how it rounds, and what it was told about how to compute."""
    flags = [flag for flag in os.environ.get("XLA_FLAGS", "").split() if flag.startswith(_ARITHMETIC_FLAGS)]
    return " ".join([arithmetic(), *flags])


def _program(work: Pass) -> str:
    """The SHA-256 of the program that adds up a stint, as JAX hands it to its compiler."""
    import jax

    stint: Any = compiled(work.kernel)
    with jax.enable_x64(True):
        lowered = stint.lower(work.root, np.uint32(0), np.int32(0), work.table_on_device)
    text = lowered.as_text()
    if _CALLBACK.search(text):
        raise LedgerError(
            "a function of the problem calls back into Python, so that a file cannot say what it computes",
            got="a jax callback in the base, the utility or a cost",
            allowed="formulas, and functions that JAX traces from end to end",
            remedy="run without a ledger",
        )
    return hashlib.sha256(text.encode()).hexdigest()


def _shown(part: Any) -> Any:
    try:
        return part.to_json()
    except DocumentError:
        code = getattr(part, "draw", getattr(part, "function", part))
        return f"code: {getattr(code, '__qualname__', type(code).__name__)}"


def _digest(columns: Iterable[np.ndarray]) -> str:
    together = hashlib.sha256()
    for column in columns:
        together.update(np.ascontiguousarray(column, column.dtype.newbyteorder("<")).tobytes())
    return together.hexdigest()


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)
