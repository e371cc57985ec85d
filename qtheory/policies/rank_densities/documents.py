r"""Reading rank densities back from JSON."""

from __future__ import annotations

from typing import Any

from qtheory.errors import DocumentError
from qtheory.exact.documents import field
from qtheory.exact.rationals import level
from qtheory.policies.rank_densities.abstract import AbstractRankDensity
from qtheory.policies.rank_densities.beyond_draws import beyond_draws
from qtheory.policies.rank_densities.mixed import mixed
from qtheory.policies.rank_densities.poisson_best import poisson_best
from qtheory.policies.rank_densities.top_of_draws import top_of_draws
from qtheory.policies.rank_densities.top_slice import TopSlice
from qtheory.policies.rank_densities.window import window


def _mixed(document: Any) -> AbstractRankDensity:
    first, second = (rank_density_from_json(field(document, name)) for name in ("first", "second"))
    return mixed(first, second, field(document, "weight"))


_READERS = {
    "beyond draws": lambda document: beyond_draws(field(document, "n")),
    "mixed": _mixed,
    "poisson best": lambda document: poisson_best(field(document, "mu")),
    "top slice": lambda document: TopSlice(level(field(document, "q"))),
    "top of draws": lambda document: top_of_draws(field(document, "n"), field(document, "k")),
    "window": lambda document: window(field(document, "low"), field(document, "high")),
}


def rank_density_from_json(document: Any) -> AbstractRankDensity:
    """The density that a JSON object describes.

    >>> rank_density_from_json({"density": "top of draws", "n": 5, "k": 2})
    TopOfDraws(n=5, k=2)
    """
    kind = field(document, "density")
    if not isinstance(kind, str) or kind not in _READERS:
        raise DocumentError("not a rank density", got=kind, allowed=", ".join(_READERS))
    return _READERS[kind](document)
