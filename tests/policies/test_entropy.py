"""The divergence of top-k-of-n, by panels, against quadrature with many digits."""

from __future__ import annotations

import mpmath
import pytest

from qtheory.policies.rank_density import TopOfDraws


@pytest.mark.parametrize(("n", "k"), [(3, 2), (10, 5), (20, 4), (50, 49), (160, 16)])
def test_the_divergence_agrees_with_many_digit_quadrature(n, k):
    context = mpmath.mp.clone()
    context.dps = 30

    def density(s):
        terms = (context.binomial(n - 1, i) * s**i * (1 - s) ** (n - 1 - i) for i in range(k))
        return context.mpf(n) / k * context.fsum(terms)

    def entropy(s):
        g = density(s)
        return g * context.log(g) if g > 0 else context.zero

    knee = context.mpf(k) / n
    # Geometric steps towards 1, where the integrand has a logarithm.
    points = [0, knee / 2, knee, *(1 - (1 - knee) / 4**j for j in range(1, 12)), 1]
    assert TopOfDraws(n, k).kl() == pytest.approx(float(context.quad(entropy, points)), abs=1e-12)


def test_keeping_all_draws_is_no_divergence():
    assert TopOfDraws(7, 7).kl() == 0
