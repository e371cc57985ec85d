"""Instances by which the theory refutes the wrong twins of the claims about capped costs and divergence budgets."""

from fractions import Fraction

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    # An event of mass 1/1000, raised to 1/5 at less than one nat.
    (
        "kl-is-not-enough",
        (["1/1000", "999/1000"], [1, 0]),
        {"q": "37/100", "c": [1, 0], "v": [200, "800/999"]},
        (Fraction(37, 500), Fraction(1, 1000)),
        None,
    ),
    (
        "neyman-pearson-cost",
        (["1/4"] * 4, [3, 2, 1, 0]),
        {"q": "3/5", "c": [0, 0, 0, 0]},
        (Fraction(7, 16), Fraction(5, 12)),
        None,
    ),
    (
        "bounded-budget",
        (["1/4", "1/4", "1/2"], [10, 1, 0]),
        {"q": "1/2", "r": "3/5", "lam": "2/5", "C": 1, "epsilon": 1},
        (Fraction(27, 4), Fraction(11, 2)),
        None,
    ),
]
