"""The search for the ends of intervals: what it returns was rejected, by the whole mixture, and it takes few looks."""

import math
from dataclasses import replace

import numpy as np
import pytest

from qtheory.inference import wealth
from qtheory.inference.inversion import crossing, rejected_end
from qtheory.inference.ledger import RankLedger, cost_ledger
from qtheory.inference.portfolio import Portfolios, financing_of_mean, portfolios
from qtheory.inference.profile_end import NullFamily, plausible_distance, profile_end
from qtheory.inference.threshold_profile import amplification_interval, quantilizer_mean_interval
from qtheory.inference.wealth import View, least_log_wealth, left_alike, payoff, promising_bets, view

from .worlds import WORLDS, Q, draw

TARGET = 10.0
# the log wealth against a null value b that is d from the centre 1/2
SHAPES = {
    "normal": lambda d: 2e4 * d**2 - 5,
    "rare": lambda d: 300 * d - 4,
    "a cliff": lambda d: -3.0 if d < 0.2 else 500.0,
    "a slow step": lambda d: 9.9 + 0.2 * (d > 0.31) + d,
    "the whole range": lambda d: 50.0,
    "nothing": lambda d: -1.0,
    "settled beyond": lambda d: math.inf if d > 0.3 else 0.0,
    "not monotone": lambda d: 30 * d + 15 * math.sin(400 * d),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("far", "near"), [(0.0, 1.0), (1.0, 0.0)])
@pytest.mark.parametrize("guess", [0.0, 1e-9, 0.01, 0.2, 3.0])
def test_the_end_was_rejected_or_is_trivial(shape, far, near, guess):
    seen = {}

    def against(b):
        seen[b] = SHAPES[shape](abs(b - 0.5))
        return seen[b]

    end = crossing(against, TARGET, far, near, 0.5, guess)
    assert end == far or seen[end] >= TARGET
    assert len(seen) <= 42


@pytest.mark.parametrize(
    ("shape", "exact"), [("normal", math.sqrt(15 / 2e4)), ("rare", 14 / 300), ("a cliff", 0.2), ("settled beyond", 0.3)]
)
@pytest.mark.parametrize("guess", [1e-6, 0.03, 0.4])
def test_the_end_is_as_close_as_bisection_finds_it(shape, exact, guess):
    def against(b):
        return SHAPES[shape](0.5 - b) if b < 0.5 else -9.0

    slow = 0.5 - rejected_end(lambda b: against(b) >= TARGET, 0.0, 1.0, 0.5)
    fast = 0.5 - crossing(against, TARGET, 0.0, 1.0, 0.5, guess)
    assert exact <= fast <= 1.0101 * exact and exact <= slow <= 1.0115 * exact


def test_a_good_guess_takes_few_looks():
    looks = []
    end = crossing(lambda b: looks.append(b) or SHAPES["normal"](abs(b - 0.5)), TARGET, 0.0, 1.0, 0.5, 0.02)
    assert len(looks) <= 4 and end == looks[-1]


def test_ends_of_the_range():
    rejects_all, rejects_none = lambda b: 99.0, lambda b: 0.0
    assert crossing(rejects_all, TARGET, 0.0, 1.0, 0.5, 0.1) == 1.0
    assert crossing(rejects_none, TARGET, 0.0, 1.0, 0.5, 0.1) == 0.0
    assert crossing(rejects_all, TARGET, 0.0, 1.0, 0.0, 0.1) == 0.0


def family(name, side, n=3000, alpha=1e-3):
    ledger = cost_ledger(draw(name, n, [61, side + 1]), 1.0, [Q], 33)
    seen = left_alike(view(ledger, int(0.08 * n), int(0.12 * n)))
    bets = portfolios(n, Q, financing_of_mean(Q), 1 / n)
    levels = ledger.taken_levels, ledger.left_levels[:1]
    return NullFamily(seen, lambda b: payoff(*levels, Q, Q * b, side), bets, -math.log(alpha)), levels


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("side", [1, -1])
def test_the_whole_mixture_rejects_the_end(name, side):
    test, levels = family(name, side)
    centre, far = WORLDS[name][1], 0.0 if side > 0 else 1.0
    guess = plausible_distance(test.seen, *levels, Q, test.target) / Q
    end = profile_end(test, far, 1.0 - far, centre, guess)

    def of_all(b):
        return least_log_wealth(test.seen, test.price(b), test.bets)

    assert end == far or of_all(end) >= test.target
    assert centre == far or of_all(centre + (end - centre) * 0.97) < test.target  # nor much closer to the data


@pytest.mark.parametrize("name", ["tight", "coin", "rare", "smooth"])
def test_part_of_a_mixture_has_no_more_wealth(name):
    test, _ = family(name, 1)
    for at in (0.1, 0.4, 0.9):
        part = promising_bets(test.seen, test.price(at), test.bets)
        for null in (0.05, at, 0.95):
            whole, some = (least_log_wealth(test.seen, test.price(null), bets) for bets in (test.bets, part))
            assert some <= whole + 1e-9
            assert null != at or some > whole - 1e-2
        # the negative control: a part with weights made to add up to one was not fixed before the data
        weights = part.log_prior - np.log(np.exp(part.log_prior).sum())
        boasting = Portfolios(part.taken, part.left, part.stakes, weights)
        assert least_log_wealth(test.seen, test.price(at), boasting) > least_log_wealth(
            test.seen, test.price(at), test.bets
        )


def by_hand(seen: View, pay, bets) -> float:
    """Every edge, and the inside of every bin, one bet at a time."""
    logs = [
        (math.log1p(w1 - 1 + s * y1 / pay.margin), math.log1p(w0 - 1 + s * y0 / pay.margin))
        for w1, w0, s in zip(bets.taken, bets.left, bets.stakes, strict=True)
        for y1, y0 in zip(pay.taken, pay.left, strict=True)
    ]
    up, down = (np.array(column).reshape(bets.taken.size, -1) for column in zip(*logs, strict=True))
    least = math.inf
    for bin_ in range(-1, seen.counts.size):
        first = bin_ + (bin_ < 0)
        before = seen.before + seen.taken[:first].sum(axis=0)
        after = seen.after + seen.left[max(bin_ + 1, 0) :].sum(axis=0)
        wealth = up @ before + down @ after + bets.log_prior
        if bin_ >= 0:
            wealth += (np.minimum(up, down) if seen.counts[bin_] > 1 else up) @ seen.taken[bin_]
        least = min(least, float(np.logaddexp.reduce(wealth)))
    return least


@pytest.mark.parametrize("window", [(0, 60), (13, 31), (20, 20)])
def test_least_wealth_by_hand(window):
    rng = np.random.default_rng(71)
    counts = np.array([1, 1, 4, 7, 1, 9, 1, 1, 20, 15])
    table = np.stack([rng.multinomial(count, [0.3, 0.5, 0.2]) for count in counts]).astype(float)
    ledger = RankLedger(counts, table, table, np.array([0.0, 0.5, 1.0]), np.array([0.1, 0.0, -0.4]), paired=True)
    bets, seen = portfolios(60, 0.4, financing_of_mean(0.4), 0.05), view(ledger, *window)
    for null, side in ((0.05, 1), (0.3, -1)):
        pay = payoff(ledger.taken_levels, ledger.left_levels, 0.4, null, side)
        assert least_log_wealth(seen, pay, bets) == pytest.approx(by_hand(seen, pay, bets), rel=1e-11)


def test_products_in_parts_are_products(monkeypatch):
    test, _ = family("coin", 1)
    whole = least_log_wealth(test.seen, test.price(0.3), test.bets)
    monkeypatch.setattr(wealth, "_UNTHREADED", 1)  # the least parts, of eight bets
    assert least_log_wealth(test.seen, test.price(0.3), test.bets) == pytest.approx(whole, rel=1e-12)


def test_items_left_alike_may_share_a_column():
    test, _ = family("smooth", 1)
    ledger = cost_ledger(draw("smooth", 3000, [61, 2]), 1.0, [Q], 33)
    full = view(ledger, 240, 360)
    assert left_alike(full).left.shape == (full.counts.size, 1)
    for null in (0.3, 0.9):
        pay = payoff(ledger.taken_levels, ledger.left_levels, Q, Q * null, 1)
        one, two = (
            least_log_wealth(seen, p, test.bets) for seen, p in ((full, pay), (left_alike(full), test.price(null)))
        )
        assert one == pytest.approx(two, rel=1e-12)


@pytest.mark.parametrize("interval", [quantilizer_mean_interval, amplification_interval])
def test_intervals_shrink_as_the_root_of_the_sample(interval):
    """As of 10**5 and of 10**9 draws: the same masses, 10**4 times as many."""
    ledger = cost_ledger(draw("smooth", 100_000, 81), 1.0, [Q], 17)
    widths = []
    for factor in (1, 10_000):
        mass = ledger.taken * factor
        large = replace(ledger, counts=ledger.counts * factor, taken=mass, left=mass)
        widths.append(interval(large, Q, 1e-6).width)
    # the window is 100 times narrower too, and its bins are no longer fine in it: the worst case within a bin costs more
    assert 1 / 105 < widths[1] / widths[0] < 1 / 2
