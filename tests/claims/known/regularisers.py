"""Instances by which the theory refutes the wrong twins of the claims about penalties on the divergence."""

import math
from fractions import Fraction

from known.bases import D5, HALVES

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("power-quantilizer", D5, {"budget": "1/2"}, (Fraction(1, 8), Fraction(1, 4)), None),
    (
        "kl-minimax",
        HALVES,
        {"beta": 1, "true_utility": [0, -5]},
        (-5 * math.e / (1 + math.e), math.log((1 + math.e) / 2)),
        None,
    ),
    (
        "fenchel-robustness",
        (["1/2", "1/2"], [0, 0]),
        {"t": 0, "v": [1, 1], "test": [1, 0], "true_utility": [0, 0]},
        (Fraction(-1, 2), 0),
        None,
    ),
    ("chi2-pessimism", D5, {"beta": "1/2"}, (Fraction(153, 16), Fraction(13, 2)), None),
    ("tsallis-family", D5, {"order": "3/2", "beta": 1}, None, None),
    ("tv-penalty", D5, {"penalty": 2}, (10, 10), None),
]
