r"""The readings as one calls them: on a claim, or on the name of a built-in one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qtheory.checking import falsify as _falsify
from qtheory.checking import prove as _prove
from qtheory.checking import simulate as _simulate
from qtheory.checking import verify as _verify
from qtheory.claims.registry import get
from qtheory.errors import InvalidInput
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.statements.claim import Claim, Part
from qtheory.statements.verdict import Verdict

if TYPE_CHECKING:
    from qtheory.checking.worst_problem.result import WorstProblem


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


def worst_problem(
    claim_or_part: Claim | Part | str,
    *,
    policy: AbstractOptimizer | None = None,
    atoms: int = 64,
    problems: int = 100_000,
    steps: int = 100,
    key: int = 0,
) -> WorstProblem:
    r"""The finite problem at which a statement is most false, or nearest to it.

    Exact random problems come first, then random problems in float32, many at once, of which the worst are moved by
    gradient steps and rounded to small rationals. Where the statement is linear in a cost or a rival policy, that
    function is found by exact linear programmes. Single exact moves and a shrinking end it. Only exact evaluations at
    problems that meet every hypothesis exactly are reported.

    Args:
        claim_or_part: a claim or one of its parts; or the slug of a built-in one, "slug" or "slug/part". Of a claim
            with several parts the one that fares worst is returned.
        policy: an optimizer to put in the place of the statement's own, where it speaks of one.
        atoms: the largest number of actions, at least 1.
        problems: random problems in float32; none at 0.
        steps: gradient steps from the worst of them.
        key: seed; the same key gives the same answer.

    Raises:
        InvalidInput: no such claim or part, a number out of range, or a statement without a free symbol.
        NotAvailable: a statement about integrals, or hypotheses that no random problem could be made to meet.

    >>> found = worst_problem("cost-bound/bound", problems=0)
    >>> found.outcome, str(found.slack), found.left == found.right
    ('tight', '0', True)
    >>> from qtheory.optimizers.best_of_n import BestOfN
    >>> worst_problem("cost-bound/attained", policy=BestOfN(2), problems=0).outcome
    'violated'
    """
    from qtheory.checking.worst_problem.search import search_all

    name, parts = _read_parts(claim_or_part)
    return search_all(name, [_with_policy(part, policy) for part in parts], atoms, problems, steps, key)


def _read_parts(target: Claim | Part | str) -> tuple[str, tuple[Part, ...]]:
    if isinstance(target, Part):
        return target.name, (target,)
    if isinstance(target, str) and "/" in target:
        slug, _, name = target.partition("/")
        claim = get(slug)
        return claim.slug, (claim.part(name),)
    claim = _read(target)
    return claim.slug, claim.parts


def _with_policy(part: Part, optimizer: AbstractOptimizer | None) -> Part:
    if optimizer is None:
        return part
    if not isinstance(optimizer, AbstractOptimizer) or len(part.policies) != 1:
        got = optimizer if not isinstance(optimizer, AbstractOptimizer) else f"{len(part.policies)} policies"
        allowed = "an optimizer, for a statement that speaks of exactly one policy"
        raise InvalidInput(f"{part.name} cannot be searched for this policy", got=got, allowed=allowed)
    return replace(part, policies=(replace(part.policies[0], optimizer=optimizer),))


def _read(claim: Claim | str) -> Claim:
    if isinstance(claim, str):
        return get(claim)
    if not isinstance(claim, Claim):
        allowed = "a Claim, or the slug of a built-in one"
        raise InvalidInput("not a claim", got=claim, allowed=allowed, remedy="state it with @qt.claim(...)")
    return claim
