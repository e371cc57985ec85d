r"""Whether the hypotheses of a scene are known to hold there: by certainty, or at every draw."""

from __future__ import annotations

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.at_draws import values_of
from qtheory.checking.bindings import is_ideal
from qtheory.checking.careful import holds_at_all
from qtheory.checking.choices import free_functions, of_feature
from qtheory.checking.grid import Table, flag_on
from qtheory.checking.model import certain
from qtheory.checking.scene import Scene
from qtheory.checking.streams import FIRST, affordable, draws_of
from qtheory.errors import NotAvailable
from qtheory.statements.well_posed import is_pointwise
from qtheory.symbols import OfAction
from qtheory.worlds.library import feature

# So many draws are looked at first: most hypotheses that fail do so there.
GLANCE = 256


def hypotheses_hold(scene: Scene, defined: frozenset[sp.Basic], samples: int, key: int) -> bool:
    """Whether all hypotheses of a scene are certain, those about single actions at least at every draw.

    A hypothesis that holds at every draw fails on a set that none of them met, so it cannot be what a verdict on
    these draws rests on.

    Args:
        scene: the scene.
        defined: equations that define a number of the scene as an irrational mean, true by that.
        samples, key: of the draws.
    """
    axioms = {axiom for policy in scene.part.policies for axiom in policy.axioms}
    if not all(_depends_on_feature(scene, x) for x in free_functions(scene.part) if of_feature(scene.part, x)):
        return False
    if not all(_is_density(scene, x) for x in free_functions(scene.part) if x.role == "rival"):
        return False
    # True by construction are the axioms of the policies, and what defines a number.
    asked = [h for h in scene.part.hypotheses if h not in axioms and h not in defined]
    answers = {hypothesis: certain(hypothesis, scene.model) for hypothesis in asked}
    if False in answers.values():
        return False
    return all(answers[h] is True or _holds_at_draws(h, scene, samples, key) for h in asked)


def _depends_on_feature(scene: Scene, symbol: OfAction) -> bool:
    function = scene.model.function[symbol]
    if not isinstance(function, Table):
        return False
    pairs = set(zip(flag_on(feature(), scene.model.grid).values, function.values, strict=True))
    return len(pairs) == len({flag for flag, _ in pairs})


def _is_density(scene: Scene, symbol: OfAction) -> bool:
    """Whether what stands for a rival is still the density ratio of a policy, after all that was moved."""
    return certain(s.ge(symbol, 0), scene.model) is True and certain(s.eq(s.E(symbol), 1), scene.model) is True


def _holds_at_draws(hypothesis: sp.Basic, scene: Scene, samples: int, key: int) -> bool:
    if not is_pointwise(hypothesis) or scene.world.atomic or hypothesis.has(s.E):
        return False
    sampled = [p for p in scene.policies.values() if not (scene.world.draw_only and is_ideal(p))]
    symbols = hypothesis.free_symbols
    try:
        for policy in (None, *sampled):
            draws = draws_of(scene.world, policy, affordable(scene.world, (policy,), samples), key, FIRST)
            for seen in (draws.first(GLANCE), draws):
                values = values_of(scene.model, seen, symbols)
                if not holds_at_all(hypothesis, values, scene.model, seen.utility.size):
                    return False
    except NotAvailable:
        return False
    return True
