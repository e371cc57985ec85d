r"""The Coq development as terminal text: what was compiled, and which theorem stands behind which part."""

from __future__ import annotations

from qtheory.prover.coq.compiler import Compilation, CompiledTheorem
from qtheory.prover.coq.sources import available_theorems, theorem_name


def compilation_text(compilation: Compilation) -> str:
    """A line per theorem, by what it proves, and a closing line with what all of them assume."""
    rows = [(_proves(theorem), f"{theorem.name} ({theorem.module}.v)") for theorem in compilation.theorems]
    width = max((len(proves) for proves, _ in rows), default=0)
    lines = [f"  {proves:<{width}}  {name}" for proves, name in sorted(rows)]
    assumed = ", ".join(compilation.assumptions) or "nothing"
    closing = f"{len(rows)} theorems compiled by Coq {compilation.version} ({compilation.seconds:.0f} s)"
    return "\n".join(["Coq", *lines, f"{closing}; together they assume: {assumed}"])


def availability(slug: str, part: str) -> str | None:
    """That a part has a Coq theorem, which nothing has compiled yet; `None` if it has none."""
    theorem = available_theorems().get(theorem_name(slug, part))
    if theorem is None:
        return None
    return f"Coq theorem available: {theorem.name} in coq/{theorem.module}.v; `qtheory prove --coq` checks it"


def _proves(theorem: CompiledTheorem) -> str:
    if theorem.claim is None or theorem.part is None:
        return "finite bases"
    return f"{theorem.claim}: {theorem.part.name}"
