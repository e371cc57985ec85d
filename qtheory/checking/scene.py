r"""A scene: a part of a claim set into a world, with every symbol bound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qtheory.checking.choices import speaks_of_levels
from qtheory.checking.model import Model
from qtheory.exact.enclosure import Value
from qtheory.policies.abstract import AbstractPolicy
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.world import World


@dataclass(frozen=True, eq=False)
class Scene:
    """One way to make a part concrete in a world.

    Attributes:
        world: where it plays; level: the quantile level.
        model: exact values or bounds of every function of the action and of every number.
        policies: by the symbol of their ratio.
        shown: what the free functions are, in words.
        instead: what to call it, where there is no world to speak of.
    """

    part: Part
    world: World
    level: Fraction
    model: Model
    policies: dict[OfAction, AbstractPolicy]
    shown: str
    instead: str = ""

    @property
    def name(self) -> str:
        if self.instead:
            return self.instead
        levels = f", q={self.level}" if speaks_of_levels(self.part) else ""
        return f"{self.world.slug}{levels}{self.shown}"

    @property
    def scalars(self) -> dict[Scalar, Value]:
        return self.model.scalar
