r"""Verdict statistics: intervals, betting tests and the profile e-test. NumPy and SciPy only.

The names for users are loaded when they are first used.

>>> from qtheory import inference
>>> inference.clopper_pearson(0, 100, 0.05).low
0.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtheory.lazy import loads_when_used

if TYPE_CHECKING:
    from qtheory.inference.anytime import anytime_mean_test as anytime_mean_test
    from qtheory.inference.anytime import anytime_ratio_test as anytime_ratio_test
    from qtheory.inference.binomial import binomial_window as binomial_window
    from qtheory.inference.binomial import clopper_pearson as clopper_pearson
    from qtheory.inference.bounded_mean import bounded_mean_interval as bounded_mean_interval
    from qtheory.inference.confidence_sequence import bernstein_sequence as bernstein_sequence
    from qtheory.inference.confidence_sequence import betting_sequence as betting_sequence
    from qtheory.inference.cost_band import band_from_intervals as band_from_intervals
    from qtheory.inference.cost_band import dkw_band as dkw_band
    from qtheory.inference.decision import MeanQuestion as MeanQuestion
    from qtheory.inference.decision import decide as decide
    from qtheory.inference.e_values import closed_means as closed_means
    from qtheory.inference.e_values import e_bh as e_bh
    from qtheory.inference.hill import hill_curve as hill_curve
    from qtheory.inference.interval import Interval as Interval
    from qtheory.inference.ledger import cost_ledger as cost_ledger
    from qtheory.inference.ledger import ratio_ledger as ratio_ledger
    from qtheory.inference.level_band import hoeffding_bound as hoeffding_bound
    from qtheory.inference.level_band import unseen_event_bound as unseen_event_bound
    from qtheory.inference.multiplicity import holm as holm
    from qtheory.inference.rank_conditional import rank_conditional_interval as rank_conditional_interval
    from qtheory.inference.step_bets import StepWeight as StepWeight
    from qtheory.inference.step_contrast import anytime_step_test as anytime_step_test
    from qtheory.inference.step_contrast import step_mean_interval as step_mean_interval
    from qtheory.inference.step_contrast import step_test as step_test
    from qtheory.inference.threshold_profile import amplification_interval as amplification_interval
    from qtheory.inference.threshold_profile import profile_e_value as profile_e_value
    from qtheory.inference.threshold_profile import quantilizer_mean_interval as quantilizer_mean_interval
    from qtheory.inference.threshold_profile import windowed_test as windowed_test

# Public name to the module that defines it.
_PUBLIC = {
    "Interval": "interval",
    "MeanQuestion": "decision",
    "StepWeight": "step_bets",
    "amplification_interval": "threshold_profile",
    "anytime_mean_test": "anytime",
    "anytime_ratio_test": "anytime",
    "anytime_step_test": "step_contrast",
    "band_from_intervals": "cost_band",
    "bernstein_sequence": "confidence_sequence",
    "betting_sequence": "confidence_sequence",
    "binomial_window": "binomial",
    "bounded_mean_interval": "bounded_mean",
    "clopper_pearson": "binomial",
    "closed_means": "e_values",
    "cost_ledger": "ledger",
    "decide": "decision",
    "dkw_band": "cost_band",
    "e_bh": "e_values",
    "hill_curve": "hill",
    "hoeffding_bound": "level_band",
    "holm": "multiplicity",
    "profile_e_value": "threshold_profile",
    "quantilizer_mean_interval": "threshold_profile",
    "rank_conditional_interval": "rank_conditional",
    "ratio_ledger": "ledger",
    "step_mean_interval": "step_contrast",
    "step_test": "step_contrast",
    "unseen_event_bound": "level_band",
    "windowed_test": "threshold_profile",
}
__all__ = sorted(_PUBLIC)
__getattr__ = loads_when_used(__name__, _PUBLIC)


def __dir__() -> list[str]:
    return list(__all__)
