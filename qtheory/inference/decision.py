r"""When to stop: a question about $\mathbb{E}_Q[c]$, asked again after every block until it is decided.

A question is two anytime tests, one against the statement and one against its negation, whose levels add up to the
question's. Each may be looked at after every block; the chance that *any* of the looks decides wrongly is at most alpha.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.anytime import anytime_mean_test, anytime_ratio_test
from qtheory.inference.bounded_mean import mean_interval
from qtheory.inference.checks import level_float, number, significance
from qtheory.inference.evidence import AnytimeEvidence
from qtheory.inference.ledger import RankLedger

Outcome = Literal["holds", "violated", "undecided"]


@dataclass(frozen=True)
class MeanQuestion:
    r"""Is $\mathbb{E}_Q[c] \le b$, for a b known beforehand? Half of alpha for either answer.

    Args:
        q: the quantile level.
        bound: b.
        alpha: the chance of a wrong answer at any time.
        error: by how much computed costs may differ from true ones.

    >>> MeanQuestion("1/10", 0.5, 1e-6).alpha
    1e-06
    """

    q: NumberLike
    bound: float
    alpha: float
    error: float = 0.0

    def __post_init__(self) -> None:
        level_float(self.q), number(self.bound, "bound"), significance(self.alpha)

    @property
    def levels(self) -> tuple[float, float]:
        """What a violation and what a confirmation may cost."""
        return self.alpha / 2, self.alpha / 2

    def look(
        self, ledger: RankLedger, violated: AnytimeEvidence | None, holds: AnytimeEvidence | None
    ) -> tuple[AnytimeEvidence, AnytimeEvidence]:
        """Both tests, continued."""
        return (
            anytime_mean_test(ledger, self.q, self.bound, 1, error=self.error, before=violated),
            anytime_mean_test(ledger, self.q, self.bound, -1, error=self.error, before=holds),
        )


@dataclass(frozen=True)
class BoundQuestion:
    r"""Is $\mathbb{E}_Q[c] \le \mathbb{E}_\gamma[c]/q$? A contradiction is sought between two streams, room on one.

    On one sample the bound holds whatever the draws are. So *violated* compares the stream with an upper limit for
    $\mathbb{E}_\gamma[c]$ from an independent one (alpha/4 for the limit, alpha/4 for the comparison); *holds* says that
    on the stream the ratio of the means is below $(1 - \text{room})/q$ (alpha/2).

    Args:
        q: the quantile level.
        base_high: the upper limit for the mean of the *true* cost, wrong with chance alpha/4 at most.
        alpha: the chance of a wrong answer at any time.
        error: by how much computed costs may differ from true ones.
        room: the share of the bound that must be left unused for it to be said to hold, in (0, 1).

    >>> BoundQuestion("1/10", 0.2, 1e-6).levels
    (2.5e-07, 5e-07)
    """

    q: NumberLike
    base_high: float
    alpha: float
    error: float = 0.0
    room: float = 1e-3

    def __post_init__(self) -> None:
        (
            level_float(self.q),
            number(self.base_high, "base_high"),
            significance(self.alpha),
            significance(self.room, "room"),
        )

    @property
    def levels(self) -> tuple[float, float]:
        """What a violation and what a confirmation may cost."""
        return self.alpha / 4, self.alpha / 2

    def look(
        self, ledger: RankLedger, violated: AnytimeEvidence | None, holds: AnytimeEvidence | None
    ) -> tuple[AnytimeEvidence, AnytimeEvidence]:
        """Both tests, continued."""
        q = level_float(self.q)
        return (
            anytime_mean_test(ledger, self.q, self.base_high / q, 1, error=self.error, before=violated),
            anytime_ratio_test(ledger, self.q, (1.0 - self.room) / q, -1, error=self.error, before=holds),
        )


def bound_question(
    q: NumberLike,
    base_levels: np.ndarray,
    base_mass: np.ndarray,
    alpha: float,
    *,
    error: float = 0.0,
    room: float = 1e-3,
) -> BoundQuestion:
    r"""The question about the bound, with the limit for the base's mean from an independent stream of a fixed length.

    Args:
        q: the quantile level.
        base_levels: the increasing cost levels `[L]` of the independent stream.
        base_mass: its masses `[L]` at them.
        alpha, error, room: as in `BoundQuestion`.

    >>> question = bound_question("1/10", np.array([0.0, 1.0]), np.array([9000.0, 1000.0]), 1e-6)
    >>> 0.1 < question.base_high < 0.13
    True
    """
    high = mean_interval(base_levels, base_mass, significance(alpha) / 2).high  # alpha/4 on this side
    return BoundQuestion(q, high + number(error, "error"), alpha, error, room)


Question = MeanQuestion | BoundQuestion


@dataclass(frozen=True)
class Decision:
    """What a question's two tests say by now.

    Attributes:
        outcome: the first answer that was reached; it stays.
        n: the items it was read from.
        alpha: the chance that any look gives a wrong answer.
        violated: evidence against the statement.
        holds: evidence against its negation.
    """

    outcome: Outcome
    n: int
    alpha: float
    violated: AnytimeEvidence
    holds: AnytimeEvidence

    @property
    def decided(self) -> bool:
        """Whether there is an answer."""
        return self.outcome != "undecided"


def decide(question: Question, ledger: RankLedger, before: Decision | None = None) -> Decision:
    r"""Ask a question of all items so far; pass what it said at the last look, so that answers and peaks are kept.

    Args:
        question: the question, fixed before the stream.
        ledger: all items of the stream so far.
        before: the decision at the look before, on a part of the same stream.

    Raises:
        InvalidInput: `before` is not a decision, or of another error rate, or of more items.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> question, decision = MeanQuestion("1/10", 0.5, 1e-6), None
    >>> for n in (100, 1000, 10_000):
    ...     decision = decide(question, cost_ledger(np.ones(n), 1.0, ["1/10"], levels=2), decision)
    ...     print(n, decision.outcome)
    100 undecided
    1000 violated
    10000 violated
    """
    if before is not None:
        _require_earlier(before, question, ledger)
    tests = (None, None) if before is None else (before.violated, before.holds)
    violated, holds = question.look(ledger, *tests)
    outcome = before.outcome if before is not None and before.decided else _outcome(question, violated, holds)
    return Decision(outcome, ledger.n, question.alpha, violated, holds)


def _outcome(question: Question, violated: AnytimeEvidence, holds: AnytimeEvidence) -> Outcome:
    against, for_ = question.levels
    if violated.rejects(against):
        return "violated"
    return "holds" if holds.rejects(for_) else "undecided"


def _require_earlier(before: object, question: Question, ledger: RankLedger) -> None:
    if not isinstance(before, Decision):
        raise InvalidInput(
            "what came before is not a decision", got=before, allowed="the Decision of an earlier look, or None"
        )
    if before.alpha != question.alpha or before.n > ledger.n:
        raise InvalidInput(
            "what came before is not a look at a part of the same stream",
            got=(before.alpha, before.n),
            allowed=f"alpha {question.alpha}, at most {ledger.n} items",
        )
