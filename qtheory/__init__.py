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

# For type checkers and editors; a test holds it against the table below.
if TYPE_CHECKING:
    from qtheory.api import falsify as falsify
    from qtheory.api import prove as prove
    from qtheory.api import simulate as simulate
    from qtheory.api import verify as verify
    from qtheory.auditing.run import audit as audit
    from qtheory.base.continuous import Continuous as Continuous
    from qtheory.base.empirical import Empirical as Empirical
    from qtheory.base.finite import Finite as Finite
    from qtheory.base.generative import Generative as Generative
    from qtheory.checking.replay import replay as replay
    from qtheory.checking.verify import ClaimReport as ClaimReport
    from qtheory.costs.feature_measurable import FeatureMeasurable as FeatureMeasurable
    from qtheory.costs.mean_bounded import MeanBounded as MeanBounded
    from qtheory.costs.range_and_mean import RangeAndMean as RangeAndMean
    from qtheory.costs.signed import Signed as Signed
    from qtheory.errors import QTheoryError as QTheoryError
    from qtheory.frontiers.compare import compare as compare
    from qtheory.frontiers.frontier import frontier as frontier
    from qtheory.montecarlo.simulate import simulate_problem as simulate_problem
    from qtheory.optimizers.best_of_n import BestOfN as BestOfN
    from qtheory.optimizers.imitation import Imitation as Imitation
    from qtheory.optimizers.maximizer import Maximizer as Maximizer
    from qtheory.optimizers.quantilizer import Quantilizer as Quantilizer
    from qtheory.optimizers.top_k_of_n import TopKOfN as TopKOfN
    from qtheory.policies.documents import policy_from_json as policy_from_json
    from qtheory.policies.weight import WeightPolicy as WeightPolicy
    from qtheory.problem import Problem as Problem
    from qtheory.statements.author import claim as claim
    from qtheory.statements.claim import Claim as Claim
    from qtheory.statements.claim import Part as Part
    from qtheory.statements.claim import PolicyOf as PolicyOf
    from qtheory.statements.record import Record as Record
    from qtheory.statements.verdict import Verdict as Verdict
    from qtheory.statements.witness import Witness as Witness

# Public name to the module that defines it.
_PUBLIC = {
    "BestOfN": "optimizers.best_of_n",
    "Claim": "statements.claim",
    "ClaimReport": "checking.verify",
    "Continuous": "base.continuous",
    "Empirical": "base.empirical",
    "FeatureMeasurable": "costs.feature_measurable",
    "Finite": "base.finite",
    "Generative": "base.generative",
    "Imitation": "optimizers.imitation",
    "Maximizer": "optimizers.maximizer",
    "MeanBounded": "costs.mean_bounded",
    "Part": "statements.claim",
    "PolicyOf": "statements.claim",
    "Problem": "problem",
    "QTheoryError": "errors",
    "Quantilizer": "optimizers.quantilizer",
    "RangeAndMean": "costs.range_and_mean",
    "Record": "statements.record",
    "Signed": "costs.signed",
    "TopKOfN": "optimizers.top_k_of_n",
    "Verdict": "statements.verdict",
    "WeightPolicy": "policies.weight",
    "Witness": "statements.witness",
    "audit": "auditing.run",
    "claim": "statements.author",
    "compare": "frontiers.compare",
    "falsify": "api",
    "frontier": "frontiers.frontier",
    "policy_from_json": "policies.documents",
    "prove": "api",
    "replay": "checking.replay",
    "simulate": "api",
    "simulate_problem": "montecarlo.simulate",
    "verify": "api",
}
__all__ = [*sorted(_PUBLIC), "__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("qtheory")
    if name not in _PUBLIC:
        raise AttributeError(f"module 'qtheory' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"qtheory.{_PUBLIC[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
