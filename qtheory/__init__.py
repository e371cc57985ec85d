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
from typing import Any

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
