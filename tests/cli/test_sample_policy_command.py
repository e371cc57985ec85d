"""`qtheory sample-policy`: options, text, JSON, refusals."""

import json

import pytest
from click.testing import CliRunner

from qtheory.cli.main import COMMANDS
from qtheory.cli.sample_policy import command
from qtheory.errors import InvalidInput, NotAvailable, QTheoryError

WORLD = ("--base", "normal(0,1)", "--cost", "1/(1+exp(-x))", "--cost-max", "1", "--samples", "4096")


def run(*arguments):
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    if isinstance(result.exception, QTheoryError):
        raise result.exception
    return result


def test_text_shows_every_policy_beside_its_quadrature():
    result = run(
        *WORLD, "--q", "1e-12,1/10", "--best-of", "1e9", "--top", "16/1600", "--poisson", "50", "--window", "0.01:0.1"
    )
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= 100
    for words in (
        "rule(n=1000000000, k=1)",
        "rule(n=1600, k=16)",
        "poisson(mu=50)",
        "window(",
        "by quadrature",
        "rigorous",
    ):
        assert words in result.output
    assert "WARNING" not in result.output


def test_json_is_one_reproducible_document():
    first, second = (run(*WORLD, "--best-of", "10", "--json", "--key", "3").output for _ in range(2))
    assert first == second
    document = json.loads(first)
    (policy,) = document["simulation"]["policies"]
    assert policy["utility"]["truth"] == pytest.approx(1.5387527308)
    assert document["record"]["command"] == "sample-policy" and document["record"]["dtype"] == "float64"
    assert document["record"]["configuration"]["policies"] == ["rule(n=10, k=1)"]


def test_levels_of_the_simulation_are_sampled_where_no_policy_is_named():
    assert [f"ideal(q=1/{n})" in run(*WORLD).output for n in (100, 10)] == [True, True]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--top", "16"), InvalidInput),
        (("--window", "1/10"), InvalidInput),
        (("--best-of", "0"), InvalidInput),
        (("--utility", "-x"), NotAvailable),
        (("--utility", "x**2", "--increasing"), InvalidInput),
        (("--samples", "3"), InvalidInput),
    ],
)
def test_bad_options_are_refused_by_type(options, error):
    with pytest.raises(error):
        run(*WORLD, *options)


def test_the_command_is_listed():
    assert COMMANDS["sample-policy"][0] == "sample_policy"
