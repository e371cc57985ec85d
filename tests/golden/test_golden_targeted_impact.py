"""Golden values of targeted impact and of the regression of costs on the utility, by the public classes and functions."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

import qtheory as qt
from qtheory.exact.evaluate import evaluate
from qtheory.impact.normal import (
    exponential_amplification,
    smooth_step_cost,
    tail_amplification,
    tilted_step_cost,
)
from qtheory.instances.complete import level_means

FOLDER = Path(__file__).parent
GOLDEN = json.loads((FOLDER / "targeted_impact.json").read_text(encoding="utf-8"))
# The other values of feature-cost are exact, and reproduced with those of the quantilizer.
GOLDEN |= {
    name: entry
    for name, entry in json.loads((FOLDER / "golden.json").read_text(encoding="utf-8")).items()
    if entry["inputs"]["quantity"] in ("lognormal_cost_amplification", "tail_cost_amplification")
}


def gap(given):
    problem = qt.Problem(qt.Finite(given["gamma"]), given["utility"])
    return qt.targeted_impact(problem, 1 / Fraction(given["ratio"]), kernel=given["kernel"]).everything.gap


def best_of_n_step(given):
    rho, width = Fraction(given["rho"]), Fraction(given["width"])
    policy = qt.BestOfN(given["n"])(qt.Problem(qt.Continuous("normal(0, 1)")))
    return policy.expect(f"erfc(({given['threshold']} - ({rho})*x)/sqrt(2*({1 + width**2 - rho**2})))/2")


def covariance(given):
    problem = qt.Problem(qt.Finite(given["base"]["gamma"]), given["base"]["u"])
    return qt.Quantilizer(given["q"])(problem).expect(given["cost"]) - problem.mean(given["cost"])


def regression_bound(given):
    """The claim's own bound at the variance of the cost's mean given the utility."""
    from qtheory.claims.cost_regression import VARIANCE_OF_THE_MEAN
    from qtheory.claims.registry import get
    from qtheory.symbols import E, c, m, q

    problem = qt.Problem(qt.Finite(given["base"]["gamma"]), given["base"]["u"])
    means = level_means(problem.base.weights, problem.utility, tuple(map(Fraction, given["cost"])))
    square = problem.mean([x * x for x in means])
    bound = get("cost-regression").part("quantilizer").conclusion.rhs - E(c)
    assert bound.has(*VARIANCE_OF_THE_MEAN.atoms(E))
    return evaluate(bound, {E(m): problem.mean(means), E(m**2): square, q: Fraction(given["q"])})


COMPUTED = {
    "private_outcome_gap": gap,
    "sigmoid_base_cost": lambda g: smooth_step_cost(g["threshold"], g["width"]),
    "sigmoid_quantilizer_cost": lambda g: smooth_step_cost(g["threshold"], g["width"], g["rho"], g["q"]),
    "sigmoid_bon_cost": best_of_n_step,
    "sigmoid_gibbs_cost": lambda g: tilted_step_cost(g["threshold"], g["width"], g["rho"], g["tilt"]),
    "cost_covariance": covariance,
    "cost_regression_bound": regression_bound,
    "lognormal_cost_amplification": lambda g: exponential_amplification(g["q"], g["rho"], g["scale"]),
    "tail_cost_amplification": lambda g: tail_amplification(g["q"], g["rho"], g["threshold"]),
}
EXACT = {"private_outcome_gap", "cost_covariance"}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    found = COMPUTED[entry["inputs"]["quantity"]](entry["inputs"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]
    if entry["inputs"]["quantity"] in EXACT:
        assert isinstance(found, Fraction) and found == Fraction(entry["exact"] or 0)


def test_every_quantity_has_a_function_and_a_wrong_one_would_be_seen():
    assert {entry["inputs"]["quantity"] for entry in GOLDEN.values()} == COMPUTED.keys()
    entry = GOLDEN["bvn.EQc.rho0.3.q0.1"]
    assert abs(smooth_step_cost(2, "1/2", "0.3", "0.1001") - entry["value"]) > entry["tolerance"]
