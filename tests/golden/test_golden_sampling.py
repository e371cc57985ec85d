"""Known values about rules on draws and ranks, reproduced by the library's public classes.

`sampling.json` holds facts: name, value, exact rational where there is one, tolerance, and what they are of. What is exact is
reproduced exactly on exact problems; irrational values of exact problems are enclosed.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.best_of_poisson import BestOfPoisson
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.rejection import Rejection, normal_tail_proposal
from qtheory.optimizers.soft_best_of_n import SoftBestOfN
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.single_draw_kl import single_draw_kl
from qtheory.problem import Problem

GOLDEN = json.loads((Path(__file__).parent / "sampling.json").read_text(encoding="utf-8"))
SLUGS = {
    "windowed-quantilizer",
    "best-of-poisson",
    "best-of-n-divergences",
    "best-of-n-kl",
    "soft-best-of-n",
    "estimated-threshold",
    "rejection-correction",
    "top-k-of-n",
    "random-q-mixture",
}
LAWS = {"normal": "normal(0, 1)", "exponential": "exponential(1)", "uniform": "uniform(0, 1)"}
NORMAL, UNIFORM = Problem(Continuous("normal(0, 1)")), Problem(Continuous("uniform(0, 1)"))
# Quantities that no public class computes, and why.
NOT_COMPUTED = {"topk_tv_approx": "an asymptotic formula; the library computes the exact value (topk_tv)"}


def problem_of(given):
    base = given["base"]
    if base["family"] == "discrete":
        return Problem(Finite(base["gamma"]), base["u"])
    return Problem(Continuous(LAWS[base["family"]]))


def best_of(given):
    """Best-of-n on a base without atoms, or on masses in increasing order of utility."""
    if "gamma" not in given:
        return BestOfN(given["n"])(NORMAL)
    return BestOfN(given["n"])(Problem(Finite(given["gamma"]), range(len(given["gamma"]))))


def estimator_mean(given):
    masses, policy = [Fraction(g) for g in given["gamma"]], best_of(given)
    terms = (single_draw_kl(given["n"], e) * p for e, p in zip(masses, policy.probabilities, strict=True))
    return sum(terms, Enclosure.of(0))


def rule(given, problem=NORMAL):
    return TopKOfN(given["n"], given["k"])(problem)


def soft(given):
    return SoftBestOfN(given["n"], given["temperature"])(problem_of(given))


def limit_tilt(given):
    return KLRegularized(given["temperature"])(problem_of(given))


def soft_from_tilt(given):
    """The divergence of the tilt from soft best-of-n, which takes the place of the base."""
    reached = np.array([float(p) for p in soft(given).probabilities])
    tilt = np.array([float(p) for p in limit_tilt(given).probabilities])
    return AtomPolicy(Problem(Finite(reached), given["base"]["u"]), tilt).kl()


def tilt(strength):
    """The uniform rank, 1 for the best, tilted exponentially."""
    return KLRegularized(1 / Fraction(strength))(UNIFORM)


def poisson(given):
    return BestOfPoisson(given["mu"])(UNIFORM)


def gap_to_tilt(given):
    policy = poisson(given)
    strength = brentq(lambda x: tilt(x).value() - policy.value(), 0.1, 50, xtol=1e-13)
    return float(policy.kl()) - float(tilt(strength).kl())


def best_of_n_tilt_gap(given):
    kl = float(best_of(given).kl())
    strength = brentq(lambda x: float(tilt(x).kl()) - kl, 0.1, 50, xtol=1e-13)
    return tilt(strength).value() - given["n"] / (given["n"] + 1)


def tail_level(given):
    return float(NORMAL.base.survival(given["threshold"]))


COMPUTED = {
    "window_mean": lambda g: WindowedQuantilizer(*g["window"])(problem_of(g)).value(),
    "bon_kl_atomless": lambda g: best_of(g).kl(),
    "bon_kl": lambda g: best_of(g).kl(),
    "bon_kl_estimator_mean": estimator_mean,
    "bon_chi2": lambda g: best_of(g).chi2(),
    "bon_tv": lambda g: best_of(g).total_variation(),
    "bon_renyi": lambda g: best_of(g).renyi(g["alpha"]),
    "bon_dinf": lambda g: best_of(g).renyi(math.inf),
    "bon_reverse_kl": lambda g: best_of(g).reverse_kl(),
    "bon_bhattacharyya": lambda g: best_of(g).bhattacharyya(),
    "bon_expected_max": lambda g: BestOfN(g["n"])(problem_of(g)).value(),
    "quantilizer_minus_bon": lambda g: (
        Quantilizer(Fraction(1, g["n"]))(problem_of(g)).value() - BestOfN(g["n"])(problem_of(g)).value()
    ),
    "topk_tv": lambda g: 1 - rule(g).density.mass(Fraction(g["k"], g["n"])),
    "topk_kl": lambda g: rule(g).kl(),
    "topk_mean": lambda g: rule(g, problem_of(g)).value(),
    "topk_factor": lambda g: rule(g).sup_ratio(),
    "rank_tilt_mean": lambda g: tilt(g["tilt"]).value(),
    "rank_tilt_kl": lambda g: tilt(g["tilt"]).kl(),
    "bop_mean_rank": lambda g: poisson(g).value(),
    "bop_kl": lambda g: poisson(g).kl(),
    "bop_chi2": lambda g: poisson(g).chi2(),
    "bop_dinf": lambda g: poisson(g).renyi(math.inf),
    "bop_kl_gap_to_tilt": gap_to_tilt,
    "bon_tilt_gap": best_of_n_tilt_gap,
    "soft_bon_mass": lambda g: soft(g).probabilities[g["action"]],
    "soft_bon_kl_from_tilt": soft_from_tilt,
    "soft_bon_kl_to_base": lambda g: soft(g).kl(),
    "tilt_mass": lambda g: limit_tilt(g).probabilities[g["action"]],
    "fresh_threshold_factor": lambda g: EstimatedThreshold(g["n"], g["k"])(NORMAL).sup_ratio(),
    "naive_rejection_draws": lambda g: Rejection(tail_level(g), "normal(0, 1)").expected_draws(NORMAL),
    "shifted_exponential_draws": lambda g: Rejection(
        tail_level(g), normal_tail_proposal(g["threshold"])
    ).expected_draws(NORMAL),
}
REPRODUCED = [name for name, entry in GOLDEN.items() if entry["inputs"]["quantity"] in COMPUTED]


@pytest.mark.parametrize("name", REPRODUCED)
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    found = COMPUTED[entry["inputs"]["quantity"]](entry["inputs"])
    if isinstance(found, Fraction) and entry["exact"] is not None:
        assert found == Fraction(entry["exact"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]


def test_every_value_is_reproduced_or_said_not_to_be_and_why():
    quantities = {entry["inputs"]["quantity"] for entry in GOLDEN.values()}
    assert quantities == COMPUTED.keys() | NOT_COMPUTED.keys() and all(NOT_COMPUTED.values())
    assert {entry["slug"] for entry in GOLDEN.values()} == SLUGS


def test_a_value_off_by_a_millionth_would_be_seen():
    entry = GOLDEN["window.normal"]
    found = COMPUTED["window_mean"](entry["inputs"])
    assert abs(found * (1 + 1e-6) - entry["value"]) > entry["tolerance"]
