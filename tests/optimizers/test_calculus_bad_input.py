"""What optimizers and cost classes say to lists that are none, to symbols inside of them, and to numbers out of all bounds."""

import math
from fractions import Fraction as F

import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError
from qtheory.exact.enclosure import Enclosure
from qtheory.symbols import q

WEIGHTS, UTILITY = ["1/2", "1/4", "1/8", "1/16", "1/16"], [0, 1, 2, 3, 10]
EXACT = qt.Problem(qt.Finite(WEIGHTS), utility=UTILITY, feature=[0, 1, 0, 1, 0])
FLOATS = qt.Problem(qt.Finite(np.array([float(F(g)) for g in WEIGHTS])), utility=np.array(UTILITY, dtype=float))
HUGE, TINY = F(10**400), F(1, 10**400)
NO_LISTS = [None, True, 1, 0.5, math.nan, "1", b"1", {}, {1, 2}, object(), q, np.float32(1)]


@pytest.mark.parametrize("no_list", NO_LISTS, ids=lambda value: type(value).__name__)
def test_what_is_no_list_is_refused_as_one(no_list):
    with pytest.raises(InvalidInput, match="is not a list"):
        qt.LinearlyConstrained(1, 1, rows=no_list)
    with pytest.raises(InvalidInput):
        qt.LinearlyConstrained(1, 1, rows=[(no_list, 1)])
    with pytest.raises(InvalidInput):
        qt.FeatureConstrained(2, kernel=[no_list])
    if no_list is not None:
        with pytest.raises(InvalidInput):
            qt.FeatureConstrained(2, kernel=no_list)
    if no_list is not q:
        with pytest.raises(InvalidInput):
            qt.Capped(1, caps=no_list)
    assert qt.LinearlyConstrained(1, 1, rows=[([1, 0], 1)]).rows == (((F(1), F(0)), F(1)),)


def test_symbols_and_arrays_inside_of_lists_are_refused():
    for entry in (q, np.array([1, 2])):
        with pytest.raises(InvalidInput):
            qt.Capped(1, caps=[1, entry])
        with pytest.raises(InvalidInput):
            qt.Capped(1, caps=[1, 1], weights=[1, entry])
        with pytest.raises(InvalidInput):
            qt.LinearlyConstrained(1, cap=np.array([1, 2]))


@pytest.mark.parametrize("n", [10**6, 10**400])
def test_more_draws_than_can_be_written_out_are_refused_and_a_few_thousand_are_not(n):
    makers = [qt.BestOfN, lambda n: qt.TopKOfN(n, 2), lambda n: qt.EstimatedThreshold(n, 2)]
    for make in (*makers, lambda n: qt.Quantilizer("1/2", draws=n)):
        with pytest.raises(NotAvailable, match=r"draws|digits"):
            make(n)(EXACT)
        assert sum(make(300)(EXACT).probabilities) == 1
    with pytest.raises(NotAvailable):
        qt.SoftBestOfN(10**400, 1)(EXACT)
    assert qt.BestOfN(10**6)(FLOATS).value() == pytest.approx(10)


PLAIN = [qt.KLRegularized, qt.ReverseKLRegularized, qt.TotalVariationRegularized, qt.BestOfPoisson]
PLAIN += [lambda x: qt.PowerRegularized(2, x), lambda x: qt.TsallisRegularized(2, x), lambda x: qt.SoftBestOfN(3, x)]
CLASSES = [qt.MeanBounded, lambda x: qt.MomentBounded(2, x), lambda x: qt.VarianceBounded(1, x)]
CLASSES += [lambda x: qt.VarianceBounded(1, x, nonnegative=True), lambda x: qt.VarianceBounded(x, 1, nonnegative=True)]
CLASSES += [lambda x: qt.Oscillation(x, 1), lambda x: qt.ExponentialMoment(1, x), lambda x: qt.Capped(x, [1] * 5)]
CLASSES += [lambda x: qt.Capped(1, [x] * 5), lambda x: qt.Capped(1, [1] * 5, [x] * 5), lambda x: qt.RangeAndMean(x, 1)]


@pytest.mark.parametrize("size", [HUGE, TINY], ids=["huge", "tiny"])
def test_exact_problems_take_numbers_of_any_size_and_floats_refuse_them_by_type(size):
    policy, rough = qt.Quantilizer("3/8")(EXACT), qt.Quantilizer("3/8")(FLOATS)
    for make in PLAIN:
        try:
            assert 0 <= float(make(size)(EXACT).value()) <= 10
        except NotAvailable as error:
            assert "temperature" in str(error)
        with pytest.raises(QTheoryError):
            make(size)(FLOATS)
    for make in CLASSES:
        assert Enclosure.of(make(size).worst_case(policy).value).high > 0
        with pytest.raises(NotAvailable, match="double precision"):
            make(size).worst_case(rough)


def test_reverse_kl_has_its_limits_at_either_end():
    almost_best = qt.ReverseKLRegularized(TINY)(EXACT).value()
    assert 10 - F(1, 10**30) < almost_best.low and almost_best.high < 10 + F(1, 10**30)
    base = qt.ReverseKLRegularized(HUGE)(EXACT).value()
    assert base.low <= F(21, 16) + F(1, 10**30) and base.high >= F(21, 16)


@pytest.mark.parametrize("ratio", [F(1, 10**3), F(1, 10**9), F(1, 10**20)])
def test_small_margins_are_not_lost_in_double_precision(ratio):
    # Against the same on exact problems: far from the mean class and close to it.
    for make in (lambda p: qt.Mixture(qt.Imitation(), qt.Quantilizer("1/4"), "1/2")(p), qt.Quantilizer("1/4")):
        for cost_class in (
            qt.ExponentialMoment(1, ratio, nonnegative=True),
            qt.ExponentialMoment(1 / ratio, 1, nonnegative=True),
        ):
            exact = float(cost_class.worst_case(make(EXACT)).value)
            assert float(cost_class.worst_case(make(FLOATS)).value) == pytest.approx(exact, rel=1e-12)
        narrow = qt.VarianceBounded(ratio, ratio * ratio, nonnegative=True)
        exact, found = (narrow.worst_case(make(p)).value for p in (EXACT, FLOATS))
        assert float(found) - float(ratio) == pytest.approx(float(exact - ratio), rel=1e-9, abs=float(ratio) * 1e-15)
    with pytest.raises(NotAvailable, match="too large for floats"):
        qt.ExponentialMoment(1, 1000, nonnegative=True).worst_case(qt.Quantilizer("1/4")(FLOATS))
