r"""Expectations under the quantilizers of a problem, or under one policy on ranks, by quadrature with error bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from qtheory.action_function import ActionFunction
from qtheory.aliases import NumberLike
from qtheory.base.continuous import Continuous
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.rationals import level
from qtheory.policies.rank import RankPolicy
from qtheory.policies.rank_density import TopSlice
from qtheory.problem import Problem
from qtheory.quadrature.arrange import Arrangement, arrange_density, arrange_levels
from qtheory.quadrature.build import build_rule
from qtheory.quadrature.host_functions import HostFunction, host_function
from qtheory.quadrature.rule import Means, RankRule

TOLERANCE = 1e-9
"""Largest accepted error relative to the mean size of the function; what is reached is stated, and usually 1e-14."""
UTILITY = "utility"


@dataclass(frozen=True, eq=False)
class RankMeans:
    """Expectations of several functions under several policies, with bounds on their errors.

    Args:
        names: of the functions.
        levels: of the quantilizers; `None` for the one policy that was given.
        values: `[functions, levels]`, float64; infinite where a mean is.
        errors: bounds on the absolute errors, of the same shape.
        thresholds: `[levels]`, the least utility that each quantilizer plays; NaN for a policy.
        method: how they were had.
    """

    names: tuple[str, ...]
    levels: tuple[Fraction, ...] | None
    values: np.ndarray
    errors: np.ndarray
    thresholds: np.ndarray
    method: str

    def of(self, name: str) -> np.ndarray:
        """The expectations of one function, `[levels]`."""
        return self.values[self._row(name)]

    def error_of(self, name: str) -> np.ndarray:
        """Bounds on their errors, `[levels]`."""
        return self.errors[self._row(name)]

    def _row(self, name: str) -> int:
        if name not in self.names:
            raise InvalidInput("no such function", got=name, allowed=", ".join(self.names))
        return self.names.index(name)


def rank_means(
    source: Problem | RankPolicy,
    q: NumberLike | Sequence[NumberLike] | None = None,
    functions: Mapping[str, Any] | None = None,
    *,
    breaks: Sequence[float] = (),
    tolerance: float = TOLERANCE,
) -> RankMeans:
    r"""$E_{Q_q}[f]$ for every level q and every function f, or $E_\pi[f]$ for a policy on ranks.

    One set of actions serves all: panels of Gauss-Legendre nodes in the log odds of rank, whose interpolants are
    integrated up to each level, and a double-exponential rule on the half lines at the ends. A utility that rises and
    falls is cut into its monotone slopes, which interval arithmetic makes certain, and each level is the union of
    what it keeps of each slope. The error bound adds the last coefficients of the panels, the change at the last
    halving of the step, and the rounding of values, actions and thresholds.

    Args:
        source: a problem on a `Continuous` base, or a policy on its ranks.
        q: one level or several in (0, 1]; only for a problem.
        functions: functions of the action by name; the utility and the costs of the problem if left out.
        breaks: actions where a function jumps or has a kink; named, they cost no accuracy.
        tolerance: largest accepted error relative to the mean of $\lvert f\rvert$.

    Raises:
        InvalidLevel: a level outside (0, 1].
        InvalidInput: levels for a policy, or none for a problem; a bad tolerance or break.
        NotAvailable: another base; a utility whose level sets cannot be found; an integral that does not settle.

    >>> from qtheory.problem import Problem
    >>> found = rank_means(Problem(Continuous("exponential(1)"), cost="exp(-x)"), ["1/10", 1])
    >>> found.of("utility").round(12).tolist(), found.of("cost").round(12).tolist()
    ([3.302585092994, 1.0], [0.05, 0.5])
    >>> bool(found.errors.max() < 1e-13)
    True
    """
    problem = source.problem if isinstance(source, RankPolicy) else _problem(source)
    _check(breaks, tolerance)
    named = _functions(problem, functions)
    if isinstance(source, RankPolicy) and not isinstance(source.density, TopSlice):
        if q is not None:
            raise InvalidInput(
                "a policy has its own density on ranks", got=q, allowed="q for a problem, none for a policy"
            )
        source.sup_ratio()  # refuses a utility that does not rank as the action
        levels, arrangement = None, arrange_density(problem.base, source.density, breaks)  # type: ignore[arg-type]
    else:
        levels = read_levels(source.density.q if isinstance(source, RankPolicy) and q is None else q)  # type: ignore[attr-defined]
        arrangement = arrange_levels(problem, levels, breaks)
    return _computed(problem, levels, named, arrangement, tolerance)


def prepared_rule(
    problem: Problem, q: Any, functions: Sequence[HostFunction], breaks: Sequence[float] = ()
) -> RankRule:
    """The rule alone, for NumPy functions: to be applied many times, at a product of matrices each.

    >>> import numpy as np
    >>> rule = prepared_rule(Problem(Continuous("uniform(0, 1)")), ["1/2"], [np.square])
    >>> round(float(rule.means([np.square]).values[0, 0]), 14)
    0.58333333333333
    """
    return _rule(arrange_levels(_problem(problem), read_levels(q), breaks), functions)


def settled_means(
    problem: Problem, levels: Sequence[Fraction], functions: Sequence[ActionFunction], tolerance: float = TOLERANCE
) -> tuple[np.ndarray, np.ndarray]:
    """Expectations `[functions, levels]`, NaN in each cell that did not settle, and thresholds `[levels]`.

    Raises:
        NotAvailable: the level sets cannot be found, or are inconsistent.

    >>> import math
    >>> problem = Problem(Continuous("pareto(2)"))
    >>> functions = [problem.values(text) for text in ("1/x", "x**2")]
    >>> values, _ = settled_means(problem, [Fraction(1)], functions)
    >>> round(float(values[0, 0]), 12), math.isnan(values[1, 0])
    (0.666666666667, True)
    """
    arrangement = arrange_levels(_problem(problem), levels)
    hosts = [host_function(function) for function in functions]
    values = _cells(_rule(arrangement, hosts).means(hosts), tolerance)
    if len(hosts) > 1 and np.isnan(values).any():
        # a function that does not settle wastes the pieces of the others, so each gets a rule of its own
        values = np.concatenate([_cells(_rule(arrangement, [f]).means([f]), tolerance) for f in hosts])
    return values, arrangement.thresholds


def _cells(means: Means, tolerance: float) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.where(means.errors <= tolerance * means.sizes, means.values, np.nan)


def read_levels(q: Any) -> tuple[Fraction, ...]:
    """One level or several, exactly."""
    if q is None:
        raise InvalidInput("there are no levels", got=q, allowed="one q in (0, 1], or several")
    several = list(q) if isinstance(q, (list, tuple, np.ndarray)) and np.ndim(q) > 0 else [q]
    if not several:
        raise InvalidInput("there are no levels", got=q, allowed="at least one q in (0, 1]")
    return tuple(level(x) for x in several)


def _problem(problem: Any) -> Problem:
    if not isinstance(problem, Problem):
        raise InvalidInput("not a problem and not a policy on ranks", got=problem, allowed="a Problem or a RankPolicy")
    require_continuous(problem)
    return problem


def require_continuous(problem: Problem) -> None:
    """Refuse a base that quadrature is not for."""
    if not isinstance(problem.base, Continuous):
        remedy = "finite bases are exact: use the policy's own expect; draws from a sampler are simulated"
        raise NotAvailable("quadrature is for one-dimensional continuous bases", got=problem.base, remedy=remedy)


def _check(breaks: Sequence[float], tolerance: float) -> None:
    if isinstance(breaks, str) or not isinstance(breaks, (Sequence, np.ndarray)) or not all(map(_is_finite, breaks)):
        raise InvalidInput("a break is not an action", got=breaks, allowed="finite numbers, as [0, 1.5]")
    if not _is_finite(tolerance) or not 0.0 < tolerance <= 1.0:
        raise InvalidInput("not a relative tolerance", got=tolerance, allowed="0 < tolerance <= 1")


def _is_finite(value: Any) -> bool:
    return isinstance(value, Real) and bool(np.isfinite(float(value)))


def _functions(problem: Problem, functions: Mapping[str, Any] | None) -> dict[str, ActionFunction]:
    if functions is None:
        return {UTILITY: problem.utility, **problem.costs}
    if not isinstance(functions, Mapping) or not functions:
        raise InvalidInput("not functions by name", got=functions, allowed='a mapping such as {"cost": "exp(-x)"}')
    return {name: problem.values(function, name) for name, function in functions.items()}  # type: ignore[misc]


def _computed(
    problem: Problem,
    levels: tuple[Fraction, ...] | None,
    named: Mapping[str, ActionFunction],
    arrangement: Arrangement,
    tolerance: float,
) -> RankMeans:
    infinite = {name for name, f in named.items() if f.is_identity and levels and _is_infinite(problem, levels)}
    finite = {name: host_function(f) for name, f in named.items() if name not in infinite}
    shape = (len(named), len(arrangement.mass))
    values, errors, method = np.full(shape, np.inf), np.zeros(shape), "the mean of the base is infinite"
    if finite:
        rule = _rule(arrangement, list(finite.values()))
        _require_finite(rule, finite)
        means = rule.means(list(finite.values()))
        _require_settled(means, list(finite), tolerance)
        rows = [place for place, name in enumerate(named) if name in finite]
        values[rows], errors[rows] = means.values, means.errors
        method = f"double-exponential in log odds of rank, {len(rule.actions)} actions"
    return RankMeans(tuple(named), levels, values, errors, arrangement.thresholds, method)


def _is_infinite(problem: Problem, levels: Sequence[Fraction]) -> bool:
    """Whether the expected action is known to be infinite at every level."""
    if not problem.ranks_as_action:
        return False
    try:
        return bool(np.all(np.isposinf(problem.base.upper_mean(np.array([float(q) for q in levels])))))  # type: ignore[attr-defined]
    except NotAvailable:
        return False


def _rule(arrangement: Arrangement, functions: Sequence[HostFunction]) -> RankRule:
    return build_rule(arrangement.stretches, arrangement.mass, functions, arrangement.doubt)


def _require_finite(rule: RankRule, functions: Mapping[str, HostFunction]) -> None:
    for name, function in functions.items():
        bad = ~np.isfinite(function(rule.actions))
        if bad.any():
            place = rule.actions[bad][:1]
            value = float(function(place)[0])
            undefined = "define it wherever the base has mass; if it is defined there, " if np.isnan(value) else ""
            raise NotAvailable(
                f"{name} is not finite at an action",
                got=f"{value:g} at x = {place[0]:.6g}",
                allowed="a function that is finite on the whole support, out to ranks of 1e-300",
                remedy=f"{undefined}write it so that it does not overflow, x**2/(1+x**2) as 1 - 1/(1+x**2)",
            )


def _require_settled(means: Means, names: Sequence[str], tolerance: float) -> None:
    with np.errstate(all="ignore"):
        bad = ~(means.errors <= tolerance * means.sizes)
    if not bad.any():
        return
    row, column = np.argwhere(bad)[0]
    raise NotAvailable(
        f"the expectation of {names[row]} does not settle",
        got=f"error {means.errors[row, column]:.3g} against a mean size of {means.sizes[row, column]:.3g}",
        allowed=f"a relative error of at most {tolerance:g}",
        remedy="name jumps and kinks in `breaks`; a function that grows like 1/s towards an end of the ranks has no mean",
    )
