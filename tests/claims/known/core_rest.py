"""Instances by which the theory refutes the wrong twins of further claims about the quantilizer itself."""

from fractions import Fraction

from known.bases import D5, HALVES, T3

R6 = (["1/12", "1/6", "1/4", "1/6", "1/12", "1/4"], [5, 3, 3, 1, 0, 3])
FOUR = (["1/4"] * 4, [4, 3, 2, 1])

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("tie-invariance", R6, {"q": "1/3", "c": [0, 1, 0, 0, 0, 0]}, (Fraction(3, 16), Fraction(1, 2)), None),
    ("event-bounds", T3, {"q": "1/3", "event": [1, 0, 0]}, (0, Fraction(1, 9)), None),
    ("gain-bound", (["1/100", "99/100"], [1, 0]), {"q": "1/100"}, (Fraction(99, 100), 0.301964186092596), None),
    ("utility-lipschitz", HALVES, {"q": "1/2", "eta": "1/10"}, (2, Fraction(2, 5)), None),
    (
        "windowed-quantilizer",
        D5,
        {"low": "1/16", "q": "1/8", "c": [0, 0, 0, 1, 0], "v": [0] * 5},
        (Fraction(1, 2), Fraction(1, 3)),
        None,
    ),
    ("same-ranking-composition", FOUR, {"q": "1/2", "r": "1/2"}, (3, 2), None),
    (
        "factored-base",
        HALVES,
        {"q": "1/2", "n": 1, "kappa": 2, "exact": ["3/2", "1/2"], "c": [0, 1]},
        (1, Fraction(1, 2)),
        None,
    ),
]
