r"""Integrals over rank: exact on what blows up at the ends, and never silent where there is no integral."""

import math

import numpy as np
import pytest

from qtheory.base.rank_quadrature import Rank, integrate_rank, tanh_sinh_nodes
from qtheory.errors import InvalidInput, NotAvailable

RELATIVE = 2e-13
LEVELS = (1.0, 0.5, 0.1, 1e-2, 1e-6, 1e-12)


def close(got, expected, relative=RELATIVE):
    return abs(got - expected) <= relative * abs(expected)


@pytest.mark.parametrize("power", [0.0, 1 / 3, 0.5, 2 / 3, 0.9])
@pytest.mark.parametrize("q", LEVELS)
def test_powers_of_rank_integrate_to_their_closed_form(power, q):
    value, error = integrate_rank(lambda rank: rank.top**-power, 0.0, q)
    assert close(value, q ** (1 - power) / (1 - power))
    assert error <= 1e-11 * value


@pytest.mark.parametrize("q", LEVELS)
def test_logarithm_of_rank(q):
    assert close(integrate_rank(lambda rank: -np.log(rank.top), 0.0, q).value, q * (1 - math.log(q)))


def test_lower_tail_singularity_needs_and_gets_the_complement():
    assert close(integrate_rank(lambda rank: rank.bottom**-0.5).value, 2.0)
    # 1/2-power on both sides: the beta function B(1/2, 1/2)
    assert close(integrate_rank(lambda rank: (rank.top * rank.bottom) ** -0.5).value, math.pi)


def test_windows_add_up():
    h = lambda rank: rank.top**-0.6
    whole = integrate_rank(h, 0.0, 0.8).value
    assert close(integrate_rank(h, 0.0, 1e-9).value + integrate_rank(h, 1e-9, 0.8).value, whole)


def test_a_jump_is_found_without_being_named_and_named_jumps_are_exact():
    step = lambda rank: np.where(rank.top < 0.137, 1.0, 0.0)
    value, error = integrate_rank(step)
    assert abs(value - 0.137) <= max(error, 1e-12)
    assert close(integrate_rank(step, breaks=[0.137]).value, 0.137)


@pytest.mark.parametrize("power", [1.0, 1.5, 0.999])
def test_what_cannot_be_integrated_is_refused(power):
    with pytest.raises(NotAvailable):
        integrate_rank(lambda rank: rank.top**-power)
    with pytest.raises(NotAvailable):
        integrate_rank(lambda rank: rank.bottom**-power)


def test_noise_is_refused_and_nan_is_refused():
    noise = np.random.default_rng(0)
    with pytest.raises(NotAvailable):
        integrate_rank(lambda rank: noise.normal(size=rank.top.shape))
    with pytest.raises(NotAvailable, match="not finite"):
        integrate_rank(lambda rank: np.full_like(rank.top, np.nan))


@pytest.mark.parametrize("ends", [(0.5, 0.5), (-0.1, 1.0), (0.0, 1.1), (0.3, 0.2), (float("nan"), 1.0)])
def test_ends_must_be_ranks(ends):
    with pytest.raises(InvalidInput):
        integrate_rank(lambda rank: rank.top, *ends)


def test_both_ends_of_a_rank_are_precise():
    seen = []
    integrate_rank(lambda rank: seen.append(rank) or np.ones_like(rank.top))
    assert all(isinstance(rank, Rank) and np.all(rank.top > 0) and np.all(rank.bottom > 0) for rank in seen)
    assert min(rank.bottom.min() for rank in seen) < 1e-290


def test_nodes_are_symmetric_and_weigh_one():
    node, complement, weight = tanh_sinh_nodes(64)
    assert np.array_equal(node, complement[::-1])
    assert abs(weight.sum() - 1.0) < 1e-14


def test_zero_has_integral_zero():
    assert integrate_rank(lambda rank: np.zeros_like(rank.top)) == (0.0, 0.0)
