r"""A scene: a part of a claim set into a world, with every symbol bound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qtheory.checking.choices import COMPUTED_DOMAINS, stated_parameters
from qtheory.checking.model import Model
from qtheory.exact.enclosure import Enclosure, Value
from qtheory.policies.abstract import AbstractPolicy
from qtheory.statements.claim import Part
from qtheory.symbols import OfAction, Scalar
from qtheory.worlds.world import World

# What is longer than this is shown to a few digits.
LONG = 9


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
        return ", ".join([self.world.slug, *self._parameters()]) + self.shown

    def _parameters(self) -> list[str]:
        """The numbers that this scene was made with, by name: of the policies, and those that were tried or solved for."""
        stated = stated_parameters(self.part)
        values = {**stated, **{x.name: value for x, value in self.scalars.items() if x.domain not in COMPUTED_DOMAINS}}
        return [text for name in sorted(values, key=lambda x: (x != "q", x)) if (text := _shown(name, values[name]))]

    @property
    def scalars(self) -> dict[Scalar, Value]:
        return self.model.scalar


def _shown(name: str, value: Value | str) -> str:
    if isinstance(value, Enclosure) or (len(str(value)) > LONG and not isinstance(value, str)):
        return f"{name}~{float(Enclosure.of(value).midpoint):.4g}"
    return f"{name}={value}"
