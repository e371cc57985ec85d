r"""Reading base distributions back from JSON."""

from __future__ import annotations

from typing import Any

from qtheory.base.abstract import AbstractBase
from qtheory.base.empirical import Empirical
from qtheory.base.finite import Finite
from qtheory.errors import DocumentError
from qtheory.exact.documents import field, values_from_json


def base_from_json(document: Any) -> AbstractBase:
    """The base a JSON object describes.

    >>> base_from_json({"type": "finite", "weights": ["1/2", "1/2"]})
    Finite(['1/2', '1/2'])
    """
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "finite":
        return Finite(values_from_json(field(document, "weights"), "weights"))
    if kind == "empirical":
        return Empirical(values_from_json(field(document, "scores"), "scores"))
    if kind == "continuous":
        from qtheory.base.continuous import Continuous

        return Continuous.from_json(document)
    raise DocumentError("not a base distribution", got=kind, allowed='"finite", "empirical" or "continuous"')
