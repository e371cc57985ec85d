"""Numbers in a post: each marker is computed anew, drift is found, and nothing in a file is executed."""

from __future__ import annotations

import math
import os
from fractions import Fraction
from pathlib import Path

import pytest

from qtheory.cli.main import run
from qtheory.errors import MarkerError
from qtheory.exact.enclosure import Enclosure
from qtheory.report.writeup.check import check_text, corrected
from qtheory.report.writeup.printed import read_number
from qtheory.report.writeup.quantities import MOST_SAMPLES, compute
from qtheory.report.writeup.query import parse_query

NORMAL_HAZARD = 1.7549833193248687  # phi(z)/q at q = 1/10, z the upper decile: the mean of the top tenth
POST = """# A post

The top tenth is worth <!-- {{qt: value base=normal(0,1) q=1/10}} -->1.755, at
{{qt: kl q=1/10}} **2.303** nats and {{qt: worst-cost q=1/10 epsilon=1/100}}10% cost.
Best of five: {{qt: kl best-of=5}}0.8094; the bound is {{qt: claim cost-bound status}} proved.
"""


def outcomes(text: str, latex: bool = False) -> list[str]:
    return [finding.outcome for finding in check_text(text, latex=latex)]


@pytest.mark.parametrize(
    ("query", "truth"),
    [
        ("value base=normal(0,1) q=1/10", NORMAL_HAZARD),
        ("value base=exponential(1) q=1/10", 1 + math.log(10)),
        ("mean-cost base=exponential(1) cost=exp(-x) q=1/10", 0.05),
        ("amplification base=exponential(1) cost=exp(-x) q=1/10", 0.1),
        ("amplification base=exponential(1) cost=1-exp(-x) q=1/10", 1.9),
        ("value base=uniform(0,1) best-of=3", 3 / 4),
        ("value base=uniform(0,1) top=1 of=4", 4 / 5),
        ("cost-factor q=1/10", 10),
        ("cost-factor best-of=7", 7),
        ("kl q=1/10", math.log(10)),
        ("kl best-of=5", math.log(5) - 4 / 5),
        ("chi2 q=1/10", 9),
        ("chi2 best-of=5", 25 / 9 - 1),
        ("total-variation q=1/10", 9 / 10),
        ("worst-cost q=1/10 epsilon=1/100", 1 / 10),
        ("worst-cost q=1/10 epsilon=1/5 cap=1", 1),
        ("value weights=1/4,1/2,1/4 utility=3,2,1 q=3/8", 8 / 3),
        ("mean-cost weights=1/4,1/2,1/4 utility=3,2,1 cost=1,0,0 q=3/8", 2 / 3),
        ("reservation weights=1/4,1/4,1/2 utility=8,4,0 epsilon=1", 4),
    ],
)
def test_a_quantity_is_what_a_closed_form_says(query, truth):
    found = compute(parse_query(query)).value
    assert found.low - Fraction(1, 10**8) <= Fraction(truth) <= found.high + Fraction(1, 10**8)
    assert found.width < Fraction(1, 10**6)


def test_the_reservation_value_is_where_the_excess_is_the_budget():
    found = float(compute(parse_query("reservation base=exponential(1) epsilon=1/4")).value)
    assert math.exp(-found) == pytest.approx(1 / 4, rel=1e-8)


def test_finite_problems_are_exact():
    found = compute(parse_query("value weights=1/2,1/4,1/4 utility=0,1,2 best-of=3"))
    assert (found.value, found.how) == (Enclosure.of("93/64"), "exact")


def test_a_simulated_number_comes_from_its_seed():
    query = "simulated-value base=normal(0,1) q=1/10 samples=2000 key={}"
    first, again, other = (compute(parse_query(query.format(key))).value for key in (0, 0, 1))
    assert first == again != other
    assert abs(float(first) - NORMAL_HAZARD) < 0.3


def test_an_infinite_value_is_printed_as_infinite():
    marker = "{{qt: value base=pareto(1/2) q=1/10}}"
    assert outcomes(f"{marker}∞ {marker}5 {marker}\\infty") == ["agrees", "drifted", "agrees"]


def test_a_post_whose_numbers_are_right_passes():
    assert outcomes(POST) == ["agrees"] * 5


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("-->1.755", "-->1.756"), ("2.303", "2.302"), ("10%", "11%"), ("0.8094", "0.8194"), (" proved", " cited")],
)
def test_a_planted_number_is_found_and_mended(right, wrong):
    assert right in POST
    planted = POST.replace(right, wrong)
    findings = check_text(planted)
    assert sorted(f.outcome for f in findings) == ["agrees"] * 4 + ["drifted"]
    assert corrected(planted, findings) == POST


def test_latex_is_read_with_its_comments_and_signs():
    text = "% {{qt: kl q=1/10}}\n$2.303$ % nats\n{{qt: worst-cost q=1/10 epsilon=1/100}}$10\\%$\n"
    assert outcomes(text, latex=True) == ["agrees", "agrees"]
    assert outcomes("{{qt: cost-factor q=1/10}}10% a comment", latex=True) == ["agrees"]
    assert outcomes("{{qt: cost-factor q=1/10}}10% in Markdown") == ["drifted"]


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("1.755.", "1.755", "1/2000"),
        ("-3", "-3", "1/2"),
        ("−0.50", "-1/2", "1/200"),
        ("1,234.5", "2469/2", "1/20"),
        ("1.2e-3", "3/2500", "1/20000"),
        ("1.2\\times 10^{-3}$", "3/2500", "1/20000"),
        ("93/64", "93/64", "0"),
        ("12.5%", "1/8", "1/2000"),
    ],
)
def test_a_printed_number_claims_as_much_as_its_digits(text, value, half):
    printed = read_number(text, 0, latex=False)
    assert (printed.value, printed.half_unit) == (Fraction(value), Fraction(half))
    assert printed.instead(Enclosure.of(value)) == printed.text


def test_rounding_is_judged_exactly():
    number = lambda text: read_number(text, 0, latex=False)
    point = Enclosure.of("1/8")
    assert [number(x).against(point) for x in ("0.12", "0.13", "0.1", "0.11")] == ["agrees"] * 3 + ["drifted"]
    wide = Enclosure(Fraction(1), Fraction(2))
    assert number("1.5").against(wide) == "too many digits"
    assert number("9.97e2").instead(Enclosure.of("9996")) == "1.00e4"


@pytest.mark.parametrize(
    "query",
    [
        "no-such-thing q=1/10",
        "value q=1/10",
        "value base=normal(0,1)",
        "value base=normal(0,1) q=1/10 best-of=3",
        "value base=normal(0,1) q=2",
        "value base=normal(0,1) q=1/10 colour=red",
        "value base=normal(0,1) q=1/10 q=1/10",
        "value base=nosuchlaw(1) q=1/10",
        "kl best-of=-1",
        "kl q=1/0",
        "claim cost-bound",
        "claim no-such-claim trust",
        "claim cost-bound colour",
        "claim cost-bound trust examples=1e99",
        f"simulated-value base=normal(0,1) q=1/10 samples={10 * MOST_SAMPLES} key=0",
        "simulated-value base=normal(0,1) q=1/10 samples=1000",
        "kl 'q=1/10",
        "q=1/10",
        "",
    ],
)
def test_a_bad_marker_is_named_with_its_line(query):
    [finding] = check_text(f"first\nsecond {{{{qt: {query}}}}}1")
    assert (finding.outcome, finding.line) == ("bad marker", 2)
    assert finding.says


@pytest.mark.parametrize("text", ["{{qt kl q=1}}0", "{{qt: kl q=1", "{{ qt}}", "{{qt: kl {q}}}1"])
def test_what_looks_like_a_marker_must_be_one(text):
    assert outcomes(text) == ["bad marker"]


@pytest.mark.parametrize("after", ["", "about 2.3", "x"])
def test_a_marker_without_a_number_is_bad(after):
    assert outcomes("{{qt: kl q=1/10}}" + after) == ["bad marker"]


@pytest.mark.parametrize(
    "code",
    [
        "value base=__import__('os').mkdir('owned') q=1",
        "mean-cost base=normal(0,1) cost=__import__('os').mkdir('owned') q=1",
        "mean-cost base=normal(0,1) \"cost=(lambda: open('owned','w'))()\" q=1",
        "value base=normal(0,1) utility=x.__class__ q=1",
        "kl q=open('owned','w')",
        "kl best-of=eval('1')",
        "claim ../../etc/passwd trust",
        "kl q=$(touch owned)",
        "value base=normal(0,1) utility=9**9**9**9 q=1",
    ],
)
def test_nothing_in_a_marker_is_executed(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert outcomes(f"{{{{qt: {code}}}}}1") == ["bad marker"]
    assert list(tmp_path.iterdir()) == []


def test_a_query_is_words_and_then_settings():
    query = parse_query("mean-cost base=normal(0,1) 'cost=1 / (1 + exp(-x))' q=1/10")
    assert query.settings["cost"] == "1 / (1 + exp(-x))"
    with pytest.raises(MarkerError, match="too long"):
        parse_query("kl " + "x" * 3000)


def test_the_command_finds_drift_and_writes_it_back(tmp_path, capsys):
    path = tmp_path / "post.md"
    planted = POST.replace("1.755", "1.765").replace("\n", "\r\n")
    path.write_bytes(planted.encode())
    os.chmod(path, 0o640)
    assert run(["check-writeup", str(path)]) == 1
    said = capsys.readouterr().out
    assert f"{path}:3: drifted: printed 1.765, computed 1.755" in said
    assert path.read_bytes().decode() == planted
    assert run(["check-writeup", str(path), "--write"]) == 0
    assert path.read_bytes().decode() == POST.replace("\n", "\r\n")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["post.md"]
    assert run(["check-writeup", str(path)]) == 0


def test_a_file_with_a_bad_marker_is_not_written(tmp_path, capsys):
    path = tmp_path / "post.md"
    text = "{{qt: kl q=1/10}}9.9 {{qt: nothing}}1"
    path.write_text(text)
    assert run(["check-writeup", "--write", str(path)]) == 3
    assert path.read_text() == text
    assert f"{path}:1: bad marker" in capsys.readouterr().err


def test_a_file_without_markers_or_that_is_not_there_is_bad_input(tmp_path, capsys):
    path: Path = tmp_path / "post.md"
    assert run(["check-writeup", str(path)]) == 3
    path.write_text("no number is marked: 1.755")
    assert run(["check-writeup", str(path)]) == 3
    assert "no marker" in capsys.readouterr().err


def test_a_file_that_is_not_there_does_not_hide_the_drift_of_the_next(tmp_path, capsys):
    path = tmp_path / "post.md"
    path.write_text(POST.replace("1.755", "1.765"))
    assert run(["check-writeup", str(tmp_path / "missing.md"), str(path)]) == 3
    said = capsys.readouterr()
    assert "missing.md" in said.err
    assert "printed 1.765, computed 1.755" in said.out


def test_only_marked_numbers_are_written(tmp_path, capsys):
    path = tmp_path / "paper.tex"
    text = "It was $2.4$ once.\n% {{qt: kl q=1/10}}\n$2.4$, and elsewhere $2.4$.\n"
    path.write_text(text)
    assert run(["check-writeup", "--write", str(path)]) == 0
    assert path.read_text() == "It was $2.4$ once.\n% {{qt: kl q=1/10}}\n$2.3$, and elsewhere $2.4$.\n"
    assert "1 replaced" in capsys.readouterr().out
