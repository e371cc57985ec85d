r"""Families: each law against mpmath, its own quantiles and its own integrals, deep into both tails."""

import math

import mpmath as mp
import numpy as np
import pytest

from qtheory.base.families import (
    Beta,
    Cauchy,
    Exponential,
    Gamma,
    LogNormal,
    Mixture,
    Normal,
    Pareto,
    StudentT,
    Uniform,
    Weibull,
    family_from_json,
    family_to_json,
    parse_family,
)
from qtheory.errors import DocumentError, FormulaError, InvalidInput, NotAvailable

DEPTHS = np.array([0.5, 0.3, 0.1, 1e-2, 1e-6, 1e-12, 1e-50, 1e-200, 1e-300])
ROUND_TRIP = 1e-12  # at 1e-300 a unit in the last place of x is 700 units of the survival probability
LAWS = (
    "normal(0, 1)", "normal(-3, 2)", "exponential(2)", "logistic(0.5, 2)", "laplace(0, 1)", "gumbel(1, 2)",
    "cauchy(0, 1)", "pareto(3)", "pareto(1.5, 2)", "student_t(3)", "student_t(1.2, 1, 2)", "student_t(100)",
    "student_t(0.5)", "gamma(2.5, 1.7)", "gamma(0.05)", "gamma(200, 3)", "lognormal(0, 1)", "lognormal(1, 3)",
    "lognormal(0, 0.05)", "weibull(1.7, 2)", "weibull(0.3)", "beta(2, 5)", "beta(0.5, 0.5)", "beta(30, 0.3)",
    "uniform(0, 1)", "uniform(-1, 3)", "mixture(0.9*normal(0, 1) + 0.1*normal(5, 1))",
    "mixture(0.5*student_t(3) + 0.5*gamma(2))", "shifted_exponential(2, 3)", "shifted_exponential(1, -2)",
)  # fmt: skip


def relative(got, expected):
    return float(np.max(np.abs(np.asarray(got) / np.asarray(expected) - 1.0)))


def resolved(family, x):
    """Where the rounding of x leaves the probability its digits: not next to a finite end other than 0."""
    low, high = family.support()
    with np.errstate(invalid="ignore"):
        gap = np.minimum(np.abs(x - low) if low != 0 else np.inf, np.abs(high - x))
    return (gap > 1e-3 * np.maximum(np.abs(x), 1e-3)) & (np.abs(x) > 1e-290) & np.isfinite(x)


@pytest.mark.parametrize("text", LAWS)
def test_quantiles_invert_survival_and_cdf_down_to_1e_minus_300(text):
    family = parse_family(text)
    upper, lower = family.upper_quantile(DEPTHS), family.lower_quantile(DEPTHS)
    at_top, at_bottom = resolved(family, upper), resolved(family, lower)
    assert relative(family.survival(upper)[at_top], DEPTHS[at_top]) < ROUND_TRIP
    assert relative(family.cdf(lower)[at_bottom], DEPTHS[at_bottom]) < ROUND_TRIP
    assert np.all(upper[1:] >= upper[:-1]) and np.all(lower[1:] <= lower[:-1])
    assert family.upper_quantile(0.0) == family.support()[1] and family.upper_quantile(1.0) == family.support()[0]


@pytest.mark.parametrize("text", LAWS)
def test_density_is_minus_the_slope_of_survival(text):
    family = parse_family(text)
    x = family.upper_quantile(np.array([0.9, 0.6, 0.3, 0.1, 1e-3]))
    x = x[resolved(family, x)]
    step = 1e-5 * np.minimum(family.survival(x), family.cdf(x)) / family.density(x)
    slope = (family.survival(x - step) - family.survival(x + step)) / (2 * step)
    assert relative(family.density(x), slope) < 1e-6


@pytest.mark.parametrize("text", LAWS)
def test_partial_mean_is_threshold_part_plus_excess(text):
    family = parse_family(text)
    if not math.isfinite(family._mean()):
        assert family.excess_mean(3.0) == math.inf and family.upper_partial_mean(3.0) == math.inf
        return
    t = family.upper_quantile(np.array([0.999, 0.9, 0.5, 0.1, 1e-4, 1e-20]))
    whole = t * family.survival(t) + family.excess_mean(t)
    size = np.abs(t) * family.survival(t) + family.excess_mean(t) + abs(family.expectation())
    assert np.all(np.abs(family.upper_partial_mean(t) - whole) <= 1e-14 * size)
    low, high = family.support()
    assert family.excess_mean(high) == 0.0 and family.upper_partial_mean(high) == 0.0
    assert family.upper_partial_mean(low - 1.0) == pytest.approx(family.expectation(), rel=1e-15, abs=1e-300)
    assert family.excess_mean(low) == (math.inf if low == -math.inf else pytest.approx(family.expectation() - low))


def survival_in_mpmath(family):
    p = {key: mp.mpf(v.numerator) / v.denominator for key, v in family.parameters().items()}
    return {
        "normal": lambda x: mp.erfc((x - p["mean"]) / p["sd"] / mp.sqrt(2)) / 2,
        "student_t": lambda x: mp.betainc(p["df"] / 2, 0.5, 0, p["df"] / (p["df"] + x * x), regularized=True) / 2,
        "gamma": lambda x: mp.gammainc(p["shape"], x * p["rate"], mp.inf, regularized=True),
        "beta": lambda x: mp.betainc(p["b"], p["a"], 0, 1 - x, regularized=True),
        "lognormal": lambda x: mp.erfc((mp.log(x) - p["mu"]) / p["sigma"] / mp.sqrt(2)) / 2,
        "weibull": lambda x: mp.exp(-((x / p["scale"]) ** p["shape"])),
        "gumbel": lambda x: -mp.expm1(-mp.exp(-(x - p["loc"]) / p["scale"])),
        "logistic": lambda x: 1 / (1 + mp.exp((x - p["loc"]) / p["scale"])),
    }[family.name]


def excess_in_mpmath(family, survival, t):
    if family.support()[1] < math.inf:
        return mp.quad(survival, mp.linspace(t, 1, 5))
    # y = reach (e^v - 1) turns power tails into exponential ones
    reach = mp.mpf(float(family.survival(t) / family.density(t)))
    return mp.quad(lambda v: survival(t + mp.expm1(v) * reach) * mp.exp(v) * reach, [0, 1, 2, 4, 8, 16, 64])


CANCELLING = (
    "normal(0, 1)", "student_t(3)", "student_t(100)", "gamma(5/2)", "gamma(200)", "beta(2, 5)", "beta(30, 0.5)",
    "lognormal(0, 1)", "lognormal(0, 0.05)", "weibull(2)", "gumbel(0, 1)", "logistic(0, 1)",
)  # fmt: skip


@pytest.mark.parametrize("text", CANCELLING)
def test_survival_and_excess_agree_with_mpmath_deep_in_the_tail(text):
    family = parse_family(text)
    with mp.workdps(30):
        survival = survival_in_mpmath(family)
        for q in (0.4, 1e-3, 1e-9):
            t = float(family.upper_quantile(q))
            if not resolved(family, np.array(t)):
                continue
            assert relative(float(family.survival(t)), float(survival(mp.mpf(t)))) < 5e-14
            excess = excess_in_mpmath(family, survival, t)
            assert relative(float(family.excess_mean(t)), float(excess)) < 1e-13


def test_naive_excess_would_have_been_wrong():
    t = 30.0
    naive = math.exp(-t * t / 2) / math.sqrt(2 * math.pi) - t * float(Normal(0, 1).survival(t))
    with mp.workdps(60):
        exact = float(mp.exp(-(mp.mpf(t) ** 2) / 2) / mp.sqrt(2 * mp.pi) - t * mp.erfc(t / mp.sqrt(2)) / 2)
    assert relative(naive, exact) > 1e-14
    assert relative(float(Normal(0, 1).excess_mean(t)), exact) < 1e-15


def test_moments_of_the_table_of_closed_forms():
    t = np.array([0.1, 0.5, 0.9])
    assert relative(Uniform(0, 1).excess_mean(t), (1 - t) ** 2 / 2) < 1e-15
    assert relative(Exponential(1).excess_mean(t), np.exp(-t)) < 1e-15
    assert relative(Pareto(3).excess_mean(1 + t), (1 + t) ** -2 / 2) < 1e-15
    student = StudentT(3)
    closed = (3 + t * t) / 2 * student.density(t) - t * student.survival(t)
    assert relative(student.excess_mean(t), closed) < 1e-14
    assert Gamma(5, 2).expectation() == 2.5 and Beta(2, 3).expectation() == 0.4
    assert Weibull(1, 3).expectation() == 3.0 and Pareto(1).expectation() == math.inf
    assert LogNormal(0, 1).expectation() == math.exp(0.5)


def test_laws_without_a_mean_say_so():
    for family in (Cauchy(0, 1), StudentT(1), StudentT("1/2"), Mixture(["1/2", "1/2"], [Cauchy(0, 1), Normal(0, 1)])):
        with pytest.raises(NotAvailable, match="no mean"):
            family.expectation()
        with pytest.raises(NotAvailable):
            family.upper_partial_mean(-math.inf)
    assert Mixture(["1/2", "1/2"], [Pareto(1), Normal(0, 1)]).expectation() == math.inf


def test_special_cases_coincide():
    x = np.array([0.2, 1.0, 7.0, 40.0])
    for one, other in ((Gamma(1), Exponential(1)), (Weibull(1), Exponential(1)), (StudentT(1), Cauchy(0, 1))):
        assert relative(one.survival(x), other.survival(x)) < 1e-14
        assert relative(one.density(x), other.density(x)) < 1e-14
    assert relative(Beta(1, 1).upper_quantile(DEPTHS), Uniform(0, 1).upper_quantile(DEPTHS)) < 1e-15


def test_a_mixture_quantile_at_a_gap_is_its_near_end():
    gap = parse_family("mixture(0.5*uniform(0, 1) + 0.5*uniform(2, 3))")
    assert gap.upper_quantile(0.5) == 1.0 and gap.upper_quantile(0.25) == 2.5
    far = parse_family("mixture(0.999*normal(0, 1) + 0.001*normal(100, 0.01))")
    s = np.array([0.5, 1e-2, 1.1e-3, 0.9e-3, 1e-6])
    assert relative(far.survival(far.upper_quantile(s)), s) < 2e-12


@pytest.mark.parametrize("make", [
    lambda: Normal(0, 0), lambda: Normal(0, -1), lambda: Normal(float("nan"), 1), lambda: Normal(float("inf"), 1),
    lambda: Exponential(0), lambda: Uniform(1, 1), lambda: Uniform(2, 1), lambda: Pareto(0), lambda: StudentT(-3),
    lambda: Beta(0, 1), lambda: Gamma(True), lambda: LogNormal(0, 40), lambda: Weibull("1/100"),
    lambda: Normal("1e999", 1),
    lambda: Mixture(["0.5", "0.4"], [Normal(0, 1), Normal(0, 1)]), lambda: Mixture([1], [3]), lambda: Mixture([1], []),
    lambda: Mixture(["3/2", "-1/2"], [Normal(0, 1), Normal(0, 1)]),
])  # fmt: skip
def test_bad_parameters_are_refused(make):
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize("s", [-0.1, 1.1, float("nan")])
def test_bad_probabilities_are_refused(s):
    with pytest.raises(InvalidInput):
        Normal(0, 1).upper_quantile(s)


@pytest.mark.parametrize("text", (*LAWS, "mixture(1/3*normal(0, 1) + 2/3*mixture(0.5*pareto(3) + 0.5*beta(1, 2)))"))
def test_text_and_json_round_trip(text):
    family = parse_family(text)
    assert parse_family(family.text()) == family
    assert family_from_json(family_to_json(family)) == family
    assert hash(parse_family(family.text())) == hash(family)


def test_text_is_read_with_defaults_keywords_and_spaces():
    assert parse_family(" student_t( 3 ) ") == StudentT(3, 0, 1)
    assert parse_family("normal(sd = 2)") == Normal(0, 2) == parse_family("normal(0,2)")
    assert parse_family("normal(-1.5e-1, 1/3)") == Normal("-0.15", "1/3")
    assert parse_family("exponential()") == Exponential(1) != Exponential(2)


@pytest.mark.parametrize("text", [
    "", "normal", "normal(", "normal(0,1", "normal(0,1))", "normal(0 1)", "normal(0,1,2)", "normal(mu=1)",
    "normal(0, mean=1)", "normal(0,-1)", "normal(__import__('os'))", "poisson(3)", "pareto()", "normal(1e999, 1)",
    "mixture()", "mixture(normal(0,1))", "mixture(0.5*normal(0,1))", "mixture(0.5*normal(0,1) - 0.5*normal(0,1))",
    "mixture(1*" * 20 + "normal(0,1)" + ")" * 20, "normal(0,1) normal(0,1)", "normal(1/0, 1)", "normal(0;1)",
])  # fmt: skip
def test_other_text_is_a_formula_error(text):
    with pytest.raises(FormulaError) as caught:
        parse_family(text)
    assert caught.value.allowed


@pytest.mark.parametrize("document", [
    {}, {"family": "poisson"}, {"family": "pareto", "parameters": {}}, {"family": "normal", "parameters": {"mu": 0}},
    {"family": "normal", "parameters": [0, 1]}, {"family": "mixture", "parameters": {"weights": [1]}}, 3,
])  # fmt: skip
def test_other_json_is_a_document_error(document):
    with pytest.raises(DocumentError):
        family_from_json(document)
