r"""qtheory's own implementations of the interfaces that the kit checks: the kit is for them too."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from qtheory.auditing.ranking import rank
from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.checking.verify import ClaimReport
from qtheory.costs.mean_bounded import MeanBounded
from qtheory.costs.range_and_mean import RangeAndMean
from qtheory.exact.enclosure import Enclosure
from qtheory.exact.kleene import Decider, every, less, opposite
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.inference.checks import sample
from qtheory.inference.ledger import cost_ledger
from qtheory.inference.level_band import level_band
from qtheory.inference.multiplicity import holm
from qtheory.inference.threshold_profile import quantilizer_mean_interval
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.estimated_threshold import EstimatedThreshold
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.top_k_of_n import TopKOfN
from qtheory.policies.abstract import AbstractPolicy
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem
from qtheory.statements.claim import Claim, Part
from qtheory.statements.verdict import Verdict
from qtheory.symbols import E, c, ge
from qtheory.testing.roles import Implementation


@dataclass(frozen=True)
class Own:
    """An implementation of qtheory's, and whether it is called with floats."""

    role: str
    run: Implementation
    floats: bool = False


def _of(optimizer: AbstractOptimizer, weights: Any, utility: Any) -> Any:
    return optimizer(Problem(Finite(weights), utility))


def _policy(policy: Any, base: Any) -> AtomPolicy:
    return AtomPolicy(Problem(Finite(base), [0] * len(base)), policy)


def quantilizer(weights: Any, utility: Any, q: Any) -> Any:
    return _of(Quantilizer(q), weights, utility).probabilities


def ordered(weights: Any, utility: Any, q: Any) -> Any:
    return _of(Quantilizer(q, ties="ordered"), weights, utility).probabilities


def composition(weights: Any, utility: Any, q: Any, second_utility: Any, second_q: Any) -> Any:
    return quantilizer(quantilizer(weights, utility, q), second_utility, second_q)


def kl_regularized(weights: Any, utility: Any, beta: Any) -> Any:
    return _of(KLRegularized(beta), weights, utility).probabilities


def count(n: int, q: Fraction) -> int:
    (_, k) = Quantilizer(q, draws=n)(_continuous()).estimand.parameters[1]
    return int(k)


def ranking(scores: Any) -> np.ndarray:
    """The order of an audit, by handing it the indices as costs."""
    scores = sample(np.array(scores, dtype=float), name="scores")
    found = rank(scores, np.arange(scores.size, dtype=float), key=0).cost
    assert found is not None
    return found.astype(int)


def top(scores: Any, q: Fraction) -> np.ndarray:
    return ranking(scores)[: count(len(scores), q)]


def estimate(scores: Any, costs: Any, q: Fraction) -> float:
    return float(np.array(costs, dtype=float)[top(scores, q)].mean())


def sampler(weights: Any, utility: Any, q: Any, n: int, seed: int) -> np.ndarray:
    import jax

    return np.asarray(_of(Quantilizer(q), weights, utility).sample(jax.random.key(seed), n))


def interval(scores: Any, costs: Any, q: Fraction, alpha: float, seed: int) -> tuple[float, float]:
    ranked = rank(sample(scores, name="scores"), sample(costs, name="costs"), seed).cost
    assert ranked is not None
    found = quantilizer_mean_interval(cost_ledger(ranked, 1.0, [q]), q, alpha)
    return found.low, found.high


def mean_interval(values: Any, alpha: float) -> tuple[float, float]:
    found = bounded_mean_interval(values, 0.0, 1.0, alpha)
    return found.low, found.high


def verdict(scores: Any, costs: Any, q: Fraction, bound: float, alpha: float, seed: int) -> str:
    low, high = interval(scores, costs, q, alpha, seed)
    return "violated" if low > bound else "holds" if high <= bound else "inconclusive"


def chooser(scores: Any, costs: Any, levels: Any, bound: float, alpha: float) -> Any:
    band = level_band(scores, costs, low=0.0, cap=1.0, delta=alpha)
    return min((q for q in levels if band.cost(q) <= bound), default=None)


def comparison(left: Any, right: Any) -> bool | None:
    return opposite(less(Enclosure(*right), Enclosure(*left)))


def counterexample(hypotheses: Any, conclusion: bool | None) -> bool:
    met = every([_always(truth) for truth in hypotheses])(())
    return met is True and conclusion is False


def _always(truth: bool | None) -> Decider:
    return lambda values: truth


def status(prove: str | None, falsify: str | None, simulate: str | None) -> str:
    return ClaimReport(_claim(), tuple(_verdicts(prove, falsify, simulate))).status


def _verdicts(prove: str | None, falsify: str | None, simulate: str | None) -> Any:
    if prove is not None:
        carried_out = "holds" if prove == "cited" else prove
        trust = {"cited": "CITED", "holds": "SMT"}.get(prove)
        yield Verdict("prove", carried_out, "", trust=trust)
    for reading, outcome in (("falsify", falsify), ("simulate", simulate)):
        if outcome is not None:
            yield Verdict(reading, outcome, "")


@cache
def _claim() -> Claim:
    return Claim("kit", "a claim for the kit", (Part("statement", ge(E(c), 0)),))


@cache
def _continuous() -> Problem:
    return Problem(Continuous("normal(0,1)"))


def _fine(optimizer: AbstractOptimizer) -> AbstractPolicy:
    """The policy on a base without ties, where bounds are attained."""
    return optimizer(_continuous())


def _own(*rows: tuple[str, Implementation], floats: bool = False) -> tuple[Own, ...]:
    return tuple(Own(role, run, floats) for role, run in rows)


OWN = (
    *_own(
        ("quantilizer", quantilizer),
        ("ordered-quantilizer", ordered),
        ("any-quantilizer", quantilizer),
        ("any-quantilizer", ordered),
        ("threshold", lambda g, u, q: Quantilizer(q).threshold(Problem(Finite(g), u))),
        ("top-mean", lambda g, u, q: _of(Quantilizer(q), g, u).value()),
        ("composition", composition),
        ("best-of-n", lambda g, u, n: _of(BestOfN(n), g, u).probabilities),
        ("top-k-of-n", lambda g, u, n, k: _of(TopKOfN(n, k), g, u).probabilities),
        ("kl-regularized", kl_regularized),
        ("count", count),
        ("top", top),
        ("ranking", ranking),
        ("estimate", estimate),
        ("kl", lambda p, g: _policy(p, g).kl()),
        ("reverse-kl", lambda p, g: _policy(p, g).reverse_kl()),
        ("chi-square", lambda p, g: _policy(p, g).chi2()),
        ("total-variation", lambda p, g: _policy(p, g).total_variation()),
        ("renyi", lambda p, g, order: _policy(p, g).renyi(order)),
        ("sup-ratio", lambda p, g: _policy(p, g).sup_ratio()),
        ("worst-case", lambda g, p, mean: MeanBounded(mean).worst_case(_policy(p, g)).value),
        ("capped-worst-case", lambda g, p, mean, cap: RangeAndMean(mean, cap).worst_case(_policy(p, g)).value),
        ("cost-factor", lambda q: _fine(Quantilizer(q)).sup_ratio()),
        ("rule-factor", lambda n, k: _fine(TopKOfN(n, k)).sup_ratio()),
        ("estimated-factor", lambda n, k: _fine(EstimatedThreshold(n, k)).sup_ratio() if k > 1 else math.inf),
        ("stopping-factor", lambda levels: max(_fine(Quantilizer(q)).sup_ratio() for q in levels)),
        ("composition-factor", lambda q, r: _fine(Quantilizer(q)).sup_ratio() * _fine(Quantilizer(r)).sup_ratio()),
        ("tv-bound", lambda q: _fine(Quantilizer(q)).total_variation()),
        ("kl-bound", lambda q: _fine(Quantilizer(q)).kl()),
        ("best-of-n-kl", lambda n: _fine(BestOfN(n)).kl()),
        ("sampler", sampler),
        ("mean-interval", mean_interval),
        ("interval", interval),
        ("verdict", verdict),
        ("chooser", chooser),
        ("multiplicity", holm),
        ("comparison", comparison),
        ("counterexample", counterexample),
        ("status", status),
    ),
    *_own(
        ("quantilizer", quantilizer),
        ("ordered-quantilizer", ordered),
        ("top-mean", lambda g, u, q: _of(Quantilizer(q), g, u).value()),
        ("threshold", lambda g, u, q: Quantilizer(q).threshold(Problem(Finite(g), u))),
        ("best-of-n", lambda g, u, n: _of(BestOfN(n), g, u).probabilities),
        ("top-k-of-n", lambda g, u, n, k: _of(TopKOfN(n, k), g, u).probabilities),
        ("kl-regularized", kl_regularized),
        ("kl", lambda p, g: _policy(p, g).kl()),
        ("chi-square", lambda p, g: _policy(p, g).chi2()),
        ("total-variation", lambda p, g: _policy(p, g).total_variation()),
        ("renyi", lambda p, g, order: _policy(p, g).renyi(order)),
        floats=True,
    ),
)
