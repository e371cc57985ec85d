r"""Shapes of policies that are functions of the proxy utility: $w = h(U)$ with $h$ nondecreasing.

A shape carries its own normalisation, so that $h$ is all one needs: for the host, for the device, and for documents.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import DocumentError
from qtheory.exact.documents import field, number_from_json
from qtheory.exact.rationals import rational


class AbstractShape(ABC):
    r"""A nondecreasing $h \ge 0$ of the utility."""

    @abstractmethod
    def log_ratio(self, utility: Any) -> np.ndarray:
        r"""$\log h(u)$ in float64; $-\infty$ where nothing is played."""

    @abstractmethod
    def level_of(self, log_ratio: float) -> float:
        r"""The utility at which $\log h$ reaches a value, $-\infty$ if it is always above."""

    @property
    @abstractmethod
    def start(self) -> float:
        """The utility at or below which nothing is played."""

    @abstractmethod
    def to_json(self) -> Json:
        """The shape as a JSON object."""


@dataclass(frozen=True)
class ExponentialTilt(AbstractShape):
    r"""$h(u) = e^{tu}/Z$: the Boltzmann policy.

    The rate is exact, because whether $Z$ is finite can hang on it.

    >>> float(ExponentialTilt(Fraction(1), 0.5).log_ratio(2.0))
    1.5
    """

    rate: Fraction
    log_normaliser: float

    def log_ratio(self, utility: Any) -> np.ndarray:
        return float(self.rate) * np.asarray(utility) - self.log_normaliser

    def level_of(self, log_ratio: float) -> float:
        return (log_ratio + self.log_normaliser) / float(self.rate)

    @property
    def start(self) -> float:
        return -math.inf

    def to_json(self) -> Json:
        return {"shape": "exponential tilt", "rate": str(self.rate), "log_normaliser": self.log_normaliser}


@dataclass(frozen=True)
class PositivePart(AbstractShape):
    r"""$h(u) = \bigl((u-\tau)^+\bigr)^e / m$: power and Tsallis policies.

    >>> float(PositivePart(1.0, 2.0, 0.0).log_ratio(1.5)) == 2 * math.log(0.5)
    True
    """

    threshold: float
    exponent: float
    log_normaliser: float

    def log_ratio(self, utility: Any) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return self.exponent * np.log(np.maximum(np.asarray(utility) - self.threshold, 0.0)) - self.log_normaliser

    def level_of(self, log_ratio: float) -> float:
        return self.threshold + math.exp((log_ratio + self.log_normaliser) / self.exponent)

    @property
    def start(self) -> float:
        return self.threshold

    def to_json(self) -> Json:
        shape = {"shape": "positive part", "threshold": self.threshold, "exponent": self.exponent}
        return {**shape, "log_normaliser": self.log_normaliser}


@dataclass(frozen=True)
class Reciprocal(AbstractShape):
    r"""$h(u) = \beta/(\nu-u)$ for $u < \nu$: the reverse-KL policy.

    >>> float(Reciprocal(1.0, 3.0).log_ratio(2.0))
    0.0
    """

    beta: float
    normaliser: float

    def log_ratio(self, utility: Any) -> np.ndarray:
        return math.log(self.beta) - np.log(self.normaliser - np.asarray(utility))

    def level_of(self, log_ratio: float) -> float:
        return self.normaliser - self.beta * math.exp(-log_ratio)

    @property
    def start(self) -> float:
        return -math.inf

    def to_json(self) -> Json:
        return {"shape": "reciprocal", "beta": self.beta, "normaliser": self.normaliser}


_SHAPES: dict[str, tuple[type, tuple[str, ...]]] = {
    "exponential tilt": (ExponentialTilt, ("rate", "log_normaliser")),
    "positive part": (PositivePart, ("threshold", "exponent", "log_normaliser")),
    "reciprocal": (Reciprocal, ("beta", "normaliser")),
}


def shape_from_json(document: Any) -> AbstractShape:
    """The shape a JSON object describes.

    >>> shape_from_json({"shape": "reciprocal", "beta": 1.0, "normaliser": 3.0})
    Reciprocal(beta=1.0, normaliser=3.0)
    """
    kind = field(document, "shape")
    if not isinstance(kind, str) or kind not in _SHAPES:
        raise DocumentError("not a shape of a policy", got=kind, allowed=", ".join(_SHAPES))
    make, names = _SHAPES[kind]
    values = [number_from_json(field(document, name), name) for name in names]
    values = [rational(v, name) if name == "rate" else float(v) for v, name in zip(values, names, strict=True)]
    positive = [v for name, v in zip(names, values, strict=True) if name in ("rate", "exponent", "beta")]
    if not all(map(math.isfinite, values)) or not all(value > 0 for value in positive):
        raise DocumentError(
            "a parameter of the shape is out of range", got=document, allowed="finite, and positive rates"
        )
    return make(*values)
