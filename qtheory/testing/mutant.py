r"""Mutants: plausible wrong implementations, which a kit worth its name does not let pass."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from qtheory.testing.roles import Implementation, role


@dataclass(frozen=True)
class Mutant:
    """A wrong implementation.

    Attributes:
        name: what it is called in reports.
        role: the interface it pretends to implement.
        wrong: what is wrong with it, in a line.
        run: the implementation.
    """

    name: str
    role: str
    wrong: str
    run: Implementation


def mutant(name: str, wrong: str) -> Callable[[Implementation], Mutant]:
    """Make a function a mutant of an interface, named after the function."""

    def make(run: Implementation) -> Mutant:
        return Mutant(run.__name__.replace("_", "-"), role(name).name, wrong, run)

    return make


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant, in the order of its file; the registry is the folder.

    >>> len(all_mutants()) >= 40
    True
    """
    from qtheory.testing import mutants as package

    found: list[Mutant] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        members = vars(importlib.import_module(f"{package.__name__}.{module}")).values()
        found += [value for value in members if isinstance(value, Mutant)]
    return tuple(found)
