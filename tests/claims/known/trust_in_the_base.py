"""Instances by which the theory refutes the wrong twins of the claims about what a base, a check or a student is worth."""

from fractions import Fraction

from known.bases import HALVES

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    (
        "base-misspecification",
        (["99/100", "1/100"], [0, 1]),
        {"q": "1/100", "divergence": "1/10", "g": ["100/99", 0], "c": [0, 1]},
        (1, 0),
        None,
    ),
    (
        "contamination",
        (["1/4", "1/2", "1/4"], [0, 1, 2]),
        {"q": "1/4", "share": "1/2", "d": [1, 0, 1]},
        (1, Fraction(1, 2)),
        None,
    ),
    (
        "oversight-order",
        (["3/20", "9/20", "2/5"], [2, 1, 0]),
        {"q": "3/20", "share": "1/2", "d": ["2/3", "8/9", 0], "kept": "1/5", "s": 1}
        | {"S_D": 1, "S_H": 1, "S_D2": 1, "S_H2": 1},
        (Fraction(1, 10), Fraction(1, 25)),
        None,
    ),
    (
        "conditioning-odds",
        (["1/2", "1/2"], [0, 0]),
        {"share": "1/2", "d": [1, 0], "chance": ["1/4", "1/8"], "k": 4, "seen": 1, "v": [1, 1]},
        (Fraction(2, 3), Fraction(1, 2)),
        None,
    ),
    (
        "distillation",
        (["1/3"] * 3, [0, 1, 1]),
        {"q": "2/3", "eta": "1/5", "s": [0, "3/4", "9/4"], "c": [0, 0, 1]},
        (Fraction(3, 4), Fraction(1, 2)),
        None,
    ),
    ("unbounded-cost", HALVES, {"q": "1/2", "C": 20, "c": [0, 100]}, None, None),
]
