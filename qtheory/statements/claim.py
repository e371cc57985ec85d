r"""A claim: a list of parts, each a relation that follows from hypotheses about policies and costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import sympy as sp

from qtheory import symbols as s
from qtheory.costs.abstract import AbstractCostClass
from qtheory.errors import IllPosedClaim
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.statements.well_posed import check_statement
from qtheory.symbols import OfAction, Scalar

KINDS = ("equality", "upper bound", "lower bound", "characterisation", "conjecture")


@dataclass(frozen=True)
class PolicyOf:
    """A policy that a claim speaks of: the symbol of its density ratio, the optimizer, and its threshold."""

    optimizer: AbstractOptimizer
    ratio: OfAction = s.w
    threshold: Scalar = s.tau

    def __post_init__(self) -> None:
        if not isinstance(self.ratio, OfAction) or self.ratio.role != "ratio":
            allowed = "w, w2, w3, or OfAction(name, 'ratio')"
            raise IllPosedClaim("this symbol is not one for a density ratio", got=str(self.ratio), allowed=allowed)
        if not isinstance(self.threshold, Scalar) or self.threshold.domain != "threshold":
            allowed = "tau, tau2, tau3, or Scalar(name, 'threshold')"
            raise IllPosedClaim("this symbol is not one for a threshold", got=str(self.threshold), allowed=allowed)

    @cached_property
    def axioms(self) -> tuple[sp.Basic, ...]:
        return self.optimizer.axioms(self.ratio, s.u, self.threshold)


@dataclass(frozen=True)
class Part:
    r"""One statement: for all instances that satisfy the hypotheses, the conclusion holds.

    Attributes:
        name: what the part is called within its claim.
        conclusion: a relation, or relations joined by And, Or, Implies; outside of `E` a function of the action
            means "for almost every action".
        given: the hypotheses beyond the axioms of the policies and the cost class.
        policies: the policies it speaks of.
        cost: the class that the hidden cost `c` is known to lie in.
        says: the statement in words.
    """

    name: str
    conclusion: sp.Basic
    given: tuple[sp.Basic, ...] = ()
    policies: tuple[PolicyOf, ...] = ()
    cost: AbstractCostClass | None = None
    says: str = ""

    def __post_init__(self) -> None:
        check_statement(self)

    @cached_property
    def hypotheses(self) -> tuple[sp.Basic, ...]:
        """Everything that may be assumed: axioms of the policies and of the cost class, then what is given."""
        return stated_hypotheses(self)

    @cached_property
    def stated_symbols(self) -> frozenset[sp.Symbol]:
        """The symbols of the conclusion and of what is given, without those that only axioms mention."""
        costs = self.cost.axioms(s.c) if self.cost is not None else ()
        return frozenset().union(*(x.free_symbols for x in (self.conclusion, *costs, *self.given)))

    @cached_property
    def symbols(self) -> frozenset[sp.Symbol]:
        """Every symbol that occurs in the conclusion or the hypotheses."""
        return frozenset().union(*(x.free_symbols for x in (self.conclusion, *self.hypotheses)))


def stated_hypotheses(part: Part) -> tuple[sp.Basic, ...]:
    """A part's hypotheses from its policies, its cost class and what is given, and from nothing remembered."""
    policies = [axiom for p in part.policies for axiom in p.optimizer.axioms(p.ratio, s.u, p.threshold)]
    costs = part.cost.axioms(s.c) if part.cost is not None else ()
    stated = dict.fromkeys((*policies, *costs, *part.given))
    # With numbers for parameters some axioms, such as 1/2 > 0, are already decided.
    return tuple(h for h in stated if h not in (True, sp.true))


@dataclass(frozen=True)
class Claim:
    r"""A named theorem, conjecture or question about soft optimisation.

    Attributes:
        slug: its name in tables, tests and on the command line.
        title: one sentence that states it.
        parts: what exactly is claimed.
        kind: one of `KINDS`.
        source: bibliography key and locator, or "derived".
        twin: a plausible false variant; refuting it shows that the tests can tell the difference.
        limits: where it stops being useful.
        derivation: maps each part's name to the function that derives it; empty if there is none.
    """

    slug: str
    title: str
    parts: tuple[Part, ...]
    kind: str = "conjecture"
    source: str = ""
    twin: Claim | None = None
    limits: str = ""
    derivation: dict[str, Callable[..., Any]] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.parts:
            raise IllPosedClaim("a claim needs at least one part", got=self.slug)
        if self.kind not in KINDS:
            raise IllPosedClaim("unknown kind of claim", got=self.kind, allowed=", ".join(KINDS))
        names = [part.name for part in self.parts]
        if len(set(names)) < len(names):
            raise IllPosedClaim("two parts of a claim have the same name", got=names)

    def part(self, name: str) -> Part:
        for part in self.parts:
            if part.name == name:
                return part
        allowed = ", ".join(part.name for part in self.parts)
        raise IllPosedClaim(f"the claim {self.slug} has no such part", got=name, allowed=allowed)

    def derived_by(self, derivation: dict[str, Callable[..., Any]]) -> Claim:
        """The same claim with a derivation for some of its parts."""
        for name in derivation:
            self.part(name)
        return replace(self, derivation=derivation)
