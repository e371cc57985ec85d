r"""Derivations as the reports tell them: text and mathematics, made where they were carried out.

A proof is an object of the process that made it. Its steps are told there, once, and the reports are written from
what was told, so that no step is proved a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from qtheory.errors import ProofError
from qtheory.prover.derivation import Fact
from qtheory.prover.proof import Proof
from qtheory.report.latex_math import broken, formula
from qtheory.report.mathml import mathml
from qtheory.statements.claim import Claim


@dataclass(frozen=True)
class Formula:
    """A statement in the languages of the reports.

    Attributes:
        latex: on one line.
        broken: as LaTeX on its own lines, as many as it needs.
        mathml: a `math` element; that of a step stands on a line of its own.
    """

    latex: str
    broken: str
    mathml: str


@dataclass(frozen=True)
class Step:
    """One step: what it says, by which rule, from which steps (counted from 1), why, and at what trust."""

    statement: Formula
    rule: str
    uses: tuple[int, ...]
    note: str
    trust: str

    @property
    def origin(self) -> str:
        """The rule and the steps it was applied to, in words."""
        return f"{self.rule} from {', '.join(map(str, self.uses))}" if self.uses else self.rule


@dataclass(frozen=True)
class Derived:
    """A derivation that was carried out: its weakest step, its steps, and the expectations that it needs."""

    trust: str
    steps: tuple[Step, ...]
    moments: tuple[Formula, ...]


@dataclass(frozen=True)
class Refused:
    """A derivation that was refused, and why."""

    says: str


Told = Mapping[str, Derived | Refused]


def tell(claim: Claim, found: Mapping[str, Proof | ProofError]) -> dict[str, Derived | Refused]:
    """What the reports show of the derivations of a claim, by the name of the part.

    >>> from qtheory.checking.prove import attempts
    >>> from qtheory.claims.registry import get
    >>> told = tell(get("cost-bound"), attempts(get("cost-bound")))
    >>> [step.origin for step in told["bound"].steps]
    ['pointwise', 'integrate from 1', 'arithmetic from 2']
    """
    return {name: _told(proof) for name, proof in found.items()}


def uses(proof: Proof) -> list[tuple[int, ...]]:
    """For each step the numbers of the steps it rests on."""
    places = {id(fact): i for i, fact in enumerate(proof.facts, 1)}
    return [tuple(places[id(used)] for used in fact.uses) for fact in proof.facts]


def _formula(statement: sp.Basic, display: bool) -> Formula:
    return Formula(formula(statement), broken(statement), mathml(statement, display=display))


def _told(proof: Proof | ProofError) -> Derived | Refused:
    if isinstance(proof, ProofError):
        return Refused(str(proof))
    steps = tuple(map(_step, proof.facts, uses(proof)))
    return Derived(proof.trust.name, steps, tuple(_formula(moment, False) for moment in proof.moments))


def _step(fact: Fact, used: tuple[int, ...]) -> Step:
    return Step(_formula(fact.statement, True), fact.rule, used, fact.note, fact.trust.name)
