r"""From a problem to a binned sample: the pilot, the pass over the main stream, and, if asked for, exact quantiles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.montecarlo.accumulate import AbstractKeeper, Progress, accumulate, growing_sums
from qtheory.montecarlo.blocks import GENERATOR, require_draws
from qtheory.montecarlo.columns import Columns, Tables
from qtheory.montecarlo.device_memory import explained_memory
from qtheory.montecarlo.kept import require_kept
from qtheory.montecarlo.pilot import Pilot, draw_pilot
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.refine import refined
from qtheory.montecarlo.rows import rows_of
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.tally import Tally, tally_of
from qtheory.montecarlo.workers import AbstractWorkers
from qtheory.problem import Problem


@dataclass(frozen=True)
class Engine:
    """How a sample is made. Nothing here but `exact` and `counted` changes a number.

    Attributes:
        exact: find the empirical quantiles exactly, by passes over the same draws, and not to the width of a bin.
        counted: count the draws on each of 17 levels of a cost, for sharp intervals; otherwise add the costs up, which
            is faster where there are many.
        workers: where stints run; threads on the default device if None.
        keeper: remembers sums, so that an interrupted run can go on.
        progress: called with the share of the pass done.
    """

    exact: bool = False
    counted: bool = True
    workers: AbstractWorkers | None = None
    keeper: AbstractKeeper | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        wanted = {"exact": bool, "counted": bool, "workers": AbstractWorkers, "keeper": AbstractKeeper}
        for name, kind in wanted.items():
            value = getattr(self, name)
            if not isinstance(value, kind) and not (value is None and kind is not bool):
                raise InvalidInput(f"{name} of the engine is of the wrong kind", got=value, allowed=kind.__name__)

    def sums(self, work: Pass) -> Tables:
        """The sums of a whole pass."""
        return accumulate(work, self.workers, self.keeper, self.progress)


def require_engine(engine: Engine | None) -> Engine:
    """An engine, the usual one if None."""
    if engine is not None and not isinstance(engine, Engine):
        raise InvalidInput(
            "not an engine", got=engine, allowed="qt.Engine(exact=..., counted=..., workers=..., keeper=...)"
        )
    return engine or Engine()


class Tallies(NamedTuple):
    """The binned main stream, and the pilot in coarse bins."""

    main: Tally
    pilot: Tally


@explained_memory()
def tally_problem(
    problem: Problem,
    levels: Sequence[Fraction],
    cost_max: NumberLike | Mapping[str, NumberLike] | None,
    samples: int,
    key: int,
    *,
    utility_range: tuple[NumberLike, NumberLike] | None = None,
    engine: Engine | None = None,
    generator: str = GENERATOR,
    decided: Callable[[Tallies], bool] | None = None,
) -> Tallies:
    """Draw and bin, in bins that are fine at the given levels; see `simulate_problem` for the arguments.

    Args:
        decided: asked after every stint; the sample ends with the first for which it says yes.
    """
    require_draws(problem)
    for q in levels:
        require_kept(q, samples)
    engine = require_engine(engine)
    ranges = (utility_range_of(utility_range), *cost_ranges_of(problem, cost_max))
    pilot = draw_pilot(problem, ranges, key, [float(q) for q in levels], generator, samples, engine.counted)
    columns = Columns(len(problem.costs), engine.counted)
    work = Pass(problem, ranges, pilot.table, columns, samples, key, generator)
    if decided is not None:
        return _until(decided, work, pilot, engine)
    return _tallies(work, engine.sums(work), levels, pilot, engine)


def _until(decided: Callable[[Tallies], bool], work: Pass, pilot: Pilot, engine: Engine) -> Tallies:
    workers = None if engine.workers is None else engine.workers.by_stint()
    for sums in growing_sums(work, workers, engine.keeper):
        tallies = _tallies(work, sums.tables, (), pilot, engine)
        if engine.progress is not None:
            engine.progress(sums.stints / work.stints)
        if decided(tallies):
            break
    return tallies


def _tallies(work: Pass, tables: Tables, levels: Sequence[Fraction], pilot: Pilot, engine: Engine) -> Tallies:
    rows = rows_of(tables, work.bins)
    if engine.exact:
        again = replace(engine, progress=None)
        rows = refined(rows, levels, lambda windows: again.sums(work.within(windows)))
    return Tallies(tally_of(rows, work.ranges, work.columns), pilot.tally)
