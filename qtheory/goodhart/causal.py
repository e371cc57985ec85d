r"""The proxy raised by selection, or by acting on what it is measured with."""

from __future__ import annotations

from qtheory.aliases import NumberLike
from qtheory.goodhart.independent import ProxyModel
from qtheory.goodhart.measured import Measured, by_formula
from qtheory.trust.contamination import unit


def top_with_interventions(model: ProxyModel, q: NumberLike, produced: NumberLike) -> Measured:
    r"""$E V$ of the top $q$ if a share $\eta$ of them got there by an intervention on the error.

    Setting the error leaves the law of the truth as it is, so those are worth $E V$: the gain of selection is multiplied by
    $1-\eta$.

    Args:
        model: truth and error.
        q: the level.
        produced: the share, in [0, 1].

    Source:
        manheim2018 for causal Goodhart; the model is derived here.

    >>> model = ProxyModel("normal(0, 1)", "normal(0, 1)")
    >>> round(top_with_interventions(model, "1/10", "1/4").value, 9)
    0.930720454
    """
    share = float(unit(produced, "produced"))
    return model.top(q).times(1 - share).plus(by_formula(model.truth.expectation()).times(share))
