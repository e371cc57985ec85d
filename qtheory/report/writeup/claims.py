r"""Verdicts of built-in claims as a marker asks for them."""

from __future__ import annotations

from functools import cache

from qtheory.checking.verify import ClaimReport, verify
from qtheory.claims.registry import get
from qtheory.errors import MarkerError
from qtheory.prover.trust import Trust
from qtheory.report.run import STATUSES, twin_text
from qtheory.report.writeup.query import Query
from qtheory.statements.verdict import OUTCOMES

FIELDS = ("trust", "status", "prove", "falsify", "twin")
# Every word that can be printed for one.
VOCABULARY = tuple(
    dict.fromkeys(
        [
            *(t.name for t in Trust),
            *STATUSES,
            *(o.replace("_", " ") for o in OUTCOMES),
            "refuted",
            "not refuted",
            "none",
        ]
    )
)
_EXAMPLES, _MOST_EXAMPLES = "40", 10_000


def claim_word(query: Query) -> str:
    """What is found of a claim, in a word.

    Raises:
        MarkerError: not `claim SLUG FIELD`, or a setting that is no count.
        InvalidInput: no such claim.

    >>> claim_word(Query(("claim", "cost-bound", "prove"), {"examples": "5"}))
    'holds'
    """
    if len(query.words) != 3 or query.words[2] not in FIELDS:
        allowed = f"claim SLUG {'|'.join(FIELDS)}"
        raise MarkerError("not a question about a claim", got=" ".join(query.words), allowed=allowed)
    query.only("examples", "key")
    slug, field = query.words[1:]
    report = _report(slug, _number(query, "examples", _EXAMPLES), _number(query, "key", "0"))
    if field == "trust":
        return report.trust or "none"
    if field in ("status", "twin"):
        return report.status if field == "status" else twin_text(report) or "none"
    verdict = report.verdict(field)
    assert verdict is not None
    return verdict.outcome.replace("_", " ")


@cache
def _report(slug: str, examples: int, key: int) -> ClaimReport:
    [report] = verify([get(slug)], ("prove", "falsify"), examples=examples, key=key)
    return report


def _number(query: Query, name: str, default: str) -> int:
    text = query.settings.get(name, default)
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise MarkerError(f"{name} is not a whole number", got=text)
    if name == "examples" and not 1 <= int(text) <= _MOST_EXAMPLES:
        raise MarkerError("not a number of examples", got=text, allowed=f"1 to {_MOST_EXAMPLES}")
    return int(text)
