r"""The readings as one calls them: on a claim, or on the name of a built-in one."""

from __future__ import annotations

from typing import Any

from qtheory.checking import falsify as _falsify
from qtheory.checking import prove as _prove
from qtheory.checking import simulate as _simulate
from qtheory.checking import verify as _verify
from qtheory.claims.registry import get
from qtheory.errors import InvalidInput
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict


def verify(claim: Claim | str, **options: Any) -> _verify.ClaimReport:
    """All readings of one claim.

    Args:
        claim: a claim, or the slug of a built-in one.
        options: as for `qtheory.checking.verify.verify`: readings, samples, alpha, examples, key.

    >>> verify("cost-bound", readings=["prove"]).status
    'proved'
    """
    (report,) = _verify.verify([_read(claim)], **options)
    return report


def prove(claim: Claim | str) -> Verdict:
    """The first reading of one claim.

    >>> prove("cost-bound").trust in ("SMT", "SMT2")
    True
    """
    return _prove.prove(_read(claim))


def falsify(claim: Claim | str, examples: int = 300, key: int = 0) -> Verdict:
    """The second reading of one claim.

    >>> falsify("cost-bound", examples=20).outcome
    'survived'
    """
    return _falsify.falsify(_read(claim), examples, key)


def simulate(claim: Claim | str, **options: Any) -> Verdict:
    """The third reading of one claim; options: samples, alpha, key, only (worlds).

    >>> simulate("feature-cost", samples=2000).outcome
    'inconclusive'
    """
    return _simulate.simulate(_read(claim), **options)


def _read(claim: Claim | str) -> Claim:
    if isinstance(claim, str):
        return get(claim)
    if not isinstance(claim, Claim):
        allowed = "a Claim, or the slug of a built-in one"
        raise InvalidInput("not a claim", got=claim, allowed=allowed, remedy="state it with @qt.claim(...)")
    return claim
