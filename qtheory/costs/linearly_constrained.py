r"""Costs known by their range, their mean, and further linear constraints: an exact linear programme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtheory.costs.abstract import AbstractCostClass, bound_parameters, read_bound, unsupported
from qtheory.costs.worst_case import CostSequence, WorstCase
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import is_symbolic
from qtheory.exact.certificate import Certificate, check_certificate
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.linear_program import Constraint, LinearProgram
from qtheory.exact.rationals import rational
from qtheory.exact.simplex import solve_exactly
from qtheory.exact.values import read_list
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp


_PAIRS = "pairs (one number per action, bound)"


@dataclass(frozen=True)
class LinearlyConstrained(AbstractCostClass):
    r"""$0 \le c \le C$, $E_\gamma c \le \varepsilon$, and rows $\sum_a r(a)c(a) \le \rho$: solved exactly, with a certificate.

    Rows may say, for instance, that similar actions cost about the same: $c(a) - c(a') \le L$. They are sums over
    actions, not means under the base.

    Args:
        epsilon: the bound on the mean, at least 0; cap: the largest cost, at least 0, or "inf"; or symbols, in claims.
        rows: pairs (one coefficient per action, bound).

    Raises:
        NotAvailable: on float problems, for policies known by enclosures, or without the extra `exact`.

    >>> from qtheory.base.finite import Finite
    >>> from qtheory.optimizers.maximizer import Maximizer
    >>> from qtheory.problem import Problem
    >>> policy = Maximizer()(Problem(Finite(["1/4", "3/4"]), utility=[1, 0]))
    >>> smooth = LinearlyConstrained("1/4", cap=1, rows=[([1, -1], "1/5"), ([-1, 1], "1/5")])
    >>> smooth.worst_case(policy).value
    Fraction(2, 5)
    """

    epsilon: Any
    cap: Any
    rows: Any = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "epsilon", read_bound(self.epsilon, "epsilon"))
        endless = (isinstance(self.cap, str) and self.cap == "inf") or (
            isinstance(self.cap, float) and self.cap == math.inf
        )
        object.__setattr__(self, "cap", math.inf if endless else read_bound(self.cap, "cap"))
        object.__setattr__(
            self, "rows", tuple(_read_row(row, i) for i, row in enumerate(read_list(self.rows, "rows", _PAIRS)))
        )

    def worst_case(self, policy: AbstractPolicy) -> WorstCase:
        if not isinstance(policy, AtomPolicy):
            raise unsupported(self, policy)
        if policy.encloses:
            raise NotAvailable("a linear programme needs rational probabilities", got=policy, remedy="round them first")
        program = LinearProgram(policy.probabilities, at_most=self.constraints(policy.problem))  # type: ignore[arg-type]
        certificate = solve_exactly(program)
        value = check_certificate(program, certificate)
        if certificate.status == "infeasible":
            raise InvalidInput("no cost satisfies the constraints of the class", got=self)
        attained = certificate.status == "optimal"
        sequence = None if attained else _along_the_ray(program, certificate)
        cost = certificate.primal if attained else None
        return WorstCase(value, cost, attained, sequence=sequence, program=program, certificate=certificate)

    def constraints(self, problem: Problem) -> list[Constraint]:
        """The rows of the class on a problem, all of the form "at most"."""
        self._check(problem)
        weights = problem.base.weights  # type: ignore[attr-defined]
        size = len(weights)
        caps = [] if self.cap == math.inf else [({i: 1}, self.cap) for i in range(size)]
        listed = [(weights, self.epsilon), *caps, *self.rows]
        return list(LinearProgram([0] * size, at_most=listed).at_most)

    def _check(self, problem: Problem) -> None:
        if not problem.exact:
            remedy = "give the weights as text or fractions"
            raise NotAvailable("a linear programme is solved on exact problems only", got=problem.base, remedy=remedy)
        for name, value in (("epsilon", self.epsilon), ("cap", self.cap)):
            if is_symbolic(value):
                raise InvalidInput(f"{name} is a symbol; only a claim can use it so", got=value)
        size = len(problem.base.weights)  # type: ignore[attr-defined]
        for i, (row, _) in enumerate(self.rows):
            if len(row) != size:
                raise InvalidInput(f"rows[{i}] has the wrong length", got=len(row), allowed=f"{size}, one per action")

    def axioms(self, cost: sp.Symbol) -> tuple[sp.Basic, ...]:
        """Range and mean; the rows speak of single actions, for which statements have no name."""
        import sympy as sp

        from qtheory.symbols import E

        cap = () if self.cap == math.inf else (sp.Le(cost, self.cap),)
        return sp.Ge(cost, 0), *cap, sp.Le(E(cost), self.epsilon)

    def axioms_say_all(self) -> bool:
        return not self.rows

    def admits(self, problem: Problem, cost: Sequence[Any]) -> bool:
        if any(len(row) != len(cost) for row, _ in self.rows):
            return False

        def most(row: tuple) -> Any:
            return sum(max(x * box.low, x * box.high) for x, box in zip(row, map(Enclosure.of, cost), strict=True))

        return all(most(row) <= bound for row, bound in self.rows)

    def parameters(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon, "cap": self.cap, "rows": self.rows}

    def bind(self, values: dict[sp.Symbol, Any]) -> LinearlyConstrained:
        return LinearlyConstrained(**bound_parameters(self, values))


def _read_row(pair: Any, i: int) -> tuple:
    if not isinstance(pair, (tuple, list)) or len(pair) != 2:
        raise InvalidInput(f"rows[{i}] is not a constraint", got=pair, allowed=_PAIRS)
    row, bound = read_list(pair[0], f"rows[{i}][0]", "one number per action"), pair[1]
    return tuple(rational(x, f"rows[{i}][{j}]") for j, x in enumerate(row)), rational(bound, f"the bound of rows[{i}]")


def _along_the_ray(program: LinearProgram, certificate: Certificate) -> CostSequence:
    """Costs without bound, along the direction that the certificate gives."""
    start, ray = certificate.primal, certificate.ray

    def cost(n: int) -> Any:
        return tuple(x + n * d for x, d in zip(start, ray, strict=True))

    def reached(n: int) -> Any:
        return sum(p * c for p, c in zip(program.objective, cost(n), strict=True))

    return CostSequence(cost, reached)
