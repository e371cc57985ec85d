r"""The top q of a utility of many normal numbers, for q down to 1e-15."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.direct.latent_functions import latent_functions
from qtheory.direct.rare_by_climbs import by_climbs
from qtheory.direct.rare_by_weights import by_weights
from qtheory.direct.rare_job import RareJob
from qtheory.direct.rare_result import RareEvent, RareMethod
from qtheory.errors import InvalidInput, InvalidLevel
from qtheory.exact.rationals import level, rational
from qtheory.inference.checks import significance
from qtheory.montecarlo.ranges import cost_ranges_of, utility_range_of
from qtheory.montecarlo.seed import checked_seed
from qtheory.problem import Problem

DEFAULT_SAMPLES = 1 << 17
DEFAULT_ALPHA = 0.05
SMALLEST_LEVEL, LARGEST_LEVEL = Fraction(1, 10**15), Fraction(1, 4)
FEWEST_SAMPLES, MOST_SAMPLES = 1 << 12, 1 << 22


def rare_event(
    problem: Problem,
    q: NumberLike,
    cost_max: NumberLike | Mapping[str, NumberLike] | None = None,
    samples: NumberLike = DEFAULT_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    *,
    method: RareMethod = "importance",
    utility_range: tuple[NumberLike, NumberLike] | None = None,
) -> RareEvent:
    r"""The threshold of the top $q$, $E_Q[U]$ and $E_Q[c]$, where actions are made from normal numbers and q is tiny.

    "importance": points climb to the top q by multilevel splitting and others come in from far away (`explorers`), a mixture is
    fitted to them (`proposal`), again to its weighted draws, and fresh draws from it are weighted. This is done twice, with
    independent pilots. The answer is *refused* if few draws carry the weight, if the weights have too heavy a tail, if
    the halves disagree, or if they disagree with the splitting. "splitting": twelve independent climbs and no weights, some
    percent accurate; refused if the climbs disagree, or if wide draws find more mass than they did.

    Intervals are Student's, over 16 blocks or 12 climbs: asymptotic. Known limits: no sampler sees a region that none of
    its draws hits. The wide parts hit a half-space at the distance of the top q; a small ball or a narrow cone far
    from everything else, in many dimensions, they do not.

    Args:
        problem: on `Generative(NormalLatent(d, action))`; utility and costs are JAX functions of the action.
        q: the level, from 1e-15 to 1/4.
        cost_max: the cap that holds for every possible cost; one number for all costs, or one a name.
        samples: weighted draws, or points of all climbs, from 2^12 to 2^22.
        key: the seed.
        alpha: error rate of all intervals of the run.
        method: "importance" or "splitting".
        utility_range: a range that holds for every possible utility.

    Raises:
        DegenerateWeights: the answer cannot be trusted.
        NotAvailable: another base, or a utility with atoms.
        InvalidInput: a value out of its range, or a bad argument.
        InvalidLevel: a level out of reach.

    >>> from qtheory.base.generative import Generative
    >>> from qtheory.direct.normal_latent import NormalLatent
    >>> problem = Problem(Generative(NormalLatent(10)), utility=lambda z: z.sum())
    >>> run = rare_event(problem, 1e-9, samples=1 << 15)
    >>> abs(run.threshold.estimate.value / (5.9978 * 10**0.5) - 1) < 0.01
    True
    """
    if method not in ("importance", "splitting"):
        raise InvalidInput("unknown method", got=method, allowed="importance or splitting")
    at, count = _level(q), _count(samples)
    if not isinstance(problem, Problem):
        raise InvalidInput("a rare event is one of a problem", got=problem, allowed="Problem(base=..., utility=...)")
    ranges = (utility_range_of(utility_range), *cost_ranges_of(problem, cost_max))
    functions = latent_functions(problem, ranges)
    statements = 3 + len(problem.costs)
    job = RareJob(functions, float(at), count, checked_seed(key), significance(alpha) / statements)
    run = by_weights(job) if method == "importance" else by_climbs(job)
    costs = dict(zip(problem.costs, run.means[3:], strict=True))
    threshold, exceedance, value = run.means[:3]
    return RareEvent(
        at, threshold, exceedance, value, costs, run.diagnostics, method, run.samples, significance(alpha), statements, key
    )  # fmt: skip


def _level(q: NumberLike) -> Fraction:
    at = level(q)
    if not SMALLEST_LEVEL <= at <= LARGEST_LEVEL:
        above = at > LARGEST_LEVEL
        remedy = (
            "use simulate_problem, which such a level does not strain"
            if above
            else "take q >= 1e-15: below, the sampler is not tested"
        )
        raise InvalidLevel("not the level of a rare event", got=q, allowed="1e-15 <= q <= 1/4", remedy=remedy)
    return at


def _count(samples: NumberLike) -> int:
    count = rational(samples, "samples")
    if count.denominator != 1 or not FEWEST_SAMPLES <= count <= MOST_SAMPLES:
        allowed = f"an integer from {FEWEST_SAMPLES} to {MOST_SAMPLES}"
        raise InvalidInput("samples is not a number of weighted draws", got=samples, allowed=allowed)
    return int(count)
