"""A counterexample shows both sides of what it refutes, also where the statement speaks of single actions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from qtheory.statements.instance import Instance
from qtheory.statements.witness import Witness
from qtheory.symbols import E, c, t, u

COSTS = (Fraction(7), Fraction(2), Fraction(1), Fraction(0))
WEIGHTS = (Fraction(0), Fraction(1, 2), Fraction(1, 4), Fraction(1, 4))
INSTANCE = Instance(WEIGHTS, {u: COSTS, c: COSTS}, {t: Fraction(1)})


def here(conclusion, **sides):
    text = str(Witness("claim", "part", conclusion, (), (), None, INSTANCE, **sides))
    return [line.strip() for line in text.splitlines() if line.strip().startswith("here:")]


@pytest.mark.parametrize(
    ("conclusion", "told"),
    [
        (E(c) <= c, "here: at action 3 left side 5/4, right side 1"),
        (c <= t, "here: at action 2 left side 2, right side 1"),
        (c >= E(c) + t, "here: at action 2 left side 2, right side 9/4"),
        (sp.Or(c >= 2, c <= 0), "here: false at action 3"),
    ],
)
def test_the_first_possible_action_at_which_it_fails_is_shown(conclusion, told):
    assert here(conclusion) == [told]


@pytest.mark.parametrize("conclusion", [c <= 2, sp.Or(c >= 1, c <= 0), sp.And(E(c) <= 0, E(c) >= 1)])
def test_nothing_is_shown_where_no_possible_action_fails(conclusion):
    # the first action fails the first of these, and has no mass
    assert here(conclusion) == []


def test_a_statement_of_numbers_shows_its_two_sides():
    assert here(E(c) <= 1, left=Fraction(5, 4), right=Fraction(1)) == ["here: left side 5/4, right side 1"]


def test_a_witness_that_lacks_a_symbol_can_still_be_shown():
    lacking = replace(INSTANCE, scalars={})
    assert "claimed: c <= t" in str(Witness("claim", "part", c <= t, (), (), None, lacking))
