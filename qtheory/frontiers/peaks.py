r"""Where more optimisation begins to hurt, in closed form.

With $d = \sqrt{\mathrm{KL}}$ the fitted laws of overoptimisation are $d(\alpha - \beta d)$ for best-of-n and
$d(\alpha - \beta\log d)$ for reinforcement learning. For a true reward $x - bx^m$ of the proxy's rank $x$, 1 being best,
the best number of draws is known exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from qtheory.aliases import NumberLike
from qtheory.errors import InvalidInput
from qtheory.exact.elementary import exp, sqrt
from qtheory.exact.enclosure import Value, simplest
from qtheory.exact.kleene import less
from qtheory.exact.rationals import rational

_DIGITS = 40


@dataclass(frozen=True)
class Peak:
    """The strength of optimisation at which the true reward is largest, and that reward."""

    at: Value
    reward: Value


def best_of_n_overoptimisation(alpha: NumberLike, beta: NumberLike) -> Peak:
    r"""The peak of $d(\alpha - \beta d)$: $d = \alpha/2\beta$, reward $\alpha^2/4\beta$.

    Source:
        gao2022, for the functional form.

    >>> best_of_n_overoptimisation(1, "1/10")
    Peak(at=Fraction(5, 1), reward=Fraction(5, 2))
    """
    a, b = _positive(alpha, "alpha"), _positive(beta, "beta")
    return Peak(a / (2 * b), a * a / (4 * b))


def reinforced_overoptimisation(alpha: NumberLike, beta: NumberLike) -> Peak:
    r"""The peak of $d(\alpha - \beta\log d)$: $d = e^{\alpha/\beta - 1}$, reward $\beta d$.

    Source:
        gao2022, for the functional form.

    >>> print(reinforced_overoptimisation(1, "1/10").at)
    8103.0839275753... +- 4e-34
    """
    a, b = _positive(alpha, "alpha"), _positive(beta, "beta")
    distance = exp(a / b - 1)
    return Peak(distance, simplest(b * distance))


def best_of_n_hedge(m: NumberLike, b: NumberLike) -> Peak:
    r"""The real n at which best-of-n has the largest mean of $x - bx^m$: $n = \frac{m-\sqrt{bm}}{\sqrt{bm}-1}$.

    There the reward is $\frac n{n+1} - b\frac n{n+m}$. The best n exceeds 1 exactly if $2\sqrt{bm} < m + 1$.

    Args:
        m: the power, above 1; b: its weight, with $0 < b < m$ and $bm > 1$; otherwise there is no interior best.

    Source:
        khalaf2025, Theorem 1, for the threshold; the closed form is derived here.

    >>> print(best_of_n_hedge(10, "1/2").at)
    6.2811529493745... +- 3e-42
    """
    power, weight = _hedged(m, b)
    root = sqrt(power * weight)
    draws = (power - root) / (root - 1)
    return Peak(simplest(draws), simplest(draws / (draws + 1) - weight * draws / (draws + power)))


def best_of_poisson_hedge(m: NumberLike, b: NumberLike) -> Peak:
    r"""The rate $\mu$ at which best-of-Poisson has the largest mean of $x - bx^m$, to 30 digits, as Fractions near it.

    With $J_j(\mu) = \int_0^1x^je^{\mu(x-1)}dx$ the mean of $x^j$ is $1 - jJ_j$, so the derivative in $\mu$ is
    $J_1 - J_2 - bm(J_m - J_{m+1})$, which changes sign once.

    Raises:
        InvalidInput: the reward falls from the first draw on, or never falls.

    >>> float(best_of_poisson_hedge(10, "1/2").at)
    6.516339645311512
    """
    import mpmath

    power, weight = _hedged(m, b)
    if weight * power * 6 >= (power + 1) * (power + 2):
        raise InvalidInput("no draw beyond the first helps", got=(str(power), str(weight)), allowed="6bm < (m+1)(m+2)")
    with mpmath.workdps(_DIGITS):
        order, share = (mpmath.mpf(x.numerator) / x.denominator for x in (power, weight))

        def integral(j: mpmath.mpf, mu: mpmath.mpf) -> mpmath.mpf:
            # Kummer's function: the integral of x^j e^(mu (x - 1)), without cancellation.
            return mpmath.hyp1f1(1, j + 2, -mu) / (j + 1)

        def slope(mu: mpmath.mpf) -> mpmath.mpf:
            gain = integral(1, mu) - integral(2, mu)
            return gain - share * order * (integral(order, mu) - integral(order + 1, mu))

        high = mpmath.mpf(1)
        while slope(high) > 0:
            high *= 2
        rate = mpmath.findroot(slope, (mpmath.mpf(0), high), solver="anderson", tol=mpmath.mpf(10) ** (2 - 2 * _DIGITS))
        reward = 1 - integral(1, rate) - share * (1 - order * integral(order, rate))
        return Peak(_fraction(rate), _fraction(reward))


def _fraction(x: object) -> Fraction:
    sign, mantissa, exponent, _ = x._mpf_  # type: ignore[attr-defined]
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _hedged(m: NumberLike, b: NumberLike) -> tuple[Fraction, Fraction]:
    power, weight = rational(m, "m"), _positive(b, "b")
    if not (power > 1 and weight < power and less(Fraction(1), power * weight)):
        got, allowed = (str(power), str(weight)), "m > 1, 0 < b < m, bm > 1"
        raise InvalidInput("the reward has no interior best", got=got, allowed=allowed)
    return power, weight


def _positive(value: NumberLike, name: str) -> Fraction:
    number = rational(value, name)
    if number <= 0:
        raise InvalidInput(f"{name} is not positive", got=str(number), allowed=f"{name} > 0")
    return number
