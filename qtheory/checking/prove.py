r"""The first reading: carry out the derivation and check every step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from qtheory.checking.vacuous import vacuity
from qtheory.errors import ProofError
from qtheory.prover.proof import Proof, prove_part
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict

# Makes something of the derivations of a claim, such as their texts, in the process that carried them out.
Teller = Callable[[Claim, Mapping[str, Proof | ProofError]], Any]


def prove(claim: Claim) -> Verdict:
    """Prove every part of a claim; the trust is that of the weakest step of the weakest part.

    A claim with a part that is shown to say nothing is `vacuous`, whatever derives it. One without a derivation gets
    `not_applicable`: nothing was proved and nothing was refuted. A derivation whose steps are refused gets
    `inconclusive`, with the step and its countermodel.
    """
    return proved_and_told(claim, None)[0]


def proved_and_told(claim: Claim, teller: Teller | None) -> tuple[Verdict, Any]:
    """The verdict, and what a teller makes of the very derivations that it rests on."""
    began = time.perf_counter()
    found = attempts(claim)
    verdict = _judged(claim, found, time.perf_counter() - began)
    return verdict, None if teller is None else teller(claim, found)


def _judged(claim: Claim, found: Mapping[str, Proof | ProofError], seconds: float) -> Verdict:
    empty = {part.name: why for part in claim.parts if (why := vacuity(part)) is not None}
    if empty:
        details = tuple({"part": name, "vacuous": why} for name, why in empty.items())
        return Verdict("prove", "vacuous", "; ".join(empty.values()), details=details, seconds=seconds)
    if not claim.derivation:
        return Verdict("prove", "not_applicable", "not proved: the claim has no derivation")
    refused = [error for error in found.values() if isinstance(error, ProofError)]
    if refused:
        return Verdict("prove", "inconclusive", f"not proved: {refused[0]}", seconds=seconds)
    proofs = tuple(proof for proof in found.values() if isinstance(proof, Proof))
    trust = min(proof.trust for proof in proofs)
    missing = [part.name for part in claim.parts if part.name not in claim.derivation]
    if missing:
        evidence = f"not proved: no derivation of {', '.join(missing)}"
        return Verdict("prove", "inconclusive", evidence, details=tuple(map(_detail, proofs)))
    return Verdict(
        "prove",
        "holds",
        _evidence(proofs, trust),
        trust=trust.name,
        details=tuple(map(_detail, proofs)),
        seconds=seconds,
    )


def proofs_of(claim: Claim) -> tuple[Proof, ...]:
    """A proof of each part that has a derivation.

    Raises:
        ProofError: a step was refused.
    """
    return tuple(prove_part(claim, part) for part in claim.parts if part.name in claim.derivation)


def attempts(claim: Claim) -> dict[str, Proof | ProofError]:
    """For each part that has a derivation, its proof or why it was refused."""
    found: dict[str, Proof | ProofError] = {}
    for part in claim.parts:
        if part.name in claim.derivation:
            try:
                found[part.name] = prove_part(claim, part)
            except ProofError as error:
                found[part.name] = error
    return found


def _evidence(proofs: tuple[Proof, ...], trust: Trust) -> str:
    steps = sum(len(proof.facts) for proof in proofs)
    parts = f"{len(proofs)} part{'s' * (len(proofs) > 1)}, {steps} steps checked"
    cited = [proof.part.name for proof in proofs if proof.cited]
    return f"{parts}; cited, not proved: {', '.join(cited)}" if trust is Trust.CITED else parts


def _detail(proof: Proof) -> dict:
    return {
        "part": proof.part.name,
        "trust": proof.trust.name,
        "steps": len(proof.facts),
        "integrable": [str(f) for f in proof.moments],
        "seconds": round(proof.seconds, 4),
    }
