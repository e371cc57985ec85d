"""Every lemma that a derivation may use: those of the modules of this folder."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from qtheory.prover import lemmas
from qtheory.prover.lemmas.lemma import Lemma

_THEMES = sorted(m.name for m in pkgutil.iter_modules(lemmas.__path__) if m.name not in ("catalogue", "lemma"))


def _in(module: ModuleType) -> list[Lemma]:
    return [value for value in vars(module).values() if isinstance(value, Lemma)]


_FOUND = [lemma for theme in _THEMES for lemma in _in(importlib.import_module(f"{lemmas.__name__}.{theme}"))]
# A module may import another's lemma; each is listed once.
LEMMAS: tuple[Lemma, ...] = tuple({lemma.name: lemma for lemma in _FOUND}.values())
