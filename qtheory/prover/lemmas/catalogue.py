"""Every lemma that a derivation may use."""

from __future__ import annotations

from qtheory.prover.lemmas import entropy, logarithms, powers, signs
from qtheory.prover.lemmas.lemma import Lemma


def _in(module: object) -> list[Lemma]:
    return [value for value in vars(module).values() if isinstance(value, Lemma)]


LEMMAS: tuple[Lemma, ...] = tuple(lemma for module in (signs, logarithms, entropy, powers) for lemma in _in(module))
