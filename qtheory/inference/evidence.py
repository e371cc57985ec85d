r"""Two kinds of evidence that must not be mixed: e-values, and tests valid at one level only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.checks import significance


@dataclass(frozen=True)
class EValue:
    r"""Evidence against a hypothesis: a nonnegative statistic $E$ with $\mathbb{E}[E] \le 1$ under it.

    By Markov's inequality $P(E \ge 1/\alpha) \le \alpha$ at every level at once. The mean of e-values is an
    e-value whatever their dependence; a product is one where they are independent, or each is an
    e-value given the data of those before it.

    Args:
        log_value: the natural logarithm of the e-value; `-inf` and `inf` are allowed.

    >>> e = EValue(math.log(50.0))
    >>> round(e.p_value, 6), e.rejects(0.05), e.rejects(0.01)
    (0.02, True, False)
    >>> round(math.exp(e.combine(EValue(math.log(10.0))).log_value), 6)
    30.0
    """

    log_value: float

    def __post_init__(self) -> None:
        if math.isnan(self.log_value):
            raise InvalidInput("an e-value is not a number", got=self.log_value, allowed="a logarithm in [-inf, inf]")

    @property
    def p_value(self) -> float:
        """The p-value min(1, 1/e)."""
        return math.exp(min(0.0, -self.log_value))

    def rejects(self, alpha: float) -> bool:
        """Whether the hypothesis is rejected at level alpha: e >= 1/alpha."""
        return self.log_value >= -math.log(significance(alpha))

    def combine(self, *others: EValue) -> EValue:
        """The mean with other e-values for the same hypothesis, however dependent."""
        logs = np.array([_of_e_value(e) for e in (self, *others)])
        return EValue(float(np.logaddexp.reduce(logs) - math.log(len(logs))))

    def __mul__(self, other: EValue) -> EValue:
        """The product; an e-value only for independent or sequential evidence."""
        if not isinstance(other, EValue):
            return NotImplemented
        # evidence that an impossible event happened under one factor and was ruled out by the other
        # cannot be weighed: zero is the value that claims nothing
        if math.isinf(self.log_value) and self.log_value == -other.log_value:
            return EValue(-math.inf)
        return EValue(self.log_value + other.log_value)


@dataclass(frozen=True)
class WindowedTest:
    r"""A test valid at its own level, from the minimum of the wealth over a binomial window.

    On the event $W$ that the unknown count lies in its window, the statistic is at most $K(N)$ with
    $\mathbb{E}[K(N)] \le 1$. So $P(\text{reject}) \le P(W^c) + P(K(N) \ge 1/(\alpha-\alpha_w)) \le \alpha$.
    It is *not* an e-value (off the window it may be arbitrarily large) and has no arithmetic.

    Args:
        log_value: the logarithm of the least wealth over the window.
        alpha: the level of the test.
        window_alpha: the part of it that pays for the window, $0 \le \alpha_w < \alpha$.

    >>> WindowedTest(log_value=4.0, alpha=0.05, window_alpha=0.0025).rejects
    True
    """

    log_value: float
    alpha: float
    window_alpha: float

    def __post_init__(self) -> None:
        if math.isnan(self.log_value) or not 0.0 <= self.window_alpha < significance(self.alpha):
            raise InvalidInput(
                "a windowed test is not well formed",
                got=(self.log_value, self.alpha, self.window_alpha),
                allowed="a logarithm and 0 <= window_alpha < alpha < 1",
            )

    @property
    def rejects(self) -> bool:
        """Whether the hypothesis is rejected at level `alpha`."""
        return self.log_value >= -math.log(self.alpha - self.window_alpha)

    @property
    def p_value(self) -> float:
        r"""A valid p-value, $\min(1, \alpha_w + 1/e)$: the window is fixed, so Markov holds at every level."""
        return min(1.0, self.window_alpha + math.exp(min(0.0, -self.log_value)))


def _of_e_value(evidence: object) -> float:
    if not isinstance(evidence, EValue):
        raise InvalidInput(
            "only e-values can be averaged",
            got=evidence,
            allowed="EValue",
            remedy="use profile_e_value instead of windowed_test, or correct p-values with holm",
        )
    return evidence.log_value
