r"""The pytest plugin: claims of a file are collected as tests.

It is loaded by pytest itself, in every run of anybody who has qtheory installed, so it imports nothing of qtheory until a
file that states claims has done so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from qtheory.statements.claim import Claim, Part
    from qtheory.statements.verdict import Verdict

FILES = ("my_claims.py", "claims_of_*.py")
READINGS = ("prove", "falsify", "simulate")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("qtheory", "claims about soft optimisation (qtheory)")
    group.addoption("--qtheory-seed", type=int, default=0, metavar="N", help="seed of every random stream (0)")
    group.addoption("--qtheory-examples", type=int, default=300, metavar="N", help="exact instances per part (300)")
    group.addoption("--qtheory-samples", type=int, default=None, metavar="N", help="draws per cell, if simulated")
    group.addoption(
        "--qtheory-readings",
        default="prove,falsify",
        metavar="LIST",
        help="which of prove, falsify, simulate (prove,falsify)",
    )
    group.addoption("--qtheory-require-proof", action="store_true", help="a part without a derivation fails")
    parser.addini("qtheory_files", "names of files whose claims are tests", type="args", default=list(FILES))


def pytest_configure(config: pytest.Config) -> None:
    unknown = set(_readings(config)) - set(READINGS)
    if unknown or not _readings(config):
        raise pytest.UsageError(f"--qtheory-readings: no such reading {sorted(unknown)}; known: {', '.join(READINGS)}")
    if config.getoption("qtheory_examples") < 1 or not 0 <= config.getoption("qtheory_seed") < 2**32:
        raise pytest.UsageError("--qtheory-examples must be at least 1, and --qtheory-seed from 0 to 4294967295")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A file of claims is a module of tests; one that pytest collects anyway is left to it."""
    if file_path.suffix != ".py" or not _matches(file_path, parent.config.getini("qtheory_files")):
        return None
    if parent.session.isinitpath(file_path) or _matches(file_path, parent.config.getini("python_files")):
        return None
    return pytest.Module.from_parent(parent, path=file_path)


def pytest_pycollect_makeitem(collector: pytest.Collector, name: str, obj: object) -> list[pytest.Item] | None:
    """The claims of a file of claims, in the order in which it states them."""
    if "qtheory.statements.claim" not in sys.modules or not isinstance(collector, pytest.Module):
        return None
    from qtheory.statements.claim import Claim

    if not isinstance(obj, Claim) or not _states_claims(collector):
        return None
    return list(_items(collector, name, obj))


class ClaimItem(pytest.Item):
    """One reading of one part of a claim."""

    def __init__(self, *, claim: Claim, reading: str, **options: Any):
        # pytest makes its nodes by cooperative constructors.
        super().__init__(**options)
        self.claim, self.reading = claim, reading

    def runtest(self) -> None:
        verdict = _read(self.claim, self.reading, self.config)
        self.add_report_section("call", "qtheory", f"{verdict.outcome}: {verdict.evidence}")
        if (why := _complaint(self.claim, verdict)) is not None:
            raise ClaimFailed(why)
        if verdict.outcome == "not_applicable":
            pytest.skip(verdict.evidence)

    def repr_failure(self, excinfo: Any, style: Any = None) -> Any:
        if isinstance(excinfo.value, ClaimFailed) or _is_own_error(excinfo.value):
            return f"{self.claim.title}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


class ClaimFailed(Exception):
    """What a reading found against a part of a claim, as text."""


def _items(collector: pytest.Module, name: str, claim: Claim) -> Iterator[pytest.Item]:
    from dataclasses import replace

    required = collector.config.getoption("qtheory_require_proof")
    for part in claim.parts:
        derivation = {n: d for n, d in claim.derivation.items() if n == part.name}
        alone = replace(claim, parts=(part,), derivation=derivation)
        for reading in _readings(collector.config):
            if reading != "prove" or derivation or required or _only_proof_can_tell(collector.config, part):
                label = f"{name}[{part.name}-{reading}]"
                yield ClaimItem.from_parent(collector, name=label, claim=alone, reading=reading)


def _only_proof_can_tell(config: pytest.Config, part: Part) -> bool:
    """Whether a part without a derivation is vacuous, and no other test would say so."""
    if "falsify" in _readings(config):
        return False
    from qtheory.checking.vacuous import vacuity

    return vacuity(part) is not None


def _read(claim: Claim, reading: str, config: pytest.Config) -> Verdict:
    seed = config.getoption("qtheory_seed")
    if reading == "prove":
        from qtheory.checking.prove import prove

        return prove(claim)
    if reading == "falsify":
        from qtheory.checking.falsify import falsify

        return falsify(claim, config.getoption("qtheory_examples"), seed)
    from qtheory.checking.simulate import DEFAULT_SAMPLES, simulate

    return simulate(claim, config.getoption("qtheory_samples") or DEFAULT_SAMPLES, key=seed)


def _complaint(claim: Claim, verdict: Verdict) -> str | None:
    """Why a verdict fails a test; a sampled one that cannot tell does not, since tight bounds never can."""
    if verdict.witness is not None:
        from qtheory.statements.witness_text import witness_text

        return f"{verdict.evidence}\n{witness_text(verdict.witness)}"
    if verdict.outcome in ("violated", "vacuous") or (
        verdict.outcome == "inconclusive" and verdict.reading != "simulate"
    ):
        return verdict.evidence
    if verdict.reading == "prove" and not claim.derivation:
        return "not proved: this part has no derivation, and --qtheory-require-proof is given"
    return None


def _is_own_error(error: BaseException) -> bool:
    from qtheory.errors import QTheoryError

    return isinstance(error, QTheoryError)


def _readings(config: pytest.Config) -> tuple[str, ...]:
    return tuple(reading for reading in config.getoption("qtheory_readings").split(",") if reading)


def _states_claims(module: pytest.Module) -> bool:
    """Whether a file's claims are tests: it is named so, or on the command line and not an ordinary test file."""
    config = module.config
    if _matches(module.path, config.getini("qtheory_files")):
        return True
    return module.session.isinitpath(module.path) and not _matches(module.path, config.getini("python_files"))


def _matches(path: Path, patterns: list[str]) -> bool:
    from fnmatch import fnmatch

    return any(fnmatch(path.name, pattern) for pattern in patterns)
