r"""Checks that flag the untrusted kind more often than the others, before or after selection.

`tpr` is the chance of flagging the untrusted kind, `fpr` that of flagging the others, independently of the score given the
kind and from look to look.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.optimizers.abstract import read_count
from qtheory.trust.contamination import share_in_top, unit


def passing_chances(share: NumberLike, tpr: NumberLike, fpr: NumberLike, looks: int, obfuscated: NumberLike = 0) -> Any:
    """The chances that a candidate passes all looks and is of the untrusted kind, and that it passes and is not."""
    delta, hit, false, hidden = (unit(x, name) for x, name in zip((share, tpr, fpr, obfuscated), _NAMES, strict=True))
    count = read_count(looks, "looks")
    missed = hidden * (1 - false) ** count + (1 - hidden) * (1 - hit) ** count
    return delta * missed, (1 - delta) * (1 - false) ** count


def share_after_looks(
    share: NumberLike, tpr: NumberLike, fpr: NumberLike, looks: int = 1, obfuscated: NumberLike = 0
) -> Fraction:
    r"""The untrusted share among what passes: its odds fall by $\big(\frac{1-t}{1-f}\big)^K$, exactly.

    Args:
        share: the share before.
        tpr, fpr: the rates of the check.
        looks: how many.
        obfuscated: the part of the untrusted kind that is flagged at the rate of the others.

    >>> share_after_looks("1/100", "9/10", "1/20"), share_after_looks("1/100", "9/10", "1/20", 1, "1/10")
    (Fraction(2, 1883), Fraction(37, 18847))
    """
    untrusted, trusted = passing_chances(share, tpr, fpr, looks, obfuscated)
    if untrusted + trusted == 0:
        raise InvalidInput("nothing passes", got=(str(share), str(tpr), str(fpr)))
    return untrusted / (untrusted + trusted)


def retries(share: NumberLike, tpr: NumberLike, fpr: NumberLike, looks: int = 1) -> Fraction:
    """How many candidates it takes on average until one passes all looks.

    >>> retries("1/100", "9/10", "1/20")
    Fraction(2000, 1883)
    """
    return 1 / sum(passing_chances(share, tpr, fpr, looks), Fraction(0))


def obfuscation_floor(share: NumberLike, obfuscated: NumberLike) -> Fraction:
    r"""What no number of looks gets below: $\delta o/(\delta o + 1 - \delta)$.

    >>> obfuscation_floor("1/100", "1/10")
    Fraction(1, 991)
    """
    delta, hidden = unit(share, "share"), unit(obfuscated, "obfuscated")
    return delta * hidden / (delta * hidden + 1 - delta)


def select_then_check(
    share: NumberLike, trusted: Any, untrusted: Any, q: NumberLike, tpr: NumberLike, fpr: NumberLike
) -> float:
    """The untrusted share among what is in the top q and then passes one look.

    >>> round(select_then_check("1/100", "normal(0, 1)", "normal(2, 1)", "1/100", "9/10", "1/20"), 8)
    0.04742444
    """
    selected = share_in_top(share, trusted, untrusted, q)
    missed = selected * float(1 - unit(tpr, "tpr"))
    return missed / (missed + (1 - selected) * float(1 - unit(fpr, "fpr")))


def check_then_select(
    share: NumberLike, trusted: Any, untrusted: Any, q: NumberLike, tpr: NumberLike, fpr: NumberLike, looks: int = 1
) -> float:
    """The untrusted share in the top q of what passes all looks.

    >>> round(check_then_select("1/100", "normal(0, 1)", "normal(2, 1)", "1/100", "9/10", "1/20"), 8)
    0.03894009
    """
    return share_in_top(share_after_looks(share, tpr, fpr, looks), trusted, untrusted, q)


_NAMES = ("share", "tpr", "fpr", "obfuscated")
