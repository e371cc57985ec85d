"""Known values of bounds, peaks and closed forms, reproduced by the library's public classes and functions.

`closed_forms.json` holds facts: name, value, exact rational where there is one, tolerance, and what they are of.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest
from scipy.optimize import brentq

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.costs.divergence_balls import largest_share_by_chi_squared, largest_share_by_kl, largest_share_by_ratio
from qtheory.costs.law_bounds import best_exponential_bound, best_moment_bound, moment_bound
from qtheory.costs.variance_bounded import VarianceBounded
from qtheory.exact.elementary import exp, log, sqrt
from qtheory.frontiers.peaks import (
    best_of_n_hedge,
    best_of_n_overoptimisation,
    best_of_poisson_hedge,
    reinforced_overoptimisation,
)
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.win_rate import win_rate
from qtheory.problem import Problem

GOLDEN = json.loads((Path(__file__).parent / "closed_forms.json").read_text(encoding="utf-8"))
SLUGS = {
    "kl-is-not-enough",
    "hoelder-bound",
    "exponential-moment-bound",
    "variance-bound",
    "best-of-n-win-rate",
    "bits-and-samples",
    "hedge-threshold",
    "overoptimisation-peak",
}
NORMAL = Problem(Continuous("normal(0, 1)"))


def law(given):
    base = given["base"]
    return Continuous("exponential(1)" if base["family"] == "exponential" else f"pareto({base['alpha']})")


def nats(given):
    return Fraction(given["kl"]) if "kl" in given else log(1 / Fraction(given["q"]))


def largest_ratio(given):
    return exp(Fraction(given["dinf"])) if "dinf" in given else 1 / Fraction(given["q"])


def moved(given):
    """A policy on masses, its cost, and the mean of the cost under the base."""
    problem = Problem(Finite(given["gamma"]), [0] * len(given["gamma"]))
    return AtomPolicy(problem, given["policy"]), given["cost"], problem.mean(given["cost"])


def cost_shift(given):
    policy, cost, mean = moved(given)
    return policy.expect(cost) - mean


def variance_bound(given):
    policy, cost, mean = moved(given)
    deviation = sqrt(policy.problem.mean([c**2 for c in cost]) - mean**2)
    free = VarianceBounded(0, 1).worst_case(policy).value
    assert abs(float(free * deviation) - float(sqrt(policy.chi2()) * deviation)) < 1e-12
    return sqrt(policy.chi2() * (policy.problem.mean([c**2 for c in cost]) - mean**2))


def best_of(given):
    return BestOfN(given["n"])(Problem(Finite(given["gamma"]), range(len(given["gamma"]))))


def tilt_of_nats(amount):
    """The exponential tilt of the standard normal with so many nats of divergence."""
    strength = brentq(lambda x: float(KLRegularized(1 / Fraction(x))(NORMAL).kl()) - amount, 0.1, 20, xtol=1e-14)
    return KLRegularized(1 / Fraction(strength))(NORMAL)


def peak(given):
    of = {"best_of_n": best_of_n_overoptimisation, "rl": reinforced_overoptimisation}[given["form"]]
    return of(given["alpha"], given["beta"])


COMPUTED = {
    "binary_kl_inverse": lambda g: largest_share_by_kl(g["base_prob"], nats(g)),
    "binary_dinf_bound": lambda g: largest_share_by_ratio(g["base_prob"], largest_ratio(g)),
    "binary_chi2_bound": lambda g: largest_share_by_chi_squared(g["base_prob"], g["chi2"]),
    "comonotone_cost": lambda g: Quantilizer(g["q"])(Problem(law(g))).value(),
    "hoelder_bound": lambda g: moment_bound(law(g), g["q"], g["p"]),
    "hoelder_best_p": lambda g: best_moment_bound(law(g), g["q"])[0],
    "hoelder_best_bound": lambda g: best_moment_bound(law(g), g["q"])[1],
    "exponential_moment_bound": lambda g: best_exponential_bound(law(g), g["q"])[1],
    "cost_shift": cost_shift,
    "variance_bound": variance_bound,
    "bon_win_rate": lambda g: win_rate(best_of(g)),
    "bits_gain_normal": lambda g: Quantilizer(Fraction(1, 2 ** g["bits"]))(NORMAL).value(),
    "bits_gain_gibbs": lambda g: tilt_of_nats(g["bits"] * math.log(2)).value(),
    "bits_bon_kl": lambda g: BestOfN(g["n"])(NORMAL).kl() / log(Fraction(2)),
    "hedge_n": lambda g: best_of_n_hedge(g["m"], g["b"]).at,
    "hedge_value": lambda g: best_of_n_hedge(g["m"], g["b"]).reward,
    "hedge_mu": lambda g: best_of_poisson_hedge(g["m"], g["b"]).at,
    "overopt_peak_distance": lambda g: peak(g).at,
    "overopt_peak_value": lambda g: peak(g).reward,
}
# Exact by their nature, and computed by quadrature of a law without atoms.
BY_QUADRATURE = {"hoelder_bound"}


@pytest.mark.parametrize("name", list(GOLDEN))
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    quantity = entry["inputs"]["quantity"]
    found = COMPUTED[quantity](entry["inputs"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]
    if entry["exact"] is not None and quantity not in BY_QUADRATURE:
        assert isinstance(found, Fraction) and found == Fraction(entry["exact"])


def test_every_value_is_reproduced_and_every_slug_has_its_values():
    assert {entry["inputs"]["quantity"] for entry in GOLDEN.values()} == COMPUTED.keys()
    assert {entry["slug"] for entry in GOLDEN.values()} == SLUGS


def test_a_value_off_by_a_millionth_would_be_seen():
    for name in ("klq.kl.g0.001", "holder.pareto3.boundopt.q0.01", "hedge.mustar.m10.b0.5"):
        entry = GOLDEN[name]
        found = float(COMPUTED[entry["inputs"]["quantity"]](entry["inputs"]))
        assert abs(found * (1 + 1e-6) - entry["value"]) > entry["tolerance"]
