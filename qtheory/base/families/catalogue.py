r"""The families by name, and their plain-JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from qtheory.aliases import Json
from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.beta import Beta
from qtheory.base.families.cauchy import Cauchy
from qtheory.base.families.exponential import Exponential
from qtheory.base.families.gamma import Gamma
from qtheory.base.families.gumbel import Gumbel
from qtheory.base.families.laplace import Laplace
from qtheory.base.families.logistic import Logistic
from qtheory.base.families.lognormal import LogNormal
from qtheory.base.families.mixture import Mixture
from qtheory.base.families.normal import Normal
from qtheory.base.families.parameters import plain
from qtheory.base.families.pareto import Pareto
from qtheory.base.families.shifted_exponential import ShiftedExponential
from qtheory.base.families.student_t import StudentT
from qtheory.base.families.uniform import Uniform
from qtheory.base.families.weibull import Weibull
from qtheory.errors import DocumentError

SIMPLE_FAMILIES: Mapping[str, type[AbstractFamily]] = MappingProxyType(
    {
        family.name: family
        for family in (
            Beta, Cauchy, Exponential, Gamma, Gumbel, Laplace, Logistic,
            LogNormal, Normal, Pareto, ShiftedExponential, StudentT, Uniform, Weibull,
        )
    }
)  # fmt: skip
"""Every family except `Mixture`, by the name used in text and JSON."""


def family_to_json(family: AbstractFamily) -> Json:
    """A family as a plain dict of its name and parameters.

    >>> family_to_json(Normal(0, "1/3"))
    {'family': 'normal', 'parameters': {'mean': 0, 'sd': '1/3'}}
    """
    if isinstance(family, Mixture):
        weights = [plain(weight) for weight in family.weights]  # type: ignore[arg-type]
        parts = [family_to_json(component) for component in family.components]
        return {"family": family.name, "parameters": {"weights": weights, "components": parts}}
    return {"family": family.name, "parameters": {key: plain(v) for key, v in family.parameters().items()}}


def family_from_json(document: Any) -> AbstractFamily:
    """The family a dict names; parameters left out take their defaults.

    Raises:
        DocumentError: the family is not known, or its parameters do not fit.

    >>> family_from_json({"family": "pareto", "parameters": {"alpha": "3/2"}})
    Pareto(alpha=1.5, minimum=1)
    """
    if not isinstance(document, dict) or not isinstance(document.get("parameters", {}), dict):
        raise DocumentError("not a family", got=document, allowed='{"family": name, "parameters": {...}}')
    name, parameters = document.get("family"), document.get("parameters", {})
    try:
        if name == Mixture.name:
            return Mixture(parameters["weights"], [family_from_json(part) for part in parameters["components"]])
        return SIMPLE_FAMILIES[str(name)](**parameters)
    except (KeyError, TypeError) as error:
        allowed = f"families {', '.join((*SIMPLE_FAMILIES, Mixture.name))} with their own parameters"
        raise DocumentError("not a family with its parameters", got=document, allowed=allowed) from error
