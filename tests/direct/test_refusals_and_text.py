"""Levels beyond floats, functions of the wrong shape, and intervals as they are printed."""

import numpy as np
import pytest

import qtheory as qt
from qtheory.direct.simulate_policy import simulate_policy
from qtheory.direct.text import outward, policy_text
from qtheory.errors import InvalidInput, InvalidLevel, NotAvailable
from qtheory.inference.interval import Interval
from qtheory.problem import Problem

NORMAL = Problem(qt.Continuous("normal(0,1)"))
LATENT = qt.Generative(qt.NormalLatent(3))


@pytest.mark.parametrize("policy", [qt.Quantilizer("1e-400"), qt.WindowedQuantilizer("1e-400", "1e-399")])
def test_a_level_that_is_no_float_is_refused_by_the_least_one(policy):
    with pytest.raises(InvalidLevel, match=r"q >= 3\.69e-281"):
        simulate_policy(NORMAL, policy)
    assert simulate_policy(NORMAL, qt.Quantilizer("1e-280"), samples=64).policies


def test_a_function_that_gives_a_vector_is_refused_with_its_shape():
    with pytest.raises(InvalidInput, match=r"utility does not give one number per action[\s\S]*\(3,\)"):
        qt.rare_event(Problem(LATENT, lambda z: z), 1e-6, samples=1 << 12)
    with pytest.raises(InvalidInput, match="cost 'cost' does not give one number"):
        qt.rare_event(Problem(LATENT, lambda z: z[0], cost=lambda z: z * 0), 1e-6, 1, samples=1 << 12)


def test_too_rare_an_event_is_not_sent_to_a_sampler_that_needs_more_draws():
    with pytest.raises(InvalidLevel, match="take q >= 1e-15"):
        qt.rare_event(Problem(LATENT, lambda z: z[0]), 1e-20)
    with pytest.raises(InvalidLevel, match="use simulate_problem"):
        qt.rare_event(Problem(LATENT, lambda z: z[0]), "1/2")


def test_printed_intervals_hold_what_they_stand_for():
    rng = np.random.default_rng(0)
    for _ in range(300):
        value = float(rng.normal() * 10.0 ** rng.integers(-8, 8))
        width = abs(value) * 10.0 ** -rng.integers(0, 12)
        ends = Interval(value - width * rng.random(), value + width * rng.random())
        text, digits = outward(ends)
        low, high = map(float, text.strip("[]").split(", "))
        shown = float(f"{value:.{max(digits, 8)}g}")
        assert low <= ends.low <= ends.high <= high and low <= shown <= high
        assert high - low <= 1.3 * (ends.high - ends.low) + 1e-6 * max(abs(low), abs(high))
    # rounding to nearest leaves the mean out
    assert float(f"{11.54997457:.7g}") < 11.549974


def test_fewer_draws_than_asked_for_are_said():
    run = simulate_policy(NORMAL, qt.Quantilizer("1/10"), samples=1000, method="sobol")
    assert "Of the 1000 draws asked for 512 are used" in policy_text(run, asked=1000)
    assert "asked for" not in policy_text(run, asked=512)


def test_the_way_out_is_named_for_python_and_for_the_command_line():
    with pytest.raises(NotAvailable, match="--increasing"):
        simulate_policy(Problem(qt.Continuous("normal(0,1)"), "-x"), qt.BestOfN(2))
    with pytest.raises(NotAvailable, match=r"n = 1e\+16"):
        simulate_policy(NORMAL, qt.BestOfN(10**16))
