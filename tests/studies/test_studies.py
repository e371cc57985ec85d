"""The tables that figures draw say what they say they say."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.evidence import AnytimeEvidence, EValue
from qtheory.inference.interval import Interval

SMALL = qt.Problem(qt.Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0], cost=[3, 1, 0])


def test_a_breakdown_has_the_base_first_and_exact_means():
    policy = qt.Quantilizer("3/8")(SMALL)
    table = qt.breakdown(SMALL, {"q": policy}, names=["x", "y", "z"])
    base, other = table.columns
    assert base.probabilities == SMALL.base.weights and base.value == 3 and base.cost == 1
    assert other.probabilities == policy.probabilities
    assert other.value == Fraction(20, 3) == sum(p * u for p, u in zip(policy.probabilities, (8, 4, 0), strict=True))
    assert other.cost == Fraction(7, 3) and table.actions == ("x", "y", "z")
    assert qt.breakdown(qt.Problem(SMALL.base, utility=[1, 2, 3]), {}).columns[0].cost is None


def test_a_breakdown_refuses_what_is_not_of_the_problem():
    other = qt.Problem(SMALL.base, utility=[0, 4, 8])
    with pytest.raises(InvalidInput, match="not a policy for this problem"):
        qt.breakdown(SMALL, {"q": qt.Quantilizer("1/2")(other)})
    with pytest.raises(InvalidInput, match="not one name an action"):
        qt.breakdown(SMALL, {}, names=["x"])
    with pytest.raises(NotAvailable, match="by action"):
        qt.breakdown(qt.Problem(qt.Continuous("normal(0, 1)")), {})


def test_coverage_counts_and_refutes_only_what_is_refuted():
    rng = np.random.default_rng(0)
    counts = rng.binomial(20, 0.02, size=2000).tolist()
    exact = qt.coverage("exact", [clopper_pearson(x, 20, 0.05) for x in counts], 0.02, nominal=0.95)
    assert not exact.falls_short and exact.trials == 2000
    points = qt.coverage("points", [Interval(x / 20, x / 20) for x in counts], 0.02, nominal=0.95)
    assert points.covered == 0 and points.falls_short
    assert exact.interval == clopper_pearson(exact.covered, 2000, 1e-3) and exact.share == exact.covered / 2000
    with pytest.raises(InvalidInput, match="no runs"):
        qt.coverage("none", [], 0.5, nominal=0.9)
    with pytest.raises(InvalidInput):
        qt.coverage("sure", [Interval(0, 1)], 0.5, nominal=1.0)


def test_a_path_is_decided_where_it_first_reaches_the_line_and_stays_so():
    logs = (0.0, math.log(20), -3.0, math.log(50))
    looks = [(10**i, AnytimeEvidence(value)) for i, value in enumerate(logs)]
    assert qt.evidence_path("h", looks, alpha=0.05).decided_at == 10
    assert qt.evidence_path("h", looks, alpha=0.02).decided_at == 1000
    assert qt.evidence_path("h", looks, alpha=0.01).decided_at is None
    assert qt.evidence_path("h", looks, alpha=0.01).log_values == logs


def test_a_path_takes_only_evidence_over_time_in_order():
    for looks in ([], [(5, AnytimeEvidence(0.0)), (5, AnytimeEvidence(0.0))]):
        with pytest.raises(InvalidInput, match="do not grow"):
            qt.evidence_path("h", looks, alpha=0.05)
    with pytest.raises(InvalidInput, match="not evidence over time"):
        qt.evidence_path("h", [(5, EValue(0.0))], alpha=0.05)


def test_a_sweep_calls_with_row_and_column_in_this_order():
    grid = qt.sweep(lambda row, column: 10 * row + column, "both", ("row", [1, 2]), ("column", [3, 4, 5]))
    assert grid.values == ((13, 14, 15), (23, 24, 25))
    assert (grid.rows, grid.columns) == (("1", "2"), ("3", "4", "5"))
    with pytest.raises(InvalidInput, match="nothing to sweep"):
        qt.sweep(lambda row, column: 0, "x", ("row", []), ("column", [1]))
