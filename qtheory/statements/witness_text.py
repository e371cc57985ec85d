r"""A witness as text: the actions in a small table, the numbers, and what goes wrong."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from sympy.core.relational import Relational

from qtheory import symbols as s
from qtheory.aliases import Json
from qtheory.statements.well_posed import is_pointwise

if TYPE_CHECKING:
    from qtheory.statements.witness import Witness


def witness_text(witness: Witness) -> str:
    """The instance of a witness, one row per action, and both sides of its conclusion."""
    instance = witness.instance
    used = witness.conclusion.free_symbols | frozenset().union(*(h.free_symbols for h in witness.given))
    columns: list[tuple[str, tuple]] = [("action", tuple(range(1, len(instance.weights) + 1)))]
    columns.append(("base", instance.weights))
    used |= {s.u} if witness.policies else set()
    columns += [(f.name, row) for f, row in instance.functions.items() if f in used]
    if instance.feature is not None and any(instance.feature):
        columns.append(("feature", instance.feature))
    lines = [_table(columns)]
    shown = {x: v for x, v in instance.scalars.items() if x in used}
    if shown:
        lines.append(
            "  " + ", ".join(f"{x.name} = {v}" for x, v in sorted(shown.items(), key=lambda item: item[0].name))
        )
    lines.append(f"  claimed: {witness.conclusion}")
    lines += _here(witness)
    lines += [f"  {_policy(policy)}" for policy in witness.policies]
    names = [f"{x.name}: {s.meaning(x)}" for x in sorted(instance.functions, key=lambda x: x.name) if x in used]
    lines.append(f"  ({'; '.join(names)})" if names else "")
    return "\n".join(line for line in lines if line)


def _here(witness: Witness) -> list[str]:
    """Both sides of the conclusion; where it speaks of actions, those at the first action at which it is false."""
    if witness.left is not None and witness.right is not None:
        return [f"  here: left side {_number(witness.left)}, right side {_number(witness.right)}"]
    instance, stated = witness.instance, witness.conclusion
    if not is_pointwise(stated) or not stated.free_symbols <= {*instance.functions, *instance.scalars}:
        return []
    possible = [i for i, mass in enumerate(instance.weights) if mass > 0]
    failing = next((i for i in possible if instance.truth_at(stated, i) is False), None)
    if failing is None:
        return []
    if not isinstance(stated, Relational):
        return [f"  here: false at action {failing + 1}"]
    left, right = (_number(instance.value_at(side, failing)) for side in (stated.lhs, stated.rhs))
    return [f"  here: at action {failing + 1} left side {left}, right side {right}"]


def _policy(document: Json) -> str:
    named = ("ratio", "threshold", "optimizer")
    parameters = ", ".join(f"{name}={value}" for name, value in document.items() if name not in named)
    return f"{document['ratio']} is the density ratio of {document['optimizer']}({parameters})"


def _table(columns: list[tuple[str, tuple]]) -> str:
    cells = [[name, *map(str, values)] for name, values in columns]
    widths = [max(map(len, column)) for column in cells]
    rows = zip(*cells, strict=True)
    return "\n".join("  " + "  ".join(c.rjust(w) for c, w in zip(row, widths, strict=True)) for row in rows)


def _number(side: object) -> str:
    return str(side) if isinstance(side, Fraction) else f"{side}"
