"""Mathematics on a page says what the statement says: it is read back from brackets and bars alone."""

from __future__ import annotations

import pytest
import sympy as sp
from reading_mathml import formula_of

from qtheory.claims.registry import get, slugs
from qtheory.formula.parse import parse
from qtheory.formula.unparse import unparse
from qtheory.report.mathml import mathml
from qtheory.symbols import E, OfAction, c, eq, indicator, q, tau, u, w, xlogy


def names_in(statement: sp.Basic) -> list[str]:
    return sorted({x.name for x in statement.atoms(sp.Symbol)})


def read_back(statement: sp.Basic, display: bool = False) -> tuple[sp.Basic, sp.Basic]:
    """The statement in its normal form, and what the page shows of it."""
    table = {x.name: x for x in statement.free_symbols}
    shown = formula_of(mathml(statement, display=display), names_in(statement))
    # the language has no expectation of the number one, a claim may
    read = lambda text: parse(text.replace("E(1)", "1"), table, relations=True)
    return read(unparse(statement)), read(shown)


@pytest.mark.parametrize("slug", slugs())
def test_every_statement_and_hypothesis_reads_back(slug):
    claim = get(slug)
    twin = claim.twin.parts if claim.twin is not None else ()
    statements = {s for part in (*claim.parts, *twin) for s in (part.conclusion, *part.hypotheses)}
    for statement in sorted(statements, key=str):
        wanted, found = read_back(statement)
        assert same(wanted, found), f"{statement}\n{wanted}\n{found}"


def same(wanted: sp.Basic, found: sp.Basic) -> bool:
    """Equal as they stand, or side by side after expansion."""
    if wanted == found:
        return True
    if type(wanted) is not type(found) or len(wanted.args) != len(found.args) or not wanted.args:
        return False
    if isinstance(wanted, sp.Expr):
        return sp.expand(wanted - found) == 0
    pairs = zip(wanted.args, found.args, strict=True)
    return all(same(x, y) for x, y in pairs)


@pytest.mark.parametrize(
    "statement",
    [
        eq(E(w * (c - u) ** 2), (q + 1) ** q / (q * (1 - q))),
        eq(-(c - u) * w, sp.sqrt(c + 1) / 2),
        eq(E(indicator(u >= tau) * c) ** 2, sp.exp(-(q**2)) * sp.log(q + 1)),
        eq(E(xlogy(w, w + 1)), sp.Max(c, u, 1) - sp.Abs(u - c)),
        sp.Implies(sp.And(c > 0, sp.Or(u < 0, w >= 1)), eq(c, 0), evaluate=False),
        eq(sp.Piecewise((q, u > tau), (1 - q, True), evaluate=False), sp.Rational(-3, 7) * q),
    ],
    ids=str,
)
def test_brackets_stand_where_they_must(statement):
    wanted, found = read_back(statement)
    assert same(wanted, found)


def test_the_reader_sees_a_missing_bracket():
    markup = mathml((c - u) * w)
    assert "<mo>(</mo>" in markup
    bare = markup.replace("<mo>(</mo>", "").replace("<mo>)</mo>", "")
    read = lambda text: parse(formula_of(text, ["c", "u", "w"]), {"c": c, "u": u, "w": w})
    assert read(markup) == (c - u) * w
    assert sp.expand(read(bare) - (c - u) * w) != 0


def test_a_conjunction_on_its_own_line_has_a_row_for_each_part():
    both = sp.And(c >= 0, w <= 1, evaluate=False)
    assert mathml(both, display=True).count("<mtr>") == 2
    wanted, found = read_back(both, display=True)
    assert same(wanted, found)


def test_a_name_cannot_become_markup():
    assert "<script" not in mathml(OfAction("<script>alert(1)</script>") + 1)
