"""The chance of beating a fresh draw: against enumeration, closed forms and mixtures."""

from fractions import Fraction
from itertools import product

import pytest
from scipy.special import erfc

from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import NotAvailable
from qtheory.optimizers.best_of_n import BestOfN
from qtheory.optimizers.imitation import Imitation
from qtheory.optimizers.kl_regularized import KLRegularized
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.weight import WeightPolicy
from qtheory.policies.win_rate import win_rate
from qtheory.problem import Problem

NORMAL = Problem(Continuous("normal(0, 1)"))
TIED = Problem(Finite(["1/2", "1/6", "1/3", 0]), [1, 1, 3, 7])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_best_of_n_wins_as_often_as_in_all_samples_listed(n):
    weights, utility = TIED.base.weights, TIED.utility
    total = Fraction(0)
    for sample in product(range(4), repeat=n + 1):
        chance = Fraction(1)
        for i in sample:
            chance *= weights[i]
        best, fresh = max(utility[i] for i in sample[:n]), utility[sample[n]]
        total += chance * (Fraction(1, 2) if best == fresh else int(best > fresh))
    assert win_rate(BestOfN(n)(TIED)) == total <= Fraction(n, n + 1)


@pytest.mark.parametrize("n", [1, 2, 10])
def test_without_ties_best_of_n_wins_n_times_out_of_n_plus_one(n):
    assert float(win_rate(BestOfN(n)(NORMAL))) == pytest.approx(n / (n + 1), rel=1e-12)


def test_the_base_wins_half_the_time_and_a_quantilizer_more():
    assert win_rate(Imitation()(TIED)) == Fraction(1, 2)
    assert float(win_rate(Quantilizer("1/10")(NORMAL))) == pytest.approx(0.95)


def test_a_tilted_normal_wins_as_often_as_two_normals_apart_by_the_tilt():
    assert win_rate(KLRegularized("1/2")(NORMAL)) == pytest.approx(erfc(-1) / 2, rel=1e-10)


def test_a_policy_that_is_not_known_by_ranks_is_refused():
    weighted = WeightPolicy(NORMAL, "exp(x - 1/2)")
    with pytest.raises(NotAvailable, match="ranks"):
        win_rate(weighted)
