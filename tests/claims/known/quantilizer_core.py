"""Instances by which the theory refutes the wrong twins of the claims about the quantilizer itself."""

from fractions import Fraction

from known.bases import A48, D5, HALVES, SIX, T3

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("cost-bound", D5, {"q": "1/32"}, (16, 32), None),
    ("fits-under", (["1/2", "1/2"], [0, 0]), {"t": 1, "g": [2, 0], "p": [0, 2], "c": [0, 5]}, (5, 0), None),
    ("quantilizer-optimality", (["1/3"] * 3, [0, 1, 1]), {"q": "1/2", "v": [0, 2, 1]}, None, None),
    ("utility-antitone", HALVES, {"q": "1/4", "r": "3/4", "lam": "1/2"}, (1, Fraction(5, 6)), None),
    ("upper-cvar", A48, {"q": "3/8"}, (Fraction(8, 3) * Fraction(3, 4), Fraction(7, 3) * Fraction(3, 4)), None),
    (
        "bounded-cost",
        T3,
        {"q": "5/9", "C": 1, "epsilon": "1/2", "c": [0, 0, 0]},
        (Fraction(4, 5), Fraction(9, 10)),
        None,
    ),
    ("signed-cost", T3, {"q": "1/3", "c": [-1, 0, "1/2"]}, (Fraction(1, 2), Fraction(-1, 2)), None),
    ("quantilizer-divergences", T3, {"q": "5/9"}, (0.42560062165885326, 0.5877866649021191), None),
    (
        "reservation-value",
        D5,
        {"q": "1/8", "c": [0, 1, 0, 2, 4]},
        (Fraction(13, 2) - 3, Fraction(13, 2) - Fraction(5, 8)),
        None,
    ),
    ("feature-cost", SIX, {"q": "1/20"}, (Fraction(5, 3), 20), (0, 1, 0, 1, 0, 1)),
    ("best-of-n-kl", HALVES, {"n": 2}, (0.13081203594113697, 0.19314718055994531), None),
    ("top-k-of-n", HALVES, {"n": 4, "k": 1}, (Fraction(15, 16), 1), None),
]
