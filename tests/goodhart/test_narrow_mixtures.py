"""Narrow components: what two quadrature rules both miss is found, or refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

import qtheory as qt
from qtheory.base.families import Mixture, Normal, StudentT
from qtheory.errors import NotAvailable
from qtheory.goodhart import winner


def pairs(*places_and_sd):
    places, sd = places_and_sd[:-1], places_and_sd[-1]
    return Mixture([f"1/{len(places)}"] * len(places), [Normal(place, sd) for place in places])


@pytest.mark.parametrize("n", [2, 3, 10])
@pytest.mark.parametrize("sd", ["1/100", "1/1000"])
def test_far_and_narrow_components_of_both_laws(n, sd):
    """Scores 110, 120, 140 and 150 are a quarter each; among draws of one place the truth wins by half of its share."""
    found = qt.ProxyModel(pairs(10, 20, sd), pairs(100, 130, sd)).best_of_n(n)
    places = np.diff(np.arange(5.0) ** n) / 4.0**n @ np.array([10.0, 20, 10, 20])
    # the mean of the highest of k standard normal draws, by quadrature of its own
    z = np.linspace(-9, 9, 4001)
    cdf = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in z])
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
    within = sum(
        math.comb(n, k) * (below / 4) ** (n - k) / 4**k * np.sum(z * k * cdf ** (k - 1) * density) * (z[1] - z[0])
        for below in range(4)
        for k in range(1, n + 1)
    )
    assert found.value == pytest.approx(places + within / int(sd[2:]) / math.sqrt(2), abs=found.error + 1e-12)
    assert found.error < 1e-9


@pytest.mark.parametrize("n", [2, 10, 1000])
def test_a_rare_and_narrow_error_is_not_overlooked(n):
    """The truth is 50 to within a few thousandths, whoever wins."""
    error = Mixture(["999/1000", "1/1000"], [Normal(0, 1), Normal(200, "1/10000")])
    assert qt.ProxyModel(Normal(50, "1/1000"), error).best_of_n(n).value == pytest.approx(50, abs=0.005)


def test_a_component_between_the_decades_counts():
    """Ranks 0.3 to 0.45 from below, between the quantiles at one quarter and one half."""
    law = Mixture(["0.3", "0.15", "0.55"], [Normal(place, "1/1000") for place in (0, 1, 2)])
    model = qt.ProxyModel(law, Normal(0, 1))
    assert model.density(1.0).value == pytest.approx((0.15 + 0.85 * math.exp(-0.5)) / math.sqrt(2 * math.pi), abs=1e-6)
    assert model.survival(-20.0).value == pytest.approx(1.0, abs=1e-12)
    assert model.best_of_n(2).error < 1e-9


def test_a_narrow_law_far_from_zero():
    moved = qt.ProxyModel(Normal(100, "1/1000"), StudentT(3, 50, "1/1000"))
    plain = qt.ProxyModel(Normal(0, 1), StudentT(3))
    for n in (2, 10, 1000):
        assert moved.best_of_n(n).value == pytest.approx(100 + plain.best_of_n(n).value / 1000, abs=1e-8)


def test_a_peak_that_both_rules_miss_is_refused_and_not_left_out(monkeypatch):
    """The control: with panels that know nothing of where scores lie, the total chance shows it."""
    cuts = ([140.0, 160.0], 0.0)
    monkeypatch.setattr(winner, "_cuts", lambda *given: cuts)
    with pytest.raises(NotAvailable, match=r"misses some of it|does not settle"):
        winner.winner_mean(Normal(100, "1/100000"), Normal(50.123, "1/100000"), 2)
