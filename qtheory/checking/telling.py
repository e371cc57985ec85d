r"""Whether an instance says anything: more than one action, a policy that is not the base, functions that vary.

Equations between expectations, such as $E[uc] = E[u]\,E[c]$, hold at every degenerate problem, and so do most conclusions.
"""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from qtheory import symbols as s
from qtheory.checking.worst_problem.constructed import is_steered
from qtheory.instances.complete import free_functions
from qtheory.instances.repairs import unrepaired
from qtheory.optimizers.imitation import Imitation
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance, Row
from qtheory.symbols import OfAction


@lru_cache(maxsize=2048)
def is_hard_to_meet(part: Part) -> bool:
    """Whether a part has equations between expectations, which random instances meet mostly where they are degenerate."""
    return bool(_equations(part))


def _equations(part: Part) -> tuple[sp.Basic, ...]:
    return tuple(h for h in unrepaired(part) if isinstance(h, sp.Eq) and is_steered(part, h))


def is_telling(part: Part, instance: Instance) -> bool:
    """Whether an instance is not degenerate in what the hypotheses that are hard to meet, and the policies, speak of."""
    played = [i for i, mass in enumerate(instance.weights) if mass > 0]
    if len(played) < 2 or not all(_varies(instance.functions[f], played) for f in _should_vary(part)):
        return False
    ratios = _should_move(part)
    return not ratios or any(instance.functions[w][i] != 1 for w in ratios for i in played)


@lru_cache(maxsize=2048)
def _should_vary(part: Part) -> tuple[OfAction, ...]:
    spoken = frozenset().union(*(h.free_symbols for h in _equations(part)))
    return tuple(f for f in (s.u, *free_functions(part)) if f in spoken)


@lru_cache(maxsize=2048)
def _should_move(part: Part) -> tuple[OfAction, ...]:
    moving = [p.ratio for p in part.policies if not isinstance(p.optimizer, Imitation)]
    return tuple(w for w in moving if w in part.conclusion.free_symbols)


def _varies(row: Row, played: list[int]) -> bool:
    return any(row[i] != row[played[0]] for i in played)
