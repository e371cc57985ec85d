r"""The quantilizer by rejection: proposals from another distribution, thinned to the ideal one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qtheory.aliases import Json
from qtheory.base.abstract import AbstractAtomicBase, AbstractBase
from qtheory.base.continuous import Continuous
from qtheory.base.finite import Finite
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.binding import substitute
from qtheory.exact.rationals import rational
from qtheory.optimizers.abstract import AbstractOptimizer, read_level, require_numbers
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.optimizers.tail_bound import log_tail_bound
from qtheory.policies.abstract import AbstractPolicy, check_count
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem

if TYPE_CHECKING:
    import sympy as sp

_SLACK = 1e-6  # a ratio that exceeds its bound by more than the rounding of float32 actions shows the bound wrong
_LARGEST_BLOCK = 1 << 20


@dataclass(frozen=True)
class Rejection(AbstractOptimizer):
    r"""The ideal quantilizer $Q_q$, drawn by proposals $a\sim\tilde p$ accepted with chance $Q_q(a)/(B\tilde p(a))$.

    $B = \operatorname{ess\,sup}Q_q/\tilde p$ is also the number of proposals to expect. Without a partial level this is
    $\gamma\mathbf 1\{U\ge\tau\}/(Bq\tilde p)$; a level that straddles the boundary is thinned once more, exactly. The policy
    is that of `Quantilizer(q)`; `sample` is what differs.

    Args:
        q: the level, in $(0, 1]$; or a symbol, in claims.
        proposal: a base over the same actions, positive wherever the quantilizer is: `Finite` or a list of weights on
            finite bases, `Continuous` or its text on the line.

    Raises:
        InvalidInput: no finite $B$, when it is applied to a problem.

    Source:
        gillen2023; robert1995 for the proposal in the tail of a normal law.

    >>> from qtheory.base.finite import Finite
    >>> problem = Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1])
    >>> Rejection("3/8", proposal=["1/2", "1/4", "1/4"]).expected_draws(problem)
    Fraction(4, 3)
    """

    q: Any
    proposal: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "q", read_level(self.q))
        object.__setattr__(self, "proposal", _read_proposal(self.proposal))

    def __call__(self, problem: Problem) -> AbstractPolicy:
        self.expected_draws(problem)
        return Quantilizer(self.q)(problem)

    def expected_draws(self, problem: Problem) -> Any:
        """$B$: exact on exact problems; on the line the largest ratio found in float64."""
        require_numbers(self, problem)
        if isinstance(problem.base, AbstractAtomicBase):
            return _atomic_bound(self._quantilizer(problem), self._weights(problem))
        if not isinstance(self.proposal, Continuous) or not problem.ranks_as_action:
            got = (problem.base, self.proposal)
            raise NotAvailable("rejection needs the densities of base and proposal", got=got)
        return math.exp(log_tail_bound(problem.base, self.proposal, float(self.q)))  # type: ignore[arg-type]

    def sample(self, problem: Problem, key: Any, n: int) -> Any:
        """Draw `n` actions of the quantilizer by proposals; a leading axis of length `n`.

        >>> import jax
        >>> problem = Problem(Finite(["1/4", "1/2", "1/4"]), utility=[3, 2, 1])
        >>> Rejection("1/4", ["1/3", "1/3", "1/3"]).sample(problem, jax.random.key(0), 3).tolist()
        [0, 0, 0]
        """
        import jax
        import jax.numpy as jnp

        check_count(n)
        bound = float(self.expected_draws(problem))
        kept: list[Any] = []
        block = min(_LARGEST_BLOCK, max(256, int(1.1 * n * bound)))
        while sum(map(len, kept)) < n:
            key, draw, coin = jax.random.split(key, 3)
            actions = self.proposal.sample(draw, block)
            ratio = self._ratio(problem, np.asarray(actions))
            if ratio.max() > bound * (1 + _SLACK):
                raise InvalidInput("the proposal is too thin somewhere", got=float(ratio.max()), allowed=f"{bound}")
            kept.append(actions[np.asarray(jax.random.uniform(coin, (block,))) * bound < ratio])
        return jnp.concatenate(kept)[:n]

    def axioms(self, ratio: sp.Symbol, utility: sp.Symbol, threshold: sp.Symbol) -> tuple[sp.Basic, ...]:
        return Quantilizer(self.q).axioms(ratio, utility, threshold)

    def parameters(self) -> dict[str, Any]:
        return {"q": self.q, "proposal": self.proposal}

    def bind(self, values: dict[sp.Symbol, Any]) -> Rejection:
        return Rejection(substitute(self.q, values), self.proposal)

    def threshold(self, problem: Problem) -> Any:
        return Quantilizer(self.q).threshold(problem)

    def to_json(self) -> Json:
        return {"optimizer": type(self).__name__, "q": str(self.q), "proposal": self.proposal.to_json()}

    def _quantilizer(self, problem: Problem) -> AtomPolicy:
        policy = Quantilizer(self.q)(problem)
        assert isinstance(policy, AtomPolicy)
        return policy

    def _weights(self, problem: Problem) -> Any:
        if not isinstance(self.proposal, AbstractAtomicBase) or self.proposal.size != problem.base.size:  # type: ignore[attr-defined]
            allowed = f"one weight for each of the {problem.base.size} actions"  # type: ignore[attr-defined]
            raise InvalidInput(
                "the proposal is not over the actions of the problem", got=self.proposal, allowed=allowed
            )
        return self.proposal.weights

    def _ratio(self, problem: Problem, actions: np.ndarray) -> np.ndarray:
        """The density of the quantilizer with respect to the proposal."""
        if isinstance(problem.base, AbstractAtomicBase):
            pairs = zip(self._quantilizer(problem).probabilities, self._weights(problem), strict=True)
            return np.array([float(p / r) if p > 0 else 0.0 for p, r in pairs])[actions]
        base, q = problem.base, float(self.q)
        inside = base.survival(actions) <= q  # type: ignore[attr-defined]
        gap = base.log_density(actions) - self.proposal.log_density(actions)  # type: ignore[attr-defined]
        return np.where(inside, np.exp(np.where(inside, gap, 0.0)) / q, 0.0)


def normal_tail_proposal(threshold: Any) -> Continuous:
    r"""The shifted exponential that proposes best for $N(0, 1)$ given $Z > t$: of rate $\frac12(t + \sqrt{t^2+4})$.

    Source:
        robert1995.

    >>> normal_tail_proposal(0)
    Continuous('shifted_exponential(1, 0)')
    """
    start = rational(threshold, "threshold")
    rate = (float(start) + math.sqrt(float(start) ** 2 + 4.0)) / 2.0
    return Continuous(f"shifted_exponential({rate!r}, {start})")


def _atomic_bound(target: AtomPolicy, proposal: Any) -> Any:
    ratios = []
    for i, (p, r) in enumerate(zip(target.probabilities, proposal, strict=True)):
        if p > 0 and r == 0:
            allowed = "a proposal that is positive wherever the quantilizer is"
            raise InvalidInput(f"action {i} is never proposed", got=str(r), allowed=allowed)
        if p > 0:
            ratios.append(p / r)
    return max(ratios)


def _read_proposal(proposal: Any) -> AbstractBase:
    if isinstance(proposal, AbstractBase):
        return proposal
    return Continuous(proposal) if isinstance(proposal, str) else Finite(proposal)
