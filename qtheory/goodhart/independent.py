r"""Truth plus an independent error: what is left of the truth after selecting on the sum."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.base.families import AbstractFamily, parse_family
from qtheory.base.families.exponential_tilt import log_exponential_moment, tilted
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level, rational
from qtheory.goodhart.convolution import FIRST_DECADES, decades, left_out, means, quantiles_at_decades
from qtheory.goodhart.measured import Measured, by_formula
from qtheory.goodhart.winner import winner_mean
from qtheory.optimizers.abstract import read_count

# The levels at which an interior best is looked for, from selecting nearly all to one in 10^9.
_LEVELS = np.concatenate([np.linspace(0.999, 0.1, 40), np.geomspace(0.1, 1e-9, 120)[1:]])
_COARSE, _FINE = 12, 20
# A mass is divided by only where it is known to this many parts.
_LEAST_DIGITS = 1e3
_TINY = 1e-300


class PosteriorPeak(NamedTuple):
    """The score whose holder is worth most: the score, what it is worth, and the share of scores at or below it."""

    score: Measured
    value: Measured
    percentile: Measured


class BestLevel(NamedTuple):
    """The level of selection after which the truth is largest, and how large it is then."""

    q: Measured
    value: Measured


@dataclass(frozen=True)
class ProxyModel:
    r"""A proxy $U = V + X$: a truth $V$ and an independent error $X$, each of any continuous family.

    Args:
        truth: the law of V, with a mean: a family, or its text form.
        error: the law of X, which needs no mean.

    Source:
        manheim2018 for regressional Goodhart; kwa2023 for the part that the tails play.

    >>> model = ProxyModel("normal(0, 1)", "normal(0, 1)")
    >>> round(model.top("1/10").value, 9), round(model.best_of_n(10).value, 9)
    (1.240960606, 1.088062491)
    """

    truth: Any
    error: Any

    def __post_init__(self) -> None:
        for name in ("truth", "error"):
            object.__setattr__(self, name, read_family(getattr(self, name)))
        if not math.isfinite(self.truth.expectation()):
            raise InvalidInput("the truth has no finite mean", got=self.truth, allowed="a law with a finite mean")

    def density(self, u: float) -> Measured:
        r"""$f_U(u) = E f_X(u - V)$.

        >>> round(ProxyModel("normal(0, 1)", "normal(0, 1)").density(0.0).value, 12)
        0.282094791774
        """
        return self._mean(self.error.density, u)[0]

    def survival(self, u: float) -> Measured:
        r"""$P(U > u) = E S_X(u - V)$.

        >>> ProxyModel("normal(0, 1)", "cauchy(0, 1)").survival(0.0).value
        0.5
        """
        return self._mean(self.error.survival, u)[0]

    def posterior_mean(self, u: float) -> Measured:
        r"""$m(u) = E[V \mid U = u] = E[V f_X(u - V)]/E f_X(u - V)$.

        >>> round(ProxyModel("normal(0, 1)", "normal(0, 1)").posterior_mean(3.0).value, 12)
        1.5
        """
        density, first = self._mean(self.error.density, u)
        return _ratio(first, density)

    def mean_above(self, u: float) -> Measured:
        r"""$E[V \mid U > u]$.

        >>> model = ProxyModel("normal(0, 1)", "normal(0, 1)")
        >>> round(model.mean_above(0.0).value, 12) == round(math.pi**-0.5, 12)
        True
        """
        mass, first = self._mean(self.error.survival, u)
        return _ratio(first, mass)

    def threshold(self, q: NumberLike) -> Measured:
        r"""The score that a share $q < 1$ exceeds.

        >>> round(ProxyModel("normal(1, 3)", "normal(0, 4)").threshold("1/2").value, 12)
        1.0
        """
        from scipy.optimize import brentq

        share = float(level(q))
        if share == 1.0:
            raise InvalidInput("everything is above every threshold at q = 1", got=q, allowed="0 < q < 1")
        low = float(self.truth.lower_quantile((1 - share) / 2) + self.error.lower_quantile((1 - share) / 2))
        high = float(self.truth.upper_quantile(share / 2) + self.error.upper_quantile(share / 2))
        # A union bound puts the threshold between; the margin is for rounding.
        room = 1e-9 * (1 + abs(low) + abs(high))

        def excess(u: float) -> float:
            return math.log(max(self.survival(u).value, _TINY) / share)

        t = brentq(excess, low - room, high + room, xtol=1e-15, rtol=1e-15)
        mass, density = _seen(self.survival(t)), _seen(self.density(t))
        return Measured(t, (abs(mass.value - share) + mass.error) / density.value + by_formula(t).error)

    def top(self, q: NumberLike) -> Measured:
        r"""$E[V \mid U \text{ in the top } q]$, the truth under the $q$-quantilizer.

        >>> round(ProxyModel("normal(0, 1)", "student_t(3)").top("1/100").value, 9)
        0.636121924
        """
        share = float(level(q))
        if share == 1.0:
            return by_formula(self.truth.expectation())
        t = self.threshold(q)
        _, first = self._mean(self.error.survival, t.value)
        here, density = self.posterior_mean(t.value), self.density(t.value)
        moved = (abs(here.value) + here.error) * density.value * t.error
        return Measured(first.value / share, (first.error + moved) / share)

    def gap(self, q: NumberLike) -> Measured:
        r"""$E[U - V \mid U \text{ in the top } q]$, what the proxy promises and the truth does not keep.

        Raises:
            InvalidInput: an error without a mean; the gap is then infinite or undefined.

        >>> round(ProxyModel("normal(0, 1)", "normal(0, 2)").gap("1/10").value, 9)
        3.139409601
        """
        return ProxyModel(self.error, self.truth).top(q)

    def best_of_n(self, n: int) -> Measured:
        r"""$E[V \mid \text{highest of } n] = \int m(u)\,nF_U(u)^{n-1}f_U(u)\,du$.

        >>> round(ProxyModel("normal(0, 1)", "normal(0, 1)").best_of_n(30).value, 9)
        1.444450045
        """
        count = read_count(n, "n")
        return winner_mean(self.truth, self.error, count) if count > 1 else by_formula(self.truth.expectation())

    def tilt(self, beta: NumberLike) -> Measured:
        r"""$E V$ under the KL-regularised policy $\propto e^{U/\beta}$: the error's factor cancels, so $V$ is tilted alone.

        Raises:
            NotAvailable: $E e^{U/\beta}$ is infinite, so that the policy does not exist.

        >>> ProxyModel("normal(0, 1)", "normal(0, 3)").tilt("1/2").value
        2.0
        """
        strength = rational(beta, "beta")
        if strength <= 0:
            raise InvalidInput("beta is not positive", got=str(strength), allowed="> 0")
        rate = Fraction(1) / strength
        for family in (self.truth, self.error):
            moment = log_exponential_moment(family, rate)
            if moment is not None and math.isinf(moment):
                raise NotAvailable(
                    "the policy does not exist: an exponential moment is infinite",
                    got=f"E exp(x/{strength}) under {family}",
                    remedy="a larger beta, if the tail is exponential; none helps against a power tail",
                )
        return _tilted_mean(self.truth, rate)

    def peak(self) -> PosteriorPeak:
        r"""The score at which $m(u) = E[V\mid U=u]$ is largest: the Bayes-optimal choice, if it is an interior one.

        Raises:
            NotAvailable: the posterior mean rises to the end of what is searched, the top $10^{-9}$ of scores.

        Source:
            gillen2023, comments: the actual optimal percentile action can be calculated.

        >>> round(ProxyModel("normal(0, 1)", "student_t(3)").peak().percentile.value, 9)
        0.965215058
        """
        score = self._interior(lambda u: self._ratios(self.error.density, u))
        above = self.survival(score.value)
        slope = self.density(score.value).value * score.error
        return PosteriorPeak(score, self.posterior_mean(score.value), Measured(1 - above.value, above.error + slope))

    def best_level(self) -> BestLevel:
        r"""The $q$ at which $E[V\mid\text{top }q]$ is largest, if it is an interior one.

        Raises:
            NotAvailable: selection keeps paying to the end of what is searched, $q = 10^{-9}$, or the truth rises and stays.

        >>> round(ProxyModel("normal(0, 1)", "student_t(3)").best_level().q.value, 6)
        0.076175
        """
        t = self._interior(lambda u: self._ratios(self.error.survival, u))
        mass, slope = self.survival(t.value), self.density(t.value).value * t.error
        best = self.mean_above(t.value)
        self._require_fall(best, t.value)
        return BestLevel(Measured(mass.value, mass.error + slope), best)

    def _require_fall(self, best: Measured, score: float) -> None:
        """Selection beyond is seen to be worth less, by more than the quadratures may be off."""
        beyond = _scores(self)[_scores(self) > score]
        (mass, first), (mass_error, first_error) = means(self.truth, self.error, self.error.survival, beyond)
        known = mass > _LEAST_DIGITS * (mass_error + left_out(self.truth))
        first_error = first_error + 2 * left_out(self.truth)
        value, least = first[known] / mass[known], mass[known] - mass_error[known]
        error = (first_error[known] + np.abs(value) * mass_error[known]) / least
        if not np.any(value + error < best.value - best.error):
            raise NotAvailable(
                "there is no interior best level: beyond the largest value seen the truth does not fall",
                got=f"{best.value:.9g} with an error of {best.error:.2g}",
                allowed="a truth that falls afterwards by more than the error of the quadrature",
                remedy="read the limit from top(q) at small q",
            )

    def _mean(self, kernel: Callable[[Any], Any], u: float) -> tuple[Measured, Measured]:
        if not math.isfinite(u):
            raise InvalidInput("the score is not finite", got=u)
        values, errors = means(self.truth, self.error, kernel, [u])
        # Laws with one peak are largest near their quantiles; twice that covers what lies between.
        largest = 2 * float(np.max(kernel(quantiles_at_decades(self.error, FIRST_DECADES))))
        total = errors[:, 0] + largest * left_out(self.truth)
        mass, first = (Measured(float(v), float(e)) for v, e in zip(values[:, 0], total, strict=True))
        return mass, first

    def _ratios(self, kernel: Callable[[Any], Any], u: np.ndarray) -> np.ndarray:
        (mass, first), _ = means(self.truth, self.error, kernel, u)
        return first / mass

    def _interior(self, function: Callable[[np.ndarray], np.ndarray]) -> Measured:
        """Where a smooth function of the score is largest: among all levels, then as the root of an interpolant's slope."""
        grid = _scores(self)
        seen = function(grid)
        best = int(np.argmax(seen))
        if best in (0, grid.size - 1):
            raise NotAvailable(
                "there is no interior best score", got=self, allowed="an error of heavier tail than the truth"
            )
        low, high = grid[best - 1], grid[best + 1]
        rough, fine = (_turning_point(function, low, high, points) for points in (_COARSE, _FINE))
        return Measured(fine, abs(fine - rough) + by_formula(fine).error)


def _scores(model: ProxyModel) -> np.ndarray:
    """Scores from selecting nearly all to one in 10^9 and beyond, rising."""
    return model.truth.upper_quantile(_LEVELS / 2) + model.error.upper_quantile(_LEVELS / 2)


def read_family(family: Any) -> AbstractFamily:
    """A family, or the one that a text such as "student_t(3)" stands for.

    >>> read_family("normal(0, 1)")
    Normal(mean=0, sd=1)
    """
    found = parse_family(family) if isinstance(family, str) else family
    if not isinstance(found, AbstractFamily):
        raise InvalidInput("not a law", got=family, allowed='a family such as Normal(0, 1), or its text "normal(0, 1)"')
    return found


def _seen(mass: Measured) -> Measured:
    """A mass or density, if it is known well enough to be divided by."""
    if not mass.value > _LEAST_DIGITS * mass.error:
        raise NotAvailable(
            "the score is so far out that quadrature in double precision does not see its mass",
            got=f"{mass.value:.3g} with an error of {mass.error:.3g}",
            allowed="tails above about 1e-14",
        )
    return mass


def _ratio(top: Measured, bottom: Measured) -> Measured:
    value = top.value / _seen(bottom).value
    return Measured(value, (top.error + abs(value) * bottom.error) / (bottom.value - bottom.error))


def _turning_point(function: Callable[[np.ndarray], np.ndarray], low: float, high: float, points: int) -> float:
    """The root of the slope of the interpolant in Chebyshev nodes."""
    from numpy.polynomial import Chebyshev

    slope = Chebyshev.interpolate(function, points, domain=[low, high]).deriv()
    roots = slope.roots()
    real = roots[np.abs(roots.imag) < 1e-6 * (high - low)].real
    inside = real[(real > low) & (real < high)]
    if inside.size == 0:
        raise NotAvailable("no turning point was found between two scores", got=(low, high))
    return float(inside[np.argmax(function(inside))])


def _tilted_mean(family: AbstractFamily, rate: Fraction) -> Measured:
    known = tilted(family, rate)
    if known is not None:
        return by_formula(known.expectation())
    # The maximum of the exponent is divided out; panels by decades see every tail that has this moment.
    cuts = decades(family)
    scale = float(np.max(float(rate) * cuts + family.log_density(cuts)))

    def kernel(minus_v: np.ndarray) -> np.ndarray:
        return np.exp(-float(rate) * minus_v - scale)

    values, errors = means(family, family, kernel, [0.0])
    mass, first = (Measured(float(v), float(e)) for v, e in zip(values[:, 0], errors[:, 0], strict=True))
    return _ratio(first, mass)
