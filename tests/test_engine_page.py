"""The page about the engine: its numbers are those of the code."""

from __future__ import annotations

from pathlib import Path

from qtheory.montecarlo.bin_plan import BINS
from qtheory.montecarlo.columns import _SUMMED_STEPS, COUNTED_LEVELS
from qtheory.montecarlo.until import MOST_SAMPLES
from qtheory.montecarlo.words import BLOCK

PAGE = (Path(__file__).parents[1] / "docs" / "engine.md").read_text(encoding="utf-8")


def test_its_numbers_are_those_of_the_code() -> None:
    assert f"blocks of {BLOCK:,}" in PAGE
    assert f"{BINS:,} at most" in PAGE
    assert f"each of {COUNTED_LEVELS} levels" in PAGE
    assert f"steps of 1/{_SUMMED_STEPS} of its cap" in PAGE
    assert MOST_SAMPLES == 10**9 and "10⁹ unless given" in PAGE
