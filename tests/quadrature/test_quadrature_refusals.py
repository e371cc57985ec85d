"""What quadrature refuses, by type and in few words."""

import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable

NORMAL = qt.Problem(qt.Continuous("normal(0, 1)"))


def test_tiny_levels_are_refused_in_short():
    with pytest.raises(InvalidLevel, match="q >= 1e-40"):
        qt.certified_mean(NORMAL, "1e-400")
    assert qt.certified_mean(NORMAL, "1e-40").width < 1e-10
    with pytest.raises(NotAvailable, match="'1e-400'"):
        qt.rank_means(NORMAL, "1e-400")


@pytest.mark.parametrize("given", [{"tolerance": "a"}, {"breaks": "a"}, {"breaks": ["a"]}, {"breaks": 3}])
def test_what_is_not_a_number_is_refused(given):
    with pytest.raises(InvalidInput):
        qt.rank_means(NORMAL, "1/10", **given)
    assert qt.rank_means(NORMAL, "1/10", breaks=[0, 1.5], tolerance=1e-9).values.size == 1


def test_a_function_without_a_value_is_told_from_one_that_overflows():
    with pytest.raises(NotAvailable, match="define it wherever"):
        qt.rank_means(NORMAL, 1, {"f": "log(x)"})
    with pytest.raises(NotAvailable) as error:
        qt.rank_means(NORMAL, 1, {"f": "exp(exp(x**2))"})
    assert "define it" not in str(error.value)
