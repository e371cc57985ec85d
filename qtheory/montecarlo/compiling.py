"""How kernels are compiled for the machine at hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FLAGS = Path("/proc/cpuinfo")


@cache
def compiler_options() -> dict[str, int]:
    """Full-width vectors where the CPU has them: XLA prefers half of that, and is a third slower for it."""
    import jax

    if jax.default_backend() != "cpu" or not _FLAGS.exists() or "avx512f" not in _FLAGS.read_text():
        return {}
    return {"xla_cpu_prefer_vector_width": 512}
