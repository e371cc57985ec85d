"""A simulation as a JSON document: exact levels as text, infinity spelled "inf"."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qtheory.aliases import Json
from qtheory.inference.interval import Interval
from qtheory.montecarlo.result import CostAtLevel, Estimate, LevelSimulation, WorldSimulation
from qtheory.statements.record import Record, make_record

SCHEMA = 1


def simulation_document(run: WorldSimulation, record: Record) -> Json:
    """The document that `qtheory simulate --json` prints; `json.dumps(..., allow_nan=False)` takes it."""
    return {"schema": SCHEMA, "simulation": simulation_json(run), "record": record.to_json()}


def run_record(command: str, configuration: Mapping[str, Any], key: int) -> Record:
    """What ran: every argument, the seed, the versions and the device."""
    import jax

    record = make_record(command, dict(configuration), key, device=jax.devices()[0].device_kind)
    return replace(record, dtype="float32")


def simulation_json(run: WorldSimulation) -> Json:
    """A simulation as plain values."""
    return {
        "samples": run.samples,
        "pilot": run.pilot,
        "key": run.key,
        "alpha": run.alpha,
        "alpha_each": run.alpha_each,
        "statements": run.statements,
        "multiplicity": "bonferroni",
        "quantiles": run.quantiles,
        "costs_counted": run.costs_counted,
        "utility_range": None if run.utility_range is None else list(run.utility_range),
        "base": {"utility": estimate_json(run.base_value), "costs": [_base_cost(cost) for cost in run.base_costs]},
        "levels": [_level(run, level) for level in run.levels],
    }


def estimate_json(estimate: Estimate) -> Json:
    """An estimate as plain values."""
    ends = interval_json(estimate.interval)
    return {
        "value": number_json(estimate.value),
        "interval": ends,
        "evidence": estimate.evidence,
        "truth": number_json(estimate.truth),
        "excludes_truth": estimate.excludes_truth,
        "withheld": estimate.withheld,
    }


def interval_json(interval: Interval | None) -> list | None:
    return None if interval is None else [number_json(interval.low), number_json(interval.high)]


def number_json(value: float | None) -> float | str | None:
    """JSON has no infinity: it is spelled "inf" or "-inf"."""
    return value if value is None or math.isfinite(value) else str(float(value))


def _base_cost(cost: Any) -> Json:
    return {"name": cost.name, "cost_max": cost.cost_max, "mean": estimate_json(cost.mean)}


def _level(run: WorldSimulation, level: LevelSimulation) -> Json:
    return {
        "q": str(level.q),
        "estimand": str(level.estimand),
        "cost_factor": str(level.factor),
        "threshold": {
            "value": number_json(level.threshold),
            "bracket": interval_json(level.threshold_bracket),
            "truth": number_json(level.threshold_truth),
        },
        "utility": estimate_json(level.value),
        "costs": [_cost(run, level, cost) for cost in level.costs],
    }


def _cost(run: WorldSimulation, level: LevelSimulation, cost: CostAtLevel) -> Json:
    verdict = cost.verdict
    assert verdict.slack is not None
    return {
        "name": cost.name,
        "mean": {**estimate_json(cost.mean), "bracket": interval_json(cost.bracket)},
        "amplification": {**estimate_json(cost.amplification), "bound": str(level.factor)},
        "verdict": {
            "statement": "E_Q[c] <= E_base[c]/q",
            "outcome": verdict.outcome,
            "evidence": verdict.evidence,
            "alpha": verdict.alpha,
            "samples": verdict.samples,
            "pilot": run.pilot,
            "streams": {"E_Q[c]": "samples", "E_base[c]": "pilot"},
            "slack": [number_json(end) for end in verdict.slack],
            "detectable_gap": cost.detectable_gap,
        },
    }
