r"""Maximin by an exact linear programme, for the classes $\{c \ge 0 : Ac \le b\}$.

By duality $\min_\pi$ of the worst cost is itself linear: maximise $\sum_a U\pi - b\cdot\lambda$ over policies $\pi$ and
prices $\lambda \ge 0$ with $A^\top\lambda \ge \pi$. The multipliers of those rows are the saddle cost.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.costs.abstract import AbstractCostClass
from qtheory.costs.capped import Capped
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.linearly_constrained import LinearlyConstrained
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.oscillation import Oscillation
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.certificate import check_certificate
from qtheory.exact.linear_program import Constraint, LinearProgram
from qtheory.exact.simplex import solve_exactly
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.maximin_solution import PROGRAMME, MaximinSolution
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem


def by_programme(cost_class: AbstractCostClass, problem: Problem) -> MaximinSolution:
    """The maximin solution with its certificate.

    Raises:
        NotAvailable: the class is no polyhedron of costs that are at least 0, or the problem is not exact.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
    >>> by_programme(RangeAndMean("1/2", cap=6), problem).value
    Fraction(4, 1)
    """
    rows = linear_rows(cost_class, problem)
    program = maximin_program(problem, rows)
    certificate = solve_exactly(program)
    value = check_certificate(program, certificate)
    if certificate.status != "optimal":
        # Unbounded where no cost satisfies the rows; infeasible where every policy's worst cost is infinite.
        empty = certificate.status == "unbounded"
        problem_found = "no cost satisfies the constraints of the class" if empty else "no policy guarantees anything"
        raise InvalidInput(problem_found, got=cost_class)
    size = len(problem.utility)
    policy = AtomPolicy(problem, certificate.primal[:size], Estimand("maximin", (("by", PROGRAMME),)))
    return MaximinSolution(policy, value, certificate.dual[:size], PROGRAMME, program, certificate)


def maximin_program(problem: Problem, rows: list[Constraint]) -> LinearProgram:
    """The programme of policies and prices; its first rows, one per action, have the saddle cost as multipliers."""
    size = len(problem.utility)
    covered: list[dict[int, Any]] = [{a: 1} for a in range(size)]
    for i, constraint in enumerate(rows):
        for a, coefficient in constraint.row:
            covered[a][size + i] = -coefficient
    objective = [*problem.utility, *(-constraint.bound for constraint in rows)]
    whole = dict.fromkeys(range(size), 1)
    return LinearProgram(objective, at_most=[(row, 0) for row in covered], equal=[(whole, 1)])


def linear_rows(cost_class: AbstractCostClass, problem: Problem) -> list[Constraint]:
    """The rows $Ac \\le b$ that, with $c \\ge 0$, make up the class on an exact finite problem."""
    if not problem.exact:
        remedy = "give the weights as text or fractions"
        raise NotAvailable("a linear programme is solved on exact problems only", got=problem.base, remedy=remedy)
    if isinstance(cost_class, LinearlyConstrained):
        return cost_class.constraints(problem)
    weights = problem.base.weights  # type: ignore[attr-defined]
    size = len(weights)
    listed: list[Any] = [(weights, getattr(cost_class, "epsilon", 0))]
    if isinstance(cost_class, RangeAndMean):
        listed += [({a: 1}, cost_class.cap) for a in range(size)]
    elif isinstance(cost_class, Capped):
        caps, sizes = cost_class.caps_and_sizes(Imitation()(problem))  # type: ignore[arg-type]
        finite = [({a: 1}, cap) for a, cap in enumerate(caps) if isinstance(cap, Fraction)]
        listed = [(sizes, cost_class.epsilon), *finite]
    elif isinstance(cost_class, FeatureMeasurable):
        listed += [(row, 0) for row in _same_in_each_cell(problem)]
    elif isinstance(cost_class, Oscillation) and cost_class.nonnegative:
        pairs = ((a, b) for a in range(size) for b in range(size) if a != b)
        listed += [({a: 1, b: -1}, cost_class.spread) for a, b in pairs]
    elif not isinstance(cost_class, MeanBounded):
        remedy = "use a class made of linear constraints, such as LinearlyConstrained"
        raise NotAvailable(
            "neither a closed form nor a linear programme is known for this class", got=cost_class, remedy=remedy
        )
    return list(LinearProgram([0] * size, at_most=listed).at_most)


def _same_in_each_cell(problem: Problem) -> list[dict[int, int]]:
    first: dict[Any, int] = {}
    rows = []
    for a, label in enumerate(problem.feature or ()):
        b = first.setdefault(label, a)
        if a != b:
            rows += [{a: 1, b: -1}, {a: -1, b: 1}]
    return rows
