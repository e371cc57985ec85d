"""What a lemma is: a fact about real numbers that derivations may use by substituting terms for its symbols."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import sympy as sp

from qtheory.prover.trust import Trust
from qtheory.symbols import Scalar

X, Y, N, P = Scalar("x_"), Scalar("y_"), Scalar("n_"), Scalar("p_")


@dataclass(frozen=True)
class Lemma:
    """A fact about real numbers: hypotheses, conclusion, and how it is established.

    Attributes:
        name: how derivations refer to it.
        given, conclusion: relations in the symbols X, Y, N, P of this module.
        why: the argument in words, with its source if it is cited.
        check: establishes it, or the part of it that can be checked here, and says at what trust.
    """

    name: str
    given: tuple[sp.Basic, ...]
    conclusion: sp.Basic
    why: str
    check: Callable[[], Trust]


@cache
def established(check: Callable[[], Trust]) -> Trust:
    """What a lemma's check says; it is the same every time, and some take a second."""
    return check()
