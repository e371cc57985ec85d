"""One run that every written report is made from: two built-in claims, and two of a user's, one of them hostile."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import CLAIMS, OPTIONS, SLUGS

from qtheory.checking.user_claims import load_claims
from qtheory.checking.verify import verify
from qtheory.claims.registry import get
from qtheory.report.run import Run, make_run
from qtheory.report.write import write_reports


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    path = tmp_path_factory.mktemp("claims") / "hostile_claims.py"
    path.write_text(CLAIMS, encoding="utf-8")
    claims = (*map(get, SLUGS), *load_claims(str(path)))
    return tuple(verify(claims, ("prove", "falsify"), samples=2000, examples=30))


@pytest.fixture(scope="session")
def run(reports) -> Run:
    return make_run(reports, OPTIONS, 0)


@pytest.fixture(scope="session")
def written(reports, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "out"
    write_reports(folder, reports, OPTIONS, 0)
    return folder
