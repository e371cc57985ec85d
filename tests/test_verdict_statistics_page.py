"""The page on the verdict statistics: its names exist, its numbers are true."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

import qtheory as qt
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.cost_band import _averaged_radius, _radius

FOLDER = Path(__file__).parents[1]
PAGE = (FOLDER / "docs" / "verdict-statistics.md").read_text(encoding="utf-8")


def says(text):
    return " ".join(PAGE.split()).count(text) == 1


def test_the_functions_that_the_page_names_exist():
    named = set(re.findall(r"`((?:[a-z_]+\.)?[a-z_]+)`", PAGE)) - {"level_band"}
    modules = {name.stem for name in (FOLDER / "qtheory" / "inference").glob("*.py")}
    found = 0
    for name in named:
        module, _, function = name.rpartition(".")
        if module in modules:
            assert hasattr(importlib.import_module(f"qtheory.inference.{module}"), function), name
            found += 1
    assert found >= 12 and hasattr(qt, "level_band")


def test_the_naive_interval_misses_half_of_the_time():
    assert says("misses half of the time")
    rng, missed = np.random.default_rng(1), 0
    for _ in range(400):
        taken = rng.binomial(1000, 0.1)  # the top 100 items hold so many with S <= q, at most 100
        missed += not clopper_pearson(min(taken, 100), 100, 0.05).contains(1.0)
    assert 0.4 < missed / 400 < 0.6


def test_not_rounding_widens_the_radius_as_said():
    assert says("widens the radius by 12 % at a rate of 0.05 and by 3 % at one in a million")
    wider = [_averaged_radius(100, alpha) / _radius(100, alpha) - 1 for alpha in (0.05, 1e-6)]
    assert [round(100 * w) for w in wider] == [12, 3]


@pytest.mark.parametrize("named", ["benchmarks/calibration_of_verdicts.py"])
def test_the_files_that_the_page_names_are_there(named):
    assert says(f"`{named}`") and (FOLDER / named).is_file()
