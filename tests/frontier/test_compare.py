"""Optimizers side by side, against closed forms."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput
from qtheory.frontiers.compare import compare
from qtheory.frontiers.matching import kl_of, matched
from qtheory.frontiers.result import ComparisonRow
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.policies.rank_density import TopOfDraws
from qtheory.problem import Problem


def _harmonic(n: int) -> float:
    return sum(1 / i for i in range(1, n + 1))


def test_exponential_actions_have_harmonic_values() -> None:
    rows = compare(Problem(Continuous("exponential(1)")), factors=[4, 10]).rows
    by_name = {(row.target, row.optimizer.split("(")[0]): row for row in rows}
    for f in (4, 10):
        n = 16 * f
        assert by_name[f, "Quantilizer"].value == pytest.approx(1 + math.log(f), rel=1e-12)
        assert by_name[f, "BestOfN"].value == pytest.approx(_harmonic(f), rel=1e-9)
        # the mean of the best 16 of n order statistics
        top = sum(_harmonic(n) - _harmonic(i) for i in range(16)) / 16
        assert by_name[f, "TopKOfN"].value == pytest.approx(top, rel=1e-9)
        assert by_name[f, "Imitation"].value == pytest.approx(1.0, rel=1e-12)
        assert by_name[f, "Quantilizer"].kl == pytest.approx(math.log(f))
        assert by_name[f, "BestOfN"].kl == pytest.approx(math.log(f) - (f - 1) / f)
        assert by_name[f, "BestOfN"].chi2 == Fraction(f * f, 2 * f - 1) - 1
        assert {by_name[f, name].factor for name in ("Quantilizer", "BestOfN", "TopKOfN")} == {f}
        assert [by_name[f, name].draws for name in ("Quantilizer", "BestOfN", "TopKOfN")] == [f, f, n]


def test_at_equal_factor_the_quantilizer_gains_most() -> None:
    # every density with supremum f is dominated by the slice, which is as far to the top as f allows
    for base in ("normal(0,1)", "pareto(3)", "uniform(0,1)"):
        rows = compare(Problem(Continuous(base)), factors=[2, 50]).rows
        for start in (0, 4):
            group = rows[start : start + 4]
            assert max(group, key=lambda row: row.value) is group[0]


@pytest.mark.parametrize("factor", [2, 10, 100, 1000])
def test_equal_divergence_is_the_last_rule_not_above_it(factor: int) -> None:
    for optimizer, density in matched(Fraction(factor), "kl")[1:3]:
        assert isinstance(density, TopOfDraws)
        assert kl_of(density) <= math.log(factor) + 1e-12 < kl_of(TopOfDraws(density.n + 1, density.k))
        assert optimizer.parameters()["n"] == density.n


@pytest.mark.parametrize("n", [2**20 + 16, 10**8, 16 * 10**9, 16 * 10**15])
def test_divergence_of_many_draws_is_stable(n: int) -> None:
    # g(s) n/k tends to the survival of a gamma law with shape k: log(n/k) - KL tends to a constant, at rate 1/n
    limit = 0.2366676321
    assert kl_of(TopOfDraws(n, 16)) == pytest.approx(math.log(n / 16) - limit, abs=4 / n + 2e-9)
    assert kl_of(TopOfDraws(n, 1)) == pytest.approx(math.log(n) - (n - 1) / n)


def test_finite_problems_are_exact() -> None:
    problem = Problem(Finite(["1/2", "1/2"]), utility=[0, 1], cost=[0, 1])
    rows = compare(problem, factors=4).rows
    assert rows[0].value == 1
    assert rows[0].factor == 2
    assert rows[1].value == rows[1].cost == Fraction(15, 16) == BestOfN(4)(problem).value()
    assert all(row.source == "exact" for row in rows)
    assert json.dumps(compare(problem, factors=1000, match="kl").to_json(), allow_nan=False)


def test_estimates_from_draws_agree_with_quadrature() -> None:
    base = Continuous("normal(0,1)")
    known = compare(Problem(base, cost="1/(1+exp(-x))"), factors=[2, 10]).rows
    # the same ranking and values, but not known to be increasing
    drawn = compare(
        Problem(base, utility="Max(x,-50)", cost="1/(1+exp(-x))"), factors=[2, 10], cost_max=1, samples=1_000_000
    ).rows
    for row, other in zip(known, drawn, strict=True):
        assert other.source == "simulated"
        assert other.value == pytest.approx(row.value, abs=0.01)
        assert other.cost == pytest.approx(row.cost, abs=0.003)
        assert (other.kl, other.factor) == (row.kl, row.factor)


def test_a_mean_that_does_not_exist_is_left_out_or_infinite() -> None:
    rows = compare(Problem(Continuous("pareto(1)")), factors=10).rows
    assert rows[0].value == math.inf
    assert isinstance(rows[0], ComparisonRow)
    assert json.dumps([row.to_json() for row in rows], allow_nan=False)


def test_what_a_comparison_refuses() -> None:
    problem = Problem(Continuous("normal(0,1)"))
    with pytest.raises(InvalidInput, match="below one"):
        compare(problem, factors="1/2")
    with pytest.raises(InvalidInput, match="unknown way"):
        compare(problem, match="both")  # type: ignore[arg-type]
