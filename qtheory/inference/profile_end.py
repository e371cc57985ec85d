r"""Ends of intervals from profile tests: where the least wealth over a window of counts comes to its target.

The bets of an inversion are the same for every null value, hundreds of them, but near the end a few hold all the
wealth. They are picked once, at a value whose wealth is near the target. Picking may look at the data: any part of
the mixture, with the prior weights it has in the whole, has at most the wealth of the whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qtheory.inference.inversion import crossing
from qtheory.inference.portfolio import Portfolios
from qtheory.inference.power import PROFILE_LAG
from qtheory.inference.wealth import Payoff, View, least_log_wealth, promising_bets

_NEAR = (0.6, 1.6)  # shares of the evidence wanted: a quarter more or less of the distance


@dataclass(frozen=True, eq=False)
class NullFamily:
    """One-sided hypotheses, one for each null value, and the bets against all of them.

    Args:
        seen: the bins that depend on the count.
        price: the payoff that tests a null value; the wealth is monotone in the value.
        bets: a mixture fixed before the data, the same for every null value.
        target: the log wealth that rejects.
    """

    seen: View
    price: Callable[[float], Payoff]
    bets: Portfolios
    target: float


def profile_end(family: NullFamily, far: float, near: float, centre: float, guess: float) -> float:
    """The rejected null value closest to the data, coming from the trivial end `far`; see `inversion.crossing`."""
    chosen: Portfolios | None = None

    def log_wealth(null: float) -> float:
        nonlocal chosen
        pay = family.price(null)
        if pay.settled is not None:
            return pay.settled
        picked = promising_bets(family.seen, pay, family.bets) if chosen is None else chosen
        wealth = least_log_wealth(family.seen, pay, picked)
        chosen = picked if picked is chosen or _is_near(wealth, family.target) else None
        return wealth

    return crossing(log_wealth, family.target, far, near, centre, guess)


def _is_near(wealth: float, target: float) -> bool:
    """Whether bets picked where they have this wealth are those that matter where it is the target."""
    return _NEAR[0] <= (wealth + PROFILE_LAG) / (target + PROFILE_LAG) <= _NEAR[1]


def plausible_distance(seen: View, taken: np.ndarray, left: np.ndarray, q: float, target: float) -> float:
    r"""About how far from an estimated contrast the end will be; sets where to look, nothing else.

    With the jump $\varphi = \mathbb{E}[x_1 - x_0 \mid S = q]$ the contrast $x_A$ is estimated with the variance of
    $x_A - \varphi(A - q)$, and evidence $t$ takes a distance of about $\sqrt{2ts^2/n}$, or $tR/n$ where nothing varies.

    Args:
        seen: the bins that depend on the count.
        taken: the values `[L1]` of an item taken.
        left: the values `[L0]` of an item left.
        q: the quantile level.
        target: the log wealth that rejects.
    """
    here_taken, here_left = seen.taken.sum(axis=0), seen.left.sum(axis=0)
    top, rest, near = seen.before + here_taken / 2, seen.after + here_left / 2, max(int(seen.counts.sum()), 1)
    n = float(top.sum() + rest.sum())
    jump = float(here_taken @ taken - here_left @ left) / near
    if_taken, if_left = taken - (1.0 - q) * jump, left + q * jump
    mean = float(top @ if_taken + rest @ if_left) / n
    variance = float(top @ (if_taken - mean) ** 2 + rest @ (if_left - mean) ** 2) / n
    evidence = target + PROFILE_LAG
    return math.sqrt(2.0 * evidence * variance / n) + evidence * float(max(np.ptp(taken), np.ptp(left))) / (2.0 * n)
