r"""Proofs: derivations that were carried out, and what they rest on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from qtheory.errors import ProofError, QTheoryError
from qtheory.prover.derivation import Derivation, Fact
from qtheory.prover.expectation import expand
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Claim, Part

# What `carry_out` puts into the proofs it makes, so that one written down by hand is not taken for one.
_SEAL = object()


@dataclass(frozen=True)
class Proof:
    """A carried-out derivation of one part of a claim.

    Attributes:
        claim, part: what is proved.
        hypotheses: from what, as they stood when it was derived.
        facts: the steps in order; the last one is the conclusion.
        trust: of the weakest step.
        moments: the functions whose expectation must exist.
        seconds: how long it took.
    """

    claim: str
    part: Part
    hypotheses: tuple[sp.Basic, ...]
    facts: tuple[Fact, ...]
    trust: Trust
    moments: tuple[sp.Expr, ...]
    seconds: float
    _seal: object = field(default=None, repr=False, compare=False)

    @property
    def cited(self) -> bool:
        """Whether it rests on a citation, and so is cited and not proved."""
        return self.trust is Trust.CITED


def is_genuine(proof: Any) -> bool:
    """Whether this is a proof, and came from `carry_out`, and was not altered since."""
    return type(proof) is Proof and proof._seal == (
        _SEAL,
        id(proof.part),
        proof.hypotheses,
        proof.trust,
        proof.facts,
    )


def prove_part(claim: Claim, part: Part) -> Proof:
    """Carry out the derivation of one part.

    Raises:
        ProofError: there is no derivation, a step was refused, or the conclusion was not reached.
    """
    if part.name not in claim.derivation:
        raise ProofError(f"{claim.slug} has no derivation of the part {part.name!r}")
    return carry_out(claim.slug, part, claim.derivation[part.name])


def carry_out(slug: str, part: Part, derive: Callable[[Derivation], Any]) -> Proof:
    """Run a derivation function on a part and keep what it derived."""
    began = time.perf_counter()
    derivation = Derivation(part)
    try:
        derive(derivation)
    except QTheoryError:
        raise
    except Exception as error:  # a script is the user's own code; what it raises must not end the run
        raise ProofError(
            f"the derivation of {slug}/{part.name} raised {type(error).__name__}", got=str(error)
        ) from error
    goal = derivation.concluded
    wanted = (part.conclusion, expand(part.conclusion))
    if goal is None or goal is not derivation.facts[-1] or goal.statement not in wanted:
        raise ProofError(f"the derivation of {slug}/{part.name} does not end in its conclusion")
    seconds = time.perf_counter() - began
    facts = derivation.facts
    seal = (_SEAL, id(part), derivation.hypotheses, goal.trust, facts)
    return Proof(slug, part, derivation.hypotheses, facts, goal.trust, derivation.moments(), seconds, seal)
