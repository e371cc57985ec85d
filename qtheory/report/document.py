r"""The machine-readable report of a run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from qtheory.aliases import Json
from qtheory.checking.verify import ClaimReport
from qtheory.exact.documents import SCHEMA
from qtheory.prover.coq.compiler import Compilation
from qtheory.statements.record import Record, make_record


def report_document(
    reports: Iterable[ClaimReport], options: dict[str, Any], key: int, coq: Compilation | None = None
) -> str:
    """One JSON object: every claim with its readings, and the record of the run. Infinity is spelled "inf"."""
    listed = list(reports)
    record = run_record(listed, options, key)
    document = {"schema": SCHEMA, "claims": [report.to_json() for report in listed], "record": record.to_json()}
    if coq is not None:
        document["coq"] = coq.to_json()
    return json.dumps(document, indent=2, allow_nan=False)


def run_record(reports: Iterable[ClaimReport], options: dict[str, Any], key: int) -> Record:
    """What ran, on what; the device only if something was simulated on it."""
    listed = list(reports)
    configuration: Json = {"claims": [report.claim.slug for report in listed], **options, "key": key}
    simulated = any(v.reading == "simulate" for report in listed for v in report.verdicts)
    return make_record("verify", configuration, key, _device() if simulated else "none")


def _device() -> str:
    import jax

    return jax.devices()[0].device_kind
