r"""Three kinds of evidence that must not be mixed: e-values, evidence over time, and tests valid at one level only."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qtheory.errors import InvalidInput
from qtheory.inference.checks import number, significance


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
        _require_logarithm(self.log_value, "an e-value")

    @property
    def p_value(self) -> float:
        """The p-value min(1, 1/e)."""
        return math.exp(min(0.0, -self.log_value))

    def rejects(self, alpha: float) -> bool:
        """Whether the hypothesis is rejected at level alpha: e >= 1/alpha."""
        return self.log_value >= -math.log(significance(alpha))

    def combine(self, *others: EValue) -> EValue:
        """The mean with other e-values for the same hypothesis, however dependent."""
        return EValue(_log_mean([_of_e_value(e) for e in (self, *others)]))

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
class AnytimeEvidence:
    r"""Evidence against a hypothesis that may be looked at again and again, and its peak so far.

    The value at time n is at most $M_n$, where under the hypothesis M is a nonnegative supermartingale with
    $\mathbb{E}[M_0] \le 1$. By Ville's inequality $P(\sup_n E_n \ge 1/\alpha) \le \alpha$, so rejections count from the first
    time they appear, and at every stopping time the *present* value is an e-value. The peak is *not*: it only rejects.

    Args:
        log_value: the logarithm of the present value.
        past_peak: the greatest logarithm at earlier looks.

    >>> first = AnytimeEvidence(math.log(50.0))
    >>> later = first.then(AnytimeEvidence(math.log(4.0)))
    >>> later.rejects(0.05), round(later.p_value, 6), later.e_value.rejects(0.05)
    (True, 0.02, False)
    """

    log_value: float
    past_peak: float = -math.inf

    def __post_init__(self) -> None:
        _require_logarithm(self.log_value, "evidence over time")
        _require_logarithm(self.past_peak, "a peak")

    @property
    def log_peak(self) -> float:
        """The logarithm of the greatest value so far."""
        return max(self.log_value, self.past_peak)

    @property
    def e_value(self) -> EValue:
        """The e-value of a stopping time: the present value, whatever was reached before."""
        return EValue(self.log_value)

    @property
    def p_value(self) -> float:
        """A p-value that is valid at all times together: min(1, 1/peak)."""
        return math.exp(min(0.0, -self.log_peak))

    def rejects(self, alpha: float) -> bool:
        """Whether the hypothesis has been rejected at level alpha by now."""
        return self.log_peak >= -math.log(significance(alpha))

    def then(self, later: AnytimeEvidence) -> AnytimeEvidence:
        """A later look at the same test on a longer sample: its value, and the peak of both."""
        return AnytimeEvidence(_of_anytime(later).log_value, max(self.log_peak, later.log_peak))

    def combine(self, *others: AnytimeEvidence) -> AnytimeEvidence:
        """The mean with other tests of the same hypothesis that look at the same times; its peak begins now."""
        return AnytimeEvidence(_log_mean([_of_anytime(e).log_value for e in (self, *others)]))


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
        _require_logarithm(self.log_value, "a windowed test")
        if not 0.0 <= number(self.window_alpha, "window_alpha") < significance(self.alpha):
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


def continued(before: AnytimeEvidence | None, now: AnytimeEvidence) -> AnytimeEvidence:
    """What a test says now, with its peak at earlier looks; None if there were none.

    Raises:
        InvalidInput: what came before is not evidence over time: a windowed test cannot be continued.

    >>> continued(AnytimeEvidence(3.0), AnytimeEvidence(1.0)).log_peak
    3.0
    """
    return now if before is None else _of_anytime(before).then(now)


def _require_logarithm(value: object, name: str) -> None:
    if math.isnan(number(value, f"the logarithm of {name}")):
        raise InvalidInput(f"{name} is not a number", got=value, allowed="a logarithm in [-inf, inf]")


def _log_mean(logs: list[float]) -> float:
    return float(np.logaddexp.reduce(np.array(logs)) - math.log(len(logs)))


def _of_e_value(evidence: object) -> float:
    if not isinstance(evidence, EValue):
        raise InvalidInput(
            "only e-values can be averaged",
            got=evidence,
            allowed="EValue",
            remedy="take the e_value of evidence over time; use profile_e_value instead of windowed_test, or holm",
        )
    return evidence.log_value


def _of_anytime(evidence: object) -> AnytimeEvidence:
    if not isinstance(evidence, AnytimeEvidence):
        raise InvalidInput(
            "only evidence whose bets do not depend on the sample size can be followed over time",
            got=evidence,
            allowed="AnytimeEvidence",
            remedy="use anytime_mean_test or anytime_ratio_test; a windowed test is valid at one look only",
        )
    return evidence
