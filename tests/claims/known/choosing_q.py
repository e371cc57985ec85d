"""Instances by which the theory refutes the wrong twins of the claims about choosing a level."""

from fractions import Fraction

from known.bases import D5, HALVES, T3

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("robust-threshold", HALVES, {"t": "1/2", "epsilon": "1/4", "v": [0, 2]}, (Fraction(3, 4), Fraction(1, 2)), None),
    ("goodhart-gap", D5, {"q": "1/8", "r": "1/4"}, (Fraction(7, 2), Fraction(9, 4)), None),
    ("buffered-exceedance", D5, {"q": "1/4", "s": "17/4"}, (Fraction(1, 4), Fraction(1, 16)), None),
    (
        # With chance 0.9^10 none of ten draws is a catastrophe; q = 1/10 may then play nothing else.
        "q-from-data",
        ([Fraction(9, 10) ** 10, 1 - Fraction(9, 10) ** 10], [0, 0]),
        {
            "average": [0, Fraction(1, 10) / (1 - Fraction(9, 10) ** 10)],
            "mean": "1/10",
            "chosen": ["1/10", "1/10"],
            "harm": [1, 0],
        },
        None,
        None,
    ),
    ("capped-maximin", D5, {"q": "1/2", "cap": [0, 1, "1/2", 1, 9], "v": [0, 0, 0, 16, 0]}, (2, 1), None),
    ("implicit-reward-classes", T3, {"q": "2/3", "v": [0, 0, 3]}, (Fraction(7, 10), Fraction(3, 5)), None),
]
