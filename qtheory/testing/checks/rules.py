r"""What the rules of verdicts have to say, in every case there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from qtheory.testing.check import Subject, check, disagree

_NUMBERS = tuple(Fraction(x) for x in (-1, 0, 1, 2))
# Apart from one by less than a tolerance, and by less than floats can tell.
_CLOSE, _CLOSER = 1 + Fraction(1, 10**12), 1 + Fraction(1, 10**20)
_TRUTHS = (True, False, None)
# Of a proof: whether it is carried out, and whether it rests on something that is only cited.
PROOFS = ("holds", "cited", "inconclusive", "vacuous", "not_applicable", None)
TESTS = ("survived", "holds", "inconclusive", "vacuous", "violated", "not_applicable", None)


@check("comparison", says="True or False only where every pair of enclosed numbers agrees; touching enclosures count")
def says_only_what_is_certain(subject: Subject) -> None:
    numbers = (*_NUMBERS, _CLOSE, *(() if subject.floats else (_CLOSER,)))
    ends = [(low, high) for low, high in product(numbers, repeat=2) if low <= high]
    for left, right in product(ends, repeat=2):
        answers = {a <= b for a, b in product(left, right)}
        expected = answers.pop() if len(answers) == 1 else None
        got = subject(left, right)
        if got is not expected:
            disagree("the comparison says something else", (left, right), str(expected), str(got))


@check("counterexample", says="one exactly if every hypothesis is certainly true and the conclusion certainly false")
def needs_certainty(subject: Subject) -> None:
    for size in range(6):
        for hypotheses in product(_TRUTHS, repeat=size):
            for conclusion in _TRUTHS:
                expected = all(h is True for h in hypotheses) and conclusion is False
                got = subject(hypotheses, conclusion)
                if bool(got) is not expected:
                    disagree("this is judged wrongly", (hypotheses, conclusion), expected, got)


@check("status", says="only a proof proves, a violation is never hidden, and a proof that meets one is a contradiction")
def adds_up(subject: Subject) -> None:
    for prove, falsify, simulate in product(PROOFS, TESTS, TESTS):
        if (prove, falsify, simulate) == (None, None, None):
            continue
        expected, got = _status(prove, falsify, simulate), subject(prove, falsify, simulate)
        if got != expected:
            disagree("the readings add up to something else", (prove, falsify, simulate), expected, got)


def _status(prove: str | None, falsify: str | None, simulate: str | None) -> str:
    if "violated" in (falsify, simulate):
        return "contradiction" if prove == "holds" else "violated"
    if "vacuous" in (prove, falsify, simulate):
        return "vacuous"
    if prove is not None:
        return {"holds": "proved", "cited": "cited"}.get(prove, "not proved")
    silent = (None, "not_applicable")
    return "not applicable" if falsify in silent and simulate in silent else "not proved"
