"""A problem in a few words, for captions."""

from __future__ import annotations

from qtheory.base.abstract import AbstractAtomicBase
from qtheory.base.continuous import Continuous
from qtheory.problem import Problem


def describe(problem: Problem) -> str:
    """What a caption says of the base.

    >>> from qtheory.base.finite import Finite
    >>> describe(Problem(Continuous("normal(0, 1)"))), describe(Problem(Finite(["1/2", "1/2"]), utility=[0, 1]))
    ('normal(0, 1)', '2 actions')
    """
    base = problem.base
    if isinstance(base, Continuous):
        return base.family.text()
    return f"{len(base.weights)} actions" if isinstance(base, AbstractAtomicBase) else type(base).__name__
