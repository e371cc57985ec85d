r"""What the reports may call a part: a theorem only if it was proved in this run."""

from __future__ import annotations

from dataclasses import dataclass

from qtheory.checking.verify import ClaimReport
from qtheory.prover.trust import Trust
from qtheory.report.told import Derived, Refused, Told
from qtheory.statements.claim import Claim, Part

# What each part's own derivation and counterexamples decide; any other status is said of all parts, in its own words.
_DECIDED = ("contradiction", "violated", "proved", "cited", "not proved", "not applicable")


@dataclass(frozen=True)
class Standing:
    """What a part is called, and what has to be said with it.

    Attributes:
        noun: "theorem", "proposition" (cited), "conjecture", or "claim", which says nothing of its truth.
        word: "cited", "refuted", "vacuous" or the like; empty where the noun says it all.

    >>> str(Standing("claim", "refuted")), str(Standing("theorem"))
    ('Claim (refuted)', 'Theorem')
    """

    noun: str
    word: str = ""

    def __str__(self) -> str:
        return self.noun.capitalize() + (f" ({self.word})" if self.word else "")


UNTRIED = Standing("claim")


def standing(report: ClaimReport, part: Part, told: Told) -> Standing:
    """What a part came to in a run; a counterexample outweighs a proof, and so does a hypothesis that never holds."""
    found = told.get(part.name)
    if part.name in _violated(report):
        return Standing("claim", "contradiction" if _by_proof(found).noun == "theorem" else "refuted")
    if part.name in (empty := _vacuous(report)):
        return Standing("claim", "vacuous")
    if report.status not in _DECIDED and not empty:
        return Standing("claim", report.status)
    return UNTRIED if report.verdict("prove") is None else _by_proof(found)


def kind_shown(claim: Claim, proved: bool) -> str:
    """The kind of a claim, but not the one that a claim has where its author gave none, beside a proof.

    >>> from qtheory.claims.registry import get
    >>> kind_shown(get("cost-bound"), True)
    'upper bound'
    """
    return "" if proved and claim.kind == Claim.kind else claim.kind


def all_derived(claim: Claim, told: Told) -> bool:
    """Whether each part of a claim has a derivation that was carried out."""
    return all(isinstance(told.get(part.name), Derived) for part in claim.parts)


def _by_proof(found: Derived | Refused | None) -> Standing:
    if not isinstance(found, Derived):
        return Standing("conjecture")
    return Standing("proposition", "cited") if found.trust == Trust.CITED.name else Standing("theorem")


def _violated(report: ClaimReport) -> set[str]:
    """The parts that a reading broke; all of them where it does not say which."""
    names: set[str] = set()
    for verdict in report.verdicts:
        if verdict.outcome == "violated":
            broken = {d["part"] for d in verdict.details if d.get("outcome") == "violated" and "part" in d}
            broken |= {verdict.witness.part} if verdict.witness is not None else set()
            names |= broken or {part.name for part in report.claim.parts}
    return names


def _vacuous(report: ClaimReport) -> set[str]:
    return {d["part"] for verdict in report.verdicts for d in verdict.details if d.get("vacuous") and "part" in d}
