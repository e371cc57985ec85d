"""Instances by which the theory refutes the wrong twins of the claims about costs known by their moments."""

import math
from fractions import Fraction

from known.bases import D5, HALVES

ONE_IN_A_HUNDRED = (["99/100", "1/100"], [0, 1])

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    (
        "variance-bound",
        ONE_IN_A_HUNDRED,
        {"c": [0, 1], "v": [0, 100]},
        (Fraction(99, 100) ** 2, 2 * 99 / 100**2 * math.log(100)),
        None,
    ),
    # A cost of 10 once in a hundred: its square has mean 1, its cube mean 10.
    ("hoelder-bound", ONE_IN_A_HUNDRED, {"q": "1/2", "c": [0, 10]}, (50, 1), None),
    (
        "exponential-moment-bound",
        HALVES,
        {"q": "1/2", "c": [0, 2], "rate": 1, "moment": 4},
        (2, math.log(8)),
        None,
    ),
    # The 1/4-quantilizer, and a truth that falls with its density ratio.
    (
        "correlated-proxy",
        D5,
        {"v": [0, 0, 4, 4, 4], "truth": [0, 1, -4, -3, 4]},
        (Fraction(-25, 16), 0),
        None,
    ),
]
