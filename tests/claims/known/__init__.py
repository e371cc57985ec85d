"""For each claim an instance that refutes its wrong twin: slug, base and utility, free symbols, both sides, feature.

One module per chapter of the theory; each defines `KNOWN`.
"""

import importlib
import pkgutil

from known.bases import A48, D5, HALVES, SIX, T3

__all__ = ["A48", "D5", "HALVES", "KNOWN", "SIX", "T3"]
KNOWN = [
    known
    for module in sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "bases")
    for known in importlib.import_module(f"known.{module}").KNOWN
]
