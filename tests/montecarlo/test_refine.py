"""Exact empirical quantiles: those of a full sort of the same draws, plateaus, ties and far tails included."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from qtheory.base.continuous import Continuous
from qtheory.errors import NotAvailable
from qtheory.montecarlo.accumulate import accumulate
from qtheory.montecarlo.bin_plan import plain_bins
from qtheory.montecarlo.blocks import MAIN_STREAM, jitted_block, stream_key
from qtheory.montecarlo.columns import Columns, Tables
from qtheory.montecarlo.engine import Engine, tally_problem
from qtheory.montecarlo.ranges import utility_range_of
from qtheory.montecarlo.refine import refined
from qtheory.montecarlo.rows import rows_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.tally import tally_of
from qtheory.montecarlo.windows import PARTS, Windows
from qtheory.montecarlo.words import BLOCK
from qtheory.problem import Problem

SAMPLES = 5 * BLOCK + 777
LEVELS = [Fraction(q) for q in ("1", "3/4", "1/2", "1/3", "1/10", "101/1000", "102/1000", "1/100", "1/1000", "1/50000")]
COSTS = {"step": "Piecewise((1,x>1/2),(0,True))", "other": "Piecewise((2,x<-1),(0,True))"}
UTILITIES = {
    "identity": "x",
    "bump": "x+3/2*exp(-2*(x-1)**2)",
    "plateau": "Min(Max(x,-1),1)",
    "steps": "Piecewise((2,x>3/2),(1,x>1/4),(0,x>-1/2),(-1,True))",
    "fold": "-Abs(x)",
    "constant": "0*x+1",
    "far tail": "exp(4*x)",
}


def _sorted_means(utility: np.ndarray, column: np.ndarray, q: Fraction) -> float:
    """The mean of a column over the top q n draws, ties in proportion, by counting."""
    keep = q * utility.size
    threshold = np.sort(utility)[::-1][int(np.ceil(keep)) - 1]
    above, level = utility > threshold, utility == threshold
    share = (keep - int(above.sum())) / int(level.sum())
    return float((column[above].sum() + float(share) * column[level].sum()) / float(keep))


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("name", UTILITIES)
def test_exact_means_are_those_of_a_full_sort(name: str, counted: bool) -> None:
    problem = Problem(Continuous("normal(0,1)"), utility=UTILITIES[name], cost=COSTS)
    caps = {"step": 1, "other": 2}
    engine = Engine(exact=True, counted=counted)
    tally = tally_problem(problem, LEVELS, caps, SAMPLES, 3, engine=engine).main.tied
    run, root = jitted_block(problem), stream_key(3, MAIN_STREAM)
    blocks = [run(root, np.uint32(b)) for b in range(6)]
    join = lambda pick: np.concatenate([np.asarray(pick(b)) for b in blocks])[:SAMPLES].astype(float)
    utility, costs = join(lambda b: b.utility), [join(lambda b, k=k: b.costs[k]) for k in range(2)]
    for q in LEVELS:
        assert tally.mean_utility(float(q)) == pytest.approx(_sorted_means(utility, utility, q), rel=1e-9, abs=1e-12)
        for k in range(2):
            assert tally.mean_cost(k, float(q)) == pytest.approx(
                _sorted_means(utility, costs[k], q), rel=1e-9, abs=1e-12
            )
        if q < 1:
            assert tally.threshold(float(q)) == np.sort(utility)[::-1][int(np.ceil(q * SAMPLES)) - 1]


def test_bins_alone_are_not_exact_which_is_why_there_are_passes() -> None:
    problem = Problem(Continuous("normal(0,1)"), utility=UTILITIES["bump"], cost=COSTS)
    tallies = [
        tally_problem(problem, LEVELS, {"step": 1, "other": 2}, SAMPLES, 3, engine=Engine(exact=exact)).main
        for exact in (False, True)
    ]
    assert any(tallies[0].mean_utility(float(q)) != tallies[1].mean_utility(float(q)) for q in LEVELS)
    assert tallies[0].n == tallies[1].n == SAMPLES


def test_many_thresholds_far_apart_in_one_bin_are_all_found() -> None:
    # all utilities lie in one cell of 2**17 values, and a pilot for one level leaves its bins wide
    problem = Problem(Continuous("uniform(0,1)"), utility="1+x/64")
    rows = rows_of(accumulate(work := _wide_pass(problem)), work.bins)
    levels = [Fraction(k, 97) for k in range(1, 97)]
    asked = []

    def draw(windows: Windows) -> Tables:
        asked.append(windows)
        assert (windows.size + 2).sum() <= PARTS and len(asked) < 8
        return accumulate(work.within(windows))

    tally = tally_of(refined(rows, levels, draw), work.ranges, work.columns)
    run, stream = jitted_block(problem), stream_key(1, MAIN_STREAM)
    utility = np.sort(np.concatenate([np.asarray(run(stream, np.uint32(b)).utility) for b in range(2)]))[::-1]
    for q in levels:
        assert tally.threshold(float(q)) == utility[int(np.ceil(q * utility.size)) - 1]


def _wide_pass(problem: Problem) -> Pass:
    return Pass(problem, (utility_range_of(None),), plain_bins(), Columns(0), 2 * BLOCK, 1)


def test_passes_that_do_not_agree_are_refused() -> None:
    work = _wide_pass(Problem(Continuous("uniform(0,1)"), utility="1+x/64"))
    rows = rows_of(accumulate(work), work.bins)
    with pytest.raises(NotAvailable, match="rounds them otherwise"):
        refined(rows, [Fraction(1, 3)], lambda windows: accumulate(replace(work.within(windows), seed=2)))
