r"""The anytime profile test: evidence from a growing sample that may be looked at after every block.

Let $A_i = 1\{S_i \le q\}$ be unknown up to its number $N_n$ among the first n items, and let the bets and their prior
weights depend on neither the data nor n. Under the hypothesis $M_n = \sum_j \pi_j \prod_{i \le n} Z_j(A_i)$ is a nonnegative
supermartingale that begins at one. The sample shows $K_n(k)$, the same wealth if the first k in the order had $A = 1$, and
$M_n = K_n(N_n)$. So
$$E_n = \min_{0 \le k \le n} K_n(k) \le M_n \quad \text{for all } n \text{ at once},$$
and Ville's inequality gives $P(\exists n: E_n \ge 1/\alpha) \le \alpha$. Bins, chords and ties only lower $E_n$. A binomial
window would have to be paid for at every n; here the bets on the count alone keep $K_n(k)$ large away from $k = nq$.
"""

from __future__ import annotations

import math

import numpy as np

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.anytime_bets import bets_on_mean, bets_on_ratio
from qtheory.inference.checks import level_float, number, orientation
from qtheory.inference.evidence import AnytimeEvidence, continued
from qtheory.inference.ledger import RankLedger, ratio_levels, require_costs
from qtheory.inference.portfolio import Portfolios
from qtheory.inference.wealth import Payoff, least_log_wealth, payoff, view

_ROUNDING = 4 * math.ulp(1.0)  # 1/q may be rounded up, by the caller or here


def anytime_mean_test(
    ledger: RankLedger,
    q: NumberLike,
    bound: float,
    direction: int = 1,
    *,
    error: float = 0.0,
    before: AnytimeEvidence | None = None,
) -> AnytimeEvidence:
    r"""Evidence at this time against $\mathbb{E}_Q[c] \le b$ (direction +1) or $\mathbb{E}_Q[c] \ge b$ (direction -1).

    Args:
        ledger: all items so far of one stream, as made by `cost_ledger` or `Tally.cost_ledger`. How they are binned may
            differ from look to look.
        q: the quantile level.
        bound: b, fixed before the stream was drawn.
        direction: +1 for evidence that the mean is greater, -1 that it is smaller.
        error: by how much the costs in the ledger may differ from the true ones.
        before: what the same test said at the look before; its peak is kept.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> looks = [cost_ledger(np.ones(n), 1.0, ["1/10"], levels=2) for n in (500, 5000)]
    >>> early = anytime_mean_test(looks[0], "1/10", 0.7)
    >>> late = anytime_mean_test(looks[1], "1/10", 0.7, before=early)
    >>> early.rejects(1e-6), late.rejects(1e-6)
    (False, True)
    """
    require_costs(ledger)
    level, side, limit = level_float(q), orientation(direction), number(bound, "bound")
    null = level * (limit + side * _tolerance(error))
    pay = payoff(ledger.taken_levels, ledger.left_levels, level, null, side)
    cap = float(ledger.taken_levels[-1])
    bets = None if pay.settled is not None else bets_on_mean(level, cap * level / pay.margin)
    return continued(before, AnytimeEvidence(_log_value(ledger, level, pay, bets)))


def anytime_ratio_test(
    ledger: RankLedger,
    q: NumberLike,
    ratio: float,
    direction: int = 1,
    *,
    error: float = 0.0,
    before: AnytimeEvidence | None = None,
) -> AnytimeEvidence:
    r"""Evidence against $\mathbb{E}_Q[c]/\mathbb{E}_\gamma[c] \le r$ (direction +1) or $\ge r$ (direction -1), from one stream.

    With $\theta = \mathbb{E}[c(A/q - r)]$ the hypotheses are $\theta \le 0$ and $\theta \ge 0$. Costs off by at most $\delta$
    move $\theta$ by at most $\delta\,\mathbb{E}|A/q - r| = \delta(1 + r - 2qr)$ where $0 \le qr \le 1$.

    Args:
        ledger, q, direction, error, before: as in `anytime_mean_test`.
        ratio: r, from 0 to 1/q.

    >>> from qtheory.inference.ledger import cost_ledger
    >>> ledger = cost_ledger(np.ones(5000), 1.0, ["1/10"], levels=2)
    >>> anytime_ratio_test(ledger, "1/10", 9.9, -1).rejects(1e-6)
    True
    """
    require_costs(ledger)
    level, side, r = level_float(q), orientation(direction), number(ratio, "ratio")
    if not 0.0 <= level * r <= 1.0 + _ROUNDING:
        raise InvalidInput("no ratio of means is so large", got=ratio, allowed=f"0 <= ratio <= 1/q = {1 / level}")
    r = min(r, 1.0 / level)
    null = side * _tolerance(error) * (1.0 + r - 2.0 * level * r)
    pay = payoff(*ratio_levels(ledger.taken_levels, level, r), level, null, side)
    return continued(before, AnytimeEvidence(_log_value(ledger, level, pay, bets_on_ratio(level, side))))


def _log_value(ledger: RankLedger, q: float, pay: Payoff, bets: Portfolios | None) -> float:
    if pay.settled is not None or bets is None:
        return pay.settled or 0.0
    edges = (ledger.n, ledger.n) if q == 1.0 else (0, ledger.n)
    used, kept = _present(ledger, pay)
    return least_log_wealth(view(used, *edges), kept, bets)


def _present(ledger: RankLedger, pay: Payoff) -> tuple[RankLedger, Payoff]:
    """Without the levels at which nothing lies: they cost time and change nothing."""
    some = np.flatnonzero(ledger.taken.any(axis=0))
    table, taken, left = ledger.taken[:, some], ledger.taken_levels[some], ledger.left_levels[some]
    fewer = RankLedger(ledger.counts, table, table, taken, left, paired=True)
    return fewer, Payoff(pay.taken[some], pay.left[some], pay.margin)


def _tolerance(error: float) -> float:
    tolerance = number(error, "error")
    if not tolerance >= 0.0:
        raise InvalidInput("an error is negative", got=error, allowed="error >= 0")
    return tolerance
