"""Instances by which the theory refutes the wrong twins of the claims about sampling procedures.

Where a twin speaks of numbers alone, the base is there only because an instance has one.
"""

import math
from fractions import Fraction

from known.bases import HALVES

FIFTY = (["1/50"] * 50, list(range(50, 0, -1)))

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("best-of-n-divergences", HALVES, {"n": 2}, (Fraction(5, 4), 2), None),
    ("best-of-n-win-rate", HALVES, {"n": 2}, (Fraction(5, 8), Fraction(2, 3)), None),
    ("random-q-mixture", HALVES, {"n": 2}, (Fraction(3, 4), 1), None),
    # Twice the bits of a slice that holds only best actions buy nothing.
    ("bits-and-samples", HALVES, {"q": "1/2"}, (Fraction(1, 2), 1), None),
    # b = 81/160, and 100 samples where 6 are enough.
    (
        "hedge-threshold",
        HALVES,
        {"m_": 10, "root": "9/4", "n": 6, "k": 100},
        (
            Fraction(100, 101) - Fraction(81, 160) * Fraction(100, 110),
            Fraction(6, 7) - Fraction(81, 160) * Fraction(6, 16),
        ),
        None,
    ),
    ("overoptimisation-peak", HALVES, {"a_": 1, "b_": "1/10"}, (5, math.exp(9)), None),
    (
        "rejection-correction",
        HALVES,
        {"q": "1/2", "proposals": "4/3", "proposal": ["1/2", "3/2"], "accepted": [0, 1]},
        (Fraction(4, 3), 2),
        None,
    ),
    # The best of 50 actions is played more than 5 times as often as under the base.
    ("estimated-threshold", FIFTY, {"n": 10, "k": 2, "c": [1] + [0] * 49}, None, None),
    # The left side is an integral, enclosed widely; it is 1 - 1/e.
    ("best-of-poisson", HALVES, {"mu": 1}, None, None),
    (
        "soft-best-of-n",
        (["1/2", "3/10", "1/5"], [0, 1, 2]),
        {"n": 2, "temperature": 1},
        None,
        None,
    ),
]
