r"""Continuous bases: golden values, closed forms against quadrature, budgets against levels, device against host."""

import math
import subprocess
import sys
from fractions import Fraction

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from jax import random
from scipy import stats

from qtheory.base.continuous import Continuous
from qtheory.base.families import Normal, fold_rank_words, parse_family
from qtheory.errors import DocumentError, FormulaError, InvalidInput, InvalidLevel, NotAvailable

GOLDEN_UPPER_MEANS = (
    ("normal(0,1)", "1/2", 0.7978845608028654),
    ("normal(0,1)", "0.1", 1.754983319324868),
    ("normal(0,1)", "0.01", 2.665214220345805),
    ("normal(0,1)", "1/1024", 3.3736505286795135),
    ("exponential(1)", "0.1", 3.302585092994046),
    ("uniform(0,1)", "0.01", 0.995),
    ("student_t(3)", "0.1", 2.9108175960399194),
    ("pareto(3)", "0.01", 6.962383250419168),
    ("pareto(1.5)", "0.01", 64.63304070095651),
)
GOLDEN_RESERVATIONS = (
    ("normal(0,1)", "0.1", 0.9023463475100345, 0.18343645619257457),
    ("normal(0,1)", "0.3", 0.21651349769209774, 0.41429375251890316),
    ("normal(0,1)", "0.01", 1.9383563072901022, 0.026289883575693118),
    ("exponential(1)", "0.01", 4.605170185988092, 0.01),
    ("uniform(0,1)", "0.1", 0.552786404500042, math.sqrt(0.2)),
    ("pareto(3)", "0.1", 2.23606797749979, 0.08944271909999159),
    ("student_t(3)", "0.01", 7.3037071088545815, 0.0026500351250179854),
    ("logistic(0,1)", "0.5", 0.43275212956718856, -math.expm1(-0.5)),
)
GOLDEN_GAPS = (("normal(0,1)", 0.1, 0.5451479061229703), ("pareto(3)", 0.01, 3.5355339059327378),
               ("student_t(3)", 0.01, 3.7735348884978013))  # fmt: skip
WITH_MEAN = (
    "normal(1,2)", "exponential(2)", "uniform(-1,3)", "logistic(0,1)", "laplace(0,1)", "gumbel(1,2)", "pareto(3)",
    "pareto(3/2)", "student_t(3)", "student_t(1.2)", "beta(2,5)", "gamma(2.5)", "gamma(0.05)", "lognormal(0,1)",
    "lognormal(0,2)", "weibull(0.5)", "mixture(0.9*normal(0,1) + 0.1*normal(5,1))",
    "mixture(0.5*student_t(3) + 0.5*gamma(2))", "mixture(0.5*normal(0,1) + 0.5*normal(100,1))",
)  # fmt: skip
LEVELS = (1.0, 0.9, 0.5, 0.1, 1e-2, 1e-6, 1e-12)
QUADRATURE = 2e-13
GOLDEN = 1e-14


def identity(x):
    return x


@pytest.mark.parametrize("text, q, expected", GOLDEN_UPPER_MEANS)
def test_golden_upper_means(text, q, expected):
    base = Continuous(text)
    assert base.upper_mean(q) == pytest.approx(expected, rel=GOLDEN)
    level = float(Fraction(q))
    assert base.expect(identity, 0.0, level) / level == pytest.approx(expected, rel=QUADRATURE)


@pytest.mark.parametrize("text", WITH_MEAN)
def test_closed_upper_means_equal_quadrature_at_every_level(text):
    base = Continuous(text)
    closed = base.upper_mean(np.array(LEVELS))
    for q, upper_mean in zip(LEVELS, closed, strict=False):
        assert abs(base.expect(identity, 0.0, q) / q - upper_mean) <= QUADRATURE * max(abs(upper_mean), 1.0)
    assert np.all(np.diff(closed) >= 0)


def test_upper_means_agree_with_mpmath():
    with mp.workdps(30):
        sigma, q = mp.mpf(2), mp.mpf(1) / 10
        z = mp.sqrt(2) * mp.erfinv(1 - 2 * q)
        lognormal = float(mp.exp(sigma**2 / 2) * mp.erfc((z - sigma) / mp.sqrt(2)) / 2 / q)
        logistic = float((-q * mp.log(q) - (1 - q) * mp.log(1 - q)) / q)
        t = mp.findroot(lambda x: mp.betainc(2.5, 0.5, 0, 5 / (5 + x * x), regularized=True) / 2 - q, 1.4)
        peak = mp.gamma(3) / mp.sqrt(5 * mp.pi) / mp.gamma(mp.mpf(5) / 2)
        student = float((5 + t * t) / 4 * peak * (1 + t * t / 5) ** -3 / q)
    assert Continuous("lognormal(0,2)").upper_mean(0.1) == pytest.approx(lognormal, rel=1e-14)
    assert Continuous("logistic(0,1)").upper_mean(0.1) == pytest.approx(logistic, rel=1e-14)
    assert Continuous("student_t(5)").upper_mean(0.1) == pytest.approx(student, rel=1e-14)


@pytest.mark.parametrize("n, expected", [(2, 0.5641895835477563), (10, 1.5387527308351728)])
def test_best_of_n_means_of_the_normal_law(n, expected):
    base = Continuous("normal(0,1)")
    assert base.expect_rank(identity, lambda rank: n * rank.bottom ** (n - 1)) == pytest.approx(expected, rel=1e-14)


def test_a_window_of_ranks_and_an_indicator_in_rank_agree():
    base = Continuous("normal(0,1)")
    window = base.expect(identity, 0.01, 0.1) / 0.09
    assert window == pytest.approx(1.653846552544764, rel=1e-13)
    indicator = base.expect_rank(identity, lambda rank: (rank.top > 0.01) & (rank.top <= 0.1), breaks=(0.01, 0.1))
    assert indicator / 0.09 == pytest.approx(window, rel=1e-13)


@pytest.mark.parametrize("text", ["normal(0,1)", "mixture(0.9*normal(0,1) + 0.1*normal(5,1))"])
def test_second_moments_and_rank_weights(text):
    base = Continuous(text)
    second = 1.0 if text.startswith("normal") else 0.9 + 0.1 * 26
    assert base.expect(np.square) == pytest.approx(second, rel=1e-13)
    assert base.expect_rank(np.ones_like, lambda rank: 3 * rank.bottom**2) == pytest.approx(1.0, rel=1e-13)
    direct = base.expect_rank(identity, lambda rank: 2 * rank.bottom)
    reflected = base.expect_rank(identity, lambda rank: 2 * rank.top)
    assert direct > base.mean() and direct + reflected == pytest.approx(2 * base.mean(), abs=1e-13)


@pytest.mark.parametrize("text, eps, tau, q", GOLDEN_RESERVATIONS)
def test_golden_reservation_values(text, eps, tau, q):
    got_tau, got_q = Continuous(text).reservation_value(eps)
    assert got_tau == pytest.approx(tau, rel=2e-14) and got_q == pytest.approx(q, rel=1e-13)


@pytest.mark.parametrize("text, eps, gap", GOLDEN_GAPS)
def test_golden_goodhart_gaps(text, eps, gap):
    base = Continuous(text)
    tau, q = base.reservation_value(eps)
    assert eps / q == pytest.approx(gap, rel=1e-13)
    assert base.upper_mean(q) - tau == pytest.approx(gap, rel=1e-13)


@pytest.mark.parametrize("text", WITH_MEAN)
@pytest.mark.parametrize("eps", [1e-6, 1e-2, 0.3, 2.0, 1e3])
def test_the_reservation_value_is_the_best_guarantee(text, eps):
    base = Continuous(text)
    tau, q = base.reservation_value(eps)
    low = base.support()[0]
    if eps >= base.mean() - low:
        assert q == 1.0 and tau == base.mean() - eps
    else:
        assert base.excess_mean(tau) == pytest.approx(eps, rel=1e-12)
        assert base.guarantee(min(q, 1.0), eps) == pytest.approx(tau, rel=1e-9, abs=1e-9)
    others = np.array([min(1.0, 2 * q), q / 2, min(1.0, 1.01 * q), 0.99 * q])
    assert np.all(base.guarantee(others, eps) <= tau + 1e-9 * max(1.0, abs(tau), eps / q))


def test_forgetting_the_amplification_is_refuted():
    base = Continuous("exponential(1)")
    tau, q = base.reservation_value("0.1")
    assert base.guarantee(q, 0.1) == pytest.approx(math.log(10), rel=1e-13)
    assert abs(base.upper_mean(q) - 0.1 - tau) > 0.5


def test_infinite_and_missing_means():
    for text in ("pareto(1)", "cauchy(0,1)", "student_t(1)"):
        base = Continuous(text)
        assert base.upper_mean(0.1) == math.inf and base.guarantee(0.5, 1) == math.inf
        with pytest.raises(NotAvailable):
            base.reservation_value(0.1)
        with pytest.raises(NotAvailable):
            base.expect(identity, 0.0, 0.1)
    assert Continuous("pareto(1)").upper_mean(1) == math.inf
    with pytest.raises(NotAvailable):
        Continuous("cauchy(0,1)").upper_mean(1)


@pytest.mark.parametrize("q", [0, -0.1, 1.5, "nan", [0.5, 0.0]])
def test_levels_outside_are_refused(q):
    with pytest.raises(InvalidLevel):
        Continuous("normal(0,1)").upper_mean(q)


def test_budgets_outside_are_refused():
    for eps in (0, -1, float("nan")):
        with pytest.raises(InvalidInput):
            Continuous("normal(0,1)").reservation_value(eps)
    with pytest.raises(InvalidInput):
        Continuous("normal(0,1)").guarantee(0.5, -1)


# ---- forms ----


def test_forms_are_one_object():
    base = Continuous("normal(0, 0.1)")
    assert base == Continuous(Normal(0, 0.1)) == Continuous.from_json(base.to_json()) == eval(repr(base))
    assert base != Continuous("normal(0, 1)") and hash(base) == hash(Continuous(Normal(0, "1/10")))
    assert Continuous("exponential(1/3)").to_json()["parameters"] == {"rate": "1/3"}
    with pytest.raises(FormulaError):
        Continuous("nonsense(1)")
    with pytest.raises(InvalidInput):
        Continuous(3.0)
    with pytest.raises(DocumentError):
        Continuous.from_json({"type": "finite"})


NUMPYRO = (
    "normal(0,0.1)", "exponential(2)", "uniform(-1,3)", "logistic(0,1)", "pareto(3,2)", "student_t(3,0,2)",
    "beta(2,5)", "gamma(2,5)", "lognormal(0,0.5)", "weibull(1.5,2)", "laplace(0,1)", "gumbel(1,2)", "cauchy(0,1)",
    "mixture(0.9*normal(0,1) + 0.1*normal(5,1))",
)  # fmt: skip


@pytest.mark.parametrize("text", NUMPYRO)
def test_numpyro_round_trip_and_same_density(text):
    base = Continuous(text)
    distribution = base.numpyro()
    again = Continuous(distribution)
    x = base.upper_quantile(np.array([0.9, 0.5, 0.2]))
    log_prob = np.asarray(distribution.log_prob(jnp.asarray(x)))
    np.testing.assert_allclose(log_prob, base.log_density(x), rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(again.log_density(x), base.log_density(x), rtol=1e-6, atol=1e-6)
    assert again == base


def test_other_numpyro_distributions_are_refused():
    from numpyro import distributions as dist

    for other in (dist.HalfNormal(1.0), dist.Poisson(2.0), dist.Normal(jnp.zeros(2), 1.0)):
        with pytest.raises(InvalidInput):
            Continuous(other)


def test_importing_brings_in_neither_jax_nor_numpyro_nor_scipy():
    heavy = ("jax", "numpyro", "scipy", "sympy")
    code = f"import sys, qtheory.base.continuous; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# ---- the device ----

DEVICE_TOLERANCE = 1e-5
DEVICE = (
    "normal(0,1)", "exponential(2)", "uniform(-1,3)", "logistic(0,1)", "pareto(3)", "pareto(1.5)", "laplace(0,1)",
    "gumbel(0,1)", "cauchy(0,1)", "lognormal(0,1)", "weibull(0.5)", "student_t(3)", "student_t(1.2)",
    "student_t(100)", "beta(2,5)", "beta(0.5,0.5)", "gamma(2.5)", "gamma(0.05)",
    "mixture(0.9*normal(0,1) + 0.1*normal(5,1))",
)  # fmt: skip
TAILS = np.exp2(-np.concatenate([np.linspace(1, 3, 400), np.linspace(3, 65, 1601)])).astype(np.float32)


@pytest.mark.parametrize("text", DEVICE)
def test_device_quantiles_agree_with_the_host_in_both_tails(text):
    base = Continuous(text)
    quantile = jax.jit(base.device_quantile())
    quartiles = float(base.upper_quantile(0.25) - base.lower_quantile(0.25))
    for is_upper, host in ((True, base.upper_quantile), (False, base.lower_quantile)):
        got, expected = np.asarray(quantile(TAILS, jnp.full(TAILS.shape, is_upper))), host(TAILS.astype(np.float64))
        assert got.dtype == np.float32
        floor = 0.0 if base.support()[0] == 0.0 else quartiles
        seen = np.abs(expected) > 1e-37
        error = np.abs(got - expected)[seen] / np.maximum(np.abs(expected), floor)[seen]
        assert error.max() < DEVICE_TOLERANCE


def test_a_table_that_cannot_be_accurate_is_refused_but_sampling_is_not():
    base = Continuous("mixture(0.5*normal(0,1) + 0.5*normal(100,1))")
    with pytest.raises(NotAvailable, match="too steep"):
        base.device_quantile()
    draws = np.asarray(base.sample(random.key(3), 20_000))
    assert np.all((draws < 10) | (draws > 90))


def test_words_fold_to_the_nearer_end():
    words = [(0, 0), (0, 5), (2**31 - 1, 2**32 - 1), (2**31, 0), (2**32 - 1, 2**32 - 1), (123456789, 987654321)]
    high, low = (jnp.array(column, jnp.uint32) for column in zip(*words, strict=False))
    tail, is_upper = fold_rank_words(high, low)
    for i, (first, second) in enumerate(words):
        exact = Fraction(2 * (first * 2**32 + second) + 1, 2**65)
        assert bool(is_upper[i]) == (exact < Fraction(1, 2))
        assert abs(float(tail[i]) / float(min(exact, 1 - exact)) - 1) < 2.0**-22


KOLMOGOROV_FAILURE = 1e-6  # the chance that a correct sampler fails; the seeds are fixed, so it is spent once


@pytest.mark.parametrize("text", ["normal(1,2)", "pareto(3/2)", "student_t(3)", "gamma(0.5)",
                                  "mixture(0.9*normal(0,1) + 0.1*student_t(3,5,1))"])  # fmt: skip
def test_draws_follow_the_law(text):
    base = Continuous(text)
    draws = base.sample(random.key(20), 20_000)
    assert draws.dtype == jnp.float32 and draws.shape == (20_000,)
    assert stats.kstest(np.asarray(draws, float), base.cdf).pvalue > KOLMOGOROV_FAILURE
    wrong = np.asarray(draws, float) * 1.1
    assert stats.kstest(wrong, base.cdf).pvalue < KOLMOGOROV_FAILURE


def test_draws_do_not_depend_on_the_x64_flag():
    base = Continuous("exponential(1)")
    plain = np.asarray(base.sample(random.key(5), 20_000))
    with jax.enable_x64(True):
        wide = np.asarray(base.sample(random.key(5), 20_000))
    assert wide.dtype == np.float32
    np.testing.assert_allclose(wide, plain, rtol=1e-5)


def test_draws_beyond_float32_are_refused():
    with pytest.raises(NotAvailable, match="float32"):
        Continuous("pareto(0.1)").sample(random.key(0), 3)
    for n in (-1, 2.5, True):
        with pytest.raises(InvalidInput):
            Continuous(parse_family("normal(0,1)")).sample(random.key(0), n)
