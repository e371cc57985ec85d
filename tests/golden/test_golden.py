"""Golden values: numbers computed elsewhere to high precision, each reproduced by the public classes.

`golden.json` holds facts: name, value, exact rational where there is one, tolerance, and what they are of. A value that
is given exactly is reproduced exactly on exact problems, and to its tolerance on bases without atoms.
"""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.claims.registry import get
from qtheory.costs.feature_measurable import FeatureMeasurable
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.costs.signed import Signed
from qtheory.exact.evaluate import evaluate
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.atom import AtomPolicy
from qtheory.policies.single_draw_kl import single_draw_kl
from qtheory.problem import Problem
from qtheory.symbols import C, epsilon, q

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text(encoding="utf-8"))
SLUGS = {
    "cost-bound",
    "fits-under",
    "quantilizer-optimality",
    "utility-antitone",
    "upper-cvar",
    "bounded-cost",
    "signed-cost",
    "quantilizer-divergences",
    "top-k-of-n",
    "best-of-n-kl",
    "reservation-value",
    "feature-cost",
    "tie-invariance",
    "best-of-n-divergences",
}
# Quantities that no public class computes, and why.
NOT_COMPUTED = {
    "topk_tv_approx": "an asymptotic formula; the library computes the exact value (topk_tv)",
}
LAWS = {
    "normal": "normal(0, 1)",
    "exponential": "exponential(1)",
    "uniform": "uniform(0, 1)",
    "logistic": "logistic(0, 1)",
}
NORMAL = Problem(Continuous("normal(0, 1)"))


def line(base):
    family = base["family"]
    if family in LAWS:
        return Continuous(LAWS[family])
    return Continuous(f"student_t({base['df']})" if family == "student_t" else f"pareto({base['alpha']})")


def problem_of(given):
    base = given["base"]
    if base["family"] != "discrete":
        return Problem(line(base))
    return Problem(Finite(base["gamma"]), base["u"], feature=given.get("feature"))


def is_discrete(given):
    return given["base"]["family"] == "discrete"


def quantilizer(given):
    return Quantilizer(given["q"], ties=given.get("ties", "proportional"))(problem_of(given))


def guarantees(given):
    """On finite bases: what each level that splits no atom guarantees against costs of mean epsilon."""
    problem = problem_of(given)
    pairs = list(zip(problem.base.weights, problem.utility, strict=True))
    levels = {sum(g for g, u in pairs if u >= t) for t in problem.utility}
    policies = {level: Quantilizer(level)(problem) for level in levels}
    return {level: p.value() - MeanBounded(given["eps"]).worst_case(p).value for level, p in policies.items()}


def reservation_value(given):
    if not is_discrete(given):
        return line(given["base"]).reservation_value(given["eps"])[0]
    return max(guarantees(given).values())


def optimal_q(given):
    if not is_discrete(given):
        return line(given["base"]).reservation_value(given["eps"])[1]
    found = guarantees(given)
    return max(level for level, value in found.items() if value == max(found.values()))


def guarantee_at_q(given):
    policy = quantilizer(given)
    return policy.value() - float(MeanBounded(given["eps"]).worst_case(policy).value)


def best_of(given):
    """Best-of-n on a base without atoms, or on masses in increasing order of utility."""
    if "gamma" not in given:
        return BestOfN(given["n"])(NORMAL)
    return BestOfN(given["n"])(Problem(Finite(given["gamma"]), range(len(given["gamma"]))))


def rule(given, problem=NORMAL):
    return TopKOfN(given["n"], given["k"])(problem)


def bound(slug, part, given):
    """The right-hand side that the claim states."""
    values = {q: Fraction(given["q"]), epsilon: Fraction(given.get("eps", 0)), C: Fraction(given.get("cap", 1))}
    return evaluate(get(slug).part(part).conclusion.rhs, values)


def lognormal_amplification(given):
    """The mean of exp(s Y) given U = x over its mean, for correlated normals, under the quantilizer."""
    slope = Fraction(given["rho"]) * given["scale"]
    return Quantilizer(given["q"])(NORMAL).expect(f"exp(({slope})*x - ({slope**2})/2)")


def tail_amplification(given):
    """The chance of Y > y given U = x, under the quantilizer, over its chance under the base."""
    rho, y = Fraction(given["rho"]), given["threshold"]
    spread = f"sqrt(2*({1 - rho**2}))"
    chance = Quantilizer(given["q"])(NORMAL).expect(f"erfc(({y} - ({rho})*x)/{spread})/2")
    return chance / float(NORMAL.base.survival(y))


def divergence(given):
    policy = quantilizer(given)
    return {"kl": policy.kl, "chi2": policy.chi2, "tv": policy.total_variation}[given["divergence"]]()


COMPUTED = {
    "upper_mean": lambda g: quantilizer(g).value(),
    "upper_quantile": lambda g: Quantilizer(g["q"]).threshold(problem_of(g)),
    "reservation_value": reservation_value,
    "optimal_q": optimal_q,
    "capped_maximin": reservation_value,
    "bon_kl_atomless": lambda g: best_of(g).kl(),
    "bon_kl": lambda g: best_of(g).kl(),
    "bon_kl_estimator_mean": lambda g: best_of(g).expect([single_draw_kl(g["n"], e).midpoint for e in g["gamma"]]),
    "bon_chi2": lambda g: best_of(g).chi2(),
    "bon_tv": lambda g: best_of(g).total_variation(),
    "bon_renyi": lambda g: best_of(g).renyi(g["alpha"]),
    "bon_dinf": lambda g: best_of(g).renyi(math.inf),
    "bon_reverse_kl": lambda g: best_of(g).reverse_kl(),
    "bon_bhattacharyya": lambda g: best_of(g).bhattacharyya(),
    "topk_tv": lambda g: 1 - rule(g).density.mass(Fraction(g["k"], g["n"])),
    "topk_kl": lambda g: rule(g).kl(),
    "topk_mean": lambda g: rule(g, problem_of(g)).value(),
    "topk_factor": lambda g: rule(g).sup_ratio(),
    "tail_event_cost": lambda g: (
        MeanBounded(float(line(g["base"]).survival(g["threshold"]))).worst_case(quantilizer(g)).value
    ),
    "guarantee_at_q": guarantee_at_q,
    "sup_weight": lambda g: quantilizer(g).sup_ratio(),
    "quantilizer_cost": lambda g: quantilizer(g).expect(g["cost"]),
    "base_cost": lambda g: problem_of(g).mean(g["cost"]),
    "sup_ratio_of_policy": lambda g: AtomPolicy(
        Problem(Finite(g["gamma"]), [0] * len(g["gamma"])), g["policy"]
    ).sup_ratio(),
    "quantilizer_mass": lambda g: quantilizer(g).probabilities[g["action"]],
    "worst_bounded_cost": lambda g: RangeAndMean(g["eps"], g["cap"]).worst_case(quantilizer(g)).value,
    "worst_bounded_cost_simple": lambda g: bound("bounded-cost", "simple", g),
    "worst_signed_cost": lambda g: Signed(g["eps"], g["lower"]).worst_case(quantilizer(g)).value,
    "divergence": divergence,
    "divergence_bound": lambda g: bound(
        "quantilizer-divergences", {"kl": "kl", "chi2": "chi-squared", "tv": "total-variation"}[g["divergence"]], g
    ),
    "feature_amplification": lambda g: FeatureMeasurable(1).worst_case(quantilizer(g)).value,
    "feature_mass": lambda g: quantilizer(g).expect([int(z == g["cell"]) for z in g["feature"]]),
    "lognormal_cost_amplification": lognormal_amplification,
    "tail_cost_amplification": tail_amplification,
}


@pytest.mark.parametrize("name", [name for name, entry in GOLDEN.items() if entry["inputs"]["quantity"] in COMPUTED])
def test_the_library_reproduces_the_golden_value(name):
    entry = GOLDEN[name]
    found = COMPUTED[entry["inputs"]["quantity"]](entry["inputs"])
    if isinstance(found, Fraction) and entry["exact"] is not None:
        assert found == Fraction(entry["exact"])
    assert abs(float(found) - entry["value"]) <= entry["tolerance"]
    if entry["exact"] is not None and is_exact(entry["inputs"]):
        assert isinstance(found, Fraction)


def is_exact(given):
    return (
        given.get("base", {"family": "discrete"})["family"] == "discrete"
        and "rho" not in given
        and given["quantity"] != "bon_tv"
    )


def test_every_value_is_reproduced_or_said_not_to_be_and_why():
    quantities = {entry["inputs"]["quantity"] for entry in GOLDEN.values()}
    assert quantities == COMPUTED.keys() | NOT_COMPUTED.keys()
    assert not COMPUTED.keys() & NOT_COMPUTED.keys() and all(NOT_COMPUTED.values())


def test_every_slug_has_its_values():
    assert {entry["slug"] for entry in GOLDEN.values()} == SLUGS and len(GOLDEN) == 130


def test_a_value_off_by_a_millionth_would_be_seen():
    entry = GOLDEN["normal.M.q0.1"]
    assert abs(COMPUTED["upper_mean"](entry["inputs"]) * (1 + 1e-6) - entry["value"]) > entry["tolerance"]
