r"""The third reading: Monte Carlo in known worlds, with an error rate.

The policy is drawn by its own sampler and the base by an independent stream, and the means are compared by
betting tests that are valid at every sample size. Where a policy has no exact sampler, base draws alone decide, by
the profile test, which knows that the threshold came from the same sample.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from qtheory.checking.contrast import Contrast, contrast_of, is_identity, relations
from qtheory.checking.nonlinear import Means, is_sampleable, means_of, test_by_intervals
from qtheory.checking.sampling import MeanTest, is_bounded, test_by_profile, test_by_streams
from qtheory.checking.scenes import Scene, scenes
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.inference.multiplicity import holm
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict
from qtheory.worlds.catalogue import worlds
from qtheory.worlds.world import World

DEFAULT_ALPHA = 1e-6
DEFAULT_SAMPLES = 100_000
_FRESH_KEY = 0x5EED
MOST_CONFIRMATIONS = 5


@dataclass(frozen=True)
class Cell:
    """One relation of one part in one scene."""

    scene: Scene
    means: Contrast | Means


def simulate(
    claim: Claim,
    samples: int = DEFAULT_SAMPLES,
    alpha: float = DEFAULT_ALPHA,
    key: int = 0,
    only: tuple[World, ...] | None = None,
) -> Verdict:
    """Sample a claim in every world where its hypotheses are known to hold.

    Args:
        claim: the claim.
        samples: draws per stream and cell.
        alpha: the chance of any wrong "holds" or "violated" in this call, over all its cells and directions.
        key: seed of all streams.
        only: the worlds to use, all by default.

    Returns:
        "violated" if some cell breaks the claim, confirmed on fresh streams of a second generator; "holds" if all
        cells hold with room to spare; "inconclusive" otherwise, which is all a true bound that is attained can get;
        "not_applicable" if no part can be sampled in any world.
    """
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise InvalidInput("samples is not a number of draws", got=samples, allowed="an integer >= 1")
    began = time.perf_counter()
    cells, reasons = _cells(claim, only or worlds(), samples, key)
    if not cells:
        why = reasons[0] if reasons else "no world meets the hypotheses"
        return Verdict("simulate", "not_applicable", why, seconds=time.perf_counter() - began)
    tests = [_test(cell, samples, alpha / (2 * len(cells)), key, "threefry2x32") for cell in cells]
    p_values = np.array([_p_values(cell, test) for cell, test in zip(cells, tests, strict=True)])
    violated, holds = holm(p_values.ravel(), alpha).reshape(-1, 2).T
    broken = _confirmed(cells, tests, violated, samples, alpha / len(cells), key)
    outcomes = [
        "violated" if v and broken else "holds" if h else "inconclusive" for v, h in zip(violated, holds, strict=True)
    ]
    return _verdict(claim, cells, tests, outcomes, samples, alpha, time.perf_counter() - began)


def _cells(claim: Claim, available: tuple[World, ...], samples: int, key: int) -> tuple[list[Cell], list[str]]:
    cells, reasons = [], []
    for part in claim.parts:
        ratios = frozenset(p.ratio for p in part.policies)
        try:
            stated = [_means(relation, ratios) for relation in relations(part.conclusion) if not is_identity(relation)]
        except NotAvailable as error:
            reasons.append(f"{part.name}: {error.problem}")
            continue
        for world in available:
            for scene in scenes(part, world, samples, key):
                cells += [Cell(scene, means) for means in stated if _fits(scene, means)]
    return cells, reasons


def _means(relation: Any, ratios: frozenset) -> Contrast | Means:
    try:
        return contrast_of(relation, ratios)
    except NotAvailable:
        return means_of(relation, ratios)


def _fits(scene: Scene, means: Contrast | Means) -> bool:
    """Whether every integrand is bounded in the scene, and, from base draws alone, linear in one policy."""
    if isinstance(means, Means):
        return is_sampleable(scene, means)
    symbols = set().union(*(term.integrand.free_symbols for term in means.terms))
    functions = [x for x in symbols if x in scene.functions]
    if any(scene.range_of(x) is None for x in functions) or not is_bounded(scene, means):
        return False
    if not scene.world.draw_only:
        return True
    used = {term.ratio for term in means.terms} - {None}
    drawn = not scene.needs_profile or len(used) == len(scene.policies) == 1
    return drawn and not symbols & set(scene.policies)


def _test(cell: Cell, samples: int, alpha: float, key: int, impl: str) -> MeanTest:
    if isinstance(cell.means, Means):
        return test_by_intervals(cell.scene, cell.means, samples, alpha, key, impl)
    run = test_by_profile if cell.scene.needs_profile else test_by_streams
    return run(cell.scene, cell.means, samples, alpha, key, impl)


def _p_values(cell: Cell, test: MeanTest) -> tuple[float, float]:
    """The p-values of "violated" and "holds": an equality is violated on either side, and never seen to hold."""
    if cell.means.equality:
        return min(1.0, 2 * min(test.p_violated, test.p_holds)), 1.0
    return test.p_violated, test.p_holds


def _confirmed(cells: list[Cell], tests: list[MeanTest], violated: Any, samples: int, alpha: float, key: int) -> bool:
    """Whether a violation is seen again on fresh streams of another generator, before it is said."""
    suspects = sorted(np.flatnonzero(violated), key=lambda i: tests[i].p_violated)[:MOST_CONFIRMATIONS]
    return any(
        _p_values(cells[i], _test(cells[i], samples, alpha, key ^ _FRESH_KEY, "rbg"))[0] <= alpha for i in suspects
    )


def _verdict(
    claim: Claim,
    cells: list[Cell],
    tests: list[MeanTest],
    outcomes: list[str],
    n: int,
    alpha: float,
    seconds: float,
) -> Verdict:
    order = {"violated": 0, "inconclusive": 1, "holds": 2}
    outcome = min(outcomes, key=order.__getitem__)
    sampled = {cell.scene.part.name for cell in cells}
    unsampled = [part.name for part in claim.parts if part.name not in sampled]
    if unsampled and outcome == "holds":
        outcome = "inconclusive"
    left_out = f"; not sampled: {', '.join(unsampled)}" if unsampled else ""
    held = outcomes.count("holds")
    worst = min(range(len(cells)), key=lambda i: (order[outcomes[i]], tests[i].slack.low))
    gap = max(test.detectable for test in tests)
    where = f"{len(cells)} cells in {len({c.scene.world.slug for c in cells})} worlds"
    evidence = {
        "violated": f"violated in {cells[worst].scene.name}",
        "inconclusive": f"{held} of {where} hold with room to spare, none is violated; "
        "a bound that is attained cannot be told by sampling from one just broken",
        "holds": f"holds in {where}, which says nothing of others",
    }[outcome]
    return Verdict(
        "simulate",
        outcome,
        evidence + left_out,
        alpha=alpha,
        samples=n * len(cells),
        slack=(tests[worst].slack.low, tests[worst].slack.high),
        details=tuple(_detail(c, t, o) for c, t, o in zip(cells, tests, outcomes, strict=True))
        + ({"detectable_gap": _finite(gap)},),
        seconds=seconds,
    )


def _detail(cell: Cell, test: MeanTest, outcome: str) -> dict[str, Any]:
    policies = cell.scene.policies.values()
    return {
        "part": cell.scene.part.name,
        "scene": cell.scene.name,
        "estimand": ", ".join(str(policy.estimand) for policy in policies) or "base",
        "outcome": outcome,
        "slack": [_finite(test.slack.low), _finite(test.slack.high)],
        "detectable_gap": _finite(test.detectable),
        "samples": test.samples,
    }


def _finite(x: float) -> float | str:
    return x if math.isfinite(x) else ("inf" if x > 0 else "-inf")
