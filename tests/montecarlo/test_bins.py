"""The map from utilities to bins: monotone, decodable, and sharp where it was asked to be."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from qtheory.montecarlo.bin_map import (
    LOW_BITS,
    NO_ATOM,
    TIE_BITS,
    BinMap,
    bin_cells,
    bin_ranges,
    cell_values,
    find_bins,
    from_ordered,
    split_parts,
    to_ordered,
)
from qtheory.montecarlo.bin_plan import BINS, plan_bins


def _pilots() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    normal = rng.standard_normal(40_000).astype(np.float32)
    return {
        "normal": normal,
        "offset": 1000 + normal,
        "clipped": np.clip(normal, 0, 1),
        "rounded": np.round(normal),
        "pareto": (rng.random(40_000) ** -2.0).astype(np.float32),
        "constant": np.ones(40_000, np.float32),
        "two scales": np.where(rng.random(40_000) < 0.5, 1e-30 * normal, 1e30 * normal).astype(np.float32),
    }


def _bins(table: BinMap, utility: np.ndarray, tie: np.ndarray) -> np.ndarray:
    cell, low = split_parts(jnp.asarray(utility))
    columns = tuple(jnp.asarray(x) for x in table.device_columns)
    return np.asarray(find_bins(columns, cell, low, jnp.asarray(tie), table.has_atoms))


def test_ordered_integers_keep_the_order_and_come_back() -> None:
    values = np.float32([-np.inf, -3e38, -1.5, -1e-40, 0.0, 1e-40, 0.5, 1.0, 3e38, np.inf])
    keys = to_ordered(values)
    assert (np.diff(keys.astype(np.int64)) > 0).all()
    assert np.array_equal(from_ordered(keys), values)
    assert to_ordered(np.float32([-0.0]))[0] == to_ordered(np.float32([0.0]))[0]


@pytest.mark.parametrize("name", _pilots())
def test_bins_are_monotone_and_contain_what_they_hold(name: str) -> None:
    pilot = _pilots()[name]
    table = plan_bins(pilot, [0.5, 0.1, 0.01])
    assert table.bins <= BINS
    rng = np.random.default_rng(1)
    fresh = np.concatenate([pilot[:5000], rng.standard_cauchy(3000).astype(np.float32), np.float32([0.0, -0.0, 3e38])])
    tie = rng.integers(0, 1 << TIE_BITS, fresh.size).astype(np.uint32)
    bins = _bins(table, fresh, tie)
    order = np.lexsort((tie, fresh))
    assert (np.diff(bins[order]) >= 0).all()
    low, high = bin_ranges(table)
    assert ((low[bins] <= fresh) & (fresh <= high[bins])).all()


def test_lower_halves_give_utilities_back_exactly() -> None:
    pilot = _pilots()["pareto"]
    table = plan_bins(pilot, [0.1])
    cell, low = (np.asarray(x) for x in split_parts(jnp.asarray(pilot)))
    start, step = cell_values(cell)
    assert np.array_equal(start + step * low, pilot.astype(float))
    bins = _bins(table, pilot, np.zeros(pilot.size, np.uint32))
    assert np.array_equal(bin_cells(table)[bins], cell)


def test_a_threshold_inside_an_atom_stays_sharp() -> None:
    pilot = _pilots()["clipped"]
    table = plan_bins(pilot, [0.1])
    cell = int(to_ordered(np.float32([1.0]))[0] >> LOW_BITS)
    assert table.atom[cell] == 0
    assert table.atom_width[cell] > 1000
    tie = np.arange(1 << TIE_BITS, dtype=np.uint32)
    assert np.unique(_bins(table, np.ones(tie.size, np.float32), tie)).size == table.atom_width[cell]
    assert not plan_bins(_pilots()["normal"], [0.1]).has_atoms


def test_bins_are_fine_at_the_levels_asked_for() -> None:
    pilot = _pilots()["normal"]
    fresh = np.sort(np.random.default_rng(2).standard_normal(400_000).astype(np.float32))[::-1]
    for q in (0.5, 0.1, 0.001):
        bins = _bins(plan_bins(pilot, [q]), fresh, np.zeros(fresh.size, np.uint32))
        here = int(q * fresh.size)
        # the draws that share a bin with the threshold, against the standard deviation of its rank
        assert (bins == bins[here]).sum() < 0.5 * np.sqrt(fresh.size * q * (1 - q))
    assert (plan_bins(pilot, [0.5]).atom == NO_ATOM).all()
