r"""Which of the moments behind a normal approximation a utility is known to lack."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Literal

from qtheory.base.continuous import Continuous
from qtheory.base.families import AbstractFamily, Cauchy, Mixture, Pareto, StudentT
from qtheory.problem import Problem


def missing_moment(problem: Problem) -> Literal["mean", "variance"] | None:
    r"""The first moment of the utility that is known not to be finite; None says only that none is known.

    Known for increasing polynomials of the action: with tail index $a$, $E|X|^p$ is finite if and only if $p < a$, and
    the top of every level reaches into the upper tail.

    >>> [missing_moment(Problem(Continuous(law))) for law in ("cauchy(0,1)", "pareto(2)", "student_t(3)")]
    ['mean', 'variance', None]
    """
    base = problem.base
    if not isinstance(base, Continuous) or not problem.ranks_as_action:
        return None
    degree = _degree(problem.utility)
    if degree is None:
        return None
    index = tail_index(base.family)
    return "mean" if degree >= index else "variance" if 2 * degree >= index else None


def tail_index(family: AbstractFamily) -> Fraction | float:
    r"""The $a$ with $P(|X|>x)$ of order $x^{-a}$; infinite for the families with lighter tails.

    >>> tail_index(StudentT("5/2"))
    Fraction(5, 2)
    """
    if isinstance(family, Mixture):
        return min(tail_index(component) for component in family.components)
    if isinstance(family, Pareto):
        return Fraction(family.alpha)  # type: ignore[arg-type]
    if isinstance(family, StudentT):
        return Fraction(family.df)  # type: ignore[arg-type]
    return Fraction(1) if isinstance(family, Cauchy) else math.inf


def _degree(utility: Any) -> int | None:
    """The degree of a polynomial; None for any other function."""
    if utility.is_identity:
        return 1
    from qtheory.symbols import x

    expression = utility.expression
    polynomial = None if expression is None else expression.as_poly(x)
    return None if polynomial is None else int(polynomial.degree())
