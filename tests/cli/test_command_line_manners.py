"""The command line on paper: no line too long, every error in one form, nothing given that is silently dropped."""

from __future__ import annotations

import json
import shutil
import sys
from os import terminal_size
from pathlib import Path

import pytest
from jax.random import normal

import qtheory as qt
from qtheory.checking.verify import ClaimReport
from qtheory.claims.registry import get
from qtheory.cli.columns import in_columns
from qtheory.cli.main import run
from qtheory.cli.options import read_claims
from qtheory.cli.selfcheck import _text
from qtheory.report.table import report_text
from qtheory.statements.verdict import Verdict
from qtheory.testing.mutant import all_mutants
from qtheory.testing.selfcheck import MutantResult, SelfCheck

COUNT = "a whole number from 1 to 9.2e18, such as 100000 or 1e5"
WORLD = ["--base", "normal(0,1)", "--samples", "2e4"]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    # the command line keeps compiled programs in the user's folder; tests must not
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)


def longest(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_list_fits_in_100_columns_and_keeps_every_word(capsys):
    from qtheory.claims.registry import all_claims

    assert run(["list"]) == 0
    shown = capsys.readouterr().out
    assert longest(shown) <= 100
    words = " ".join(shown.split())
    assert all(claim.slug in words and " ".join(claim.title.split()) in words for claim in all_claims())


def test_a_terminal_says_how_wide_it_is_and_a_pipe_is_100_wide(monkeypatch):
    rows = [("a-name", "many words " * 30)]
    assert 80 < longest(in_columns(rows)) <= 100
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda *default: terminal_size((60, 24)))
    assert 40 < longest(in_columns(rows)) <= 60


def test_every_mutant_is_listed_within_100_columns():
    mutants = tuple(MutantResult(mutant, "the-longest-name-of-a-check", "why") for mutant in all_mutants())
    shown = _text(SelfCheck((), mutants, 123.0), list_mutants=True)
    assert longest(shown) <= 100
    words = " ".join(shown.split())
    assert all(" ".join(mutant.wrong.split()) in words for mutant in all_mutants())


def test_the_table_of_verify_fits_in_100_columns():
    cells = tuple({"outcome": "holds" if place % 2 else "inconclusive"} for place in range(124))
    proved, refuted = Verdict("prove", "holds", "checked", trust="CITED"), Verdict("falsify", "violated", "found")
    survived = Verdict("falsify", "survived", "none found", samples=1234)
    sampled = Verdict("simulate", "inconclusive", "tight", details=cells, alpha=1e-6)
    reports = [
        ClaimReport(get(slug), (proved, survived, sampled), twin=refuted)
        for slug in ("exponential-moment-bound", "cost-bound")
    ]
    shown = report_text(reports, 1e-6)
    assert longest(shown) <= 100
    assert "62/124" in shown
    assert "gaps: `--json`" in shown


@pytest.mark.parametrize(
    ("arguments", "problem", "then"),
    [
        (["verify", "--frob"], "no such option", "got:     '--frob'"),
        (["verify", "--frob"], "no such option", "remedy:  see `qtheory verify --help`"),
        (["verify", "--alpa", "1"], "no such option", "remedy:  did you mean --alpha?"),
        (["audit", "s.csv", "--utility", "x", "--q"], "option '--q' requires", "remedy:  see `qtheory audit --help`"),
        (["verify", "--examples", "0"], "--examples is not a possible count", f"allowed: {COUNT}"),
        (["verify", "--samples", "1e30"], "--samples is not a possible count", f"allowed: {COUNT}"),
        (
            ["simulate", "--base", "normal(0,1"],
            "not a family: the closing bracket",
            "remedy:  did you mean normal(0,1)?",
        ),
        (
            ["simulate", "--base", "mixture(1*normal(0"],
            "not a family: the closing bracket",
            "remedy:  did you mean mixture(1*normal(0))?",
        ),
        (["frontier", "--base", "pareto(1/2)"], "draws could exceed", "got:     Pareto(alpha=0.5, minimum=1)"),
        (["replay"], "missing argument 'WITNESS'", "remedy:  see `qtheory replay --help`"),
        (["simulate"], "missing option '--base'", "remedy:  see `qtheory simulate --help`"),
        (["verify", "--key", "x"], "invalid value for '--key'", "allowed: a whole number from 0 to 4294967295"),
        (["verify", "--reading", "guess"], "invalid value for '--reading'", "allowed: prove, falsify, simulate"),
        (["verfy"], "no such command", "remedy:  did you mean verify?"),
        (["show", "cost-bond"], "no such claim", "remedy:  did you mean cost-bound?"),
        (
            ["simulate", "--base", "norml(0,1)"],
            "not a family: 'norml' is not a family",
            "remedy:  did you mean normal?",
        ),
        (["simulate", "--base", "Mixture(1*normal())"], "not a family", "remedy:  did you mean mixture?"),
    ],
)
def test_errors_of_usage_look_like_all_others(arguments, problem, then, capsys):
    assert run(arguments) == 3
    captured = capsys.readouterr()
    first, *rest = captured.err.splitlines()
    assert first.startswith(f"qtheory: {problem}")
    assert f"  {then}" in rest
    assert "Usage:" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("options", "told", "not_told"),
    [
        (["--cost", "x"], "declare --cost-max: the cap", "cost_max"),
        (["--utility-range", "5,1"], "--utility-range is empty", "utility_range"),
        (["--q", "0"], "--q is not a quantile level", "Fraction("),
        (["--q", "0"], "allowed: 0 < q <= 1, as 1/10 or 0.1", "Decimal"),
        (["--q", "0"], "use Maximizer() from Python", "Decimal"),
        (["--samples", "0"], "--samples is not a number of draws", "qtheory: samples"),
        (["--utility-range", "1,"], "allowed: a number such as 1/10", "Fraction"),
    ],
)
def test_the_command_line_speaks_of_options(options, told, not_told, capsys):
    assert run(["simulate", *WORLD, *options]) == 3
    said = capsys.readouterr().err
    assert told in said and not_told not in said


def test_a_file_of_claims_is_told_of_in_python_s_names(tmp_path, capsys):
    (tmp_path / "mine.py").write_text("import qtheory as qt\nlevel = qt.Quantilizer(q=0)\n")
    assert run(["show", str(tmp_path / "mine.py")]) == 3
    said = capsys.readouterr().err
    assert "qtheory: q is not a quantile level" in said and "use Maximizer()" in said
    assert "mine.py:2: `level = qt.Quantilizer(q=0)`" in said


@pytest.mark.parametrize(
    ("law", "told"), [("pareto(1/2)", ", and the mean of this law is infinite"), ("lognormal(0, 20)", "")]
)
def test_a_law_too_wide_for_float32_is_told_whether_it_has_a_mean(law, told, capsys):
    assert run(["frontier", "--base", law]) == 3
    first = capsys.readouterr().err.splitlines()[0]
    assert first == f"qtheory: draws could exceed the range of float32{told}"


def test_a_file_given_twice_is_read_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(
        "import qtheory as qt\nfrom qtheory.symbols import E, c\n@qt.claim('t')\ndef one():\n    return E(c) <= 1\n"
    )
    Path("b.py").write_text(Path("a.py").read_text().replace("one", "two"))
    targets = ("a.py", "./a.py", str(tmp_path / "a.py"), "cost-bound", "b.py", "cost-bound")
    assert [claim.slug for claim in read_claims(targets)] == ["one", "cost-bound", "two"]


def test_nothing_is_meant_by_a_name_that_is_like_none(capsys):
    assert run(["simulate", "--base", "zzz(0,1)"]) == 3
    assert "did you mean" not in capsys.readouterr().err


@pytest.mark.parametrize("command", [["simulate", *WORLD], ["frontier", *WORLD], ["sample-policy", *WORLD]])
def test_levels_given_again_add_up(command, capsys):
    found = []
    for levels in (["--q", "1/10,1/5", "--q", "1/2"], ["--q", "1/10,1/5,1/2"], ["--q", "1/2"]):
        assert run([*command, *levels, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_show_lists_the_symbols_that_a_claim_uses_and_no_others(tmp_path, capsys):
    path = tmp_path / "my_claims.py"
    path.write_text(
        "import qtheory as qt\nfrom qtheory.symbols import E, c, q, w\n"
        "@qt.claim('half', policy=qt.Quantilizer(q='1/2'), given=[c >= 0])\ndef half():\n    return E(w*c) <= 2*E(c)\n"
        "@qt.claim('any', policy=qt.Quantilizer(q=q), given=[c >= 0])\ndef any_level():\n    return E(w*c) <= E(c)/q\n"
    )
    assert run(["show", str(path)]) == 0
    blocks = [block.split("\n\n")[0] for block in capsys.readouterr().out.split("Symbols\n")[1:]]
    assert [[line.split()[0] for line in block.splitlines()] for block in blocks] == [["c", "w"], ["c", "q", "w"]]


def test_show_says_what_every_symbol_in_a_derivation_and_in_the_twin_means(capsys):
    assert run(["show", "cost-bound"]) == 0
    text = capsys.readouterr().out
    symbols = [line.split()[0] for line in text.split("Symbols\n")[1].splitlines()]
    assert {"rho", "w", "q", "c"} <= set(symbols)
    above = text.split("Symbols\n")[0]
    assert all(name in above for name in symbols)


def test_a_figure_of_a_simulation_names_its_base_and_has_a_record(tmp_path: Path, capsys):
    pytest.importorskip("matplotlib")
    target = tmp_path / "world.svg"
    asked = ["simulate", *WORLD, "--cost", "1/(1+exp(-x))", "--cost-max", "1", "--key", "5", "--json"]
    assert run([*asked, "--plot", str(target)]) == 0
    printed = json.loads(capsys.readouterr().out)["record"]
    beside = json.loads(Path(f"{target}.json").read_text())
    assert beside["record"] == printed
    assert (beside["record"]["key"], beside["record"]["configuration"]["base"]) == (5, "normal(0,1)")
    assert "base normal(0, 1)" in target.read_text()


def test_the_figure_of_bound_and_simulation_names_its_base_and_breaks_no_number():
    pytest.importorskip("matplotlib")
    law = "mixture(0.99*normal(0, 1) + 0.01*normal(2, 1))"
    for base, said in ((qt.Continuous(law), f"base {law}, 20"), (qt.Generative(normal, name="mine"), "base mine, 20")):
        found = qt.simulate_problem(qt.Problem(base, "x", "1/(1+exp(-x))"), "1/10", 1, 20_000)
        (below,) = [text for text in qt.plots.plot_bound_and_simulation(found).texts if text.get_gid() == "caption"]
        assert said in " ".join(below.get_text().split())
        assert "20\N{NO-BREAK SPACE}000 draws" in below.get_text().replace("\n", " ")


def test_without_matplotlib_a_figure_is_refused_before_anything_is_drawn(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    drawn = []
    monkeypatch.setattr("qtheory.cli.simulate.simulate_world", lambda *rest: drawn.append(rest))
    assert run(["simulate", *WORLD, "--plot", str(tmp_path / "x.png")]) == 3
    assert "the extra `plot`" in capsys.readouterr().err
    assert drawn == []
