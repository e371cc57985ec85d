"""An audit as a JSON document: plain values, exact levels as text, infinity spelled "inf"."""

from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from qtheory.aliases import Json
from qtheory.auditing.floor import FloorCurve
from qtheory.auditing.result import Audit, AuditVerdict, CostAudit, Estimate, LevelAudit
from qtheory.auditing.tail import Tail
from qtheory.inference.interval import Interval
from qtheory.statements.record import Record, make_record

SCHEMA = 1
_READ_AT_ONCE = 1 << 20


def audit_document(audit: Audit, record: Json) -> Json:
    """The document that `qtheory audit --json` prints.

    Args:
        audit: the audit.
        record: what ran, as plain values; see `run_record`.

    Returns:
        Values that `json.dumps(..., allow_nan=False)` takes.
    """
    return {"schema": SCHEMA, "audit": _audit(audit), "record": record}


def run_record(path: Path, columns: Json, audit: Audit) -> Record:
    """What ran: the bytes of the file by their hash, the columns, every parameter, the seed and the versions.

    Args:
        path: the score file.
        columns: the role of each column, such as {"utility": "reward"}.
        audit: the audit of it.

    Returns:
        The record; the same run gives the same one.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    source = {"file": path.name, "sha256": digest.hexdigest(), "columns": columns}
    asked = {"q": [str(level.cut.q) for level in audit.levels], "alpha": audit.alpha}
    record = make_record("audit", {**source, **asked, **_declared(audit)}, audit.key)
    return replace(record, dtype="float64")


def _audit(audit: Audit) -> Json:
    return {
        "samples": audit.samples,
        "repeats": audit.repeats,
        "alpha": audit.alpha,
        "alpha_each": audit.alpha_each,
        "statements": audit.statements,
        "multiplicity": "bonferroni",
        "estimand": "ideal(q)",
        "key": audit.key,
        **_declared(audit),
        "base": {"utility": _number(audit.base_utility), "cost": _estimate(audit.base_cost)},
        "levels": [_level(level) for level in audit.levels],
        "verdicts": [_verdict(verdict) for verdict in audit.verdicts],
        "floor": _floor(audit.floor, audit.samples),
        "tail": _tail(audit.tail),
    }


def _declared(audit: Audit) -> Json:
    return {
        "utility_range": None if audit.utility_range is None else list(audit.utility_range),
        "cost_max": audit.cost_max,
        "cost_mean": audit.cost_mean,
        "cost_limit": audit.cost_limit,
    }


def _level(level: LevelAudit) -> Json:
    cut, best = level.cut, level.best_of
    return {
        "q": str(cut.q),
        "samples": cut.n,
        "k": cut.k,
        "cost_factor": str(level.cost_factor),
        "threshold": _number(cut.threshold),
        "above": cut.above,
        "tied": cut.tied,
        "utility": _estimate(level.utility),
        "bits": level.bits,
        "kl": {"value": level.kl, "of": "ideal(k/n)", "for_rule": "upper bound"},
        "best_of": {"m": best.m, "utility": _number(best.utility), "kl": best.kl},
        "cost": _cost(level.cost, level.cost_factor),
        "floor": None if level.floor is None else {"value": _number(level.floor), "evidence": "plug-in"},
    }


def _cost(cost: CostAudit | None, factor: Fraction) -> Json | None:
    if cost is None:
        return None
    amplification = {**(_estimate(cost.amplification) or {}), "bound": str(factor)}
    return {"mean": _estimate(cost.mean), "amplification": amplification}


def _verdict(verdict: AuditVerdict) -> Json:
    return {
        "statement": verdict.statement,
        "estimand": "base" if verdict.q is None else "ideal(q)",
        "q": None if verdict.q is None else str(verdict.q),
        "outcome": verdict.outcome,
        "evidence": verdict.evidence,
        "alpha": verdict.alpha,
        "samples": verdict.samples,
        "slack": _interval(verdict.slack),
    }


def _floor(floor: FloorCurve | None, samples: int) -> Json | None:
    if floor is None:
        return None
    return {
        "epsilon": _number(floor.epsilon),
        "reservation": _number(floor.reservation),
        "best_k": floor.best_k,
        "best_q": str(Fraction(floor.best_k, samples)),
        "evidence": "plug-in",
        "curve": {"k": list(floor.k), "floor": [_number(value) for value in floor.floor]},
    }


def _tail(tail: Tail) -> Json:
    estimates = [
        {
            "k": hill.k,
            "index": _number(hill.index),
            "interval": [_number(hill.low), _number(hill.high)],
            "evidence": "asymptotic",
        }
        for hill in tail.estimates
    ]
    return {"hill": estimates, "note": tail.note}


def _estimate(estimate: Estimate | None) -> Json | None:
    if estimate is None:
        return None
    return {"value": _number(estimate.value), "interval": _interval(estimate.interval), "evidence": estimate.evidence}


def _interval(interval: Interval | None) -> list[float | str | None] | None:
    return None if interval is None else [_number(interval.low), _number(interval.high)]


def _number(value: float | None) -> float | str | None:
    """JSON has no infinity; the rest of the documents spell it in words."""
    if value is None or math.isfinite(value):
        return value
    return str(float(value))
