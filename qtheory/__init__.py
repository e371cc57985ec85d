r"""qtheory: check claims about quantilizers and soft optimisation.

A claim is stated once and read three ways: it is proved, falsified if it can be, and simulated. The public names are
loaded when they are first used, so that importing the package costs nothing.

>>> import qtheory as qt
>>> problem = qt.Problem(base=qt.Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1], cost=[1, 0, 0])
>>> policy = qt.Quantilizer(q="3/8")(problem)
>>> [str(p) for p in policy.probabilities]
['2/3', '1/3', '0']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from qtheory.lazy import loads_when_used

# For type checkers and editors; a test holds it against the table below.
if TYPE_CHECKING:
    from qtheory.api import falsify as falsify
    from qtheory.api import prove as prove
    from qtheory.api import simulate as simulate
    from qtheory.api import verify as verify
    from qtheory.api import worst_problem as worst_problem
    from qtheory.auditing.run import audit as audit
    from qtheory.base.continuous import Continuous as Continuous
    from qtheory.base.empirical import Empirical as Empirical
    from qtheory.base.finite import Finite as Finite
    from qtheory.base.generative import Generative as Generative
    from qtheory.checking.replay import replay as replay
    from qtheory.checking.verify import ClaimReport as ClaimReport
    from qtheory.costs.capped import Capped as Capped
    from qtheory.costs.conditionally_bounded import ConditionallyBounded as ConditionallyBounded
    from qtheory.costs.correlated_proxy import CorrelatedProxy as CorrelatedProxy
    from qtheory.costs.divergence_balls import binary_kl as binary_kl
    from qtheory.costs.divergence_balls import largest_share_by_chi_squared as largest_share_by_chi_squared
    from qtheory.costs.divergence_balls import largest_share_by_kl as largest_share_by_kl
    from qtheory.costs.divergence_balls import largest_share_by_ratio as largest_share_by_ratio
    from qtheory.costs.exponential_moment import ExponentialMoment as ExponentialMoment
    from qtheory.costs.feature_measurable import FeatureMeasurable as FeatureMeasurable
    from qtheory.costs.law_bounds import best_exponential_bound as best_exponential_bound
    from qtheory.costs.law_bounds import best_moment_bound as best_moment_bound
    from qtheory.costs.law_bounds import moment_bound as moment_bound
    from qtheory.costs.linearly_constrained import LinearlyConstrained as LinearlyConstrained
    from qtheory.costs.mean_bounded import MeanBounded as MeanBounded
    from qtheory.costs.moment_bounded import MomentBounded as MomentBounded
    from qtheory.costs.oscillation import Oscillation as Oscillation
    from qtheory.costs.range_and_mean import RangeAndMean as RangeAndMean
    from qtheory.costs.signed import Signed as Signed
    from qtheory.costs.unbounded import Unbounded as Unbounded
    from qtheory.costs.variance_bounded import VarianceBounded as VarianceBounded
    from qtheory.direct.normal_latent import NormalLatent as NormalLatent
    from qtheory.direct.rare_event import rare_event as rare_event
    from qtheory.direct.simulate_policy import simulate_policy as simulate_policy
    from qtheory.errors import QTheoryError as QTheoryError
    from qtheory.exact.certificate import check_certificate as check_certificate
    from qtheory.exact.linear_program import LinearProgram as LinearProgram
    from qtheory.exact.simplex import solve_exactly as solve_exactly
    from qtheory.frontiers.compare import compare as compare
    from qtheory.frontiers.frontier import frontier as frontier
    from qtheory.frontiers.level_for_value import level_for_value as level_for_value
    from qtheory.frontiers.peaks import best_of_n_hedge as best_of_n_hedge
    from qtheory.frontiers.peaks import best_of_n_overoptimisation as best_of_n_overoptimisation
    from qtheory.frontiers.peaks import best_of_poisson_hedge as best_of_poisson_hedge
    from qtheory.frontiers.peaks import reinforced_overoptimisation as reinforced_overoptimisation
    from qtheory.frontiers.reservation_picture import reservation_picture as reservation_picture
    from qtheory.frontiers.tradeoff import tradeoff as tradeoff
    from qtheory.goodhart.catastrophic import MovedMass as MovedMass
    from qtheory.goodhart.catastrophic import kl_ball_supremum as kl_ball_supremum
    from qtheory.goodhart.curve import goodhart_curve as goodhart_curve
    from qtheory.goodhart.independent import ProxyModel as ProxyModel
    from qtheory.impact.curves import amplification_curves as amplification_curves
    from qtheory.impact.targeted import targeted_impact as targeted_impact
    from qtheory.inference.level_band import LevelBand as LevelBand
    from qtheory.inference.level_band import level_band as level_band
    from qtheory.montecarlo.engine import Engine as Engine
    from qtheory.montecarlo.simulate import simulate_problem as simulate_problem
    from qtheory.montecarlo.until import simulate_until_decided as simulate_until_decided
    from qtheory.optimizers.best_of_n import BestOfN as BestOfN
    from qtheory.optimizers.best_of_poisson import BestOfPoisson as BestOfPoisson
    from qtheory.optimizers.estimated_threshold import EstimatedThreshold as EstimatedThreshold
    from qtheory.optimizers.feature_constrained import FeatureConstrained as FeatureConstrained
    from qtheory.optimizers.imitation import Imitation as Imitation
    from qtheory.optimizers.kl_regularized import KLRegularized as KLRegularized
    from qtheory.optimizers.maximin import Maximin as Maximin
    from qtheory.optimizers.maximizer import Maximizer as Maximizer
    from qtheory.optimizers.mixture import Mixture as Mixture
    from qtheory.optimizers.power_regularized import PowerRegularized as PowerRegularized
    from qtheory.optimizers.quantilizer import Quantilizer as Quantilizer
    from qtheory.optimizers.rejection import Rejection as Rejection
    from qtheory.optimizers.rejection import normal_tail_proposal as normal_tail_proposal
    from qtheory.optimizers.reverse_kl_regularized import ReverseKLRegularized as ReverseKLRegularized
    from qtheory.optimizers.satisficer import Satisficer as Satisficer
    from qtheory.optimizers.soft_best_of_n import SoftBestOfN as SoftBestOfN
    from qtheory.optimizers.top_k_of_n import TopKOfN as TopKOfN
    from qtheory.optimizers.total_variation_regularized import TotalVariationRegularized as TotalVariationRegularized
    from qtheory.optimizers.tsallis_regularized import TsallisRegularized as TsallisRegularized
    from qtheory.optimizers.windowed_quantilizer import WindowedQuantilizer as WindowedQuantilizer
    from qtheory.policies.documents import policy_from_json as policy_from_json
    from qtheory.policies.single_draw_kl import single_draw_kl as single_draw_kl
    from qtheory.policies.weight import WeightPolicy as WeightPolicy
    from qtheory.policies.win_rate import win_rate as win_rate
    from qtheory.problem import Problem as Problem
    from qtheory.quadrature.certified import certified_mean as certified_mean
    from qtheory.quadrature.rank_means import RankMeans as RankMeans
    from qtheory.quadrature.rank_means import rank_means as rank_means
    from qtheory.statements.author import claim as claim
    from qtheory.statements.claim import Claim as Claim
    from qtheory.statements.claim import Part as Part
    from qtheory.statements.claim import PolicyOf as PolicyOf
    from qtheory.statements.record import Record as Record
    from qtheory.statements.verdict import Verdict as Verdict
    from qtheory.statements.witness import Witness as Witness
    from qtheory.studies.breakdown import breakdown as breakdown
    from qtheory.studies.coverage import coverage as coverage
    from qtheory.studies.evidence_path import evidence_path as evidence_path
    from qtheory.studies.sweep import sweep as sweep

# Public name to the module that defines it.
_PUBLIC = {
    "BestOfN": "optimizers.best_of_n",
    "BestOfPoisson": "optimizers.best_of_poisson",
    "Capped": "costs.capped",
    "Claim": "statements.claim",
    "ClaimReport": "checking.verify",
    "ConditionallyBounded": "costs.conditionally_bounded",
    "Continuous": "base.continuous",
    "CorrelatedProxy": "costs.correlated_proxy",
    "Empirical": "base.empirical",
    "EstimatedThreshold": "optimizers.estimated_threshold",
    "ExponentialMoment": "costs.exponential_moment",
    "FeatureConstrained": "optimizers.feature_constrained",
    "FeatureMeasurable": "costs.feature_measurable",
    "Finite": "base.finite",
    "Generative": "base.generative",
    "Imitation": "optimizers.imitation",
    "KLRegularized": "optimizers.kl_regularized",
    "LevelBand": "inference.level_band",
    "LinearProgram": "exact.linear_program",
    "LinearlyConstrained": "costs.linearly_constrained",
    "Maximin": "optimizers.maximin",
    "Maximizer": "optimizers.maximizer",
    "MeanBounded": "costs.mean_bounded",
    "Mixture": "optimizers.mixture",
    "MomentBounded": "costs.moment_bounded",
    "MovedMass": "goodhart.catastrophic",
    "NormalLatent": "direct.normal_latent",
    "Oscillation": "costs.oscillation",
    "Part": "statements.claim",
    "PolicyOf": "statements.claim",
    "PowerRegularized": "optimizers.power_regularized",
    "Problem": "problem",
    "ProxyModel": "goodhart.independent",
    "QTheoryError": "errors",
    "Quantilizer": "optimizers.quantilizer",
    "RangeAndMean": "costs.range_and_mean",
    "RankMeans": "quadrature.rank_means",
    "Record": "statements.record",
    "Rejection": "optimizers.rejection",
    "ReverseKLRegularized": "optimizers.reverse_kl_regularized",
    "Satisficer": "optimizers.satisficer",
    "Signed": "costs.signed",
    "SoftBestOfN": "optimizers.soft_best_of_n",
    "TopKOfN": "optimizers.top_k_of_n",
    "TotalVariationRegularized": "optimizers.total_variation_regularized",
    "TsallisRegularized": "optimizers.tsallis_regularized",
    "Unbounded": "costs.unbounded",
    "VarianceBounded": "costs.variance_bounded",
    "Verdict": "statements.verdict",
    "WeightPolicy": "policies.weight",
    "WindowedQuantilizer": "optimizers.windowed_quantilizer",
    "Witness": "statements.witness",
    "amplification_curves": "impact.curves",
    "audit": "auditing.run",
    "best_exponential_bound": "costs.law_bounds",
    "best_moment_bound": "costs.law_bounds",
    "best_of_n_hedge": "frontiers.peaks",
    "best_of_n_overoptimisation": "frontiers.peaks",
    "best_of_poisson_hedge": "frontiers.peaks",
    "binary_kl": "costs.divergence_balls",
    "breakdown": "studies.breakdown",
    "certified_mean": "quadrature.certified",
    "check_certificate": "exact.certificate",
    "claim": "statements.author",
    "compare": "frontiers.compare",
    "coverage": "studies.coverage",
    "evidence_path": "studies.evidence_path",
    "falsify": "api",
    "frontier": "frontiers.frontier",
    "goodhart_curve": "goodhart.curve",
    "kl_ball_supremum": "goodhart.catastrophic",
    "largest_share_by_chi_squared": "costs.divergence_balls",
    "largest_share_by_kl": "costs.divergence_balls",
    "largest_share_by_ratio": "costs.divergence_balls",
    "level_band": "inference.level_band",
    "level_for_value": "frontiers.level_for_value",
    "moment_bound": "costs.law_bounds",
    "normal_tail_proposal": "optimizers.rejection",
    "policy_from_json": "policies.documents",
    "prove": "api",
    "rank_means": "quadrature.rank_means",
    "rare_event": "direct.rare_event",
    "reinforced_overoptimisation": "frontiers.peaks",
    "replay": "checking.replay",
    "reservation_picture": "frontiers.reservation_picture",
    "simulate": "api",
    "simulate_policy": "direct.simulate_policy",
    "Engine": "montecarlo.engine",
    "simulate_problem": "montecarlo.simulate",
    "simulate_until_decided": "montecarlo.until",
    "single_draw_kl": "policies.single_draw_kl",
    "solve_exactly": "exact.simplex",
    "sweep": "studies.sweep",
    "targeted_impact": "impact.targeted",
    "tradeoff": "frontiers.tradeoff",
    "verify": "api",
    "win_rate": "policies.win_rate",
    "worst_problem": "api",
}
# Folders that are used by their own name, as in qt.plots.style("post").
_MODULES = ("inference", "plots", "symbols", "testing")
__all__ = [*sorted(_PUBLIC), "__version__"]
_load = loads_when_used(__name__, _PUBLIC)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("qtheory")
    if name in _MODULES:
        return importlib.import_module(f"qtheory.{name}")
    return _load(name)


def __dir__() -> list[str]:
    return sorted(__all__)
