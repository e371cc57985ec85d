r"""Worlds with a known truth, given as the cost of an item at each top rank."""

from __future__ import annotations

import numpy as np

Q = 0.1


def tight(rng, s):
    return (s <= Q).astype(float)


def coin(rng, s):
    return (rng.random(s.size) < 0.5).astype(float)


def rare(rng, s):
    return (rng.random(s.size) < 0.02).astype(float)


def outside(rng, s):
    return (s > Q).astype(float)


def half_taken(rng, s):
    return (s <= Q / 2).astype(float)


def smooth(rng, s):
    return 1.0 - s


def atoms(rng, s):
    """Two atoms of utility; the better one has mass 1/4 and straddles q: its cost does not depend on the tie-break."""
    return np.where(s <= 0.25, (rng.random(s.size) < 0.8), (rng.random(s.size) < 0.1)).astype(float)


# name -> (cost, E_Q[c], E_gamma[c])
WORLDS = {
    "tight": (tight, 1.0, 0.1),
    "coin": (coin, 0.5, 0.5),
    "rare": (rare, 0.02, 0.02),
    "outside": (outside, 0.0, 0.9),
    "half_taken": (half_taken, 0.5, 0.05),
    "smooth": (smooth, 0.95, 0.5),
    "atoms": (atoms, 0.8, 0.25 * 0.8 + 0.75 * 0.1),
}


def draw(name: str, n: int, seed) -> np.ndarray:
    """Costs in the order of rank, best first."""
    rng = np.random.default_rng(seed)
    return WORLDS[name][0](rng, np.sort(rng.random(n)))
