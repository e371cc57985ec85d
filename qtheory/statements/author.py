r"""The decorator with which one states a claim in a few lines."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sympy as sp

from qtheory.costs.abstract import AbstractCostClass
from qtheory.errors import IllPosedClaim
from qtheory.formula.substitution import substitute_terms
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.statements.claim import Claim, Part, PolicyOf
from qtheory.statements.source_place import place_of_decorator, place_of_return

PolicyLike = AbstractOptimizer | PolicyOf | Iterable[PolicyOf] | None


def claim(
    title: str,
    *,
    policy: PolicyLike = None,
    cost: AbstractCostClass | None = None,
    given: Iterable[Any] = (),
    source: str = "",
    kind: str = "conjecture",
    derivation: Callable[..., Any] | Mapping[str, Callable[..., Any]] | None = None,
) -> Callable[[Callable[[], Any]], Claim]:
    r"""State a claim: decorate a function that returns the relation.

    Args:
        title: one sentence that says it.
        policy: the optimizer whose density ratio is `w`, or several `PolicyOf`.
        cost: the cost class that `c` is known to lie in.
        given: hypotheses, as relations; `c >= 0` holds for almost every action.
        source: where it is from.
        kind: one of "equality", "upper bound", "lower bound", "characterisation", "conjecture".
        derivation: a function of a `Derivation` that derives it, or one per part; without it the claim is tested
            but not proved.

    Returns:
        A decorator that turns a function returning a relation (or a mapping from names to relations) into a
        `Claim` named after the function.

    >>> from qtheory.optimizers.quantilizer import Quantilizer
    >>> from qtheory.symbols import E, c, w
    >>> @claim("A 1/2-quantilizer at most doubles a cost", policy=Quantilizer("1/2"), given=[c >= 0])
    ... def doubling():
    ...     return E(w * c) <= 2 * E(c)
    >>> doubling.slug
    'doubling'
    """
    _check_title(title)
    if cost is not None and not isinstance(cost, AbstractCostClass):
        raise IllPosedClaim("not a cost class", got=cost, allowed="for example MeanBounded(epsilon)")
    if isinstance(given, (str, sp.Basic)) or not isinstance(given, Iterable):
        raise IllPosedClaim("given is not a list of hypotheses", got=str(given), allowed="for example given=[c >= 0]")

    def make(state: Callable[[], Any]) -> Claim:
        if not inspect.isfunction(state):
            raise IllPosedClaim("what is decorated is no function", got=state, allowed="a function without arguments")
        stated = state()
        try:
            return made(state, stated)
        except IllPosedClaim as error:
            # hypotheses and policies stand in the decorator, the conclusion is what the function returns
            of_decorator = error.problem.startswith(("the hypothesis", "not a policy", "unknown kind"))
            place = place_of_decorator if of_decorator else place_of_return
            raise error.at(place(state.__code__)) from error.__cause__

    def made(state: Callable[[], Any], stated: Any) -> Claim:
        named = stated if isinstance(stated, Mapping) else {"statement": stated}
        shared: dict[str, Any] = {"given": tuple(map(_exact, given)), "policies": _policies(policy), "cost": cost}
        words = (state.__doc__ or "").strip()
        parts = tuple(Part(name, _exact(conclusion), says=words, **shared) for name, conclusion in named.items())
        slug = state.__name__.replace("_", "-")
        return Claim(slug, title, parts, kind=kind, source=source, derivation=_derivations(derivation, parts))

    return make


def _check_title(title: Any) -> None:
    if callable(title):
        remedy = 'write @claim("what it says", ...) above it, with the title in parentheses'
        got = title.__name__ if inspect.isfunction(title) else title
        raise IllPosedClaim("@claim stands without its title", got=got, remedy=remedy)
    if not isinstance(title, str) or not title.strip():
        allowed = "one sentence that says the claim"
        raise IllPosedClaim("not a title of a claim", got=title, allowed=allowed)


def _exact(statement: Any) -> Any:
    """The statement with its floats read by their shortest decimal form, as everywhere: 0.1 means 1/10."""
    if not isinstance(statement, sp.Basic):
        return statement
    floats = {x: sp.Rational(repr(float(x))) for x in statement.atoms(sp.Float)}
    return substitute_terms(statement, floats) if floats else statement


def _policies(policy: PolicyLike) -> tuple[PolicyOf, ...]:
    if policy is None:
        return ()
    if isinstance(policy, AbstractOptimizer):
        return (PolicyOf(policy),)
    several = (policy,) if isinstance(policy, PolicyOf) else tuple(policy)
    if not all(isinstance(p, PolicyOf) for p in several):
        allowed = "an optimizer such as Quantilizer(q), or PolicyOf(optimizer, ratio, threshold)"
        raise IllPosedClaim("not a policy", got=policy, allowed=allowed)
    return several


def _derivations(derivation: Any, parts: tuple[Part, ...]) -> dict[str, Callable[..., Any]]:
    if derivation is None:
        return {}
    if isinstance(derivation, Mapping):
        return dict(derivation)
    if len(parts) > 1:
        raise IllPosedClaim("the claim has several parts; give a derivation for each", got=[p.name for p in parts])
    return {parts[0].name: derivation}
