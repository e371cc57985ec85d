r"""Costs known by an exponential moment: what the KL divergence is for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, in_kind, read_bound, read_flag
from qtheory.costs.extremal import escape
from qtheory.costs.kinds import brief, exp, log, midpoint, over, plus, times, total
from qtheory.costs.of_ratio import cost_of_ratio, levels_of_ratio
from qtheory.costs.worst_case import UPPER, CostSequence, WorstCase
from qtheory.errors import NotAvailable
from qtheory.exact.binding import as_sympy
from qtheory.exact.enclosure import Enclosure
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.rank import RankPolicy

if TYPE_CHECKING:
    import sympy as sp

# Beyond it, exponentials leave the range of double precision.
_LARGEST_EXPONENT = 700


@dataclass(frozen=True)
class ExponentialMoment(AbstractCostClass):
    r"""$E_\gamma e^{c/\beta} \le e^{\kappa/\beta}$: the worst case is $\beta\,\mathrm{KL}(\pi\|\gamma) + \kappa$.

    It is attained by $c = \kappa + \beta\log w$ where $w > 0$ throughout, and approached where it is not; that cost may
    be negative. With `nonnegative` the class asks for $c \ge 0$ too, and the worst cost is $\beta\log^+(w/\lambda)$ with
    $E_\gamma\max(w/\lambda, 1) = e^{\kappa/\beta}$. Where the ratio does not take finitely many known values, the answer
    is then an upper bound and says so.

    Args:
        beta: the scale, above 0; kappa: the level, a number; or symbols, in claims.
        nonnegative: whether costs are at least 0; then kappa is too.

    Source:
        donsker1975, the variational formula.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.maximizer import Maximizer
    >>> from qtheory.problem import Problem
    >>> policy = Maximizer()(Problem(Finite(["1/2", "1/2"]), utility=[1, 0]))
    >>> print(ExponentialMoment(1, "1/10").worst_case(policy).value)
    0.79314718055994... +- 4e-38
    >>> print(round(float(ExponentialMoment(1, "1/10", nonnegative=True).worst_case(policy).value), 9))
    0.190902829
    """

    beta: Any
    kappa: Any
    nonnegative: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "nonnegative", read_flag(self.nonnegative, "nonnegative"))
        object.__setattr__(self, "beta", read_bound(self.beta, "beta", above=0))
        object.__setattr__(self, "kappa", read_bound(self.kappa, "kappa", at_least=0 if self.nonnegative else None))

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        beta, kappa = in_kind(policy, self.beta), in_kind(policy, self.kappa)
        kl = policy.kl()
        if isinstance(kl, float) and math.isinf(kl):
            sequence = escape(policy, kappa) if isinstance(policy, AtomPolicy) else None
            return WorstCase(math.inf, None, False, sequence=sequence)
        free = plus(kappa, times(beta, kl))
        if not self.nonnegative:
            return _free(policy, beta, kappa, free)
        levels = levels_of_ratio(policy)
        if levels is None:
            return WorstCase(free, None, False, UPPER)
        return _nonnegative(policy, levels, beta, kappa)

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        beta, kappa = as_sympy(self.beta), as_sympy(self.kappa)
        sign = (sp.Ge(cost, 0),) if self.nonnegative else ()
        return (*sign, sp.Le(E(sp.exp(cost / beta)), sp.exp(kappa / beta)), sp.Gt(beta, 0))

    def parameters(self) -> dict[str, Any]:
        flag = {"nonnegative": True} if self.nonnegative else {}
        return {"beta": self.beta, "kappa": self.kappa, **flag}

    def bind(self, values: dict[sp.Symbol, Any]) -> ExponentialMoment:
        return ExponentialMoment(**bound_parameters(self, values))


def _free(policy: AbstractPolicy, beta: Any, kappa: Any, value: Any) -> WorstCase:
    unplayed = _unplayed(policy)
    if unplayed is None:
        return WorstCase(value, None, False)
    if unplayed == 0:
        formula = f"{brief(kappa)} + {brief(beta)}*log(w)"
        # Only actions that neither takes have ratio 0 here, and any cost will do for them.
        at = _each(lambda w: plus(kappa, times(beta, log(w))) if midpoint(w) > 0 else kappa)
        return WorstCase(value, cost_of_ratio(policy, at, formula), True)

    def level(n: int) -> Any:
        return log(plus(1, over(unplayed, n)))

    def cost(n: int) -> Any:
        # On the actions that are never played the cost falls without end, which frees room elsewhere.
        shift = plus(kappa, -times(beta, level(n)))
        smallest = log(over(1, 1.0 * n if isinstance(unplayed, float) else Fraction(n)))
        at = _each(lambda w: plus(shift, times(beta, log(w) if midpoint(w) > 0 else smallest)))
        return cost_of_ratio(policy, at, f"{brief(shift)} + {brief(beta)}*log(w or 1/{n})")

    return WorstCase(value, None, False, sequence=CostSequence(cost, lambda n: plus(value, -times(beta, level(n)))))


def _unplayed(policy: AbstractPolicy) -> Any:
    """The base's mass of what the policy never plays; `None` where it is not known."""
    if isinstance(policy, AtomPolicy):
        pairs = zip(policy.base.weights, policy.probabilities, strict=True)
        return total(g for g, p in pairs if g > 0 and midpoint(p) == 0)
    if not isinstance(policy, RankPolicy):
        return None
    steps = policy.density.steps
    return Fraction(0) if steps is None else sum((a for a, h in steps if h == 0), Fraction(0))


def _nonnegative(policy: AbstractPolicy, levels: list, beta: Any, kappa: Any) -> WorstCase:
    if kappa == 0:
        return WorstCase(kappa, cost_of_ratio(policy, lambda w: 0 * w, "0"), True)
    room = _expm1(over(kappa, beta))
    mass, first = _costly(levels, _low(room))
    price = first / (_low(room) + mass)

    def log_excess(w: Any) -> Any:
        # w / price - 1, in which a small room is not lost beside the one.
        surplus = (w * _low(room) + (w * mass - first)) / first
        return _log1p(surplus) if surplus > 0 else 0 * price

    at = _each(lambda w: times(beta, log_excess(w)))
    cost = cost_of_ratio(policy, at, f"{brief(beta)}*log(max(w/{brief(price)}, 1))")
    reached = times(beta, total(times(g * w, log_excess(w)) for g, w in levels))
    if isinstance(price, float):
        return WorstCase(reached, cost, True)
    # Weak duality at the same price bounds every cost of the class.
    spare = plus(times(price, plus(1, room)), -total(g * max(w, price) for g, w in levels))
    bound = plus(reached, times(beta, spare))
    return WorstCase(Enclosure(Enclosure.of(reached).low, Enclosure.of(bound).high), cost, True)


def _costly(levels: list, room: Any) -> tuple[Any, Any]:
    r"""Mass and first moment of the ratios above the price $\lambda$ with $E_\gamma\max(w/\lambda, 1) = 1 + $ room."""
    mass, first = 0 * levels[0][0], 0 * levels[0][0]
    for place, (g, w) in enumerate(levels):
        mass, first = mass + g, first + g * w
        if place + 1 == len(levels) or first / (room + mass) >= levels[place + 1][1]:
            break
    return mass, first


def _expm1(x: Any) -> Any:
    """$e^x - 1$, of which the enclosure keeps its first digits also where $x$ is tiny."""
    if isinstance(x, float):
        if x > _LARGEST_EXPONENT:
            remedy = "use an exact problem, with weights as text or fractions"
            raise NotAvailable("kappa / beta is too large for floats", got=x, allowed="<= 700", remedy=remedy)
        return math.expm1(x)
    found = Enclosure.of(exp(x)) - 1
    return Enclosure(max(found.low, x), min(found.high, x + x * x)) if x <= 1 else found


def _log1p(x: Any) -> Any:
    """$\\log(1 + x)$ for $x > 0$, in the same way."""
    if isinstance(x, float):
        return math.log1p(x)
    found = Enclosure.of(log(1 + x))
    return Enclosure(max(found.low, x - x * x / 2), min(found.high, x))


def _low(x: Any) -> Any:
    return x.low if isinstance(x, Enclosure) else x


def _each(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of one ratio as one that also takes an array of them."""
    import numpy as np

    def at(w: Any) -> Any:
        if not isinstance(w, np.ndarray):
            return function(w)
        with np.errstate(divide="ignore"):
            return np.array([float(function(float(x))) for x in w.ravel()]).reshape(w.shape)

    return at
