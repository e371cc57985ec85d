r"""What a compiled Coq theorem adds to the verdict of a proof."""

from __future__ import annotations

from dataclasses import replace

from qtheory.checking.verify import ClaimReport
from qtheory.prover.coq.compiler import Compilation
from qtheory.prover.trust import Trust
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict


def with_coq(report: ClaimReport, compilation: Compilation) -> ClaimReport:
    """The report of a claim, with the parts that have a theorem in this compilation at trust COQ.

    A part is raised only if the theorem was compiled for this very statement; a claim of the user's own that borrows
    the name of a built-in one is left as it is. The claim is still worth its weakest part.
    """
    verdicts = tuple(_raised(report.claim, v, compilation) if v.reading == "prove" else v for v in report.verdicts)
    return replace(report, verdicts=verdicts)


def _raised(claim: Claim, verdict: Verdict, compilation: Compilation) -> Verdict:
    details = []
    for detail in verdict.details:
        theorem = compilation.theorem_for(claim.slug, claim.part(detail["part"]))
        details.append(detail if theorem is None else {**detail, "trust": Trust.COQ.name, "coq": theorem.name})
    if verdict.outcome != "holds":
        return replace(verdict, details=tuple(details))
    trust = min(Trust[detail["trust"]] for detail in details)
    return replace(verdict, details=tuple(details), trust=trust.name)
