r"""The third reading: Monte Carlo in known worlds, with an error rate.

The policy is drawn by its own sampler and the base by an independent stream, and the means are compared by
betting tests that are valid at every sample size. Where a policy has no exact sampler, base draws alone decide, by
the profile test, which knows that the threshold came from the same sample.
"""

from __future__ import annotations

import math
import time
from typing import Any, NamedTuple

import numpy as np

from qtheory.checking.cells import Cell, Cells, cells_of_claim
from qtheory.checking.nonlinear import Means, test_by_intervals
from qtheory.checking.sampling import MeanTest, test_by_profile, test_by_streams, undecided
from qtheory.checking.streams import FIRST, SECOND
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.inference.multiplicity import holm
from qtheory.statements.claim import Claim
from qtheory.statements.verdict import Verdict
from qtheory.worlds.catalogue import worlds
from qtheory.worlds.world import World

DEFAULT_ALPHA = 1e-6
DEFAULT_SAMPLES = 100_000
_FRESH_KEY = 0x5EED
MOST_CONFIRMATIONS = 8
_ORDER = ("violated", "suspected", "inconclusive", "holds", "not sampled")


class Outcome(NamedTuple):
    """What one cell came to: "violated", "suspected", "holds", "inconclusive", or "not sampled" and why."""

    outcome: str
    test: MeanTest
    why: str = ""


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
    found = cells_of_claim(claim, only or worlds(), samples, key)
    if not found.tried:
        why = found.reasons[0] if found.reasons else "no world meets the hypotheses"
        return Verdict("simulate", "not_applicable", why, seconds=time.perf_counter() - began)
    outcomes = _outcomes(found.tried, samples, alpha, key)
    if all(outcome.outcome == "not sampled" for outcome in outcomes):
        return Verdict("simulate", "not_applicable", outcomes[0].why, seconds=time.perf_counter() - began)
    return _verdict(claim, found, outcomes, alpha, time.perf_counter() - began)


def _outcomes(cells: tuple[Cell, ...], samples: int, alpha: float, key: int) -> list[Outcome]:
    tests = [_test(cell, samples, alpha / (2 * len(cells)), key, FIRST) for cell in cells]
    p_values = np.array([_p_values(cell, test) for cell, (test, _) in zip(cells, tests, strict=True)])
    violated, holds = holm(p_values.ravel(), alpha).reshape(-1, 2).T
    broken = _confirmed(cells, tests, violated, samples, alpha / len(cells), key)
    return [
        Outcome("not sampled" if why else _word(bool(v), i in broken, bool(h)), test, why)
        for i, ((test, why), v, h) in enumerate(zip(tests, violated, holds, strict=True))
    ]


def _word(rejected: bool, confirmed: bool, holds: bool) -> str:
    if rejected:
        return "violated" if confirmed else "suspected"
    return "holds" if holds else "inconclusive"


def _test(cell: Cell, samples: int, alpha: float, key: int, impl: str) -> tuple[MeanTest, str]:
    """The test of a cell, and why it could not be sampled, if so."""
    try:
        if isinstance(cell.means, Means):
            return test_by_intervals(cell.scene, cell.means, samples, alpha, key, impl), ""
        run = test_by_profile if cell.by_profile else test_by_streams
        return run(cell.scene, cell.means, samples, alpha, key, impl), ""
    except (NotAvailable, InvalidInput) as error:
        return undecided(samples), error.problem


def _p_values(cell: Cell, test: MeanTest) -> tuple[float, float]:
    """The p-values of "violated" and "holds": an equality is violated on either side, and never seen to hold."""
    if not cell.means.equality:
        return test.p_violated, test.p_holds
    if isinstance(cell.means, Means):  # intervals that exclude an equality do so on both sides at once
        return test.p_violated, 1.0
    return min(1.0, 2 * min(test.p_violated, test.p_holds)), 1.0


def _confirmed(cells: tuple[Cell, ...], tests: list, violated: Any, samples: int, alpha: float, key: int) -> set[int]:
    """The cells whose violation is seen again on fresh streams of another generator, before it is said."""
    suspects = sorted(np.flatnonzero(violated), key=lambda i: tests[i][0].p_violated)[:MOST_CONFIRMATIONS]
    again = {i: _test(cells[i], samples, alpha, key ^ _FRESH_KEY, SECOND)[0] for i in suspects}
    return {int(i) for i, test in again.items() if _p_values(cells[i], test)[0] <= alpha}


def _verdict(claim: Claim, found: Cells, outcomes: list[Outcome], alpha: float, seconds: float) -> Verdict:
    cells = found.tried
    worst = min(range(len(cells)), key=lambda i: (_ORDER.index(outcomes[i].outcome), outcomes[i].test.slack.low))
    sampled = {c.scene.part.name for c, o in zip(cells, outcomes, strict=True) if o.outcome != "not sampled"}
    unsampled = [part.name for part in claim.parts if part.name not in sampled]
    words = [outcome.outcome for outcome in outcomes]
    outcome = "violated" if "violated" in words else "holds" if set(words) == {"holds"} else "inconclusive"
    if unsampled and outcome == "holds":
        outcome = "inconclusive"
    slack = outcomes[worst].test.slack
    gap = max(o.test.detectable for o in outcomes)
    return Verdict(
        "simulate",
        outcome,
        _evidence(outcome, found, outcomes, cells[worst].scene.name, unsampled),
        alpha=alpha,
        samples=sum(o.test.samples for o in outcomes),
        slack=(slack.low, slack.high),
        details=tuple(_detail(c, o) for c, o in zip(cells, outcomes, strict=True))
        + ({"detectable_gap": _finite(gap)},),
        seconds=seconds,
    )


def _evidence(outcome: str, found: Cells, outcomes: list[Outcome], worst: str, unsampled: list[str]) -> str:
    words = [o.outcome for o in outcomes]
    count = f"{len(found.tried)} cells in {len({c.scene.world.slug for c in found.tried})} worlds"
    where = f"{count} (more were left out)" if found.capped else count
    says = {
        "violated": f"violated in {worst}",
        "inconclusive": f"{words.count('holds')} of {where} hold with room to spare, none is violated; "
        "a bound that is attained cannot be told by sampling from one just broken",
        "holds": f"holds in {where}, which says nothing of others",
    }[outcome]
    suspected = words.count("suspected")
    if suspected:
        says += f"; {suspected} more suspected, of which at most {MOST_CONFIRMATIONS} cells were tried again"
    skipped = words.count("not sampled")
    says += f"; {skipped} cells could not be read" if skipped else ""
    return says + (f"; not sampled: {', '.join(unsampled)}" if unsampled else "")


def _detail(cell: Cell, outcome: Outcome) -> dict[str, Any]:
    policies = cell.scene.policies.values()
    detail = {
        "part": cell.scene.part.name,
        "scene": cell.scene.name,
        "estimand": ", ".join(str(policy.estimand) for policy in policies) or "base",
        "outcome": outcome.outcome,
        "slack": [_finite(outcome.test.slack.low), _finite(outcome.test.slack.high)],
        "detectable_gap": _finite(outcome.test.detectable),
        "samples": outcome.test.samples,
    }
    return {**detail, "why": outcome.why} if outcome.why else detail


def _finite(x: float) -> float | str:
    return x if math.isfinite(x) else ("inf" if x > 0 else "-inf")
