"""Selection without a sort against sums of rationals, against sorts, and against the policies atom by atom."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput
from qtheory.policies import boundaries, from_ranks, stretches
from qtheory.policies.ordered_bins import BINS, centred_bins, image, radix_bins
from qtheory.policies.top_selection import cuts, cuts_of

LEVELS = [Fraction(1), Fraction(1, 3), Fraction(3, 8), Fraction(1, 7), Fraction(1, 1000), Fraction(99, 100)]
# Means of a few small numbers in float64.
CLOSE = 1e-14


@pytest.fixture(params=["sorted", "bins"])
def few_sorted(request, monkeypatch):
    """Small inputs both ways: by the sort meant for them, and by the bins meant for large ones."""
    if request.param == "bins":
        monkeypatch.setattr(boundaries, "SORTED", 0)


def brute(utility, q, function, masses):
    """Threshold, mass above, tied mass, share and mean, in rationals."""
    exact = [Fraction(float(x)) for x in utility]
    weights = [Fraction(1, len(exact))] * len(exact) if masses is None else [Fraction(float(m)) for m in masses]
    threshold = max(t for t in exact if sum(w for w, x in zip(weights, exact, strict=True) if x >= t) >= q)
    above = sum((w for w, x in zip(weights, exact, strict=True) if x > threshold), Fraction(0))
    tied = sum(w for w, x in zip(weights, exact, strict=True) if x == threshold)
    share = (q - above) / tied
    taken = [w * (1 if x > threshold else share if x == threshold else 0) for w, x in zip(weights, exact, strict=True)]
    mean = sum((w * Fraction(float(f)) for w, f in zip(taken, function, strict=True)), Fraction(0)) / q
    return float(threshold), above, tied, share, float(mean)


def small_utilities():
    draw = np.random.default_rng(7)
    for size in (1, 2, 3, 5, 8, 13):
        yield np.round(draw.normal(size=size), 1)
        yield np.floor(3 * draw.random(size)) - 1
        yield np.full(size, -2.5)
        yield draw.choice([0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, 1.0, 1 + 2**-52], size)


@pytest.mark.usefixtures("few_sorted")
def test_with_equal_masses_cuts_are_the_rational_ones():
    draw = np.random.default_rng(8)
    for utility in small_utilities():
        cost = draw.integers(-9, 9, utility.size) / 8
        for cut in cuts(utility, LEVELS, [cost]):
            threshold, above, tied, share, mean = brute(utility, cut.q, cost, None)
            assert (cut.threshold, cut.above, cut.tied, cut.share) == (threshold, above, tied, share)
            assert cut.means[0] == pytest.approx(mean, rel=CLOSE, abs=CLOSE)


@pytest.mark.usefixtures("few_sorted")
def test_with_masses_and_empty_actions_cuts_are_the_rational_ones():
    draw = np.random.default_rng(9)
    for utility in small_utilities():
        # Sixteenths, so that sums of masses are exact; some are zero, also at the best action and at the worst.
        masses = np.bincount(draw.integers(0, utility.size, 16), minlength=utility.size) / 16
        cost = draw.integers(-9, 9, utility.size) / 8
        for cut in cuts(utility, LEVELS, [cost], masses):
            threshold, above, tied, share, mean = brute(utility, cut.q, cost, masses)
            assert (cut.threshold, cut.above, cut.tied) == (threshold, above, tied)
            assert cut.share == pytest.approx(float(share), rel=CLOSE, abs=CLOSE)
            assert cut.means[0] == pytest.approx(mean, rel=CLOSE, abs=CLOSE)


def test_ties_in_listed_order_would_give_another_cost():
    utility, cost = np.array([1.0, 1.0, 0.0]), np.array([8.0, 0.0, 0.0])
    (cut,) = cuts(utility, [Fraction(1, 3)], [cost])
    assert cut.means == (4.0,)
    ordered = qt.Quantilizer("1/3", ties="ordered")(qt.Problem(qt.Empirical(utility), cost=cost))
    assert ordered.expect(cost) == pytest.approx(8.0)


def hard_utilities(size):
    draw = np.random.default_rng(10)
    yield draw.standard_cauchy(size) ** 3
    yield np.round(draw.normal(size=size), 2)
    # A thousand clusters of neighbouring doubles, far apart: only the last bits tell their members apart.
    yield 2.0 ** draw.integers(-500, 500, size) * (1 + draw.integers(0, 8, size) * 2**-52)
    yield np.where(draw.random(size) < 0.5, -0.0, draw.choice([0.0, 5e-324, -1e-320], size))
    yield np.append(np.zeros(size - 1), 1e300)
    yield np.arange(size) * 5e-324
    yield draw.choice([-1.7e308, 1.7e308, 0.0, 1.0], size) * draw.random(size)
    yield draw.choice([-1.7e308, -1.6e308, 1.7e308], size)
    yield np.where(draw.random(size) < 0.1, 1e300, 1e-300) * draw.normal(size=size)


@pytest.mark.parametrize("masses", ["equal", "random"])
def test_large_inputs_are_cut_as_a_sort_cuts_them(masses):
    size, draw = 70_001, np.random.default_rng(11)
    weights = None if masses == "equal" else draw.random(size) * (draw.random(size) < 0.9)
    weights = None if weights is None else weights / weights.sum()
    levels, cost = [*LEVELS, Fraction(1, 70_001), Fraction(1, 10**9)], draw.random(size)
    for utility in hard_utilities(size):
        for cut, want in zip(
            cuts(utility, levels, [cost], weights), by_sort(utility, levels, cost, weights), strict=True
        ):
            assert cut.threshold == want[0]
            assert cut.means[0] == pytest.approx(want[1], rel=1e-11)


def by_sort(utility, levels, cost, weights):
    order = np.argsort(-utility, kind="stable")
    ranked, masses = utility[order], np.full(utility.size, 1.0) if weights is None else weights[order]
    ends = np.append(np.flatnonzero(ranked[1:] != ranked[:-1]), utility.size - 1)
    upto, sums = np.cumsum(masses)[ends], np.cumsum(masses * cost[order])[ends]
    above, below = np.append(0.0, upto[:-1]), np.append(0.0, sums[:-1])
    for q in levels:
        goal = float(q * utility.size) if weights is None else float(q)
        k = min(int(np.searchsorted(upto, goal * (1 - 1e-15))), int(np.flatnonzero(upto > above)[-1]))
        share = min(1.0, (goal - above[k]) / (upto[k] - above[k]))
        alone = (sums[k] - below[k]) / (upto[k] - above[k])
        yield ranked[ends[k]], alone if above[k] == 0 else (below[k] + share * (sums[k] - below[k])) / goal


def test_a_wrong_level_is_noticed_by_the_comparison_with_a_sort():
    utility, cost = next(iter(hard_utilities(70_001))), np.random.default_rng(11).random(70_001)
    (cut,) = cuts(utility, [Fraction(1, 100)], [cost])
    ((threshold, mean),) = by_sort(utility, [Fraction(1, 101)], cost, None)
    assert cut.threshold != threshold and cut.means[0] != pytest.approx(mean, rel=1e-11)


def test_the_result_does_not_depend_on_the_number_of_cores(monkeypatch):
    size, draw = 3 * stretches.BLOCK, np.random.default_rng(12)
    utility, cost = draw.normal(size=size), draw.random(size)
    found = []
    for cores in (1, 5):
        monkeypatch.setattr(stretches.os, "cpu_count", lambda cores=cores: cores)
        found.append(cuts(utility, LEVELS, [utility, cost]))
    assert found[0] == found[1]


@pytest.mark.parametrize("size", [5, 50_000])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused_by_its_place(size, bad):
    fine, broken = np.arange(size, dtype=float), np.arange(size, dtype=float)
    broken[3] = bad
    with pytest.raises(InvalidInput, match=r"utility\[3\] is not finite"):
        cuts(broken, [Fraction(1, 2)], [fine])
    # Also far below the boundary, where the value does not matter.
    with pytest.raises(InvalidInput, match=r"functions\[1\]\[3\] is not finite"):
        cuts(fine, [Fraction(1, size)], [fine, broken])
    assert cuts(fine, [Fraction(1, size)], [fine])[0].means == (size - 1,)


@pytest.mark.parametrize("size", [4, 40_000])
def test_means_exist_where_sums_pass_the_largest_double(size):
    utility = np.arange(size, dtype=float)
    vast, mixed = np.full(size, 1.5e308), np.where(utility < size / 2, -1.5e308, 1e-300)
    for cut in cuts(utility, [Fraction(1), Fraction(1, 4)], [vast, mixed]):
        assert cut.means[0] == pytest.approx(1.5e308)
        assert cut.means[1] == pytest.approx(-0.75e308 if cut.q == 1 else 1e-300)


def test_policies_atom_by_atom_agree():
    draw = np.random.default_rng(13)
    for size in (7, 40, 300):
        utility, cost = np.round(draw.normal(size=size), 1), draw.random(size)
        weights = draw.random(size) * (draw.random(size) < 0.8)
        for base in (qt.Empirical(utility), qt.Finite(weights / weights.sum())):
            problem = qt.Problem(base, utility, cost)
            for cut in cuts_of(problem, LEVELS, [problem.utility, problem.cost]):
                policy = qt.Quantilizer(cut.q)(problem)
                assert cut.means == pytest.approx((policy.value(), policy.expect(cost)), rel=1e-12, abs=1e-12)
                assert cut.threshold == qt.Quantilizer(cut.q).threshold(problem)


def test_the_probabilities_of_many_actions_are_those_that_a_sort_gives(monkeypatch):
    size, draw = boundaries.SORTED + 1, np.random.default_rng(14)
    weights = draw.random(size)
    for base in (qt.Empirical(draw.normal(size=size)), qt.Finite(weights / weights.sum())):
        problem = qt.Problem(base, np.round(draw.normal(size=size), 2), None)
        for q in LEVELS:
            selected = qt.Quantilizer(q)(problem).probabilities
            with monkeypatch.context() as patch:
                patch.setattr(from_ranks, "SORTED", size)
                ranked = qt.Quantilizer(q)(problem).probabilities
            # A tie's share of the mass is a difference of running sums.
            assert np.max(np.abs(selected - ranked)) <= 1e-10 * np.max(ranked)


@pytest.mark.usefixtures("few_sorted")
def test_masses_that_sum_to_a_little_less_than_one_do_not_reach_an_empty_action():
    utility, masses = np.array([3.0, 2.0, 1.0, 0.0]), np.array([1 / 3, 1 / 3, 1 / 3, 0.0])
    (cut,) = cuts(utility, [Fraction(1)], [utility], masses)
    assert (cut.threshold, cut.share, cut.means) == (1.0, 1.0, (2.0,))
    # The other way round: an empty action at the top takes no level, however small.
    (cut,) = cuts(-utility, [Fraction(1, 10**400)], [utility], masses)
    assert (cut.threshold, cut.means) == (-1.0, (1.0,))


@pytest.mark.usefixtures("few_sorted")
def test_a_threshold_of_zero_has_no_sign():
    for utility in (np.array([-0.0, -0.0]), np.array([0.0, -0.0, -1.0]), np.array([-0.0, 0.0, 1.0])):
        (cut,) = cuts(utility, [Fraction(2, 3)])
        assert cut.threshold == 0 and not np.signbit(cut.threshold)


def test_a_level_too_small_for_a_double_takes_the_best_alone():
    utility, cost = np.array([1.0, 3.0, 3.0]), np.array([9.0, 1.0, 2.0])
    for masses in (None, np.array([0.5, 0.25, 0.25])):
        (cut,) = cuts(utility, [Fraction(1, 10**400)], [cost], masses)
        assert (cut.threshold, cut.above, cut.means) == (3.0, 0, (1.5,))


def test_bins_keep_the_order_and_stay_in_their_range():
    for values in hard_utilities(20_000):
        ordered = np.sort(values)
        bins = centred_bins(values, ordered[0], ordered[-1])
        keys = bins.keys(ordered, None)
        assert keys[0] == 0 and keys[-1] < bins.edges[-1] <= BINS + 1 and np.all(np.diff(keys) >= 0)
        finer = radix_bins(image(ordered[:1]), image(ordered[-1:]))
        keys = finer.keys(ordered, None)
        assert keys[0] == 0 and keys[-1] < finer.edges[-1] <= BINS and np.all(np.diff(keys) >= 0)
        images = image(ordered)
        assert np.array_equal(images[1:] == images[:-1], ordered[1:] == ordered[:-1])
        assert np.all(images[1:] >= images[:-1])


def test_zeros_of_either_sign_share_a_bin_also_at_the_centre():
    values = np.repeat([-0.0, 0.0, 1.0, -1.0], [5, 5, 1, 1])
    bins = centred_bins(values, -1.0, 1.0)
    assert len(set(bins.keys(np.array([0.0, -0.0]), None).tolist())) == 1
    assert len(set(bins.keys(np.array([0.0, 1.0]), None).tolist())) == 2
