r"""Cells of the simulated reading: one relation of one part in one scene, and which of them are tried."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from qtheory.checking.bindings import is_ideal
from qtheory.checking.choices import levels_of
from qtheory.checking.contrast import Contrast, contrast_of, is_identity, relations
from qtheory.checking.integrals import number_scenes
from qtheory.checking.nonlinear import Means, is_sampleable, means_of
from qtheory.checking.sampling import is_bounded
from qtheory.checking.scene import Scene
from qtheory.checking.scenes import scenes_at
from qtheory.checking.streams import FIRST, can_be_drawn
from qtheory.checking.trivial import is_equality_by_construction
from qtheory.errors import NotAvailable
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, c
from qtheory.worlds.world import World

# How much work one call does. A cell that has to be judged by ranks of its own sample is many times the work.
MOST_WORK = 48
LEAST_WORK = 6
PROFILE_WORK = 6
# How many attempts to find scenes one call makes, shared among its parts.
ALL_ATTEMPTS = 800
MOST_ATTEMPTS, LEAST_ATTEMPTS = 120, 40


@dataclass(frozen=True)
class Cell:
    """One relation of one part in one scene, and whether its sides are equal there by construction."""

    scene: Scene
    means: Contrast | Means
    trivial: bool = False

    @property
    def by_profile(self) -> bool:
        """Whether base draws must tell what a policy without a sampler does."""
        return isinstance(self.means, Contrast) and bool(_ideal_ratios(self.scene, self.means))


class Stated(NamedTuple):
    """A relation of a conclusion, and the means that it is about."""

    relation: Any
    means: Contrast | Means


@dataclass(frozen=True)
class Cells:
    """The cells to try, why parts were left out, and whether there would have been more."""

    tried: tuple[Cell, ...]
    reasons: tuple[str, ...]
    capped: bool


def cells_of_claim(claim: Claim, available: tuple[World, ...], samples: int, key: int) -> Cells:
    """Cells of every part that can be sampled, spread over worlds, levels, parameters and choices."""
    budget = max(LEAST_WORK, MOST_WORK // len(claim.parts))
    attempts = min(MOST_ATTEMPTS, max(LEAST_ATTEMPTS, ALL_ATTEMPTS // len(claim.parts)))
    tried: list[Cell] = []
    reasons: list[str] = []
    capped = False
    for part in claim.parts:
        stated = _stated(part, reasons)
        if stated:
            found, more = _within(budget, _cells_of_part(part, stated, available, samples, key, attempts))
            tried, capped = [*tried, *found], capped or more
            if not found:
                reasons.append(
                    f"{part.name}: in no world the hypotheses are known to hold and the means can be sampled"
                )
    return Cells(tuple(tried), tuple(reasons), capped)


def _within(budget: int, cells: Iterator[Cell]) -> tuple[list[Cell], bool]:
    """Cells until the work is as much as it may be, and whether there are more; trivial ones if there are no others."""
    found: list[Cell] = []
    trivial: list[Cell] = []
    for cell in cells:
        if budget <= 0:
            return found, True
        (trivial if cell.trivial else found).append(cell)
        budget -= 0 if cell.trivial else PROFILE_WORK if cell.by_profile else 1
    return found or trivial[:LEAST_WORK], False


def _stated(part: Part, reasons: list[str]) -> list[Stated]:
    if part.cost is not None and c in part.symbols and not part.cost.axioms_say_all():
        reasons.append(f"{part.name}: no world is known to draw costs of {type(part.cost).__name__}")
        return []
    ratios = frozenset(p.ratio for p in part.policies)
    try:
        return [Stated(x, _means(x, ratios)) for x in relations(part.conclusion) if not is_identity(x)]
    except NotAvailable as error:
        reasons.append(f"{part.name}: {error.problem}")
        return []


def _means(relation: Any, ratios: frozenset) -> Contrast | Means:
    try:
        return contrast_of(relation, ratios)
    except NotAvailable:
        return means_of(relation, ratios)


def _cells_of_part(
    part: Part, stated: list[Stated], available: tuple[World, ...], samples: int, key: int, most: int
) -> Iterator[Cell]:
    """One scene of every world and level in turn, then the next of each, until there are no more."""
    if not part.conclusion.has(E) and not any(h.atoms(OfAction) for h in part.hypotheses):
        sources: list[Iterator[Scene | None]] = [number_scenes(part, available[0])]
    else:
        levels = levels_of(part)
        pairs = [(i, j) for i in range(len(levels)) for j in range(len(available))]
        sources = [scenes_at(part, available[j], levels[i], samples, key, _start(i, j), i + j) for i, j in pairs]
    attempts = 0
    while sources and attempts < most:
        going = []
        for source in sources:
            for scene in islice(source, 1):
                attempts += 1
                going.append(source)
                if scene is not None:
                    yield from (
                        Cell(scene, means, isinstance(means, Contrast) and is_equality_by_construction(relation, scene))
                        for relation, means in stated
                        if _fits(scene, means, samples, key)
                    )
        sources = going


def _start(level: int, world: int) -> int:
    """Every other world begins with the first choice, the rest each with another."""
    return 0 if (level + world) % 2 == 0 else 1 + (world // 2 + 2 * level) % 5


def _ideal_ratios(scene: Scene, means: Contrast) -> set[OfAction]:
    used = {term.ratio for term in means.terms if term.ratio is not None}
    return {x for x in used if scene.world.draw_only and is_ideal(scene.policies[x])}


def _fits(scene: Scene, means: Contrast | Means, samples: int, key: int) -> bool:
    """Whether every mean has a stream and every integrand is bounded and known at its draws."""
    terms = list(means.terms.values()) if isinstance(means, Means) else list(means.terms)
    functions = {x for term in terms for x in term.integrand.free_symbols if isinstance(x, OfAction)}
    if not functions <= set(scene.model.function):
        return False
    used = {term.ratio for term in terms if term.ratio is not None}
    ideal = {x for x in used if scene.world.draw_only and is_ideal(scene.policies[x])}
    if not all(can_be_drawn(scene.world, scene.policies[x], samples, key, FIRST) for x in used - ideal):
        return False
    if isinstance(means, Means):
        return not ideal and is_sampleable(scene, means)
    # Ranking the sample itself works for one policy, and where its ratio occurs nowhere else.
    alone = not ideal or (used == ideal and len(ideal) == 1 and not functions & set(scene.policies))
    return alone and is_bounded(scene, means)
