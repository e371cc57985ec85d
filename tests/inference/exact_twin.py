r"""Small worlds and the wealth of bets on them in Fractions, written without any of the code they check."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import mul

F = Fraction


@dataclass(frozen=True)
class Cell:
    """Items of one utility that lie in one step of the ranks: their mass, their step, and the law of their cost."""

    mass: Fraction
    step: int
    law: tuple[tuple[Fraction, Fraction], ...]  # (cost, probability)

    @property
    def mean(self) -> Fraction:
        return sum((c * p for c, p in self.law), F(0))


def law(*pairs):
    return tuple((F(c), F(p)) for c, p in pairs)


def coin(p):
    return law((0, 1 - F(p)), (1, p))


# One jump at q; an atom that straddles it is two cells of one law, because the tie-break knows nothing of the cost.
WORLDS = {
    "tight, q = 1/4": (Cell(F(1, 4), 0, coin(1)), Cell(F(3, 4), 1, coin(0))),
    "coin, one atom, q = 1/2": (Cell(F(1, 2), 0, coin("1/3")), Cell(F(1, 2), 1, coin("1/3"))),
    "straddled atom, q = 2/5": (
        Cell(F(1, 5), 0, coin("3/4")),
        Cell(F(1, 5), 0, coin("1/4")),
        Cell(F(3, 5), 1, coin("1/4")),
    ),
    "outside, q = 1/2": (Cell(F(1, 2), 0, coin("1/10")), Cell(F(1, 2), 1, coin("9/10"))),
    "three costs, q = 1/3": (
        Cell(F(1, 3), 0, law((0, "1/4"), ("1/2", "1/4"), (1, "1/2"))),
        Cell(F(2, 3), 1, law((0, "1/2"), ("1/2", "1/2"))),
    ),
}


def level(world):
    return sum((cell.mass for cell in world if cell.step == 0), F(0))


def top_mean(world):
    return sum((cell.mass * cell.mean for cell in world if cell.step == 0), F(0)) / level(world)


def base_mean(world):
    return sum((cell.mass * cell.mean for cell in world), F(0))


@cache
def outcomes(world, n):
    """Each (probability, steps best first, costs best first) of n independent items; probabilities sum to one."""
    found = []
    for sizes in itertools.product(range(n + 1), repeat=len(world)):
        if sum(sizes) != n:
            continue
        ways = math.factorial(n) // math.prod(map(math.factorial, sizes))
        chance = ways * math.prod((cell.mass**k for cell, k in zip(world, sizes, strict=True)), start=F(1))
        owners = [cell for cell, k in zip(world, sizes, strict=True) for _ in range(k)]
        for pairs in itertools.product(*(cell.law for cell in owners)):
            p = chance * math.prod((p for _, p in pairs), start=F(1))
            if p:
                found.append((p, tuple(cell.step for cell in owners), tuple(c for c, _ in pairs)))
    return tuple(found)


def law_of_costs(world, n):
    """The chance of each vector of costs, best first."""
    chances = {}
    for p, _, costs in outcomes(world, n):
        chances[costs] = chances.get(costs, F(0)) + p
    assert sum(chances.values()) == 1
    return chances


@dataclass(frozen=True)
class Bet:
    """Z = factors[step] + stake y/m, with the prior weight of the bet."""

    factors: tuple[Fraction, ...]
    stake: Fraction
    prior: Fraction


@dataclass(frozen=True)
class Contrast:
    """x = slope[step] c, to be tested against a null mean from one side."""

    slopes: tuple[Fraction, ...]
    masses: tuple[Fraction, ...]
    null: Fraction
    side: int

    def least(self, step):
        return min(F(0), self.side * self.slopes[step])

    @property
    def margin(self):
        return self.side * self.null - sum(m * self.least(j) for j, m in enumerate(self.masses))

    def pays(self, step, cost):
        """y/m."""
        return (self.side * self.slopes[step] * cost - self.least(step)) / self.margin


def mean_contrast(q, bound, side):
    return Contrast((F(1), F(0)), (q, 1 - q), q * bound, side)


def ratio_contrast(q, ratio, side):
    return Contrast((1 / q - ratio, -ratio), (q, 1 - q), F(0), side)


def family(masses, finances, stakes):
    """Bets financed in the given proportions by the steps, with a bet on the first count; prior weights sum to one."""
    chosen = []
    for finance, share in itertools.product(finances, stakes):
        # a stake is bought with finance[j] of it from step j, and none may lose more than all
        largest = min([m / f for m, f in zip(masses, finance, strict=True) if f > 0] + [F(1)])
        stake = largest * share
        chosen.append((tuple(1 - stake * f / m for m, f in zip(masses, finance, strict=True)), stake))
    q = masses[0]
    for excess in (F(1, 3) * (1 / q - 1), -F(1, 2)):
        others = tuple(1 - q * excess / (1 - q) for _ in masses[1:])
        chosen.append(((1 + excess, *others), F(0)))
    bets = [Bet(factors, stake, F(1, len(chosen))) for factors, stake in chosen]
    for bet in bets:  # each costs exactly one
        assert sum(m * w for m, w in zip(masses, bet.factors, strict=True)) + bet.stake == 1 and min(bet.factors) >= 0
    return bets


def wealth(bet, contrast, costs, counts):
    """The wealth of one bet if the first counts[0] items are of step 0, and so on."""
    bounds = [0, *counts, len(costs)]
    total = F(1)
    for step in range(len(contrast.slopes)):
        for cost in costs[bounds[step] : bounds[step + 1]]:
            total *= bet.factors[step] + bet.stake * contrast.pays(step, cost)
    return total


def mixture(bets, contrast, costs, counts):
    return sum((bet.prior * wealth(bet, contrast, costs, counts) for bet in bets), F(0))


def all_counts(n, jumps, windows=None):
    windows = windows or [(0, n)] * jumps
    for counts in itertools.product(*(range(lo, hi + 1) for lo, hi in windows)):
        if list(counts) == sorted(counts):
            yield counts


def profile(bets, contrast, costs, windows=None):
    """The least wealth over the unknown counts: as `mixture` at each, from running products."""
    steps, n = range(len(contrast.slopes)), len(costs)
    paid = {(step, cost): contrast.pays(step, cost) for step in steps for cost in set(costs)}
    runs = []
    for bet in bets:
        factors = {key: bet.factors[key[0]] + bet.stake * y for key, y in paid.items()}
        runs.append([list(itertools.accumulate((factors[j, c] for c in costs), mul, initial=F(1))) for j in steps])

    def at(counts):
        ends = [0, *counts, n]
        return sum(
            bet.prior * math.prod((run[j][ends[j + 1]] / run[j][ends[j]] for j in steps), start=F(1))
            for bet, run in zip(bets, runs, strict=True)
        )

    return min(map(at, all_counts(n, len(steps) - 1, windows)))


def expected(world, n, statistic):
    """The exact mean of a statistic of the costs."""
    return sum((p * statistic(costs) for costs, p in law_of_costs(world, n).items()), F(0))
