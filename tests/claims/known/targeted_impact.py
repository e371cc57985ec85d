"""Instances by which the theory refutes the wrong twins of the claims about targeted impact."""

from known.bases import D5, SIX

# slug, base and utility, free symbols, both sides where the theory gives them, feature
KNOWN = [
    ("feature-constrained", SIX, {"q": 1, "c": [0, 0, 0, 0, 10, 0]}, (7, 1), (0, 1, 0, 1, 0, 1)),
    (
        "impact-collapse",
        (["1/2", "1/2"], [1, 0]),
        {"t": "3/2", "v": [2, 0], "reach": ["2/3", "1/3"]},
        None,
        None,
    ),
    ("conditional-cost", (["1/4"] * 4, [1, 1, 0, 0]), {"q": "1/4", "c": [2, 0, 1, 1]}, (2, 1), None),
    ("cost-regression", D5, {"q": "1/8", "c": [0, 1, 0, 2, 4]}, (3, 5), None),
]
