"""Functions of nonnegative enclosures and enclosed roots: every point inside is covered, and little else."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from qtheory.exact.enclosure import Enclosure, Indeterminate
from qtheory.exact.nonnegative import entropy, largest, positive_part, power, shares
from qtheory.exact.roots import compared, root_near, simplest_between

MP = mpmath.mp.clone()
MP.dps = 50
SEEDS = range(30)


def exactly(x):
    return MP.mpf(x.numerator) / x.denominator


def covers(value, truth):
    box = Enclosure.of(value)
    return exactly(box.low) <= truth + MP.mpf(10) ** -45 and truth <= exactly(box.high) + MP.mpf(10) ** -45


def random_box(rng):
    ends = sorted(Fraction(int(x), 16) for x in rng.integers(0, 40, 2))
    return Enclosure(*ends) if rng.random() < 0.8 else Enclosure(Fraction(0), ends[1])


@pytest.mark.parametrize("seed", SEEDS)
def test_images_cover_every_point_of_the_interval_and_are_reached_at_its_ends_or_turning_point(seed):
    rng = np.random.default_rng(seed)
    box = random_box(rng)
    order = Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 5)))
    xlogx = lambda x: x * MP.log(x) if x > 0 else MP.zero
    inside = [exactly(box.low + box.width * Fraction(i, 20)) for i in range(21)]
    for found, f in ((power(box, order), lambda x: x ** exactly(order)), (entropy(box), xlogx)):
        values = [f(x) for x in inside]
        assert all(covers(found, value) for value in values)
        turning = [-1 / MP.e] if f is xlogx and inside[0] <= 1 / MP.e <= inside[-1] else []
        image = Enclosure.of(found)
        assert exactly(image.low) >= min(values + turning) - MP.mpf(10) ** -30
        assert exactly(image.high) <= max(values) + MP.mpf(10) ** -30


def test_rational_values_stay_rational():
    assert (
        power(Fraction(8), Fraction(2, 3)) == 4
        and entropy(Fraction(1)) == 0
        and power(Fraction(0), Fraction(1, 2)) == 0
    )
    assert largest([Fraction(3), Enclosure(Fraction(0), Fraction(2))]) == 3 and positive_part(Fraction(-2)) == 0
    assert shares([Fraction(1), Fraction(0), Fraction(1)]) == (Fraction(1, 2), 0, Fraction(1, 2))


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_cover_the_shares_of_every_choice_of_terms_and_stay_probabilities(seed):
    rng = np.random.default_rng(seed)
    boxes = [random_box(rng) for _ in range(4)] + [Enclosure.of(1)]
    found = [Enclosure.of(x) for x in shares(boxes)]
    assert all(0 <= x.low <= x.high <= 1 for x in found)
    for corner in range(32):
        terms = [(box.low, box.high)[corner >> i & 1] for i, box in enumerate(boxes)]
        assert all(x.contains(t / sum(terms)) for x, t in zip(found, terms, strict=True))
    # Each end is one of the corners: nothing tighter would do.
    own, others = boxes[0], boxes[1:]
    top = own.high / (own.high + sum(box.low for box in others))
    assert found[0].high - top < Fraction(1, 10**40)


def test_terms_that_may_all_vanish_have_no_shares():
    with pytest.raises(Indeterminate):
        shares([Enclosure(Fraction(0), Fraction(1)), Fraction(0)])


@pytest.mark.parametrize("n", [2, 3, 5, 7, 10])
@pytest.mark.parametrize("start", ["1", "exact", "bad"])
def test_roots_are_enclosed_whatever_the_guess(n, start):
    truth = MP.sqrt(n)
    guess = {"1": Fraction(1), "exact": Fraction(str(truth)), "bad": Fraction(n)}[start]
    root = root_near(lambda x: compared(x * x, Fraction(n)), guess, Fraction(0), Fraction(n))
    assert covers(root, truth) and isinstance(root, Enclosure)
    if start == "exact":
        assert root.width < Fraction(1, 10**30)


@pytest.mark.parametrize("root", [Fraction(1, 3), Fraction(22, 7), Fraction(0), Fraction(5), Fraction(12345, 6789)])
def test_rational_roots_are_found_exactly(root):
    near = root + Fraction(1, 10**40)
    assert root_near(lambda x: compared(x, root), near, Fraction(-1), Fraction(9)) == root


def test_a_function_that_cannot_be_told_from_zero_gives_the_whole_interval():
    root = root_near(lambda x: None, Fraction(1, 2), Fraction(0), Fraction(1))
    assert (root.low, root.high) == (0, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_rational_between_is_simpler(seed):
    rng = np.random.default_rng(seed)
    low, high = sorted(Fraction(int(x), 997) for x in rng.integers(-3000, 3000, 2))
    found = simplest_between(low, high)
    assert low <= found <= high
    smaller = (Fraction(a, b) for b in range(1, found.denominator) for a in range(int(low * b) - 1, int(high * b) + 2))
    assert not any(low <= x <= high for x in smaller)
