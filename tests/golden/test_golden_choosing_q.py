"""Known values about choosing a level, reproduced by the library's public classes.

`choosing_q.json` holds facts: name, value, exact rational where there is one, tolerance, and what they are of.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.claims.factored_base import EFFECTIVE_LEVEL, kappa
from qtheory.claims.registry import get
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.evaluate import evaluate
from qtheory.frontiers.level_for_value import level_for_value
from qtheory.inference.level_band import hoeffding_bound, unseen_event_bound
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.problem import Problem
from qtheory.statements.instance import Instance
from qtheory.symbols import OfAction, n, q, u, w

GOLDEN = json.loads((Path(__file__).parent / "choosing_q.json").read_text(encoding="utf-8"))
SLUGS = {
    "event-bounds",
    "gain-bound",
    "utility-lipschitz",
    "goodhart-gap",
    "buffered-exceedance",
    "q-from-data",
    "same-ranking-composition",
    "factored-base",
}
LAWS = {"normal": "normal(0, 1)", "exponential": "exponential(1)"}


def line(base):
    if base["family"] in LAWS:
        return Continuous(LAWS[base["family"]])
    return Continuous(f"student_t({base['df']})" if base["family"] == "student_t" else f"pareto({base['alpha']})")


def problem_of(given):
    base = given["base"]
    return Problem(Finite(base["gamma"]), base["u"]) if base["family"] == "discrete" else Problem(line(base))


def quantilizer(given):
    return Quantilizer(given["q"])(problem_of(given))


def indicator(given):
    return [int(i in given["event"]) for i in range(len(given["base"]["gamma"]))]


def side(slug, part, given, function=None, row=None):
    """The right-hand side that the claim states, at an exact problem."""
    policy = quantilizer(given)
    problem = policy.problem
    rows = {u: problem.utility, w: policy.ratio, **({function: tuple(map(Fraction, row))} if function else {})}
    return Instance(problem.base.weights, rows, {q: Fraction(given["q"])}).value(get(slug).part(part).conclusion.rhs)


def goodhart_gap(given):
    _, level = line(given["base"]).reservation_value(given["eps"])
    return float(Fraction(given["eps"])) / level


def composed(given, second):
    """Quantilize the base, take the result as a new base, and quantilize again by the second utility."""
    first = Quantilizer(given["q1"])(problem_of(given))
    again = Quantilizer(given["q2"])(Problem(Finite(first.probabilities), second))
    return again.probabilities[given["action"]]


def misranked(given):
    right = problem_of(given)
    wrong = Quantilizer(given["q"])(Problem(right.base, given["u_wrong"]))
    return Quantilizer(given["q"])(right).value() - wrong.expect(right.utility)


def hoeffding(given):
    return hoeffding_bound(float(given.get("eps_hat", 0)), given["n"], float(given["delta"]), float(given["range"]))


def safe_bits(given):
    _, level = line(given["base"]).reservation_value(hoeffding(given))
    return math.log2(1 / level)


def clean(given):
    return unseen_event_bound(given["n"], float(given["delta"]))


COMPUTED = {
    "goodhart_gap": goodhart_gap,
    "hoeffding_eps": hoeffding,
    "safe_bits": safe_bits,
    "clean_demo_bound": clean,
    "clean_demo_quantilizer_bound": lambda g: min(1.0, clean(g) / float(g["q"])),
    "factored_q": lambda g: evaluate(
        EFFECTIVE_LEVEL, {q: Fraction(g["q"]), kappa: Fraction(g["kappa"]), n: Fraction(g["steps"])}
    ),
    "event_mass": lambda g: quantilizer(g).expect(indicator(g)),
    "event_lower": lambda g: side("event-bounds", "lower", g, OfAction("event"), indicator(g)),
    "event_upper": lambda g: side("event-bounds", "upper", g, OfAction("event"), indicator(g)),
    "gain": lambda g: quantilizer(g).value() - problem_of(g).mean(problem_of(g).utility),
    "gain_bound": lambda g: side("gain-bound", "bound", g),
    "misranked_regret": misranked,
    "misranked_bound": lambda g: side("utility-lipschitz", "regret", g, OfAction("u2"), g["u_wrong"]),
    "bpoe": lambda g: level_for_value(problem_of(g), g["level"]),
    "composed_mass": lambda g: composed(g, g["base"]["u"]),
    "composed_two_utilities_mass": lambda g: composed(g, g["u2"]),
    "quantilizer_mass": lambda g: quantilizer(g).probabilities[g["action"]],
}


def number(found):
    return found.midpoint if isinstance(found, Enclosure) else found


@pytest.mark.parametrize("name", GOLDEN)
def test_the_library_reproduces_the_known_value(name):
    entry = GOLDEN[name]
    found = number(COMPUTED[entry["inputs"]["quantity"]](entry["inputs"]))
    if isinstance(found, Fraction) and entry["exact"] is not None:
        assert found == Fraction(entry["exact"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]


def test_every_slug_and_every_quantity_is_covered():
    assert {entry["slug"] for entry in GOLDEN.values()} == SLUGS
    assert {entry["inputs"]["quantity"] for entry in GOLDEN.values()} == COMPUTED.keys()


def test_a_value_off_by_a_millionth_would_be_seen():
    entry = GOLDEN["misrank.disc5"]
    assert abs(float(misranked(entry["inputs"])) * (1 + 1e-6) - entry["value"]) > entry["tolerance"]
