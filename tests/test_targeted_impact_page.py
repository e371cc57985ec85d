"""Every number on the page about targeted impact is recomputed."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

import qtheory as qt
from qtheory.claims.registry import get
from qtheory.impact.feature import Feature
from qtheory.impact.normal import exponential_amplification, tail_amplification
from qtheory.impact.plain import amplification_of

FOLDER = Path(__file__).parents[1] / "docs"
PAGE = (FOLDER / "targeted-impact.md").read_text(encoding="utf-8")
F = Fraction
SIX = qt.Problem(
    qt.Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"]), [0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1]
)
TWO = qt.Problem(qt.Finite(["1/2", "1/2"]), [1, 0])


def rows(header):
    """The rows of the table that begins with this header cell, without the header and the rule."""
    lines = PAGE.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {header} |"))
    table = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return table
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    raise AssertionError("the table does not end")


def says(text):
    """The page, with lines joined, says this once."""
    return " ".join(PAGE.split()).count(text) == 1


def test_the_base_is_as_shown():
    (masses,) = rows("action")
    assert [F(x) for x in masses[1:]] == list(SIX.base.weights)
    assert SIX.mean(SIX.utility) == F(4, 5) and SIX.mean(list(SIX.feature)) == F(30, 100)
    assert says("30 % of the mass has the side effect, and the mean utility is 4/5")


def test_every_entry_of_the_table_of_levels():
    table = rows("*q*")
    assert [row[0] for row in table] == ["1", "1/2", "2/5", "1/5", "1/20"]
    for q, policy, value, side, alpha, factor in table:
        plain = qt.targeted_impact(SIX, q).plain
        assert tuple(map(F, policy.split(", "))) == plain.probabilities
        assert (F(value), F(alpha), F(factor)) == (plain.value, plain.alpha, plain.plain_factor)
        assert F(side) == Feature.of(SIX).law(plain.probabilities)[1]


def test_what_is_said_of_the_table():
    policy = qt.Quantilizer("1/5")(SIX)
    side, target = [int(z == 1) for z in SIX.feature], [int(u == 2) for u in SIX.utility]
    assert policy.expect(side) / SIX.mean(side) == F(5, 3) and policy.expect(target) / SIX.mean(target) == 5
    assert says("at *q* = 1/5 by 5/3, where the general bound says 5.") and says(
        "on *y* = 2, does grow by 5, the largest factor of any single action."
    )
    late = qt.targeted_impact(SIX, "1/20").plain
    assert (late.plain_factor, late.alpha, late.saturates_at, late.improves_below) == (20, F(5, 3), F(1, 5), 1)
    assert says(
        "In the example this happens from *q* = 1/5 on: at *q* = 1/20 the general bound is 20, and the factor still 5/3."
    )


def test_a_feature_that_is_the_target_is_amplified_by_the_whole_factor():
    target = qt.Problem(SIX.base, SIX.utility, feature=SIX.utility)
    apart = qt.Problem(SIX.base, SIX.utility, feature=range(6))
    for problem in (target, apart):
        for q in ("1/5", "2/5", "1/2", "1"):
            assert qt.targeted_impact(problem, q).plain.alpha == 1 / F(q)
        assert qt.targeted_impact(problem, "1/20").plain.alpha < 20


@pytest.mark.parametrize("row", rows("cost"))
def test_every_entry_of_the_table_of_normal_quantities(row):
    cost, _, rho, *factors = row
    for q, shown in zip(("1/10", "1/100"), factors, strict=True):
        if cost == "any":
            assert F(shown) == 1 / F(q)
            continue
        correlation = F(rho.replace("−", "-"))
        found = tail_amplification(q, correlation, 2) if ">" in cost else exponential_amplification(q, correlation)
        assert f"{found:.6f}" == shown


def test_the_factor_of_a_chance_has_the_ceiling_that_is_said():
    ceiling = 1 / qt.Continuous("normal(0, 1)").survival(2)
    assert says(f"cannot pass 1/Φ̄(2) = {ceiling:.3f}")
    assert tail_amplification("1/1000000000", "1/2", 2) < ceiling < 1.2 * tail_amplification("1/1000000000", "1/2", 2)
    assert exponential_amplification("1/1000000000", "1/2") > exponential_amplification("1/1000000", "1/2") > 10


def test_the_constrained_optima_are_as_said():
    alone = qt.targeted_impact(SIX, "1/2").constrained
    assert alone.probabilities == (0, 0, 0, 0, F(7, 10), F(3, 10)) and (alone.value, alone.alpha, alone.factor) == (
        2,
        1,
        7,
    )
    assert alone.probabilities[4] / SIX.base.weights[4] == 7
    assert says("*t* = 1 gives the policy (0, 0, 0, 0, 7/10, 3/10): mean utility 2,") and says(
        "and a factor 7 for a cost on"
    )
    both = qt.targeted_impact(SIX, "1/2")
    assert (both.both.action_budget, both.both.value, both.both.alpha) == (2, F(7, 5), 1)
    assert (both.plain.value, both.plain.alpha) == (F(7, 5), F(7, 6))
    assert qt.targeted_impact(SIX, "1/4").both.value == F(17, 10)
    assert says(
        "keeps the mean utility 7/5 of the plain 1/2-quantilizer, and its α falls from 7/6 to 1. "
        "That is not always free: with 4 for actions it reaches 17/10, "
        "where the plain 1/4-quantilizer has 9/5 and α = 3/2."
    )
    quarter = qt.targeted_impact(SIX, "1/4").plain
    assert (quarter.value, quarter.alpha) == (F(9, 5), F(3, 2))
    assert qt.targeted_impact(SIX, "1/20").plain.probabilities == qt.targeted_impact(SIX, "1/5").plain.probabilities


def test_the_counterexample_is_as_said():
    kernel = [["2/3", "1/3"], ["1/3", "2/3"]]
    found = qt.targeted_impact(TWO, "2/3", kernel=kernel)
    assert found.everything.t == F(3, 2) and found.everything.separating == (1, 0) and found.everything.gap == F(1, 4)
    feature = Feature.of(None, kernel)
    factors = amplification_of(feature, TWO.base.weights, (1, 0))
    assert (
        feature.law((1, 0))[0] == F(2, 3)
        and factors[0] == F(4, 3) <= F(3, 2)
        and feature.law(TWO.base.weights)[0] == F(1, 2)
    )
    assert F(3, 2) * TWO.base.weights[0] == F(3, 4)
    assert says("which is 4/3 of its chance under the base, 1/2. But *p* ≤ *t*γ allows the first action only 3/4.")


def test_the_ties_are_as_said():
    four = qt.Problem(qt.Finite(["1/4"] * 4), [1, 1, 0, 0], feature=[0, 0, 0, 0])
    found = qt.targeted_impact(four, "1/4").conditional
    assert (found.proportional, found.ordered) == (1, 2)
    assert says("(1, 1, 0, 0) at *q* = 1/4, breaking them in listed order has the factor 2.")


def test_no_number_stands_on_the_page_that_the_tests_have_not_seen():
    """Outside of tables and examples every fraction is one of those checked above."""
    prose = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    prose = "\n".join(line for line in prose.splitlines() if not line.startswith("|"))
    fractions = set(re.findall(r"(?<![\w/*])\d+/\d+(?![\w/])", prose))
    seen = "4/5 1/5 5/3 1/20 7/10 3/10 7/5 1/2 7/6 17/10 2/3 1/3 3/2 4/3 3/4 1/4 9/5"
    assert fractions <= set(seen.split())


def test_the_claims_that_the_page_names_exist_and_the_figure_is_there():
    named = set(re.findall(r"`([a-z]+-[a-z-]+)`", PAGE))
    assert named >= {"cost-bound", "feature-cost", "feature-constrained", "impact-collapse", "conditional-cost"}
    for slug in named:
        assert get(slug).slug == slug
    (figure,) = re.findall(r"!\[[^]]*\]\(([^)]*)\)", PAGE)
    assert (FOLDER / figure).read_bytes().startswith(b"\x89PNG")


def test_the_figure_is_the_one_that_the_gallery_draws():
    pytest.importorskip("matplotlib")
    axes = qt.plots.plot_side_effects(qt.amplification_curves())
    ends = {line.get_label(): line.get_ydata()[-1] for line in axes.get_lines()}
    assert ends["any cost: $1/q$"] == pytest.approx(1000)
    assert ends[r"$e^Y$, $\rho=-0.5$"] == pytest.approx(exponential_amplification("1/1000", "-1/2"))
