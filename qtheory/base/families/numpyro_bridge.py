r"""To and from numpyro distributions; numpyro is never imported to read one."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.catalogue import SIMPLE_FAMILIES
from qtheory.base.families.mixture import Mixture
from qtheory.base.families.parameters import positive
from qtheory.errors import InvalidInput, MissingExtra

_ATTRIBUTES: Mapping[str, tuple[str, Mapping[str, str]]] = MappingProxyType(
    {
        "Beta": ("beta", {"a": "concentration1", "b": "concentration0"}),
        "Cauchy": ("cauchy", {"loc": "loc", "scale": "scale"}),
        "Exponential": ("exponential", {"rate": "rate"}),
        "Gamma": ("gamma", {"shape": "concentration", "rate": "rate"}),
        "Gumbel": ("gumbel", {"loc": "loc", "scale": "scale"}),
        "Laplace": ("laplace", {"loc": "loc", "scale": "scale"}),
        "Logistic": ("logistic", {"loc": "loc", "scale": "scale"}),
        "LogNormal": ("lognormal", {"mu": "loc", "sigma": "scale"}),
        "Normal": ("normal", {"mean": "loc", "sd": "scale"}),
        "Pareto": ("pareto", {"alpha": "alpha", "minimum": "scale"}),
        "StudentT": ("student_t", {"df": "df", "loc": "loc", "scale": "scale"}),
        "Uniform": ("uniform", {"low": "low", "high": "high"}),
        "Weibull": ("weibull", {"shape": "concentration", "scale": "scale"}),
    }
)
_MIXTURE = "MixtureSameFamily"


def is_numpyro(value: object) -> bool:
    """Whether a value is a numpyro distribution, told by the module of its class.

    >>> is_numpyro(3.0)
    False
    """
    return type(value).__module__.startswith("numpyro.distributions")


def family_from_numpyro(distribution: Any) -> AbstractFamily:
    """The family of a scalar numpyro distribution.

    A float32 parameter is read by its shortest decimal form, so 0.1 is 1/10.

    Raises:
        InvalidInput: the distribution is not scalar, or not of a known class.
    """
    kind = type(distribution).__name__
    if tuple(distribution.batch_shape) or tuple(distribution.event_shape):
        raise InvalidInput("the distribution is not scalar", got=distribution, allowed="empty batch and event shapes")
    if kind == _MIXTURE:
        return _mixture(distribution)
    return _simple(distribution, ())


def family_to_numpyro(family: AbstractFamily) -> Any:
    """The numpyro distribution of a family.

    Raises:
        MissingExtra: numpyro is not installed.
        InvalidInput: a mixture whose components are not all of one family.
    """
    try:
        from numpyro import distributions
    except ImportError as error:
        raise MissingExtra("numpyro is not installed", remedy="pip install numpyro") from error
    if isinstance(family, Mixture):
        return _mixture_to_numpyro(family, distributions)
    return _build(distributions, family.name, {key: float(v) for key, v in family.parameters().items()})


def _simple(distribution: Any, at: tuple[int, ...]) -> AbstractFamily:
    kind = type(distribution).__name__
    if kind not in _ATTRIBUTES:
        allowed = ", ".join((*_ATTRIBUTES, _MIXTURE))
        remedy = "build the family from text or from qtheory.base.families"
        raise InvalidInput("no family for this distribution", got=kind, allowed=allowed, remedy=remedy)
    name, attributes = _ATTRIBUTES[kind]
    return SIMPLE_FAMILIES[name](**{key: _number(distribution, attribute, at) for key, attribute in attributes.items()})


def _number(distribution: Any, attribute: str, at: tuple[int, ...]) -> Any:
    values = np.broadcast_to(np.asarray(getattr(distribution, attribute)), tuple(distribution.batch_shape))
    return values[at].reshape(())[()]


def _mixture(distribution: Any) -> AbstractFamily:
    components = distribution.component_distribution
    shares = [positive(p, "weight") for p in np.asarray(distribution.mixing_distribution.probs).ravel()]
    # float32 probabilities rarely add up to exactly 1
    weights: list[Fraction] = [share / sum(shares) for share in shares]
    return Mixture(weights, [_simple(components, (i,)) for i in range(len(weights))])


def _mixture_to_numpyro(family: Mixture, distributions: Any) -> Any:
    names = {component.name for component in family.components}
    if len(names) != 1 or Mixture.name in names:
        allowed = "components of one family"
        raise InvalidInput("numpyro has no scalar form of this mixture", got=family, allowed=allowed)
    stacked = [component.parameters() for component in family.components]
    parameters = {key: np.array([float(p[key]) for p in stacked]) for key in stacked[0]}
    mixing = distributions.CategoricalProbs(np.array([float(w) for w in family.weights]))  # type: ignore[arg-type]
    return distributions.MixtureSameFamily(mixing, _build(distributions, names.pop(), parameters))


def _build(distributions: Any, name: str, parameters: Mapping[str, Any]) -> Any:
    found = [(kind, keys) for kind, (known, keys) in _ATTRIBUTES.items() if known == name]
    if not found:
        remedy = "transform the numpyro distribution of its standard law"
        raise InvalidInput("numpyro has no class of its own for this family", got=name, remedy=remedy)
    kind, attributes = found[0]
    return getattr(distributions, kind)(**{attributes[key]: value for key, value in parameters.items()})
