"""Markdown and LaTeX reports: complete, inert, and the LaTeX compiles."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import sympy as sp

from qtheory.cli.main import run as command
from qtheory.report.claim_latex import escaped
from qtheory.report.claim_markdown import plain
from qtheory.report.latex_document import report_latex
from qtheory.report.latex_math import broken
from qtheory.report.told import Derived, Formula, Step
from qtheory.statements.witness_text import witness_text

ROOT = Path(__file__).parents[2]


def test_the_markdown_names_every_claim_part_and_step(run, written):
    text = (written / "report.md").read_text(encoding="utf-8")
    for entry in run.entries:
        assert f"## {plain(entry.claim.title)}" in text
        assert all(f": {plain(part.name)}\n" in text for part in entry.claim.parts)
    steps = sum(len(told.steps) for entry in run.entries for told in entry.told.values())
    assert len(re.findall(r"^\d+\. \$", text, re.MULTILINE)) == steps > 0
    [table] = [block.splitlines() for block in text.split("\n\n") if block.startswith("| claim")]
    assert len(table) == len(run.entries) + 2
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1


def test_nothing_of_a_claim_is_active_markdown(written):
    text = (written / "report.md").read_text(encoding="utf-8")
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)<script", text)


def test_the_latex_has_an_environment_a_part_and_rules_of_booktabs(run, written):
    text = (written / "report.tex").read_text(encoding="utf-8")
    assert text.isascii()
    environments = re.findall(r"\\begin\{(theorem|proposition|conjecture|claim)\}", text)
    assert len(environments) == sum(len(entry.claim.parts) for entry in run.entries)
    assert environments.count("theorem") == sum(
        len(entry.claim.parts) for entry in run.entries[:2]
    )  # those that are proved
    assert all(rule in text for rule in (r"\toprule", r"\midrule", r"\bottomrule"))
    acted_upon = [line for line in text.splitlines() if not line.startswith("%")]
    assert not any(r"\input" in line.replace(r"\usepackage[utf8]{inputenc}", "") for line in acted_upon)


def test_every_form_shows_the_counterexample_to_the_wrong_twin(run, written):
    forms = {name: (written / name).read_text(encoding="utf-8") for name in ("index.html", "report.md", "report.tex")}
    for entry in run.entries:
        if entry.report.twin is not None and entry.report.twin.witness is not None:
            left = witness_text(entry.report.twin.witness).splitlines()[0].strip()
            assert all(left in text for text in forms.values())
    refuted = sum(entry.report.twin is not None for entry in run.entries)
    assert [text.count("Its counterexample") for text in forms.values()] == [refuted] * 3
    assert refuted > 0


def test_every_form_has_the_details_the_words_and_the_symbols(run, written):
    verdicts = [verdict for entry in run.entries for verdict in entry.report.verdicts]
    detailed = sum(any("undecided" in detail for detail in verdict.details) for verdict in verdicts)
    for name in ("index.html", "report.md", "report.tex"):
        text = (written / name).read_text(encoding="utf-8")
        assert "How to read it" in text
        assert text.count("Symbols") == len(run.entries)
        assert text.count("undecided") == detailed > 0  # a column of the details of falsify
        assert "Needs the expectations of" in text or "are assumed to exist" in text


def test_a_formula_wider_than_the_page_is_set_within_it(run, tmp_path):
    long = sp.Mul(*(sp.Symbol(f"name{letter}") for letter in "abcdefghijklmnopqrstuvwxyz"))
    formula = Formula(sp.latex(long), broken(long), "")
    derived = Derived("SMT", (Step(formula, "pointwise", (), "a note", "SMT"),), ())
    entry = replace(run.entries[0], told={run.entries[0].claim.parts[0].name: derived})
    text = report_latex(replace(run, entries=(entry,)))
    too_wide = lambda log: [float(x) for x in re.findall(r"Overfull .hbox \(([\d.]+)pt", log)]
    assert max(too_wide(compiled(tmp_path, text).stdout), default=0) < 20
    assert max(too_wide(compiled(tmp_path, text.replace(r"\resizebox{\linewidth}{!}", "")).stdout)) > 20


def test_latex_text_is_inert():
    assert escaped("a{b}$c_d\\x") == r"a\{b\}\$c\_d\textbackslash{}x"
    assert escaped("ü <= 1\n2") == r"? $\le$ 1 2"


def compiler() -> list[str]:
    for program, options in (("pdflatex", ["-interaction=nonstopmode", "-halt-on-error"]), ("tectonic", [])):
        if shutil.which(program) is not None:
            return [program, *options]
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("NOT COMPILED: neither pdflatex nor tectonic is installed", UserWarning, stacklevel=2)
    pytest.skip("neither pdflatex nor tectonic is installed")


def compiled(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "report.tex").write_text(text, encoding="utf-8")
    return subprocess.run(
        [*compiler(), "report.tex"],
        cwd=folder,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )


def test_the_latex_compiles(written, tmp_path):
    text = (written / "report.tex").read_text(encoding="utf-8")
    done = compiled(tmp_path, text)
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Undefined control sequence" not in done.stdout


def test_the_compiler_would_refuse_what_is_wrong(written, tmp_path):
    text = (written / "report.tex").read_text(encoding="utf-8")
    assert compiled(tmp_path, text.replace(r"\begin{theorem}", r"\begin{nothing}", 1)).returncode != 0


def test_the_command_writes_all_forms_and_keeps_its_exit_code(tmp_path, capsys):
    folder = tmp_path / "new" / "out"
    given = ["verify", "cost-bound", "--reading", "prove", "--reading", "falsify", "--quick", "--report", str(folder)]
    assert command(given) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "report.json", "report.md", "report.tex"]
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    jsonschema.validate(json.loads((folder / "report.json").read_text()), schema)
    first = (folder / "index.html").read_text()
    assert "A q-quantilizer multiplies" in first
    assert "1 claim: 1 proved" in capsys.readouterr().out


def test_a_place_that_cannot_be_written_to_is_refused_before_the_run(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert command(["verify", "--report", str(tmp_path / "file" / "out")]) == 3
    assert "the folder of --report cannot be made" in capsys.readouterr().err
