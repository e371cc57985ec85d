"""The order of an audit's ranking is that of a lexicographic sort."""

from __future__ import annotations

import numpy as np
import pytest

from qtheory.auditing.ranking import order_of


@pytest.mark.parametrize("most", [1, 2, 1 << 20, 1 << 63])
def test_the_order_is_that_of_lexsort_whatever_ties(most):
    draw = np.random.default_rng(5)
    for size in (1, 2, 3, 50, 2000):
        for values in (1, 2, 7, 10**6):
            first = np.floor(draw.random(size) * values) * draw.choice([-1.0, 1.0])
            second = draw.integers(0, most, size, dtype=np.uint64).astype(np.int64)
            assert np.array_equal(order_of(first, second), np.lexsort((second, first)))


def test_the_second_key_decides_by_its_last_bit_where_the_first_ties():
    second = np.array([(1 << 62) + 1, 1 << 62])
    assert order_of(np.zeros(2), second).tolist() == [1, 0]
    assert order_of(np.zeros(2), second[::-1].copy()).tolist() == [0, 1]
