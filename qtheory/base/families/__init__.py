r"""Continuous families: density, survival, quantiles and tail means with full relative precision in both tails."""

from qtheory.base.families.abstract import AbstractFamily, DeviceQuantile
from qtheory.base.families.beta import Beta
from qtheory.base.families.catalogue import SIMPLE_FAMILIES, family_from_json, family_to_json
from qtheory.base.families.cauchy import Cauchy
from qtheory.base.families.device import fold_rank_words
from qtheory.base.families.expectation import integrate_family
from qtheory.base.families.exponential import Exponential
from qtheory.base.families.gamma import Gamma
from qtheory.base.families.gumbel import Gumbel
from qtheory.base.families.laplace import Laplace
from qtheory.base.families.logistic import Logistic
from qtheory.base.families.lognormal import LogNormal
from qtheory.base.families.mixture import Mixture
from qtheory.base.families.normal import Normal
from qtheory.base.families.numpyro_bridge import family_from_numpyro, family_to_numpyro, is_numpyro
from qtheory.base.families.pareto import Pareto
from qtheory.base.families.reservation import reservation_value
from qtheory.base.families.sampling import sample_family
from qtheory.base.families.shifted_exponential import ShiftedExponential
from qtheory.base.families.student_t import StudentT
from qtheory.base.families.text import parse_family
from qtheory.base.families.uniform import Uniform
from qtheory.base.families.weibull import Weibull

__all__ = [
    "SIMPLE_FAMILIES",
    "AbstractFamily",
    "Beta",
    "Cauchy",
    "DeviceQuantile",
    "Exponential",
    "Gamma",
    "Gumbel",
    "Laplace",
    "LogNormal",
    "Logistic",
    "Mixture",
    "Normal",
    "Pareto",
    "ShiftedExponential",
    "StudentT",
    "Uniform",
    "Weibull",
    "family_from_json",
    "family_from_numpyro",
    "family_to_json",
    "family_to_numpyro",
    "fold_rank_words",
    "integrate_family",
    "is_numpyro",
    "parse_family",
    "reservation_value",
    "sample_family",
]
