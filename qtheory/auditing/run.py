"""The audit itself: from scores to what a quantilizer gains on them and may cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.auditing.best_of import best_of
from qtheory.auditing.floor import floor_curve
from qtheory.auditing.inputs import (
    ARRAYS,
    Source,
    checked_alpha,
    checked_bounds,
    checked_cost,
    checked_key,
    checked_levels,
    checked_range,
    checked_scores,
)
from qtheory.auditing.intervals import asymptotic_interval
from qtheory.auditing.ranking import Ranking, TopK, rank, shared_mean, top_k
from qtheory.auditing.result import Audit, AuditVerdict, CostAudit, Estimate, LevelAudit, verdict_on
from qtheory.auditing.tail import hill_places, tail
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.inference.interval import Interval
from qtheory.inference.ledger import cost_ledger
from qtheory.inference.multiplicity import bonferroni_level
from qtheory.inference.threshold_profile import amplification_interval, quantilizer_mean_interval
from qtheory.montecarlo.kept import FEWEST_FOR_ASYMPTOTICS

DEFAULT_ALPHA = 1e-6


def audit(
    utility: np.ndarray | Sequence[float],
    cost: np.ndarray | Sequence[float] | None = None,
    q: NumberLike | Sequence[NumberLike] = ("1/10", "1/100"),
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    cost_max: NumberLike | None = None,
    cost_mean: NumberLike | None = None,
    cost_limit: NumberLike | None = None,
    alpha: NumberLike = DEFAULT_ALPHA,
    *,
    key: int = 0,
    source: Source = ARRAYS,
) -> Audit:
    r"""What the rule "draw n, keep the top $\lceil qn \rceil$ by proxy utility, pick one" gains and may cost.

    The samples must be independent draws from the base distribution. Every interval is for the ideal quantilizer at q,
    with the threshold taken from the same samples; alpha is split evenly over all statements of the run.

    Args:
        utility: proxy utilities, shape [n], finite.
        cost: hidden costs of the same samples, shape [n], in [0, cost_max]; needs `cost_max`.
        q: one level or several, each in [1/n, 1]; text such as "1/10" is exact.
        utility_range: (low, high) that holds for every possible utility; makes the utility intervals rigorous.
        cost_max: the cap that holds for every possible cost.
        cost_mean: stated bound on the expected cost of the base; gives the floor, and a verdict if there are costs.
        cost_limit: stated limit on the quantilizer's expected cost; gives a verdict for each q.
        alpha: error rate of the whole run, in (0, 1).
        key: seed of the tie-break among equal utilities.
        source: where the scores came from, for errors.

    Returns:
        The audit.

    Raises:
        DataError: scores that are not finite or lie outside what was declared; names the row.
        InvalidLevel: a level outside [1/n, 1].
        InvalidInput: arguments that do not fit together, or a key that is not a seed.

    >>> report = audit([3.0, 2.0, 2.0, 1.0], q=["1/2"])
    >>> report.levels[0].utility.value, report.levels[0].cost_factor
    (2.5, Fraction(2, 1))
    """
    seed = checked_key(key)
    scores = checked_scores(utility, source.utility, source)
    declared = checked_range(utility_range, scores, source)
    costs, cap = checked_cost(cost, cost_max, len(scores), source)
    mean, limit = checked_bounds(cost_mean, cost_limit, costs is not None)
    rate, levels = checked_alpha(alpha), checked_levels(q)
    ranking = rank(scores, costs, seed)
    cuts = tuple(top_k(ranking, one) for one in levels)
    count = statement_count(ranking, cuts, declared is not None)
    each = bonferroni_level(rate, max(count, 1))

    gains = _utility_estimates(ranking, cuts, declared, each)
    base_cost, cost_audits = _cost_audits(ranking, cuts, cap, each)
    audits = tuple(map(_level_audit, [ranking] * len(cuts), cuts, gains, cost_audits, [mean] * len(cuts)))
    return Audit(
        samples=len(scores),
        repeats=int(np.count_nonzero(ranking.utility[1:] == ranking.utility[:-1])),
        base_utility=float(np.mean(scores)),
        base_cost=base_cost,
        cost_mean=mean,
        levels=audits,
        verdicts=_verdicts(base_cost, audits, mean, limit, each),
        floor=None if mean is None else floor_curve(ranking.utility, mean),
        tail=tail(ranking.utility, each),
        alpha=rate,
        statements=count,
        key=seed,
        utility_range=declared,
        cost_max=cap,
        cost_limit=limit,
    )


def statement_count(ranking: Ranking, cuts: Sequence[TopK], has_range: bool) -> int:
    """How many intervals a run states; verdicts are read off them and cost nothing more."""
    utilities = sum(has_range or cut.k >= FEWEST_FOR_ASYMPTOTICS for cut in cuts)
    costs = 0 if ranking.cost is None else 1 + 2 * len(cuts)
    return utilities + costs + len(hill_places(ranking.utility))


def _utility_estimates(
    ranking: Ranking, cuts: Sequence[TopK], declared: tuple[float, float] | None, alpha: float
) -> list[Estimate]:
    values = [shared_mean(ranking.utility, cut) for cut in cuts]
    if declared is None:
        found = [asymptotic_interval(ranking.utility, cut, alpha) for cut in cuts]
        return [
            Estimate(value, interval, "plug-in" if interval is None else "asymptotic")
            for value, interval in zip(values, found, strict=True)
        ]
    low, high = declared
    ledger = cost_ledger(ranking.utility - low, high - low, [cut.q for cut in cuts])
    shifted = [quantilizer_mean_interval(ledger, cut.q, alpha) for cut in cuts]
    return [
        Estimate(value, Interval(low + i.low, low + i.high), "rigorous")
        for value, i in zip(values, shifted, strict=True)
    ]


def _cost_audits(
    ranking: Ranking, cuts: Sequence[TopK], cap: float | None, alpha: float
) -> tuple[Estimate | None, list[CostAudit | None]]:
    costs = ranking.cost
    if costs is None or cap is None:
        return None, [None] * len(cuts)
    base = Estimate(float(np.mean(costs)), bounded_mean_interval(costs, 0.0, cap, alpha), "rigorous")
    ledger = cost_ledger(costs, cap, [cut.q for cut in cuts])
    found = []
    for cut in cuts:
        mean = shared_mean(costs, cut)
        ratio = mean / base.value if base.value else None
        found.append(
            CostAudit(
                Estimate(mean, quantilizer_mean_interval(ledger, cut.q, alpha), "rigorous"),
                Estimate(ratio, amplification_interval(ledger, cut.q, alpha), "rigorous"),
            )
        )
    return base, list(found)


def _level_audit(
    ranking: Ranking, cut: TopK, gain: Estimate, cost: CostAudit | None, cost_mean: float | None
) -> LevelAudit:
    factor = cut.cost_factor
    return LevelAudit(
        cut=cut,
        utility=gain,
        bits=math.log2(factor),
        kl=math.log(factor),
        best_of=best_of(ranking.utility, math.floor(factor)),
        cost=cost,
        floor=None if cost_mean is None or gain.value is None else gain.value - cost_mean * float(factor),
    )


def _verdicts(
    base: Estimate | None, levels: Sequence[LevelAudit], mean: float | None, limit: float | None, alpha: float
) -> tuple[AuditVerdict, ...]:
    said = []
    if base is not None and base.interval is not None and mean is not None:
        said.append(verdict_on(f"E_base[c] <= {mean:g}", mean, base.interval, alpha, levels[0].cut.n))
    for level in levels:
        if level.cost is not None and level.cost.mean.interval is not None and limit is not None:
            statement = f"E_Q[c] <= {limit:g} at q = {level.cut.q}"
            said.append(verdict_on(statement, limit, level.cost.mean.interval, alpha, level.cut.n, level.cut.q))
    return tuple(said)
