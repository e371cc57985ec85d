r"""Integrals over finite ranges, estimated by uniform draws of the variables of integration."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import islice, product

import numpy as np
import sympy as sp

from qtheory.checking.bindings import symbols_of
from qtheory.checking.careful import Between, evaluate_between
from qtheory.checking.choices import COMPUTED_DOMAINS, MOST_COMBINATIONS, numbers_for
from qtheory.checking.grid import Grid
from qtheory.checking.integrands import enclosed
from qtheory.checking.model import Model, certain, model_of, number
from qtheory.checking.scene import Scene
from qtheory.errors import NotAvailable
from qtheory.exact.enclosure import Enclosure, simplest
from qtheory.statements.claim import Part
from qtheory.symbols import Scalar
from qtheory.worlds.world import World

# Panels over which the integrand is bounded, all variables together.
PANELS = 256
MOST_VALUES = 4
ONE = Fraction(1)
_GENERATORS = {"threefry2x32": np.random.Philox, "rbg": np.random.SFC64}


@dataclass(frozen=True, eq=False)
class UniformDraws:
    """An integrand at uniform draws, and the volume that its mean is to be multiplied by."""

    values: Between
    volume: Fraction


def number_scenes(part: Part, world: World) -> Iterator[Scene]:
    """A statement between numbers alone at a few exact values of them with which its hypotheses hold."""
    symbols = sorted((x for x in symbols_of(part) if isinstance(x, Scalar)), key=lambda x: x.name)
    if any(x.domain in COMPUTED_DOMAINS for x in symbols):
        return
    tables = [numbers_for(x, Fraction(1, 10)) for x in symbols]
    places = sorted(islice(product(*(range(len(t)) for t in tables)), MOST_COMBINATIONS), key=sum)
    found = 0
    for place in places:
        values = {x: t[i] for x, t, i in zip(symbols, tables, place, strict=True)}
        model = model_of(Grid(((Fraction(0), ONE),), (ONE,), (Fraction(0), ONE), False), {}, dict(values))
        if found < MOST_VALUES and all(certain(h, model) for h in part.hypotheses):
            found += 1
            shown = ", ".join(f"{x}={v}" for x, v in values.items()) or "no parameter"
            yield Scene(part, world, ONE, model, {}, "", f"numbers: {shown}")


def uniform_draws(node: sp.Integral, model: Model, n: int, key: int, impl: str) -> UniformDraws:
    """The integrand of an integral at `n` uniform draws of its variables.

    Args:
        node: the integral; model: the numbers in it.
        n, key, impl: how many draws, their seed, and which of two generators; float64 draws of the host.
    """
    ends = _ends(node, model)
    stream = np.random.SeedSequence([key, zlib.crc32(str(node).encode())])
    generator = np.random.Generator(_GENERATORS[impl](stream))
    values = {x: float(v) for x, v in model.scalars}
    volume = ONE
    for variable, (low, high) in ends.items():
        values[variable] = float(low) + float(high - low) * generator.random(n)  # type: ignore[assignment]
        volume *= high - low
    result = evaluate_between(node.function, {x: values[x] for x in node.function.free_symbols}, model, n)
    if not (np.isfinite(result.low).all() and np.isfinite(result.high).all()):
        raise NotAvailable("an integrand is not finite at some draw", got=str(node))
    return UniformDraws(result, volume)


def range_over(node: sp.Integral, model: Model) -> Enclosure:
    """Bounds on the integrand over the whole range of integration.

    Raises:
        NotAvailable, InvalidInput: interval arithmetic finds none.
    """
    return _range_over(node, model.about(node))


@lru_cache(maxsize=1024)
def _range_over(node: sp.Integral, model: Model) -> Enclosure:
    ends = _ends(node, model)
    count = max(2, round(PANELS ** (1 / len(ends))))
    boxes = []
    for place in product(range(count), repeat=len(ends)):
        box = {
            variable: simplest(Enclosure(low + (high - low) * i / count, low + (high - low) * (i + 1) / count))
            for (variable, (low, high)), i in zip(ends.items(), place, strict=True)
        }
        boxes.append(enclosed(node.function, lambda x, box=box: box[x] if x in box else model.scalar[x]))  # type: ignore[misc]
    return Enclosure(min(box.low for box in boxes), max(box.high for box in boxes))


def _ends(node: sp.Integral, model: Model) -> dict[sp.Symbol, tuple[Fraction, Fraction]]:
    ends = {}
    for variable, low, high in node.limits:
        low, high = number(low, model), number(high, model)
        if not isinstance(low, Fraction) or not isinstance(high, Fraction) or not low < high:
            raise NotAvailable("the ends of an integral are not two rational numbers in order", got=str(node))
        ends[variable] = (low, high)
    return ends
