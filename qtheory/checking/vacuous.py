r"""Claims that say nothing: their hypotheses cannot hold together, or they suppose what they conclude."""

from __future__ import annotations

import sympy as sp

from qtheory.errors import QTheoryError
from qtheory.prover.expectation import expand, expand_integrand
from qtheory.prover.smt import satisfiable
from qtheory.statements.claim import Part
from qtheory.statements.well_posed import is_pointwise

# What contradicts itself is quickly found; consistency may be hard to see.
SECONDS = 2


def supposes_itself(part: Part) -> bool:
    """Whether the conclusion is one of the hypotheses that the author gave.

    >>> from qtheory.symbols import E, c, t
    >>> supposes_itself(Part("p", E(c) <= t, given=(E(c) <= t,)))
    True
    """
    return part.conclusion in part.given


def contradicts_itself(part: Part) -> bool:
    r"""Whether a solver sees that no instance can meet all hypotheses, for every action and after integrating them.

    It does not see everything; `False` means only that it saw nothing.

    >>> from qtheory.symbols import E, c
    >>> contradicts_itself(Part("p", E(c) <= 1, given=(c >= 1, E(c) <= sp.Rational(1, 2))))
    True
    """
    pointwise = [h for h in part.hypotheses if is_pointwise(h)]
    numbers = [h for h in part.hypotheses if not is_pointwise(h)]
    # A hypothesis about almost every action holds at one action at least, and so does its integral.
    integrated = [_integral(h) for h in pointwise if isinstance(h, (sp.Le, sp.Ge, sp.Eq))]
    try:
        known = [*pointwise, *map(expand, numbers), *integrated]
        return satisfiable(known, SECONDS) is False
    except QTheoryError:  # a function that the solver does not know
        return False


def _integral(relation: sp.Basic) -> sp.Basic:
    return relation.func(expand_integrand(relation.lhs), expand_integrand(relation.rhs), evaluate=False)
