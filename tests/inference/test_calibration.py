"""Verdicts on random worlds with a known truth, and on streams that are looked at a hundred times."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from qtheory.inference.anytime import anytime_mean_test
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.ledger import cost_ledger

from .worlds import WORLDS, Q

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "calibration_of_verdicts.py"
WORLD_COUNT = 80
RUNS, NAIVE_RUNS, LOOKS, N, ALPHA = 15, 90, 100, 500, 0.2


@pytest.fixture(scope="module")
def survey():
    """Some of the worlds of the benchmark, with another seed and fewer looks."""
    spec = importlib.util.spec_from_file_location("calibration_of_verdicts", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module.survey(WORLD_COUNT, 20, looks=10, often=10)


def wrong(survey, alpha):
    """The counts of what must not happen."""
    kept = {name: k for name, k in survey.items() if name.endswith(f" {alpha}")}
    return {n: k for n, k in kept.items() if not any(word in n for word in ("naive", "right", "holds", "asked"))}


def test_no_verdict_is_wrong_at_one_in_a_million(survey):
    counts = wrong(survey, 1e-06)
    assert len(counts) >= 10 and not any(counts.values()), counts


def test_verdicts_are_wrong_no_more_often_than_one_in_twenty(survey):
    counts = wrong(survey, 0.05)
    assert len(counts) >= 10 and max(counts.values()) <= binom.isf(1e-4, WORLD_COUNT, 0.05), counts


def test_the_tests_that_are_never_wrong_are_not_silent(survey):
    """A bound a fifth from the truth is often told from it: no rejections at the truth are no lack of power."""
    for alpha, share in ((0.05, 0.5), (1e-06, 0.25)):
        asked = survey[f"asked {alpha}"]
        assert (
            asked > 20
            and survey[f"decided right {alpha}"] > share * asked
            and survey[f"bound holds {alpha}"] > asked / 2
        )


def streams(name, runs):
    """Costs at a hundred sizes, each time in the order of rank."""
    for seed in range(runs):
        rng = np.random.default_rng([8, seed])
        rank = rng.random(N)
        cost = WORLDS[name][0](rng, rank)
        yield [cost[:n][np.argsort(rank[:n])] for n in np.linspace(N / LOOKS, N, LOOKS).astype(int)]


def ever_rejected(mean, looks):
    seen = {1: None, -1: None}
    for costs in looks:
        ledger = cost_ledger(costs, 1.0, [Q], 2)
        seen = {side: anytime_mean_test(ledger, Q, mean, side, before=then) for side, then in seen.items()}
    return any(evidence.rejects(ALPHA / 2) for evidence in seen.values())


def ever_missed(mean, looks):
    tops = (costs[: max(1, round(costs.size * Q))] for costs in looks)
    return any(not clopper_pearson(int(top.sum()), top.size, ALPHA).contains(mean) for top in tops)


@pytest.mark.parametrize("name", ["coin", "half_taken"])
def test_a_hundred_looks_keep_the_level_and_repeated_intervals_do_not(name):
    mean = WORLDS[name][1]
    assert sum(ever_rejected(mean, looks) for looks in streams(name, RUNS)) <= binom.isf(1e-4, RUNS, ALPHA)
    assert sum(ever_missed(mean, looks) for looks in streams(name, NAIVE_RUNS)) > binom.isf(1e-6, NAIVE_RUNS, ALPHA)
