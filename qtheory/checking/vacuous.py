r"""Claims that say nothing: their hypotheses cannot hold together, or they suppose what they conclude."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sympy as sp
from sympy.core.relational import Relational

from qtheory.errors import QTheoryError
from qtheory.prover.expectation import expand, expand_integrand
from qtheory.prover.smt import satisfiable
from qtheory.statements.claim import Part
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import OfAction, u

# What contradicts itself is quickly found; consistency may be hard to see.
SECONDS = 2
_INTEGRABLE = (sp.Le, sp.Lt, sp.Ge, sp.Gt, sp.Eq)


def vacuity(part: Part) -> str | None:
    """Why a part says nothing, as far as that is established; `None` says only that nothing of the kind was seen.

    >>> from qtheory.symbols import E, c
    >>> vacuity(Part("p", E(c) <= 1, given=(c >= 0, E(c) <= -1)))
    'p is vacuous: its hypotheses contradict each other, so it says nothing of any problem'
    """
    if supposes_itself(part):
        return f"{part.name} is vacuous: its conclusion is one of its own hypotheses"
    if contradicts_itself(part):
        return f"{part.name} is vacuous: its hypotheses contradict each other, so it says nothing of any problem"
    return None


def supposes_itself(part: Part) -> bool:
    """Whether the conclusion is one of the hypotheses that the author gave.

    >>> from qtheory.symbols import E, c, t
    >>> supposes_itself(Part("p", E(c) <= t, given=(E(c) <= t,)))
    True
    """
    given = {h for statement in part.given for h in sp.And.make_args(statement)}
    conclusion = part.conclusion
    return conclusion in given or (isinstance(conclusion, Relational) and conclusion.reversed in given)


def contradicts_itself(part: Part) -> bool:
    r"""Whether a solver sees that no instance can meet all hypotheses, for every action and after integrating them.

    "Yes" is certain as far as the solver is: what it is told follows from the hypotheses wherever they have a value and
    the expectations exist. It is not told everything, so `False` means only that it saw nothing.

    >>> from qtheory.symbols import E, c
    >>> contradicts_itself(Part("p", E(c) <= 1, given=(c >= 1, E(c) <= sp.Rational(1, 2))))
    True
    """
    return _contradictory(part.hypotheses, tuple(policy.ratio for policy in part.policies))


@lru_cache(maxsize=2048)
def _contradictory(hypotheses: tuple[sp.Basic, ...], ratios: tuple[OfAction, ...]) -> bool:
    """Parts of a claim mostly share their hypotheses, and the readings ask one after the other."""
    single = [h for statement in hypotheses for h in sp.And.make_args(statement)]
    pointwise = [h for h in single if is_pointwise(h)]
    numbers = [h for h in single if not is_pointwise(h)]
    try:
        known = [*pointwise, *map(expand, numbers), *_integrals(pointwise, ratios)]
        return satisfiable(known, SECONDS) is False
    except QTheoryError:  # a function that the solver does not know
        return False


def _integrals(pointwise: list[sp.Basic], ratios: tuple[OfAction, ...]) -> Iterator[sp.Basic]:
    """A hypothesis about almost every action holds at one action at least, under the base and each policy on average."""
    for relation in pointwise:
        if not isinstance(relation, _INTEGRABLE):
            continue
        yield _integral(relation, sp.Integer(1))
        # A policy has mass somewhere, so a strict relation stays strict. How it follows the utility is left out, for speed.
        yield from (_integral(relation, ratio) for ratio in ratios if not relation.has(ratio) or not relation.has(u))


@lru_cache(maxsize=4096)
def _integral(relation: sp.Basic, weight: sp.Expr) -> sp.Basic:
    left, right = (expand_integrand(weight * side) for side in relation.args)
    return relation.func(left, right, evaluate=False)
