r"""Rank densities that are functions of the score: $g(s) = h(u(s))$ on a base whose utility is the action itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.continuous import Continuous
from qtheory.base.families.exponential_tilt import log_exponential_moment, tilted, upper_tail_index
from qtheory.base.rank_quadrature import Rank
from qtheory.errors import DocumentError, InvalidInput, NotAvailable
from qtheory.exact.documents import field
from qtheory.policies.estimand import Estimand
from qtheory.policies.orders import read_order
from qtheory.policies.rank_density import AbstractRankDensity
from qtheory.policies.rank_inversion import InversionTable, inversion_table, uniform_doubles
from qtheory.policies.score_shapes import AbstractShape, ExponentialTilt, PositivePart, shape_from_json

# The quadrature's own tolerance: a density whose mass is further from one was normalised for another base.
MASS_TOLERANCE = 1e-9
# With fewer base draws per action rejection is exact and cheap; beyond, the tabulated mass is inverted.
MOST_DRAWS_PER_ACTION = 64.0
# So near to order 1 the logarithm of the integral has lost too many digits.
NEAR_ONE = Fraction(1, 100)


@dataclass(frozen=True, eq=False)
class ScoreDensity(AbstractRankDensity):
    r"""$g(s) = h(u(s))$ with $u$ the upper quantile of the base and $h$ a nondecreasing shape.

    Functionals are closed forms where the base has them, else quadratures in log rank with controlled error.

    Args:
        base: the base, whose utility is the action.
        shape: $h$, normalised for this base.
        named: which distribution this is.

    >>> base = Continuous("normal(0, 1)")
    >>> density = ScoreDensity(base, ExponentialTilt(Fraction(1), 0.5), Estimand.weights())
    >>> round(density.kl(), 12), density.supremum
    (0.5, inf)
    """

    base: Continuous
    shape: AbstractShape
    named: Estimand

    def __post_init__(self) -> None:
        mass = self._total_mass()
        if not abs(mass - 1) <= MASS_TOLERANCE:
            raise InvalidInput("the shape is not normalised for this base", got=mass, allowed="mass 1")

    def density(self, s: np.ndarray) -> np.ndarray:
        s = np.asarray(s, dtype=float)
        return self.at(Rank(s, 1.0 - s))

    def at(self, rank: Rank) -> np.ndarray:
        return np.exp(self.log_at(rank))

    def log_at(self, rank: Rank) -> np.ndarray:
        return self.shape.log_ratio(self.base.family.quantile_at(rank.top, rank.bottom))

    def mass(self, s: Any) -> Any:
        ranks = np.asarray(float(s) if isinstance(s, Fraction) else s, dtype=float)
        if self._tilted is not None:
            found = np.asarray(self._tilted.survival(self.base.upper_quantile(ranks)))
        else:
            found = self._running_mass(ranks.ravel()).reshape(ranks.shape)
        return float(found) if isinstance(s, Fraction) or ranks.ndim == 0 else found

    @property
    def supremum(self) -> float:
        top = self.base.support()[1]
        if math.isinf(top):
            return math.inf
        return float(np.exp(self.shape.log_ratio(top)))

    @property
    def estimand(self) -> Estimand:
        return self.named

    @property
    def breaks(self) -> tuple[float, ...]:
        rank = self._started
        return (rank,) if 0 < rank < 1 else ()

    @property
    def span(self) -> tuple[float, float]:
        return 0.0, self._started

    def expect(self, function: Any) -> float:
        r"""$E_\pi[f]$ of a vectorised function of the action."""
        if self._tilted is not None:
            return self._tilted.expect(function)
        return self.integrate(lambda x, log_w: function(x) * np.exp(log_w))

    def integrate(self, integrand: Any) -> float:
        r"""$E_\gamma$ of a function of the action and of $\log w$, over the actions that are played."""
        return self.base.expect(lambda x: integrand(x, self.shape.log_ratio(x)), 0.0, self._started)

    # ---- functionals ----

    def power_integral(self, order: Any) -> float:
        alpha = read_order(order, positive=True)
        return 1.0 if alpha == 1 else _exp(self._log_power_integral(Fraction(alpha)))

    def kl(self) -> float:
        if self._tilted is not None:
            return float(self.shape.log_ratio(self._tilted.mean()))
        from scipy.special import kl_div

        # As the integral of w log w - w + 1, which does not cancel; it is 1 where nothing is played.
        return self.integrate(lambda x, log_w: kl_div(np.exp(log_w), 1.0)) + (1.0 - self._started)

    def reverse_kl(self) -> float:
        if self._started < 1.0:
            return math.inf
        if isinstance(self.shape, ExponentialTilt):
            return -float(self.shape.log_ratio(self.base.mean()))
        return self.integrate(lambda x, log_w: np.expm1(log_w) - log_w)

    def total_variation(self) -> float:
        rank = float(self.base.survival(self.shape.level_of(0.0)))
        return self.mass(rank) - rank

    def renyi(self, order: Any) -> float:
        alpha = read_order(order)
        if alpha == math.inf:
            return math.inf if math.isinf(self.supremum) else math.log(self.supremum)
        if alpha == 0:
            return -math.log(self._started)
        if alpha == 1:
            return self.kl()
        if abs(Fraction(alpha) - 1) <= NEAR_ONE and self._log_power_integral(Fraction(alpha)) < math.inf:
            return math.log1p(self._change(float(alpha - 1))) / float(alpha - 1)
        return self._log_power_integral(Fraction(alpha)) / float(alpha - 1)

    def _change(self, gap: float) -> float:
        r"""$E_\pi[w^{\mathrm{gap}} - 1]$, without cancellation."""
        if self._tilted is not None:
            return self._tilted.expect(lambda x: np.expm1(gap * self.shape.log_ratio(x)))
        return self.integrate(lambda x, log_w: _change(log_w, gap))

    def _total_mass(self) -> float:
        if isinstance(self.shape, ExponentialTilt):
            known = log_exponential_moment(self.base.family, self.shape.rate)
            if known is not None:
                return math.inf if math.isinf(known) else math.exp(known - self.shape.log_normaliser)
        return self.integrate(lambda x, log_w: np.exp(log_w))

    def _log_power_integral(self, alpha: Fraction) -> float:
        r"""$\log\int g^\alpha$."""
        if isinstance(self.shape, ExponentialTilt):
            moment = log_exponential_moment(self.base.family, alpha * self.shape.rate)
            if moment is not None:
                return moment - float(alpha) * self.shape.log_normaliser
        heavy = upper_tail_index(self.base.family)
        if isinstance(self.shape, PositivePart) and float(alpha) * self.shape.exponent >= float(heavy):
            return math.inf
        return self._by_quadrature(float(alpha))

    def _by_quadrature(self, alpha: float) -> float:
        scale = self._highest(alpha)
        return scale + math.log(self.integrate(lambda x, log_w: np.exp(alpha * log_w - scale)))

    def _highest(self, alpha: float) -> float:
        """The largest of alpha log g + log s over decades of rank: divided out, powers neither overflow nor vanish."""
        ranks = self._started * 10.0 ** -np.arange(0.25, 290.0, 0.5)
        return float(np.max(alpha * self.log_at(Rank(ranks, 1.0 - ranks)) + np.log(ranks)))

    # ---- drawing ----

    def sample(self, key: Any, n: int) -> Any:
        """Draw `n` float32 actions: from the tilted law where it is a family, else by rejection, else by inversion."""
        if self._tilted is not None:
            return self._tilted.sample(key, n)
        if self.supremum <= MOST_DRAWS_PER_ACTION:
            return self._reject(key, n)
        import jax.numpy as jnp

        rank = self.inversion.ranks(uniform_doubles(key, n))
        return jnp.asarray(self.base.family.quantile_at(rank.top, rank.bottom), dtype=jnp.float32)

    def sample_rank(self, key: Any, n: int) -> Any:
        import jax.numpy as jnp

        return jnp.asarray(self.base.survival(np.asarray(self.sample(key, n), dtype=float)), dtype=jnp.float32)

    @cached_property
    def inversion(self) -> InversionTable:
        """The tabulated mass; its `error` is how far in Kolmogorov distance draws by inversion are from the policy."""
        return inversion_table(self.at, self.breaks)

    def _reject(self, key: Any, n: int) -> Any:
        """Base draws kept with chance w / sup; the coin has float64 resolution on the host."""
        import jax
        import jax.numpy as jnp

        kept: list[np.ndarray] = []
        block = max(256, int(n * self.supremum * 1.1))
        while sum(map(len, kept)) < n:
            key, draw, coin = jax.random.split(key, 3)
            actions = np.asarray(self.base.sample(draw, block))
            ratio = np.exp(self.shape.log_ratio(actions.astype(float)))
            kept.append(actions[uniform_doubles(coin, block) * self.supremum < ratio])
        return jnp.asarray(np.concatenate(kept)[:n])

    # ---- documents and identity ----

    def to_json(self) -> Json:
        return {"density": "score", "base": self.base.to_json(), "named": str(self.named), **self.shape.to_json()}

    @staticmethod
    def from_json(document: Any) -> ScoreDensity:
        """The density that a JSON object describes."""
        if field(document, "density") != "score":
            raise DocumentError("not a density on scores", got=document.get("density"), allowed='"score"')
        base, shape = Continuous.from_json(field(document, "base")), shape_from_json(document)
        return ScoreDensity(base, shape, Estimand.parse(field(document, "named")))

    def __eq__(self, other: object) -> bool:
        mine = (self.base, self.shape, self.named)
        return isinstance(other, ScoreDensity) and mine == (other.base, other.shape, other.named)

    def __hash__(self) -> int:
        return hash((self.shape, self.named))

    # ---- private ----

    @cached_property
    def _tilted(self) -> Continuous | None:
        """The policy itself as a base, where the tilt of the family is a family."""
        if not isinstance(self.shape, ExponentialTilt):
            return None
        family = tilted(self.base.family, self.shape.rate)
        return None if family is None else Continuous(family)

    @cached_property
    def _started(self) -> float:
        """The rank at which the shape starts: the mass of what is played."""
        return float(self.base.survival(self.shape.start)) if math.isfinite(self.shape.start) else 1.0

    def _running_mass(self, ranks: np.ndarray) -> np.ndarray:
        order = np.argsort(ranks)
        found, last, mass = np.empty(len(ranks)), 0.0, 0.0
        for i in order:
            stop = min(float(ranks[i]), self._started)
            if stop > last:
                mass += self.base.expect(lambda x: np.exp(self.shape.log_ratio(x)), last, stop)
                last = stop
            found[i] = mass if stop < self._started else 1.0
        return np.minimum(found, 1.0)


def _change(log_w: np.ndarray, gap: float) -> np.ndarray:
    """The change of w to a power by a little more, w^(1 + gap) - w, zero where nothing is played."""
    played = np.where(np.isfinite(log_w), log_w, 0.0)
    return np.where(np.isfinite(log_w), np.exp(played) * np.expm1(gap * played), 0.0)


def _exp(x: float) -> float:
    if x > math.log(np.finfo(float).max) and x < math.inf:
        raise NotAvailable(
            "the integral is finite but beyond a float64", got=f"exp({x:.6g})", remedy="use renyi(order)"
        )
    return math.exp(x)
