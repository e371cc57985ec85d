r"""Whether a statement says one definite thing, checked before anything is tried on it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from qtheory.costs.unbounded import Unbounded
from qtheory.errors import IllPosedClaim
from qtheory.symbols import E, OfAction, Scalar, alpha, c, rho, u, worst

if TYPE_CHECKING:
    from qtheory.statements.claim import Part


def check_statement(part: Part) -> None:
    """Refuse statements that are not relations, mention undeclared symbols, or leave a policy unsaid."""
    for name, statement in (("conclusion", part.conclusion), *(("hypothesis", h) for h in part.given)):
        _check_shape(statement, name)
        _check_symbols(statement, name)
        _check_expectations(statement)
    _check_policies(part)
    _check_computed(part)
    _check_names(part)


@lru_cache(maxsize=4096)
def is_pointwise(statement: sp.Basic) -> bool:
    """Whether a statement speaks of almost every action: a function of the action occurs outside of `E`."""
    if isinstance(statement, E):
        return False
    return isinstance(statement, OfAction) or any(is_pointwise(arg) for arg in statement.args)


def _check_shape(statement: sp.Basic, name: str) -> None:
    if isinstance(statement, bool):
        raise IllPosedClaim(
            f"the {name} is simply {statement}: Python decided it, as it does where `==` or `!=` compares how two "
            "expressions are written, so nothing is left to check",
            got=statement,
            remedy="state an equation with eq of qtheory.symbols: eq(E(w), 1) for E(w) == 1",
        )
    if isinstance(statement, BooleanAtom):
        raise IllPosedClaim(
            f"the {name} is simply {bool(statement)}: SymPy decided it while it was built, so nothing is left to check",
            got=statement,
            remedy="state it with le, ge or eq of qtheory.symbols, which SymPy leaves alone: le(left, right) for "
            "left <= right; or between other quantities",
        )
    if not isinstance(statement, (Relational, BooleanFunction)):
        allowed = "a relation such as E(w*c) <= 2*E(c), or relations joined by And, Or, Implies"
        raise IllPosedClaim(f"the {name} is not a relation", got=str(statement), allowed=allowed)
    if isinstance(statement, Relational) and statement.lhs == statement.rhs:
        remedy = "compare two different quantities"
        raise IllPosedClaim(f"the {name} says nothing: its two sides are the same", got=str(statement), remedy=remedy)


def _check_symbols(statement: sp.Basic, name: str) -> None:
    stray = [x for x in statement.free_symbols if not isinstance(x, (Scalar, OfAction))]
    if stray:
        raise IllPosedClaim(
            f"the {name} mentions the undeclared symbol {sorted(map(str, stray))[0]!r}",
            got=str(statement),
            allowed="the symbols of qtheory.symbols, or your own Scalar(...) and OfAction(...)",
            remedy="say what it is: Scalar('x') is a number, OfAction('x') a function of the action",
        )


def _check_expectations(statement: sp.Basic) -> None:
    for expectation in statement.atoms(E):
        if expectation.args[0].has(E):
            got, remedy = str(expectation), "an inner expectation is a number; name it with a Scalar"
            raise IllPosedClaim("an expectation stands inside an expectation", got=got, remedy=remedy)


def _check_policies(part: Part) -> None:
    bound = {policy.ratio for policy in part.policies}
    mentioned = frozenset().union(*(x.free_symbols for x in (part.conclusion, *part.given)))
    for symbol in mentioned:
        if isinstance(symbol, OfAction) and symbol.role == "ratio" and symbol not in bound:
            raise IllPosedClaim(
                f"the statement mentions the policy {symbol} but does not say which policy it is",
                got=str(part.conclusion),
                remedy=f"pass policy=..., for example policy=Quantilizer(q); for any policy use v instead of {symbol}",
            )
        if isinstance(symbol, Scalar) and symbol.domain == "worst_cost" and part.cost is None:
            remedy = "pass cost=..., for example cost=MeanBounded(epsilon)"
            raise IllPosedClaim(f"{symbol} is the worst case of a cost class, and none is given", remedy=remedy)
        if isinstance(symbol, Scalar) and symbol.domain == "worst_cost" and isinstance(part.cost, Unbounded):
            remedy = "declare a bound, for example cost=MeanBounded(epsilon) or cost=RangeAndMean(epsilon, cap=1)"
            raise IllPosedClaim(f"{symbol} is infinite for every policy: the cost has no declared bound", remedy=remedy)
    _check_distinct([policy.ratio for policy in part.policies], "density ratio")
    _check_distinct([policy.threshold for policy in part.policies if _has_threshold(policy)], "threshold")


def _has_threshold(policy: Any) -> bool:
    return any(policy.threshold in axiom.free_symbols for axiom in policy.axioms)


def _check_distinct(symbols: list[sp.Symbol], what: str) -> None:
    for i, symbol in enumerate(symbols):
        if symbol in symbols[:i]:
            remedy = "give each policy its own: PolicyOf(optimizer, w2, tau2)"
            raise IllPosedClaim(f"two policies share the {what} {symbol}", got=str(symbol), remedy=remedy)


def _check_computed(part: Part) -> None:
    """Refuse a symbol whose value comes from a policy where no policy gives it one."""
    thresholds = {policy.threshold for policy in part.policies if _has_threshold(policy)}
    got = str(part.conclusion)
    for symbol in part.symbols:
        kind = getattr(symbol, "domain", getattr(symbol, "role", ""))
        if kind == "threshold" and symbol not in thresholds:
            remedy = "for a number of its own use t, or a Scalar"
            raise IllPosedClaim(f"no policy of the statement has the threshold {symbol}", got=got, remedy=remedy)
        own = {"sup_ratio": rho, "worst_cost": worst, "amplification": alpha}.get(kind, symbol)
        if symbol != own:
            raise IllPosedClaim(f"{symbol} would be computed, and nothing computes it", got=got, remedy=f"use {own}")
        if kind in ("sup_ratio", "worst_cost", "amplification", "feature_ratio"):
            _check_owner(part, symbol)
        if kind == "cost_mean" and c not in part.symbols:
            remedy = "mention the cost c, for example in the hypothesis eq(E(w*c), E(w*m))"
            raise IllPosedClaim(
                f"{symbol} is a mean of the hidden cost c, which does not occur", got=got, remedy=remedy
            )


def _check_owner(part: Part, symbol: sp.Symbol) -> None:
    """Refuse a symbol that belongs to the policy where there is no policy, or more than one."""
    got = str(part.conclusion)
    if not part.policies:
        remedy = "pass policy=..., for example policy=Quantilizer(q)"
        raise IllPosedClaim(f"{symbol} belongs to a policy, and none is given", got=got, remedy=remedy)
    if len(part.policies) > 1:
        remedy = "state it of each policy in a part of its own"
        raise IllPosedClaim(
            f"{symbol} belongs to a policy, and it is not said to which of these", got=got, remedy=remedy
        )


def _check_names(part: Part) -> None:
    """Refuse two symbols that read the same: nobody could tell which of them a witness or a table speaks of."""
    # Every instance has a utility u, and every policy its ratio and threshold, mentioned or not.
    named: dict[str, sp.Symbol] = {u.name: u}
    for symbol in (*part.symbols, *(x for p in part.policies for x in (p.ratio, p.threshold))):
        if named.setdefault(symbol.name, symbol) != symbol:
            remedy = "use the one of qtheory.symbols, or choose another name"
            raise IllPosedClaim(f"two different symbols are called {symbol}", got=str(part.conclusion), remedy=remedy)
