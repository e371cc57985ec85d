"""The measurement of speed runs the real engine, and its sort gives the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.speed import LEVELS, _sorting, measure_speed, reference_problem


def test_every_way_is_measured() -> None:
    found = measure_speed(draws=1 << 17, sorted_draws=1 << 14)
    assert len({one.way for one in found}) == 5
    assert all(one.nanoseconds > 0 and one.per_second == pytest.approx(1e9 / one.nanoseconds) for one in found)


def test_the_sort_and_the_engine_do_the_same_job() -> None:
    n, common = 1 << 21, [i for i, q in enumerate(LEVELS) if q > 1e-2]
    levels = [LEVELS[i] for i in common]
    tally = tally_problem(reference_problem(), levels, 1, n, 0, engine=Engine(counted=False)).main.tied
    streamed = np.array(
        [[tally.mean_utility(float(q)), *(tally.mean_cost(k, float(q)) for k in range(4))] for q in levels]
    )
    noise = 5 / np.sqrt(n * np.array([float(q) for q in levels]))[:, None]
    assert (np.abs(streamed - _sorting(n, 0).T[common]) < noise).all()
