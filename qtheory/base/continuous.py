r"""A base distribution on the real line whose proxy utility is the action itself, $U=x$."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from qtheory.aliases import Json, NumberLike
from qtheory.base.abstract import AbstractBase
from qtheory.base.families.abstract import AbstractFamily, DeviceQuantile
from qtheory.base.families.catalogue import family_from_json, family_to_json
from qtheory.base.families.expectation import integrate_family
from qtheory.base.families.numpyro_bridge import family_from_numpyro, family_to_numpyro, is_numpyro
from qtheory.base.families.parameters import real
from qtheory.base.families.reservation import reservation_value
from qtheory.base.families.sampling import Words, family_from_words, sample_family
from qtheory.base.families.text import parse_family
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import DocumentError, InvalidInput, InvalidLevel
from qtheory.exact.rationals import level

_HALF = 0.5
_TYPE = "continuous"
Function = Callable[[np.ndarray], np.ndarray]


@final
@dataclass(frozen=True, repr=False)
class Continuous(AbstractBase):
    r"""An atomless base $\gamma$ on the line, known by its family.

    With proxy utility $U=x$, top rank is $s=\gamma(X>x)$, and the q-quantilizer is $\gamma$ given $s\le q$.

    Args:
        family: a family, its text form, or a scalar numpyro distribution.

    Raises:
        FormulaError: a text that names no family.
        InvalidInput: anything else that is not a family.

    >>> base = Continuous("normal(0, 1)")
    >>> base, round(base.upper_mean(0.1), 12)
    (Continuous('normal(0, 1)'), 1.754983319325)
    """

    family: AbstractFamily

    def __init__(self, family: Any):
        object.__setattr__(self, "family", _read_family(family))

    def __repr__(self) -> str:
        return f"Continuous({self.family.text()!r})"

    # ---- the law ----

    def support(self) -> tuple[float, float]:
        """The ends of the support."""
        return self.family.support()

    def mean(self) -> float:
        """The mean; `inf` where infinite, `NotAvailable` where there is none."""
        return self.family.expectation()

    def log_density(self, x: Any) -> np.ndarray:
        r"""$\log f(x)$."""
        return self.family.log_density(x)

    def density(self, x: Any) -> np.ndarray:
        r"""$f(x)$."""
        return self.family.density(x)

    def survival(self, x: Any) -> np.ndarray:
        r"""$\gamma(X>x)$, tail-safe."""
        return self.family.survival(x)

    def cdf(self, x: Any) -> np.ndarray:
        r"""$\gamma(X\le x)$, safe in the lower tail."""
        return self.family.cdf(x)

    def upper_quantile(self, s: Any) -> np.ndarray:
        r"""$u(s)$, the x with $\gamma(X>x)=s$."""
        return self.family.upper_quantile(s)

    def lower_quantile(self, p: Any) -> np.ndarray:
        r"""The x with $\gamma(X\le x)=p$."""
        return self.family.lower_quantile(p)

    def upper_partial_mean(self, t: Any) -> np.ndarray:
        r"""$H(t)=E[X;X>t]$."""
        return self.family.upper_partial_mean(t)

    def excess_mean(self, t: Any) -> np.ndarray:
        r"""$E(X-t)^+$."""
        return self.family.excess_mean(t)

    # ---- the quantilizer ----

    def upper_mean(self, q: Any) -> Any:
        r"""$M(q)=\frac1q\int_0^qu(s)\,ds$, the expected utility of the q-quantilizer.

        In the upper half it is $u+E(X-u)^+/q$ at $u=u(q)$, which is stationary in u, so the rounding of the quantile
        does not enter; in the lower half it is $H(u)/q$.

        Args:
            q: one level in (0, 1], or an array of float levels.

        Returns:
            A float, or an array of the shape of q.

        >>> round(Continuous("pareto(3)").upper_mean("1/100"), 12)
        6.962383250419
        """
        q = _levels(q)
        u = self.family.upper_quantile(q)
        with np.errstate(invalid="ignore"):  # at q = 1 the quantile can be -inf; that entry is replaced
            upper = u + self.family.excess_mean(u) / q
        value = np.where(q <= _HALF, upper, self.family.upper_partial_mean(np.where(q <= _HALF, np.inf, u)) / q)
        return _as_given(np.where(q == 1.0, self.mean(), value) if np.any(q == 1.0) else value)

    def guarantee(self, q: Any, eps: NumberLike) -> Any:
        r"""$M(q)-\varepsilon/q$: the least true value of the q-quantilizer over costs of mean at most $\varepsilon$.

        >>> round(Continuous("exponential(1)").guarantee(0.1, 0.1), 12)
        2.302585092994
        """
        epsilon = float(real(eps, "eps"))
        if epsilon < 0:
            raise InvalidInput("eps is negative", got=eps, allowed="eps >= 0, a bound on a mean cost")
        return _as_given(self.upper_mean(q) - epsilon / _levels(q))

    def reservation_value(self, eps: NumberLike) -> tuple[float, float]:
        r"""$(\tau,q)$: the best guarantee over all q, the root of $E(X-\tau)^+=\varepsilon$, and the level that has it.

        >>> tau, q = Continuous("pareto(3)").reservation_value(0.1)
        >>> round(tau, 12), round(q, 12)
        (2.2360679775, 0.0894427191)
        """
        return reservation_value(self.family, eps)

    # ---- integrals over rank ----

    def expect(
        self, f: Function, low_rank: float = 0.0, high_rank: float = 1.0, *, breaks: Sequence[float] = ()
    ) -> float:
        r"""$\int_{\mathrm{low}}^{\mathrm{high}}f(u(s))\,ds$, the contribution of those top ranks to $E_\gamma f$.

        Args:
            f: vectorised function of the action.
            low_rank: lower end, 0 is best.
            high_rank: upper end.
            breaks: ranks where $f\circ u$ jumps or has a kink.

        Raises:
            NotAvailable: not integrable, or not to nine digits.

        >>> round(Continuous("normal(0, 1)").expect(np.square), 12)
        1.0
        """
        return self.expect_rank(f, lambda rank: np.ones_like(rank.top), low_rank, high_rank, breaks=breaks)

    def expect_rank(
        self,
        f: Function,
        g: Callable[[Rank], np.ndarray],
        low_rank: float = 0.0,
        high_rank: float = 1.0,
        *,
        breaks: Sequence[float] = (),
    ) -> float:
        r"""$\int f(u(s))\,g(s)\,ds$: the mean of f under the policy with density ratio g in rank.

        Args:
            f: vectorised function of the action.
            g: vectorised function of a `Rank`, with `rank.top` $=s$ and `rank.bottom` $=1-s$.
            low_rank: lower end.
            high_rank: upper end.
            breaks: ranks where the integrand jumps or has a kink.

        >>> best_of_two = Continuous("normal(0, 1)").expect_rank(lambda x: x, lambda rank: 2 * rank.bottom)
        >>> round(best_of_two, 12)
        0.564189583548
        """

        return integrate_family(self.family, f, g, low_rank, high_rank, breaks=breaks).value

    # ---- the device ----

    def sample(self, key: Any, n: int) -> Any:
        """`n` draws, a float32 jax array `[n]`, each from 64 bits of survival probability.

        >>> import jax
        >>> Continuous("student_t(3)").sample(jax.random.key(1), 4).dtype
        dtype('float32')
        """
        return sample_family(self.family, key, n)

    def from_words(self, words: Words) -> Any:
        """The float32 draws that stand for random words, given as pairs of uint32 arrays in lanes 0, 1, 2, ..."""
        return family_from_words(self.family, words)

    def device_quantile(self) -> DeviceQuantile:
        r"""A jittable `(tail, is_upper) -> x`, with `tail` $=\min(s,1-s)$ and `is_upper` whether $s\le\tfrac12$.

        Where there is no elementary inverse a table is built here, once; keep the result.

        >>> import jax.numpy as jnp
        >>> float(Continuous("uniform(0, 1)").device_quantile()(jnp.float32(0.25), True))
        0.75
        """
        return self.family.device_quantile()

    # ---- other forms ----

    def to_json(self) -> Json:
        """A plain dict; each number the shortest that reads back exactly, or text such as '1/3'.

        >>> Continuous("normal(0, 1)").to_json()
        {'type': 'continuous', 'family': 'normal', 'parameters': {'mean': 0, 'sd': 1}}
        """
        return {"type": _TYPE, **family_to_json(self.family)}

    @classmethod
    def from_json(cls, document: Json) -> Continuous:
        """The base a dict describes.

        >>> Continuous.from_json({"type": "continuous", "family": "pareto", "parameters": {"alpha": "3/2"}})
        Continuous('pareto(1.5, 1)')
        """
        if not isinstance(document, dict) or document.get("type") != _TYPE:
            raise DocumentError("not a continuous base", got=document, allowed='{"type": "continuous", ...}')
        return cls(family_from_json(document))

    def numpyro(self) -> Any:
        """The numpyro distribution of the same law."""
        return family_to_numpyro(self.family)


def _read_family(value: Any) -> AbstractFamily:
    if isinstance(value, AbstractFamily):
        return value
    if isinstance(value, str):
        return parse_family(value)
    if is_numpyro(value):
        return family_from_numpyro(value)
    allowed = "a family, text such as 'normal(0, 1)', or a scalar numpyro distribution"
    raise InvalidInput("not a continuous law", got=value, allowed=allowed)


def _levels(q: Any) -> np.ndarray:
    if not isinstance(q, (np.ndarray, list, tuple)):
        q = float(level(q))
    levels = np.asarray(q, dtype=np.float64)
    if not np.all((levels > 0.0) & (levels <= 1.0)):
        raise InvalidLevel("a level is outside (0, 1]", got=q, allowed="0 < q <= 1 as float64")
    return levels


def _as_given(values: Any) -> Any:
    values = np.asarray(values)
    return float(values) if values.ndim == 0 else values
