"""Known values about regularised optimizers and divergences, reproduced by the library's public classes.

`regularisers.json` holds facts: name, value, exact rational where there is one, tolerance, and what they are of. What is
exact is reproduced exactly on exact problems; irrational values of exact problems are enclosed.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.exact.enclosure import Enclosure
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.power_regularized import PowerRegularized
from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized
from qtheory.optimizers.tsallis_regularized import TsallisRegularized
from qtheory.problem import Problem

GOLDEN = json.loads((Path(__file__).parent / "regularisers.json").read_text(encoding="utf-8"))
SLUGS = {
    "power-quantilizer",
    "kl-minimax",
    "chi2-pessimism",
    "tsallis-family",
    "tv-penalty",
    "best-of-n-divergences",
}
LAWS = {"normal": "normal(0, 1)", "exponential": "exponential(1)", "uniform": "uniform(0, 1)"}
NORMAL = Problem(Continuous("normal(0, 1)"))


def problem_of(given):
    base = given["base"]
    if base["family"] == "discrete":
        return Problem(Finite(base["gamma"]), base["u"])
    return Problem(Continuous(LAWS[base["family"]]))


def power(given):
    return PowerRegularized(given["p"], given["bound"])


def gibbs(given):
    return KLRegularized(given["beta"])(problem_of(given))


def chi2(given):
    return TsallisRegularized(2, given["beta"])


def tsallis(given):
    return TsallisRegularized(given["alpha"], given["beta"])


def chi2_value(given):
    policy = chi2(given)(problem_of(given))
    return policy.value() - Fraction(given["beta"]) / 2 * (policy.chi2() + 1)


def tv_value(given):
    policy = TotalVariationRegularized(given["penalty"])(problem_of(given))
    return policy.value() - given["penalty"] * policy.total_variation()


def best_of(given):
    return BestOfN(given["n"])(NORMAL)


COMPUTED = {
    "power_threshold": lambda g: power(g).threshold(problem_of(g)),
    "power_mean": lambda g: power(g)(problem_of(g)).value(),
    "power_weight_norm": lambda g: power(g)(problem_of(g)).power_norm(Fraction(g["p"], g["p"] - 1)),
    # The value of the penalised problem, from the policy's own functionals.
    "gibbs_value": lambda g: gibbs(g).value() - Fraction(g["beta"]) * gibbs(g).kl(),
    "gibbs_mean": lambda g: gibbs(g).value(),
    "gibbs_kl": lambda g: gibbs(g).kl(),
    # The exponential law of rate 1 tilted by t has mean 1 / (1 - t).
    "exponential_tilt_kl_at_mean": lambda g: KLRegularized(1 / (1 - Fraction(1, g["mean"])))(problem_of(g)).kl(),
    "chi2_threshold": lambda g: chi2(g).threshold(problem_of(g)),
    "chi2_mean": lambda g: chi2(g)(problem_of(g)).value(),
    "chi2_divergence": lambda g: chi2(g)(problem_of(g)).chi2(),
    "chi2_value": chi2_value,
    "tv_penalty_value": tv_value,
    "tsallis_mean": lambda g: tsallis(g)(problem_of(g)).value(),
    "tsallis_normaliser": lambda g: tsallis(g).normaliser(problem_of(g)),
    "bon_chi2": lambda g: best_of(g).chi2(),
    "bon_tv": lambda g: best_of(g).total_variation(),
    "bon_renyi": lambda g: best_of(g).renyi(g["alpha"]),
    "bon_dinf": lambda g: best_of(g).renyi(math.inf),
    "bon_reverse_kl": lambda g: best_of(g).reverse_kl(),
    "bon_bhattacharyya": lambda g: best_of(g).bhattacharyya(),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    found = COMPUTED[entry["inputs"]["quantity"]](entry["inputs"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]
    if entry["inputs"].get("base", {}).get("family") == "discrete":
        assert isinstance(found, Fraction if entry["exact"] is not None else Enclosure)
    if isinstance(found, Fraction):
        assert entry["exact"] is not None and found == Fraction(entry["exact"])


@pytest.mark.parametrize("name", [name for name, entry in GOLDEN.items() if "base" in entry["inputs"]])
def test_a_value_off_by_a_millionth_would_be_seen(name):
    entry = GOLDEN[name]
    found = float(COMPUTED[entry["inputs"]["quantity"]](entry["inputs"]))
    assert abs(found * (1 + 1e-6) - entry["value"]) > entry["tolerance"]


def test_every_quantity_is_computed_and_every_slug_has_its_values():
    assert {entry["inputs"]["quantity"] for entry in GOLDEN.values()} == COMPUTED.keys()
    assert {entry["slug"] for entry in GOLDEN.values()} == SLUGS and len(GOLDEN) == 40
