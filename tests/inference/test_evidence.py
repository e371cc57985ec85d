"""E-values combine, windowed tests do not; Holm and the calibrators do what they promise."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad

from qtheory.errors import InvalidInput
from qtheory.inference.e_values import combine_mean
from qtheory.inference.evidence import EValue, WindowedTest
from qtheory.inference.multiplicity import bonferroni_level, e_to_p, holm, p_to_e

WINDOWED = WindowedTest(5.0, 0.05, 0.0025)


def test_e_values_average_and_multiply():
    e, f = EValue(math.log(6.0)), EValue(math.log(2.0))
    assert math.exp(e.combine(f).log_value) == pytest.approx(4.0)
    assert math.exp((e * f).log_value) == pytest.approx(12.0)
    assert combine_mean([e, f]) == e.combine(f)
    assert EValue(-math.inf).p_value == 1.0 and EValue(math.inf).p_value == 0.0
    assert EValue(math.inf) * EValue(-math.inf) == EValue(-math.inf)
    assert combine_mean([EValue(-math.inf), EValue(0.0)]).log_value == pytest.approx(-math.log(2))


@pytest.mark.parametrize(
    "mixed", [lambda e: e * WINDOWED, lambda e: WINDOWED * e, lambda e: WINDOWED * WINDOWED, lambda e: e + e]
)
def test_windowed_tests_have_no_arithmetic(mixed):
    with pytest.raises(TypeError):
        mixed(EValue(1.0))


def test_windowed_tests_are_refused_where_e_values_are_averaged():
    with pytest.raises(InvalidInput):
        EValue(1.0).combine(WINDOWED)
    with pytest.raises(InvalidInput):
        combine_mean([WINDOWED])
    with pytest.raises(InvalidInput):
        combine_mean([])


def test_windowed_rejection_agrees_with_its_p_value():
    for log_value in np.linspace(-1.0, 6.0, 41):
        test = WindowedTest(float(log_value), 0.05, 0.0025)
        assert test.rejects == (test.p_value <= 0.05)


def test_ill_formed_evidence_is_refused():
    for make in (
        lambda: EValue(math.nan),
        lambda: WindowedTest(1.0, 0.05, 0.05),
        lambda: WindowedTest(math.nan, 0.05, 0.0),
    ):
        with pytest.raises(InvalidInput):
            make()


def test_holm_is_the_closure_of_bonferroni():
    rng = np.random.default_rng(1)
    for _ in range(40):
        p = rng.random(4) ** 3
        subsets = [s for r in range(1, 5) for s in itertools.combinations(range(4), r)]
        closed = [all(min(p[list(s)]) <= 0.1 / len(s) for s in subsets if i in s) for i in range(4)]
        assert holm(p, 0.1).tolist() == closed


def test_holm_reads_edges():
    assert holm([], 0.05).tolist() == []
    assert holm([0.05], 0.05).tolist() == [True]
    for bad in ([1.2], [math.nan], [[0.1]]):
        with pytest.raises(InvalidInput):
            holm(bad, 0.05)


def test_calibrator_integrates_to_one():
    for kappa in (0.3, 0.5, 0.9):
        assert quad(lambda p, k=kappa: math.exp(p_to_e(p, k).log_value), 0, 1)[0] == pytest.approx(1.0, abs=1e-6)
    assert p_to_e(0.0).log_value == math.inf
    assert e_to_p(EValue(math.log(40.0))) == pytest.approx(1 / 40)
    assert bonferroni_level(0.01, 10) == pytest.approx(0.001)
