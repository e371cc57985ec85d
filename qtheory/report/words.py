r"""What the words of a report mean, the same in every form of it."""

from __future__ import annotations

from qtheory.checking.verify import ClaimReport
from qtheory.prover.trust import Trust

MEANINGS = (
    ("proved", "every step of its derivation was checked; worth its weakest step, which is its trust"),
    ("cited", "every step was checked but those that cite a source, which are believed"),
    ("not proved", "nothing was proved, and no counterexample was found among those tried"),
    ("vacuous", "it says nothing: its hypotheses contradict each other, or contain its conclusion"),
    ("violated", "there is a counterexample, which can be checked by hand"),
    ("contradiction", "proved and violated: a defect of the program"),
    ("survived", "no counterexample among so many exact instances that satisfy the hypotheses"),
    ("inconclusive", "sampling cannot tell a bound that is attained from one just broken"),
    ("not applicable", "the reading has nothing to say about this statement"),
    ("refuted", "a plausible false variant of the claim was refuted, so the tests can tell the difference"),
)
TRUST = {
    Trust.CITED: "stated with its source, not checked",
    Trust.CAS: "reduced or differentiated by SymPy",
    Trust.SMT: "the negation is unsatisfiable, says z3",
    Trust.SMT2: "so say z3 and cvc5",
    Trust.CERTIFICATE: "an exact rational certificate",
    Trust.COQ: "compiled by Coq",
}
MISSED = "The sampled worlds did not show it: the counterexample is exact, and decides."
CONTRADICTION = "Proved and violated: one of the readings has a defect."
ALMOST_EVERY = "A statement outside of an expectation holds for almost every action."


def remarks_on(report: ClaimReport) -> list[str]:
    """What has to be said of readings that disagree, a sentence each."""
    said = [CONTRADICTION] if report.status == "contradiction" else []
    return [*said, MISSED] if report.missed_by_sampling else said
