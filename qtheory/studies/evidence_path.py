r"""Evidence along a stream: what an anytime test said at each look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from qtheory.errors import InvalidInput
from qtheory.inference.checks import significance
from qtheory.inference.evidence import AnytimeEvidence


@dataclass(frozen=True)
class EvidencePath:
    r"""One test, look by look.

    Attributes:
        label: the hypothesis that the evidence is against.
        draws: the sample sizes, increasing.
        log_values: natural logarithms of the value at each.
        alpha: the level: the hypothesis is rejected from the first value of $1/\alpha$ or more on.
        decided_at: the number of draws at that look; None if there was none.
    """

    label: str
    draws: tuple[int, ...]
    log_values: tuple[float, ...]
    alpha: float
    decided_at: int | None


def evidence_path(label: str, looks: Iterable[tuple[int, AnytimeEvidence]], alpha: float) -> EvidencePath:
    """The path of one test.

    Args:
        label: the hypothesis.
        looks: the number of draws and the evidence, look by look.
        alpha: the level.

    Raises:
        InvalidInput: no looks, sample sizes that do not grow, or evidence that does not hold at all times together.

    >>> path = evidence_path("mean <= 1/2", [(100, AnytimeEvidence(1.0)), (1000, AnytimeEvidence(5.0))], alpha=0.05)
    >>> path.log_values, path.decided_at
    ((1.0, 5.0), 1000)
    """
    listed, rate = [(int(n), evidence) for n, evidence in looks], significance(alpha)
    wrong = [evidence for _, evidence in listed if not isinstance(evidence, AnytimeEvidence)]
    if wrong:
        raise InvalidInput("not evidence over time", got=wrong[0], allowed="AnytimeEvidence")
    if not listed or any(b <= a for (a, _), (b, _) in pairwise(listed)):
        raise InvalidInput("the looks do not grow", got=[n for n, _ in listed], allowed="increasing numbers of draws")
    first = next((n for n, evidence in listed if evidence.rejects(rate)), None)
    return EvidencePath(label, tuple(n for n, _ in listed), tuple(e.log_value for _, e in listed), rate, first)
