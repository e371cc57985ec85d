r"""The quantities that a marker can ask for, each computed anew: exactly, enclosed, by quadrature, or from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from qtheory.errors import MarkerError
from qtheory.exact.enclosure import Enclosure
from qtheory.report.writeup.described import POLICY, WORLD, policy_of, problem_of
from qtheory.report.writeup.query import Query

# More draws than this take minutes, and a check is run often.
MOST_SAMPLES = 10**8
# What float64 quadratures and roots of the library, whose tests hold them to 1e-9 or better, are trusted to.
_FLOAT_ERROR = 1e-9
# A fraction of more signs than this is shown as a decimal, of so many digits.
_LONGEST, _SHOWN = 24, 10


@dataclass(frozen=True)
class Computed:
    """A number, and how it was had.

    Attributes:
        value: an interval that contains it, a single point if it is exact; infinity is a float.
        how: "exact", "quadrature", or "simulated".
    """

    value: Enclosure | float
    how: str

    @property
    def is_exact(self) -> bool:
        """Whether it is the very number that was asked for, and no estimate or interval."""
        return not isinstance(self.value, Enclosure) or (self.value.is_point and self.how != "simulated")

    def __str__(self) -> str:
        """The number, in digits that one can read.

        >>> str(Computed(Enclosure.of("93/64"), "exact")), str(Computed(Enclosure.of("93/64"), "simulated"))
        ('93/64', '1.453125')
        """
        if not isinstance(self.value, Enclosure):
            return "infinite"
        if not self.value.is_point:
            return str(self.value)
        point = self.value.midpoint
        if self.is_exact and len(str(point)) <= _LONGEST:
            return str(point)
        return str(Context(prec=_SHOWN).divide(Decimal(point.numerator), Decimal(point.denominator)))


def compute(query: Query) -> Computed:
    """The number that a query asks for.

    Raises:
        MarkerError: no such quantity, or settings that do not make one.
        QTheoryError: the quantity cannot be had.

    >>> compute(Query(("cost-factor",), {"q": "1/10"})).value.midpoint
    Fraction(10, 1)
    """
    name = " ".join(query.words)
    if name not in QUANTITIES:
        allowed = f"{', '.join(QUANTITIES)}, claim SLUG trust|status|prove|falsify|twin"
        raise MarkerError("no such quantity", got=name, allowed=allowed)
    return QUANTITIES[name](query)


def _value(query: Query) -> Computed:
    query.only(*WORLD, *POLICY)
    return _mean(policy_of(query, needs_world=True), "utility")


def _mean_cost(query: Query) -> Computed:
    query.only(*WORLD, *POLICY)
    query.require("cost")
    return _mean(policy_of(query, needs_world=True), "cost")


def _amplification(query: Query) -> Computed:
    """How many times larger the mean cost is than under the base."""
    above = _mean_cost(query)
    world = {name: value for name, value in query.settings.items() if name in WORLD}
    below = _mean_cost(Query(query.words, {**world, "q": "1"}))
    if not isinstance(above.value, Enclosure) or not isinstance(below.value, Enclosure):
        raise MarkerError("the mean cost is infinite", got=str(query))
    return Computed(above.value / below.value, above.how)


def _divergence(name: str) -> Callable[[Query], Computed]:
    def run(query: Query) -> Computed:
        query.only(*WORLD, *POLICY)
        return _known(getattr(policy_of(query), name)())

    return run


def _worst_cost(query: Query) -> Computed:
    """The worst case over costs known by a bound on their mean, and by a cap if there is one."""
    from qtheory.costs.mean_bounded import MeanBounded
    from qtheory.costs.range_and_mean import RangeAndMean

    query.only(*WORLD, *POLICY, "epsilon", "cap")
    epsilon, cap = query.require("epsilon"), query.settings.get("cap")
    costs = MeanBounded(epsilon) if cap is None else RangeAndMean(epsilon, cap=cap)
    worst = costs.worst_case(policy_of(query))
    if not worst.is_exact:
        raise MarkerError("only an upper bound on the worst case is known", got=str(query))
    return _known(worst.value)


def _reservation(query: Query) -> Computed:
    from qtheory.frontiers.reservation_picture import reservation_picture

    query.only(*WORLD, "epsilon")
    picture = reservation_picture(problem_of(query, needed=True), query.require("epsilon"), [1])
    return _known(picture.value)


def _simulated(part: str) -> Callable[[Query], Computed]:
    def run(query: Query) -> Computed:
        query.only("base", "utility", "cost", "cost-max", "q", "samples", "key")
        level = _simulate(query, part).levels[0]
        estimate = level.value if part == "value" else level.costs[0].mean
        if not math.isfinite(estimate.value):
            raise MarkerError("the simulation gives no number", got=str(query))
        return Computed(Enclosure.of(Fraction(estimate.value)), "simulated")

    return run


def _simulate(query: Query, part: str) -> Any:
    from qtheory.montecarlo.simulate import read_samples, simulate_problem

    if part == "cost":
        query.require("cost")
    samples, key = read_samples(query.require("samples")), query.require("key")
    if samples > MOST_SAMPLES:
        raise MarkerError("too many samples for a check", got=samples, allowed=f"at most {MOST_SAMPLES}")
    if not (key.isascii() and key.isdigit() and int(key) < 2**32):
        raise MarkerError("key is not a seed", got=key, allowed="an integer from 0 to 4294967295")
    problem = problem_of(query, needed=True)
    return simulate_problem(problem, [query.require("q")], query.settings.get("cost-max"), samples, int(key))


QUANTITIES: dict[str, Callable[[Query], Computed]] = {
    "value": _value,
    "mean-cost": _mean_cost,
    "amplification": _amplification,
    "cost-factor": _divergence("sup_ratio"),
    "kl": _divergence("kl"),
    "chi2": _divergence("chi2"),
    "total-variation": _divergence("total_variation"),
    "worst-cost": _worst_cost,
    "reservation": _reservation,
    "simulated-value": _simulated("value"),
    "simulated-cost": _simulated("cost"),
}


def _mean(policy: Any, name: str) -> Computed:
    """Exact on a finite problem, else by quadrature, whose error bound becomes the interval."""
    from qtheory.policies.atom import AtomPolicy
    from qtheory.quadrature.rank_means import rank_means

    problem = policy.problem
    if isinstance(policy, AtomPolicy):
        return _known(policy.value() if name == "utility" else policy.expect(problem.cost))
    found = rank_means(policy)
    return _around(float(found.of(name)[0]), float(found.error_of(name)[0]))


def _known(value: Any) -> Computed:
    """A number as the library gives it; a float, which says nothing of its error, is trusted to `_FLOAT_ERROR`."""
    if isinstance(value, Enclosure):
        return Computed(value, "exact")
    if isinstance(value, Fraction | int):
        return Computed(Enclosure.of(Fraction(value)), "exact")
    return _around(float(value), abs(float(value)) * _FLOAT_ERROR if math.isfinite(value) else 0.0)


def _around(value: float, error: float) -> Computed:
    if math.isnan(value) or math.isnan(error):
        raise MarkerError("the quantity has no value", got=value)
    if math.isinf(value):
        return Computed(value, "quadrature")
    middle, radius = Fraction(value), Fraction(error)
    return Computed(Enclosure(middle - radius, middle + radius), "quadrature")
