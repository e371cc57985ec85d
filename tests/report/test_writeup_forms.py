"""What may stand in a marker's place and after it: slips are bad markers, LaTeX is read, and messages say what is missing."""

from __future__ import annotations

from fractions import Fraction

import pytest

from qtheory.cli.main import run
from qtheory.errors import MarkerError
from qtheory.exact.enclosure import Enclosure
from qtheory.report.writeup.check import check_text, corrected
from qtheory.report.writeup.printed import read_number
from qtheory.report.writeup.quantities import Computed

THIRDS = "{{qt: value weights=1/4,1/2,1/4 utility=3,2,1 q=3/8}}"  # (3/4 + 2/8) / (3/8) = 8/3
NATS = "{{qt: kl q=1/10}}"
DRAWN = "{{qt: simulated-value base=normal(0,1) q=1/10 samples=2000 key=0}}"


def outcomes(text: str, latex: bool = False) -> list[str]:
    return [finding.outcome for finding in check_text(text, latex=latex)]


@pytest.mark.parametrize(
    "slip",
    [
        "{{QT: kl q=1/10}}", "{{Qt: kl q=1/10}}", "{{ QT: kl q=1/10 }}", "{{qt : kl q=1/10}}", "{ {qt: kl q=1/10}}",
        "{qt: kl q=1/10}", "{QT: kl q=1/10}", "{{qt; kl q=1/10}}", "{{qt-kl q=1/10}}", "{{qt_: kl q=1/10}}",
        r"\{\{qt: kl q=1/10\}\}", "{{qt: KL q=1/10}}", "{{qt： kl q=1/10}}",
    ],
)  # fmt: skip
def test_a_slip_in_a_marker_is_a_bad_marker_in_its_line(slip, tmp_path, capsys):
    path = tmp_path / "post.md"
    path.write_text(f"first\n{slip}9.9 nats\n", encoding="utf-8")
    assert run(["check-writeup", "--write", str(path)]) == 3
    assert f"{path}:2: bad marker" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == f"first\n{slip}9.9 nats\n"


@pytest.mark.parametrize("text", ["{{qtheory}}", "{{quantile: 3}}", "{qty: 3}", "about qt: kl", "{{ x }}", "{q: t}"])
def test_what_is_no_marker_at_all_is_left_alone(text):
    assert outcomes(text) == []


@pytest.mark.parametrize("spaced", ["{{ qt: kl q=1/10 }}", "{{qt:kl   q=1/10}}", "{{\nqt: kl\nq=1/10}}"])
def test_space_within_a_marker_is_free(spaced):
    assert outcomes(f"{spaced}2.303") == ["agrees"]
    assert outcomes(f"{spaced}2.304") == ["drifted"]


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        (r"\frac{8}{3}", "8/3", "0"),
        (r"-\dfrac{ 8 }{ 3 }", "-8/3", "0"),
        (r"\tfrac83", "8/3", "0"),
        (r"\frac{12}5", "12/5", "0"),
        (r"-1.5\times10^{-3}", "-3/2000", "1/20000"),
        (r"2.5\cdot 10^3", "2500", "50"),
        ("1{,}234.5", "2469/2", "1/20"),
        (r"12.5\,\%", "1/8", "1/2000"),
    ],
)
def test_a_number_in_latex_claims_as_much_as_its_digits(text, value, half):
    printed = read_number(text, 0, latex=True)
    assert (printed.text, printed.value, printed.half_unit) == (text, Fraction(value), Fraction(half))
    again = read_number(printed.instead(Enclosure.of(value)), 0, latex=True)
    assert (again.value, again.half_unit) == (printed.value, printed.half_unit)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (rf"{THIRDS}$\frac{{8}}{{3}}$", rf"{THIRDS}$\frac{{7}}{{3}}$"),
        (rf"{THIRDS}\tfrac83", rf"{THIRDS}\tfrac82"),
        (rf"{NATS}\(2.303\)", rf"{NATS}\(2.304\)"),
        (rf"{NATS}\[ 2.303 \]", rf"{NATS}\[ 2.304 \]"),
        (rf"{NATS}$ 2.303 $", rf"{NATS}$ 2.304 $"),
        (rf"{NATS}$2.30\times10^{{0}}$", rf"{NATS}$2.31\times10^{{0}}$"),
        (rf"{NATS}$2.30\cdot10^{{0}}$", rf"{NATS}$2.30\cdot10^{{1}}$"),
    ],
)
def test_latex_after_a_marker_is_read_and_mended(right, wrong):
    assert outcomes(right, latex=True) == ["agrees"]
    findings = check_text(wrong, latex=True)
    assert [finding.outcome for finding in findings] == ["drifted"]
    mended = corrected(wrong, findings)
    assert outcomes(mended, latex=True) == ["agrees"]
    assert mended.replace("{8}{3}", "83") == right.replace("{8}{3}", "83")


def test_a_bare_percent_sign_in_latex_begins_a_comment_wherever_it_stands():
    ten = "{{qt: cost-factor q=1/10}}"
    assert outcomes(f"{ten}10 % so\n{ten}10% so\n{ten}10\n% {ten}10", latex=True) == ["agrees"] * 4
    assert outcomes(f"{ten}10 % so") == ["drifted"]


@pytest.mark.parametrize(
    "after",
    ["2.303^2", "2.303/4", "2,9", r"2\frac13", r"2.303 \times 3", r"2{,}303{,}5", "2.3.4", r"2\,303", r"2.3\cdot4"],
)
def test_a_number_that_goes_on_is_not_taken_for_its_beginning(after):
    [finding] = check_text(NATS + after, latex=True)
    assert finding.outcome == "bad marker"
    assert "goes on" in finding.says
    assert outcomes(f"{NATS}2.303, 2.303. {NATS}2.303 times; {NATS}2.303 × more") == ["agrees"] * 3


@pytest.mark.parametrize("after", ["about 2.3", r"\sqrt{5}", r"\textbf{2.303}", r"\frac{a}{b}"])
def test_the_message_says_what_forms_are_allowed(after):
    [finding] = check_text(NATS + after)
    assert finding.outcome == "bad marker"
    assert all(form in finding.says for form in ("1.2e-3", "12.5%", r"\frac{8}{3}", r"-1.5\times10^{-3}"))


def test_a_simulated_number_is_shown_as_a_decimal():
    [finding] = check_text(DRAWN + "9.9")
    assert (finding.outcome, finding.says.split(": ")[0]) == ("drifted", "simulated")
    shown = finding.says.split(": ")[1]
    assert "/" not in shown
    assert 5 <= len(shown) <= 12
    assert abs(float(shown) - 1.755) < 0.3
    [finding] = check_text(DRAWN + "8/3")
    assert finding.outcome == "bad marker"
    assert "print a decimal" in finding.says


def test_exact_numbers_stay_exact_as_long_as_they_can_be_read():
    assert str(Computed(Enclosure.of("93/64"), "exact")) == "93/64"
    assert str(Computed(Enclosure.of(Fraction(10**30 + 1, 3 * 10**30)), "exact")) == "0.3333333333"
    assert str(Computed(Enclosure.of(10**400), "exact")).endswith("E+400")
    assert str(Computed(float("inf"), "quadrature")) == "infinite"


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (
            "value",
            "needs a world, base= or weights= is missing, and a policy, q=, best-of=, or top= with of= is missing",
        ),
        ("value q=1/10", "needs a world: base= or weights= is missing"),
        ("reservation epsilon=1/10", "needs a world: base= or weights= is missing"),
        ("value base=normal(0,1)", "needs a policy: q=, best-of=, or top= with of= is missing"),
        ("kl", "needs a policy"),
        ("kl top=1", "top= needs of=, which is missing"),
        ("kl of=4", "of= needs top=, which is missing"),
        ("worst-cost q=1/10", "needs epsilon=, which is missing"),
        ("mean-cost base=normal(0,1) q=1/10", "needs cost=, which is missing"),
        ("simulated-value base=normal(0,1) q=1/10 samples=1000", "needs key=, which is missing"),
    ],
)
def test_what_is_missing_is_named(query, says):
    [finding] = check_text(f"{{{{qt: {query}}}}}1")
    assert finding.outcome == "bad marker"
    assert says in finding.says
    assert repr(query) in finding.says
    assert "{}" not in finding.says


def test_an_error_of_the_system_is_the_problem_and_not_the_remedy(tmp_path, capsys):
    latin = tmp_path / "latin.md"
    latin.write_bytes(b"caf\xe9 {{qt: kl q=1/10}}2.303")
    assert run(["check-writeup", str(latin)]) == 3
    said = capsys.readouterr().err
    assert "not UTF-8: byte 3 is 0xe9" in said
    assert "remedy:  save it as UTF-8" in said
    assert run(["check-writeup", str(tmp_path / "missing.md")]) == 3
    said = capsys.readouterr().err
    assert "cannot be read: No such file or directory" in said
    assert "Errno" not in said
    assert "remedy:  give the path" in said


def test_a_number_printed_over_zero_is_refused():
    with pytest.raises(MarkerError, match="denominator zero"):
        read_number(r"\frac{1}{0}", 0, latex=True)
