"""Instances by which the theory refutes the wrong twins of the claims about Goodhart's law."""

from fractions import Fraction

from known.bases import HALVES

# Truths 0 and 1 with an independent error of 0, or rarely 10: the scores 0, 1, 10 and 11, and the error is the cost.
RARE_ERROR = (["9/20", "9/20", "1/20", "1/20"], [0, 1, 10, 11])
ERROR = [0, 0, 10, 10]
# The truths 0 and 1 again, of which nothing can be seen any more where the error is 10.
COARSE = (["1/2", "2/5", "1/10"], [0, 1, 10])
# Truths -1, 0 and 1 with an error of -2 or 2 of equal chance; scores that differ.
NOISY = (["1/6"] * 6, [-3, -2, -1, 1, 2, 3])

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    (
        "regressional-goodhart",
        RARE_ERROR,
        {"q": "1/10", "r": "11/20", "c": ERROR},
        (Fraction(1, 2), Fraction(10, 11)),
        None,
    ),
    ("heavy-tail-best-of-n", COARSE, {"n": 2, "k": 100, "c": [0, 0, "19/2"]}, None, None),
    ("posterior-percentile", COARSE, {"c": [0, 0, "19/2"], "v": [0, "5/2", 0]}, (Fraction(1, 2), 1), None),
    ("dependent-error", NOISY, {"c": [-2, -2, -2, 2, 2, 2]}, (1, 0), None),
    (
        "extremal-goodhart",
        (["1/2", "1/4", "1/4"], [0, 2, 3]),
        {"q": "1/4", "r": "1/2", "t": 2, "loss": 3},
        (0, 1),
        None,
    ),
    (
        "causal-goodhart",
        HALVES,
        {"q": "1/2", "c": [0, 0], "moved": [1, 1], "produced": 1},
        (Fraction(1, 2), 1),
        None,
    ),
    (
        "adversarial-goodhart",
        (["99/100", "1/100"], [0, 5]),
        {"beta": 1, "d": [0, 1], "delta": "1/100"},
        None,
        None,
    ),
    (
        "catastrophic-goodhart",
        (["99/100", "1/100"], [0, 0]),
        {"error": [0, 1], "v": ["25/33", 25]},
        (Fraction(1, 4), 25 ** (1 / 4) * (25 / 33) ** (3 / 4) / 100),
        None,
    ),
]
