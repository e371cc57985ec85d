r"""Targeted impact: the best policy that leaves chosen features of the world nearly as they are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.aliases import Json
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import as_sympy, substitute
from qtheory.exact.certificate import Certificate, check_certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.rationals import rationals
from qtheory.exact.simplex import solve_exactly
from qtheory.exact.values import read_list
from qtheory.optimizers.abstract import AbstractOptimizer, require_numbers
from qtheory.optimizers.dictionary import feature_cells, inside
from qtheory.optimizers.from_weights import is_atomic
from qtheory.optimizers.maximin_solution import CLOSED_FORM, PROGRAMME, in_kind_of, masses, utilities, values_of
from qtheory.optimizers.parameters import read_at_least
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.estimand import Estimand
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


@dataclass(frozen=True)
class ConstrainedSolution:
    """The best policy under the budgets, its value, how it was found, and what proves a linear programme's optimum."""

    policy: AtomPolicy
    value: Any
    how: str
    program: LinearProgram | None = None
    certificate: Certificate | None = None


@dataclass(frozen=True)
class FeatureConstrained(AbstractOptimizer):
    r"""Maximises $E_\pi U$ subject to $\pi_Z \le t_Z\gamma_Z$, and $\pi \le t_A\gamma$ if an action budget is given.

    No cost that depends on the feature $Z$ alone grows by more than $t_Z$; for costs of single actions only $t_A$ is
    promised, and nothing without it. For a feature that the action determines the greedy filling in decreasing
    utility is exact (the constraints are laminar); without an action budget it chooses the cell by the
    $1/t_Z$-quantilizer of the cells' best utilities and maximises inside. A noisy feature takes a linear programme.

    Args:
        feature_budget: $t_Z \ge 1$; action_budget: $t_A \ge 1$, or `None`; or symbols, in claims.
        kernel: for a noisy feature, the chance of each of its values: one row per action that sums to one. If left
            out, the feature is the problem's own, a label per action.

    Source:
        derived; jermyn2022 raises the question.

    >>> from qtheory.base.finite import Finite
    >>> base = Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"])
    >>> problem = Problem(base, utility=[0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1])
    >>> [str(p) for p in FeatureConstrained(1)(problem).probabilities]
    ['0', '0', '0', '0', '7/10', '3/10']
    >>> FeatureConstrained(1, action_budget=4)(problem).value()
    Fraction(17, 10)
    """

    feature_budget: Any
    action_budget: Any = None
    kernel: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "feature_budget", read_at_least(self.feature_budget, "feature_budget", 1))
        if self.action_budget is not None:
            object.__setattr__(self, "action_budget", read_at_least(self.action_budget, "action_budget", 1))
        if self.kernel is not None:
            object.__setattr__(self, "kernel", _read_kernel(self.kernel))

    def __call__(self, problem: Problem) -> AtomPolicy:
        return self.solve(problem).policy

    def solve(self, problem: Problem) -> ConstrainedSolution:
        """The policy with its value, and the certificate where a linear programme was solved.

        Raises:
            NotAvailable: a base without atoms, or a noisy feature on a float problem.
        """
        require_numbers(self, problem)
        if not is_atomic(problem):
            raise NotAvailable("features are for bases with finitely many actions", got=problem.base)
        return self._greedy(problem) if self.kernel is None else self._by_programme(problem)

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        import sympy as sp

        from qtheory.symbols import E

        budget = sp.Ge(as_sympy(self.feature_budget), 1)
        if self.action_budget is None:
            # The best action of a cell may be one that the base never takes.
            return budget, sp.Ge(ratio, 0), sp.Le(E(ratio), 1)
        cap = as_sympy(self.action_budget)
        return budget, sp.Ge(cap, 1), sp.Ge(ratio, 0), sp.Le(ratio, cap), sp.Eq(E(ratio), 1)

    def parameters(self) -> dict[str, Any]:
        optional = {"action_budget": self.action_budget, "kernel": self.kernel}
        given = {name: value for name, value in optional.items() if value is not None}
        return {"feature_budget": self.feature_budget, **given}

    def bind(self, values: dict[sp.Symbol, Any]) -> FeatureConstrained:
        feature, action = (substitute(budget, values) for budget in (self.feature_budget, self.action_budget))
        return FeatureConstrained(feature, action, self.kernel)

    def to_json(self) -> Json:
        document = {"optimizer": type(self).__name__}
        texts = {name: str(value) for name, value in self.parameters().items() if name != "kernel"}
        kernel = {} if self.kernel is None else {"kernel": [[str(x) for x in row] for row in self.kernel]}
        return {**document, **texts, **kernel}

    def _greedy(self, problem: Problem) -> ConstrainedSolution:
        gamma, levels, cells = masses(problem), utilities(problem), feature_cells(problem)
        room = {z: self._cap(problem, sum(gamma[i] for i in cell)) for z, cell in cells.items()}
        one: Any = Fraction(1) if problem.exact else 1.0
        left, played = one, [0 * one] * len(gamma)
        for level in sorted(set(levels), reverse=True):
            level_cells = {z: [i for i in cell if levels[i] == level] for z, cell in cells.items()}
            wanted = {z: self._wanted(problem, room[z], level_cells[z], gamma) for z in cells if level_cells[z]}
            whole = sum(wanted.values(), 0 * one)
            share = one if whole <= left else left / whole
            for z, amount in wanted.items():
                room[z], left = room[z] - amount * share, left - amount * share
                cell = level_cells[z]
                for i, mass in inside(cell, [gamma[i] for i in cell], [level] * len(cell), amount * share):
                    played[i] = mass
        if not problem.exact:
            positive = np.maximum(np.array(played), 0.0)
            played = (positive / positive.sum()).tolist()
        policy = AtomPolicy(problem, values_of(problem, played), self._estimand)
        return ConstrainedSolution(policy, policy.value(), CLOSED_FORM)

    def _cap(self, problem: Problem, mass: Any) -> Any:
        return in_kind_of(problem, self.feature_budget) * mass

    def _wanted(self, problem: Problem, room: Any, cell: list[int], gamma: list[Any]) -> Any:
        """How much of a cell's actions at one level the budgets still allow."""
        if self.action_budget is None:
            return room
        return min(room, in_kind_of(problem, self.action_budget) * sum(gamma[i] for i in cell))

    def _by_programme(self, problem: Problem) -> ConstrainedSolution:
        program = self.program(problem)
        certificate = solve_exactly(program)
        value = check_certificate(program, certificate)
        policy = AtomPolicy(problem, certificate.primal, self._estimand)
        return ConstrainedSolution(policy, value, PROGRAMME, program, certificate)

    def program(self, problem: Problem) -> LinearProgram:
        """The linear programme over policies, for the kernel or for the problem's own labels."""
        if not problem.exact:
            remedy = "give the weights as text or fractions"
            raise NotAvailable("a linear programme is solved on exact problems only", got=problem.base, remedy=remedy)
        kernel = self.kernel or _of_labels(problem)
        gamma = problem.base.weights  # type: ignore[attr-defined]
        if len(kernel) != len(gamma):
            raise InvalidInput(
                "kernel has the wrong length", got=len(kernel), allowed=f"{len(gamma)}, one row per action"
            )
        columns = list(zip(*kernel, strict=True))
        law = [sum((g * x for g, x in zip(gamma, column, strict=True)), Fraction(0)) for column in columns]
        rows: list[Any] = [(column, self.feature_budget * mass) for column, mass in zip(columns, law, strict=True)]
        if self.action_budget is not None:
            rows += [({i: 1}, self.action_budget * g) for i, g in enumerate(gamma)]
        return LinearProgram(problem.utility, at_most=rows, equal=[([1] * len(gamma), 1)])

    @property
    def _estimand(self) -> Estimand:
        budgets = {k: str(v) for k, v in self.parameters().items() if k != "kernel"}
        return Estimand("feature-constrained", tuple(budgets.items()))


def _of_labels(problem: Problem) -> tuple[tuple[Fraction, ...], ...]:
    labels = list(feature_cells(problem))
    return tuple(tuple(Fraction(int(z == label)) for z in labels) for label in problem.feature)


def _read_kernel(kernel: Any) -> tuple[tuple[Fraction, ...], ...]:
    table = read_list(kernel, "kernel", "one row of chances per action")
    if not table:
        raise InvalidInput("kernel has no rows", got=kernel, allowed="one row of chances per action, or None")
    listed = (read_list(row, f"kernel[{i}]", "chances that sum to one") for i, row in enumerate(table))
    rows = tuple(rationals(row, f"kernel[{i}]") for i, row in enumerate(listed))
    for i, row in enumerate(rows):
        if len(row) != len(rows[0]) or min(row) < 0 or sum(row, Fraction(0)) != 1:
            got = [str(x) for x in row]
            raise InvalidInput(f"kernel[{i}] is no law of the feature", got=got, allowed="chances that sum to one")
    return rows
