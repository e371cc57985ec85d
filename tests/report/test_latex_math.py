"""Formulas as LaTeX: long ones are broken where they may be, and say the same as on one line."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sympy as sp

from qtheory.claims.registry import get
from qtheory.report.claim_markdown import displayed, inline
from qtheory.report.latex_math import LINE, broken, formula, width
from qtheory.symbols import E, Scalar, c, eq, indicator, le, q, tau, u, w

LONG = [
    eq((E(u * c) - E(u) * E(c) + E(w * u)) ** 2 * q, E(u**2 * w + c * u - w * c + q * u**3) * q),
    sp.And(c >= 0, eq(E(w * c), E(u)), evaluate=False),
    sp.Implies(sp.And(c >= 0, u >= tau), sp.Or(le(E(w * c), E(c) / q), c <= 1), evaluate=False),
    le(E((w - 1) ** 2 + c * u + u + c + w), -(E(u) + E(c) - E(w)) * (q + 1 - tau + q**2)),
]


def pieces(latex: str) -> Counter[str]:
    """The names, numbers and signs of a formula, whatever its layout."""
    bare = re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\|&|\\quad|\\,|\\!", " ", latex)
    bare = re.sub(r"\\(?:left|right|bigl|bigr)(?![a-z])", "", bare)
    return Counter(re.findall(r"\\[a-z]+|[A-Za-z0-9]|[-+=<>\[\]]", bare))


@pytest.mark.parametrize("statement", LONG, ids=str)
def test_a_broken_formula_says_the_same_on_shorter_lines(statement):
    whole, lines = formula(statement), broken(statement, line=12)
    assert lines.startswith(r"\begin{aligned}")
    # the parts of a conjunction stand on lines of their own
    assert pieces(lines) == pieces(whole.replace(r"\wedge", "") if isinstance(statement, sp.And) else whole)
    rows = re.split(r"\\\\\n", lines.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}"))
    assert max(map(width, rows)) < width(whole)
    assert all(row.count(r"\left") == row.count(r"\right") for row in rows)
    assert lines.count(r"\bigl") == lines.count(r"\bigr")


def test_the_pieces_tell_formulas_apart():
    assert pieces(formula(eq(c, u))) != pieces(formula(eq(c, w)))
    assert pieces(formula(c - u)) != pieces(formula(c + u))


def test_a_short_formula_stays_on_its_line():
    assert broken(E(w * c) <= E(c) / q) == formula(E(w * c) <= E(c) / q)
    assert width(formula(E(w * c) <= E(c) / q)) < LINE


def test_names_are_words_letters_and_subscripts():
    names = {"growth": r"\mathit{growth}", "lam": r"\lambda", "tau2": r"\tau_{2}", "true_utility": None, "w": "w"}
    names["true_utility"] = r"\mathit{true}_{\mathit{utility}}"
    assert {name: formula(Scalar(name)) for name in names} == names
    assert r"c \, \mathit{growth}" in formula(c * Scalar("growth"))


def test_an_indicator_needs_no_bracket_and_other_cases_do():
    assert r"\left(" not in formula(c * indicator(u >= tau))
    cases = sp.Piecewise((q, u > tau), (1 - q, True), evaluate=False)
    assert r"\left(" in formula(c * cases)


def test_markdown_has_no_backslash_before_a_sign():
    conjunction = sp.And(eq(E(c * indicator(u >= tau)), Scalar("size") * c), c >= 0, evaluate=False)
    for text in (inline(conjunction), displayed(conjunction)):
        assert not re.search(r"\\[^A-Za-z]", text)
    assert r"\cr" in displayed(conjunction)


def test_a_built_in_statement_is_broken_only_if_it_is_long():
    for part in get("cost-bound").parts:
        assert (r"\begin{aligned}" in broken(part.conclusion)) == isinstance(part.conclusion, sp.And)
