r"""The problem and the policy that the settings of a marker describe, and what of them is missing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.errors import MarkerError
from qtheory.exact.rationals import rational
from qtheory.report.writeup.query import Query

WORLD = ("base", "weights", "utility", "cost")
POLICY = ("q", "best-of", "top", "of")
_WORLDS = "base=normal(0,1), or a finite problem such as weights=1/4,3/4 utility=2,1"
_POLICIES = "q=Q, best-of=N, or top=K of=N"


def problem_of(query: Query, needed: bool) -> Any:
    """The problem that a query describes.

    Args:
        query: with the settings of `WORLD`.
        needed: whether the base matters; what depends on ranks alone is the same on every base without atoms.

    Raises:
        MarkerError: there is none, or there are two.

    >>> problem_of(Query(("value",), {"weights": "1/4,3/4", "utility": "2,1"}), needed=True).base
    Finite(['1/4', '3/4'])
    """
    from qtheory.base.continuous import Continuous
    from qtheory.base.finite import Finite
    from qtheory.problem import Problem

    given = query.settings
    if "weights" in given and "base" in given:
        raise MarkerError("a problem has a base or weights, not both", got=str(query))
    if "weights" in given:
        cost = {"cost": _list(given["cost"])} if "cost" in given else {}
        return Problem(Finite(_list(given["weights"])), utility=_list(query.require("utility")), **cost)
    if "base" not in given and needed:
        raise MarkerError(f"{query.name} needs a world: {_NO_WORLD}", got=str(query), allowed=_WORLDS)
    base = Continuous(given.get("base", "uniform(0,1)"))
    return Problem(base, utility=given.get("utility", "x"), cost=given.get("cost"))


def policy_of(query: Query, needs_world: bool = False) -> Any:
    """The policy that a query describes, on its problem.

    Raises:
        MarkerError: there is none, or more than one; says what is missing.

    >>> policy_of(Query(("kl",), {"best-of": "3"})).sup_ratio()
    Fraction(3, 1)
    """
    from qtheory.optimizers.best_of_n import BestOfN
    from qtheory.optimizers.quantilizer import Quantilizer
    from qtheory.optimizers.top_k_of_n import TopKOfN

    _require_policy(query, needs_world)
    given, problem = query.settings, problem_of(query, needs_world)
    if "q" in given:
        return Quantilizer(given["q"])(problem)
    if "best-of" in given:
        return BestOfN(_count(given["best-of"]))(problem)
    return TopKOfN(_count(given["of"]), _count(given["top"]))(problem)


_NO_WORLD = "base= or weights= is missing"
_NO_POLICY = "q=, best-of=, or top= with of= is missing"


def _require_policy(query: Query, needs_world: bool) -> None:
    given = query.settings
    if not any(name in given for name in POLICY):
        if needs_world and "base" not in given and "weights" not in given:
            what, allowed = f"a world, {_NO_WORLD}, and a policy, {_NO_POLICY}", f"{_WORLDS}; and {_POLICIES}"
        else:
            what, allowed = f"a policy: {_NO_POLICY}", _POLICIES
        raise MarkerError(f"{query.name} needs {what}", got=str(query), allowed=allowed)
    if ("of" in given) != ("top" in given):
        missing, there = ("top", "of") if "of" in given else ("of", "top")
        raise MarkerError(f"{there}= needs {missing}=, which is missing", got=str(query), allowed=_POLICIES)
    if sum(name in given for name in ("q", "best-of", "top")) > 1:
        raise MarkerError("a policy is named once", got=str(query), allowed=_POLICIES)


def _list(text: str) -> list[Fraction]:
    return [rational(part.strip()) for part in text.split(",")]


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 10**9):
        raise MarkerError("not a number of draws", got=text, allowed="a whole number from 1 to 1000000000")
    return int(text)
