r"""True rewards that are correlated with the proxy: how much of a proxy gain can be lost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, read_bound
from qtheory.costs.kinds import over, plus, power, sqrt, times
from qtheory.costs.worst_case import WorstCase
from qtheory.errors import InvalidInput
from qtheory.exact.binding import as_sympy, is_symbolic
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy

if TYPE_CHECKING:
    import sympy as sp

# What is left of a unit vector after projection counts as nothing below this many roundings.
_ROUNDINGS = 256


class Gain(NamedTuple):
    r"""What the worst case depends on: the proxy gain $p$ in standard deviations, and what of $\chi^2$ it leaves."""

    p: Any
    chi2: Any
    rest: Any


@dataclass(frozen=True)
class CorrelatedProxy(AbstractCostClass):
    r"""The loss $c = -(R - E_\gamma R)/\sigma_R$ of any true reward with $\mathrm{corr}_\gamma(U, R) = r$.

    Costs here are of either sign, in standard deviations of the true reward. With the proxy gain
    $p = (E_\pi U - E_\gamma U)/\sigma_U$ the worst case is $\sqrt{(1-r^2)(\chi^2 - p^2)} - rp$, so the least true gain is
    $rp - \sqrt{(1-r^2)(\chi^2-p^2)}$. On finite bases it is attained by $R = r\tilde U + \sqrt{1-r^2}\,T$ with $T$ along
    $-(w - 1 - p\tilde U)$.

    Args:
        r: the correlation, in $(0, 1]$; or a symbol, in claims.

    Source:
        laidlaw2024 for the published bound; the exact value is derived.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.problem import Problem
    >>> policy = Quantilizer("1/4")(Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10]))
    >>> proxy = CorrelatedProxy("1/2")
    >>> round(float(proxy.worst_gain(policy)), 6), round(float(proxy.published_gain(policy)), 6)
    (-0.460772, -0.568875)
    """

    r: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "r", read_bound(self.r, "r", above=0))
        if not is_symbolic(self.r) and self.r > 1:
            raise InvalidInput("a correlation is at most one", got=str(self.r), allowed="0 < r <= 1")

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        self._require_number()
        if isinstance(policy, AtomPolicy) and self.r < 1 and _rank(policy) < 3:
            raise InvalidInput(
                "no true reward has this correlation with the proxy",
                got=f"r = {self.r} on a base that takes fewer than three actions",
                allowed="r = 1",
            )
        gain = proxy_gain(policy)
        if isinstance(gain.chi2, float) and math.isinf(gain.chi2):
            return WorstCase(math.inf, None, False)
        value = plus(sqrt(times(1 - self.r**2, gain.rest)), -times(self.r, gain.p))
        if not isinstance(policy, AtomPolicy):
            # The residual is a direction unless it vanishes, and without atoms there is always another.
            return WorstCase(value, None, True)
        return WorstCase(value, _loss(policy, self.r), True)

    def worst_gain(self, policy: AbstractPolicy) -> Any:
        r"""$rp - \sqrt{(1-r^2)(\chi^2-p^2)}$: the least true gain, in standard deviations of the true reward."""
        return -self.worst_case(policy).value

    def published_gain(self, policy: AbstractPolicy) -> Any:
        r"""$\frac1r\big[p - \sqrt{(1-r^2)\chi^2}\big]$: a lower bound on the true gain, not attained unless $r = 1$.

        It changes sign where the exact value does.
        """
        self._require_number()
        gain = proxy_gain(policy)
        if isinstance(gain.chi2, float) and math.isinf(gain.chi2):
            return -math.inf if self.r < 1 else gain.p
        return over(plus(gain.p, -sqrt(times(1 - self.r**2, gain.chi2))), self.r)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E, u

        r = as_sympy(self.r)
        deviation = sp.sqrt(E(u**2) - E(u) ** 2)
        return sp.Eq(E(cost), 0), sp.Eq(E(cost**2), 1), sp.Eq(E(cost * u), -r * deviation), sp.Gt(r, 0), sp.Le(r, 1)

    def parameters(self) -> dict[str, Any]:
        return {"r": self.r}

    def bind(self, values: dict[sp.Symbol, Any]) -> CorrelatedProxy:
        return CorrelatedProxy(**bound_parameters(self, values))

    def _require_number(self) -> None:
        if is_symbolic(self.r):
            raise InvalidInput("r is a symbol; only a claim can use it so", got=self.r)


def proxy_gain(policy: AbstractPolicy) -> Gain:
    r"""$p$, $\chi^2$ and $\chi^2 - p^2 \ge 0$ of a policy.

    Raises:
        InvalidInput: the proxy is constant under the base.
    """
    mean, variance = utility_moments(policy)
    if variance == 0:
        raise InvalidInput("the proxy is constant under the base and correlates with nothing", got=policy.problem.base)
    shift = plus(policy.value(), -mean)
    chi2 = policy.chi2()
    if isinstance(chi2, float) and math.isinf(chi2):
        return Gain(over(shift, sqrt(variance)), chi2, chi2)
    square = (
        over(times(shift, shift), variance)
        if isinstance(shift, float)
        else over(power(abs(shift), Fraction(2)), variance)
    )
    size = sqrt(square)
    return Gain(_signed(size, shift), chi2, plus(chi2, -square))


def _signed(size: Any, like: Any) -> Any:
    if isinstance(like, Enclosure) and like.low < 0 < like.high:
        return Enclosure(-Enclosure.of(size).high, Enclosure.of(size).high)
    return -size if float(like) < 0 else size


def utility_moments(policy: AbstractPolicy) -> tuple[Any, Any]:
    """Mean and variance of the proxy under the base."""
    problem = policy.problem
    mean = problem.mean(problem.utility)
    if isinstance(policy, AtomPolicy):
        centred = [u - mean for u in problem.utility]
        return mean, problem.mean([x * x for x in centred] if problem.exact else np.array(centred) ** 2)
    host = problem.utility.on_host
    return mean, problem.base.expect(lambda x: (host(x) - mean) ** 2)  # type: ignore[attr-defined]


def _rank(policy: AtomPolicy) -> int:
    return sum(1 for g in policy.base.weights if g > 0)


def _loss(policy: AtomPolicy, r: Fraction) -> Any:
    """The standardised loss that attains the worst case, one number per action."""
    exact = policy.problem.exact
    weights = list(policy.base.weights)
    utility = _centred(weights, list(policy.problem.utility))
    scale = sqrt(_inner(weights, utility, utility))
    toward = [over(u, scale) for u in utility]
    if r == 1:
        return _vector([-x for x in toward], exact)
    if policy.encloses:
        return None
    rest = _other_direction(weights, utility, [w - 1 for w in policy.ratio])
    size = sqrt(_inner(weights, rest, rest))
    along = sqrt(1 - r * r) if exact else float(sqrt(1 - r * r))
    loss = [plus(times(along, over(t, size)), -times(r, x)) for t, x in zip(rest, toward, strict=True)]
    return _vector(loss, exact)


def _other_direction(weights: list, utility: list, ratio: list) -> list:
    """What of the ratio neither a constant nor the proxy explains; any such direction if that is nothing."""
    candidates = [ratio, *([int(i == j) for j in range(len(weights))] for i, g in enumerate(weights) if g > 0)]
    for candidate in candidates:
        centred = _centred(weights, candidate)
        slope = _inner(weights, centred, utility) / _inner(weights, utility, utility)
        rest = [x - slope * u for x, u in zip(centred, utility, strict=True)]
        size, whole = _inner(weights, rest, rest), _inner(weights, centred, centred)
        if size > whole * (_ROUNDINGS * np.finfo(float).eps) ** 2 if isinstance(size, float) else size > 0:
            return rest
    raise AssertionError("three actions of positive mass leave a direction")


def _centred(weights: list, values: list) -> list:
    mean = sum(g * x for g, x in zip(weights, values, strict=True))
    return [x - mean for x in values]


def _inner(weights: list, left: list, right: list) -> Any:
    return sum(g * x * y for g, x, y in zip(weights, left, right, strict=True))


def _vector(values: list, exact: bool) -> Any:
    return tuple(values) if exact else np.array([float(x) for x in values])
