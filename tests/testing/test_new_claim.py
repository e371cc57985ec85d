"""A new claim runs at once, never overwrites anything, and is shown like a built-in one."""

from __future__ import annotations

import pytest

from qtheory.checking.user_claims import load_claims
from qtheory.claims.registry import get
from qtheory.cli.main import run
from qtheory.report.claim_latex import claim_latex
from qtheory.report.claim_markdown import claim_markdown
from qtheory.report.claim_text import claim_text


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_claim_is_proved_survives_and_is_shown(folder, capsys):
    assert run(["new-claim", "my-bound"]) == 0
    assert run(["verify", "my_claims.py", "--reading", "prove", "--reading", "falsify"]) == 0
    assert run(["falsify", "my_claims.py"]) == 0
    assert run(["show", "my_claims.py"]) == 0
    printed = capsys.readouterr().out
    assert "my-bound  holds (SMT2)" in printed and "1 proved" in printed
    assert "Derivation of statement" in printed
    assert "qtheory verify my_claims.py" in (folder / "my_claims.py").read_text()


def test_an_existing_file_is_never_overwritten(folder, capsys):
    (folder / "my_claims.py").write_text("mine")
    assert run(["new-claim", "my-bound"]) == 3
    assert (folder / "my_claims.py").read_text() == "mine"
    assert "nothing was written" in capsys.readouterr().err
    assert run(["new-claim", "my-bound", "--file", "others.py"]) == 0
    assert load_claims("others.py")[0].slug == "my-bound"


@pytest.mark.parametrize(
    "name", ["", "class", "../x", "1st", "Has-Capitals", "qt", "c", "derive", "a b", "x" * 61, "é"]
)
def test_what_is_no_name_of_a_function_is_refused(folder, name, capsys):
    assert run(["new-claim", name]) == 3
    assert not list(folder.iterdir())
    assert "not a name for a claim" in capsys.readouterr().err


def test_a_built_in_claim_keeps_its_name(folder, capsys):
    for name in ("cost-bound", "cost_bound"):
        assert run(["new-claim", name]) == 3
        assert "choose another, such as my-cost-bound" in capsys.readouterr().err
    assert not list(folder.iterdir())
    assert run(["new-claim", "my-cost-bound"]) == 0


def test_a_folder_that_is_missing_is_named(folder, capsys):
    assert run(["new-claim", "my-bound", "--file", "missing/mine.py"]) == 3
    assert "the folder missing does not exist; nothing was written" in capsys.readouterr().err
    (folder / "plain").write_text("")
    assert run(["new-claim", "my-bound", "--file", "plain/mine.py"]) == 3
    assert "the folder plain is not a folder" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["my_claims.txt", "missing/my_claims.py", "."])
def test_what_is_no_place_for_a_file_is_refused(folder, target):
    assert run(["new-claim", "my-bound", "--file", target]) == 3
    assert not list(folder.iterdir())


USERS = """
import qtheory as qt
from qtheory.symbols import E, c, q, w


def derive(d):
    local = d.pointwise(w * c <= c / q, "w <= 1/q and c >= 0")
    d.conclude(d.integrate(local))


@qt.claim("TITLE", policy=qt.Quantilizer(q=q), given=[c >= 0], kind="upper bound", source="SOURCE", derivation=derive)
def cost_bound():
    return {"bound": E(w * c) <= E(c) / q}
"""


@pytest.mark.parametrize("write", [claim_text, claim_latex, claim_markdown], ids=lambda f: f.__name__)
def test_a_users_claim_is_rendered_like_ours(folder, write):
    own = get("cost-bound")
    (folder / "same.py").write_text(USERS.replace("TITLE", own.title).replace("SOURCE", own.source))
    mine, ours = write(load_claims("same.py")[0]).splitlines(), write(own).splitlines()
    # Statement, mathematics, hypotheses, derivation and symbols: what differs is the words and the parts that are ours alone.
    shared = [line for line in mine if line.strip() and line in ours]
    assert len(shared) >= 0.7 * len([line for line in mine if line.strip()])
