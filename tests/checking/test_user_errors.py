"""What is wrong in a user's file of claims is told with the line, the claim, and what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import qtheory as qt
from qtheory.checking.user_claims import load_claims
from qtheory.errors import IllPosedClaim, InvalidInput, InvalidLevel, QTheoryError
from qtheory.symbols import E, c, eq, w

HEAD = "import qtheory as qt\nimport sympy as sp\nfrom qtheory.symbols import E, c, q, w, eq, ge\n"
DECORATED = '@qt.claim("t", policy=qt.Quantilizer(q=q))'


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def load(text):
        Path("mine.py").write_text(HEAD + text)
        return load_claims("mine.py")

    return load


def stated(relation, decorated=DECORATED):
    return f"{decorated}\ndef broken():\n    return {relation}\n"


UNRUN = {
    "a misspelt keyword": (stated("E(w) <= 1", '@qt.claim("t", polcy=None)'), 4, "", "did you mean policy?"),
    "a misspelt parameter": (stated("E(w) <= 1", "@qt.claim('t', policy=qt.BestOfN(draws=2))"), 4, "", "BestOfN takes n"),
    "a name that was not imported": (
        stated("E(w*epsilon) <= 1"), 6, "broken", "write `from qtheory.symbols import epsilon` above",
    ),
    "a misspelt name": (stated("E(w*epsilo) <= 1"), 6, "broken", "did you mean epsilon?"),
    "a misspelt symbol": ("from qtheory.symbols import epsilom\n", 4, "", "did you mean epsilon?"),
    "a misspelt attribute": ("x = qt.symbols.epsilom\n", 4, "", "did you mean epsilon?"),
    "a misspelt class": (stated("E(w) <= 1", '@qt.claim("t", policy=qt.Quantiliser(q=q))'), 4, "", "mend the line"),
    "a division by zero": (stated("E(w) <= 1/0"), 6, "broken", "mend the line"),
    "a number in quotes": (stated('E(w*c) <= "2"'), 6, "broken", "write a number without quotes"),
    "no Python": ("\ndef f(:\n    pass\n", 5, "", "mend the line"),
    "an exit": ("import sys\nsys.exit(3)\n", 5, "", "mend the line"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "function", "remedy"), UNRUN.values(), ids=UNRUN)
def test_a_file_that_does_not_run_is_told_with_its_line(load, text, line, function, remedy):
    with pytest.raises(InvalidInput, match=r"the file mine\.py could not be run") as error:
        load(text)
    source = (HEAD + text).splitlines()[line - 1].strip()
    assert error.value.where == f"mine.py:{line}" + (f", in {function}" if function else "") + f": `{source}`"
    assert error.value.where in str(error.value)
    assert remedy in error.value.remedy


def test_the_name_that_is_near_is_told_where_python_itself_is_not_asked():
    with pytest.raises(AttributeError, match="no attribute 'Quantiliser'; did you mean 'Quantilizer'"):
        qt.Quantiliser  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'zzzzz'$"):
        qt.zzzzz  # noqa: B018


ILL_POSED = {
    "an equation by ==": (stated("E(w) == 1"), "mine.py:6, in broken: `return E(w) == 1`", "eq(E(w), 1)"),
    "an inequation by !=": (stated("E(w) != 1"), "mine.py:6, in broken: `return E(w) != 1`", "eq(E(w), 1)"),
    "a decided conclusion": (stated("sp.Ge(c - c, 0)"), "mine.py:6, in broken", "le, ge or eq of qtheory.symbols"),
    "a decided hypothesis": (
        stated("E(w) <= 2", '@qt.claim("t", given=[c**2 >= 0])'), "mine.py:4, in broken", "le, ge or eq",
    ),
    "an undeclared symbol": (stated('E(w) <= sp.Symbol("z")'), "mine.py:6, in broken", "Scalar('x') is a number"),
    "the second claim": (
        stated("E(w) <= 2").replace("broken", "fine") + stated("E(w) == 1"), "mine.py:9, in broken", "eq(E(w), 1)",
    ),
    "no title": ("@qt.claim\ndef broken():\n    return E(c) <= 1\n", "mine.py:4: `@qt.claim`", "with the title"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "where", "remedy"), ILL_POSED.values(), ids=ILL_POSED)
def test_an_ill_posed_claim_of_a_file_is_named_with_its_line(load, text, where, remedy):
    with pytest.raises(IllPosedClaim) as error:
        load(text)
    assert error.value.where.startswith(where) and remedy in error.value.remedy


def test_what_the_remedies_name_is_accepted(load):
    (claim,) = load(stated("eq(E(w), 1)", '@qt.claim("t", policy=qt.Quantilizer(q=q), given=[ge(c**2, 0)])'))
    assert claim.slug == "broken"


def test_another_error_of_ours_keeps_its_kind_and_gets_the_line(load):
    with pytest.raises(InvalidLevel) as error:
        load(stated("E(w) <= 1", '@qt.claim("t", policy=qt.Quantilizer(q=2))'))
    assert error.value.where.startswith("mine.py:4: ")
    with pytest.raises(InvalidLevel) as error:
        qt.Quantilizer(q=2)
    assert error.value.where == ""


HIDDEN = {
    "by a claim": stated("E(w) <= 1") + stated("E(w) <= 2"),
    "by a function": stated("E(w) <= 1") + "def broken():\n    return 1\n" + stated("E(w) <= 2").replace("broken", "b"),
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_a_claim_that_a_later_name_hides_is_refused(load, text):
    with pytest.raises(IllPosedClaim, match="the claim broken on line 5 is hidden by another broken on line"):
        load(text)


def test_helpers_of_one_name_hide_no_claim(load):
    text = "def derive(d):\n    pass\ndef derive(d):\n    pass\n" + stated("E(w) <= 1")
    assert [claim.slug for claim in load(text)] == ["broken"]


@pytest.mark.parametrize("title", [None, "", "  ", 3])
def test_a_claim_has_a_title(title):
    with pytest.raises(IllPosedClaim, match="not a title"):
        qt.claim(title)


def test_what_is_decorated_is_a_function():
    with pytest.raises(IllPosedClaim, match="no function"):
        qt.claim("t")(E(c) <= 1)


def test_the_place_that_is_said_first_stays():
    error = QTheoryError("p", got=1, remedy="r").at("first")
    assert error.at("second") is error
    assert str(error) == "p\n  where:   first\n  got:     1\n  remedy:  r"


def test_in_python_an_ill_posed_claim_tells_where_it_was_stated():
    with pytest.raises(IllPosedClaim) as error:

        @qt.claim("t", policy=qt.Quantilizer("1/2"))
        def at_most_one():
            return E(w * c) == 1

    assert "in at_most_one: `return E(w * c) == 1`" in error.value.where
    assert qt.claim("t", policy=qt.Quantilizer("1/2"))(lambda: eq(E(w * c), 1)).parts
