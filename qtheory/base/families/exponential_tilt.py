r"""Exponential tilts of families: $\log E\,e^{tX}$ in closed form, and the tilted law where it is a family again."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from qtheory.base.families.abstract import AbstractFamily
from qtheory.base.families.cauchy import Cauchy
from qtheory.base.families.exponential import Exponential
from qtheory.base.families.gamma import Gamma
from qtheory.base.families.gumbel import Gumbel
from qtheory.base.families.laplace import Laplace
from qtheory.base.families.logistic import Logistic
from qtheory.base.families.lognormal import LogNormal
from qtheory.base.families.mixture import Mixture
from qtheory.base.families.normal import Normal
from qtheory.base.families.pareto import Pareto
from qtheory.base.families.student_t import StudentT
from qtheory.base.families.uniform import Uniform
from qtheory.base.families.weibull import Weibull


def tilted(family: AbstractFamily, t: Fraction) -> AbstractFamily | None:
    r"""The law with density $\propto e^{tx}f(x)$, $t > 0$, where it is a family of the catalogue.

    >>> tilted(Normal(0, 2), Fraction(1, 2))
    Normal(mean=2, sd=2)
    """
    if isinstance(family, Normal):
        return Normal(family.mean + family.sd**2 * t, family.sd)  # type: ignore[operator]
    if isinstance(family, (Exponential, Gamma)) and t < family.rate:  # type: ignore[operator]
        rate = family.rate - t  # type: ignore[operator]
        return Exponential(rate) if isinstance(family, Exponential) else Gamma(family.shape, rate)
    return None


def log_exponential_moment(family: AbstractFamily, t: Fraction) -> float | None:
    r"""$\log E\,e^{tX}$ for $t > 0$: infinite where the moment is, `None` where there is no closed form.

    >>> log_exponential_moment(Exponential(1), Fraction(1, 2)), log_exponential_moment(Exponential(1), Fraction(1))
    (0.6931471805599453, inf)
    """
    formula = _FORMULAS.get(type(family))
    return formula(family, t) if formula is not None else None


def _normal(family: Any, t: Fraction) -> float:
    return float(family.mean * t + (family.sd * t) ** 2 / 2)


def _exponential(family: Any, t: Fraction) -> float:
    return -math.log1p(-float(t / family.rate)) if t < family.rate else math.inf


def _gamma(family: Any, t: Fraction) -> float:
    return float(family.shape) * _exponential(family, t)


def _uniform(family: Any, t: Fraction) -> float:
    width = float(t * (family.high - family.low))
    return float(t * family.high) + math.log(-math.expm1(-width) / width)


def _laplace(family: Any, t: Fraction) -> float:
    reach = t * family.scale
    return float(t * family.loc) - math.log1p(-float(reach**2)) if reach < 1 else math.inf


def _logistic(family: Any, t: Fraction) -> float:
    reach = float(t * family.scale)
    inside = t * family.scale < 1
    return float(t * family.loc) + math.lgamma(1 - reach) + math.lgamma(1 + reach) if inside else math.inf


def _gumbel(family: Any, t: Fraction) -> float:
    inside = t * family.scale < 1
    return float(t * family.loc) + math.lgamma(1 - float(t * family.scale)) if inside else math.inf


def _weibull(family: Any, t: Fraction) -> float | None:
    if family.shape == 1:
        return -math.log1p(-float(t * family.scale)) if t * family.scale < 1 else math.inf
    return math.inf if family.shape < 1 else None


def _mixture(family: Any, t: Fraction) -> float | None:
    parts = [log_exponential_moment(component, t) for component in family.components]
    if math.inf in parts:
        return math.inf
    if any(part is None for part in parts):
        return None
    logs = [math.log(float(w)) + part for w, part in zip(family.weights, parts, strict=True)]  # type: ignore[operator]
    top = max(logs)
    return top + math.log(math.fsum(math.exp(value - top) for value in logs))


def _infinite(family: Any, t: Fraction) -> float:
    return math.inf


_FORMULAS: dict[type, Callable[[Any, Fraction], float | None]] = {
    Normal: _normal,
    Exponential: _exponential,
    Gamma: _gamma,
    Uniform: _uniform,
    Laplace: _laplace,
    Logistic: _logistic,
    Gumbel: _gumbel,
    Weibull: _weibull,
    Mixture: _mixture,
    LogNormal: _infinite,
    Pareto: _infinite,
    StudentT: _infinite,
    Cauchy: _infinite,
}


def upper_tail_index(family: AbstractFamily) -> Fraction | float:
    r"""The $a$ with $E(X^+)^m = \infty$ exactly for $m \ge a$; infinite for tails lighter than every power.

    >>> upper_tail_index(Pareto("3/2")), upper_tail_index(Normal(0, 1))
    (Fraction(3, 2), inf)
    """
    if isinstance(family, Pareto):
        return Fraction(family.alpha)  # type: ignore[arg-type]
    if isinstance(family, StudentT):
        return Fraction(family.df)  # type: ignore[arg-type]
    if isinstance(family, Mixture):
        return min(map(upper_tail_index, family.components))
    return Fraction(1) if isinstance(family, Cauchy) else math.inf
