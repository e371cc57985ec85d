r"""Drawing until the anytime tests decide: the cost bound $E_Q[c] \le E_\gamma[c]/q$ for every level and cost, and no further.

Intervals of a fixed number of draws mean nothing once the draws have been stopped by what they showed. So nothing but the
anytime tests is said here: each of their answers is wrong with probability at most its share of alpha, however often one
looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from qtheory.aliases import Json, NumberLike
from qtheory.errors import InvalidInput
from qtheory.inference.checks import significance
from qtheory.inference.decision import BoundQuestion, Decision, bound_question, decide
from qtheory.montecarlo.blocks import GENERATOR, SECOND_GENERATOR
from qtheory.montecarlo.engine import Engine, Tallies, tally_problem
from qtheory.montecarlo.simulate import DEFAULT_ALPHA, read_levels, read_samples
from qtheory.montecarlo.text import Section, number, render
from qtheory.problem import Problem
from qtheory.statements.verdict import Verdict

MOST_SAMPLES = 1_000_000_000
_UNCONFIRMED = "seen to be violated with one generator of random bits and not with the other"
_GROWTH = 1.25  # how many times more draws before the next look


@dataclass(frozen=True)
class DecidedBound:
    """The cost bound at one level, for one cost.

    Attributes:
        q: the level.
        name: the cost.
        mean: the plug-in estimate of $E_Q[c]$.
        bound: the plug-in estimate of $E_\\gamma[c]/q$.
        decided_at: the number of draws after which it was decided; None if it was not, or if a second generator of random
            bits did not confirm it.
        verdict: "holds", "violated" or "inconclusive".
    """

    q: Fraction
    name: str
    mean: float
    bound: float
    decided_at: int | None
    verdict: Verdict


@dataclass(frozen=True)
class DecidedRun:
    """A run that stopped as soon as every bound was decided, or at its limit.

    Attributes:
        samples: draws of the main stream.
        most: the limit.
        pilot: draws of the independent stream that gives $E_\\gamma[c]$.
        bounds: one entry a level and cost.
        alpha: the chance that any verdict is wrong.
        key: the seed.
    """

    samples: int
    most: int
    pilot: int
    bounds: tuple[DecidedBound, ...]
    alpha: float
    key: int

    @property
    def violated(self) -> bool:
        return any(one.verdict.outcome == "violated" for one in self.bounds)

    @property
    def decided(self) -> bool:
        """Whether every bound was decided."""
        return all(one.decided_at is not None for one in self.bounds)

    @property
    def stopped(self) -> Literal["decided", "unconfirmed", "limit"]:
        """Why the run ended: all was decided, or decided but not by both generators of random bits, or no more draws."""
        if self.decided:
            return "decided"
        return "unconfirmed" if any(one.verdict.evidence == _UNCONFIRMED for one in self.bounds) else "limit"

    def to_json(self) -> Json:
        bounds = [
            {
                "q": str(one.q),
                "cost": one.name,
                "mean": one.mean,
                "bound": one.bound,
                "decided_at": one.decided_at,
                "verdict": one.verdict.to_json(),
            }
            for one in self.bounds
        ]
        plain = {"samples": self.samples, "most": self.most, "pilot": self.pilot, "key": self.key, "alpha": self.alpha}
        return {**plain, "stopped": self.stopped, "bounds": bounds}


@dataclass(eq=False)
class _Asking:
    """The questions of a run, and what they said at the last look."""

    names: tuple[str, ...]
    levels: tuple[Fraction, ...]
    alpha: float
    answers: dict[tuple[Fraction, int], tuple[BoundQuestion, Decision]] = field(default_factory=dict)
    next_look: float = 0.0

    def decided(self, tallies: Tallies) -> bool:
        """Look, unless the last look was a moment ago; True once all is decided."""
        if tallies.main.n < self.next_look:
            return False
        self.next_look = _GROWTH * tallies.main.n
        self.look(tallies)
        return all(decision.decided for _, decision in self.answers.values())

    def look(self, tallies: Tallies) -> None:
        for q in self.levels:
            for place in range(len(self.names)):
                asked = self.answers.get((q, place))
                if asked is not None and (asked[1].decided or asked[1].n == tallies.main.n):
                    continue
                question = self._question(tallies, q, place) if asked is None else asked[0]
                ledger = tallies.main.cost_ledger(place, float(q))
                self.answers[q, place] = question, decide(question, ledger, asked and asked[1])

    def _question(self, tallies: Tallies, q: Fraction, place: int) -> BoundQuestion:
        mass, limits = tallies.pilot.levels[place].sum(axis=0).astype(float), tallies.pilot.ranges[1 + place]
        share = self.alpha / (len(self.levels) * len(self.names))
        return bound_question(q, tallies.pilot.grid(place), mass, share, error=limits.error)


def simulate_until_decided(
    problem: Problem,
    q: NumberLike | Sequence[NumberLike],
    cost_max: NumberLike | Mapping[str, NumberLike] | None = None,
    most: NumberLike = MOST_SAMPLES,
    key: int = 0,
    alpha: float = DEFAULT_ALPHA,
    *,
    engine: Engine | None = None,
) -> DecidedRun:
    r"""Draw until it is decided, for every level and cost, whether the cost bound holds with room or is violated.

    A bound that is attained can never be decided by sampling: the run then ends at its limit, inconclusive.

    Args:
        problem: on a `Continuous` or `Generative` base, with at least one cost.
        q: one level or several.
        cost_max: the cap that holds for every possible cost; one number for all costs, or one a name.
        most: the limit of the main stream; draws come in groups of about four million.
        key: the seed of all streams.
        alpha: the chance that any verdict of the run is wrong, at whatever time it stops.
        engine: how and where the sample is made.

    Raises:
        InvalidInput: no cost, a value out of its range, or a bad argument.

    >>> from qtheory.base.continuous import Continuous
    >>> run = simulate_until_decided(Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))"), "1/10", 1, most="1e6")
    >>> [(one.verdict.outcome, one.decided_at) for one in run.bounds]
    [('holds', 1000000)]
    """
    levels, limit, rate = read_levels(q), read_samples(most), significance(alpha)
    if not problem.costs:
        raise InvalidInput("there is no bound to decide", got="a problem without costs", allowed="at least one cost")
    first = _ask(problem, levels, cost_max, limit, key, rate, engine, GENERATOR)
    if not first.violated:
        return first
    again = _ask(problem, levels, cost_max, limit, key, rate, engine, SECOND_GENERATOR)
    return replace(first, bounds=tuple(_confirmed(a, b) for a, b in zip(first.bounds, again.bounds, strict=True)))


def _ask(
    problem: Problem,
    levels: tuple[Fraction, ...],
    cost_max: Any,
    limit: int,
    key: int,
    alpha: float,
    engine: Engine | None,
    generator: str,
) -> DecidedRun:
    asking = _Asking(tuple(problem.costs), levels, alpha)
    tallies = tally_problem(
        problem, levels, cost_max, limit, key, engine=engine, generator=generator, decided=asking.decided
    )
    asking.look(tallies)
    bounds = tuple(_bound(tallies, q, place, name, asking) for q in levels for place, name in enumerate(problem.costs))
    return DecidedRun(tallies.main.n, limit, tallies.pilot.n, bounds, alpha, key)


def _bound(tallies: Tallies, q: Fraction, place: int, name: str, asking: _Asking) -> DecidedBound:
    question, decision = asking.answers[q, place]
    mean, bound = tallies.main.tied.mean_cost(place, float(q)), tallies.pilot.mean_cost(place, 1.0) / float(q)
    outcome = decision.outcome if decision.decided else "inconclusive"
    looked = f"by {decision.n} draws" if not decision.decided else f"after {decision.n} draws, by a test for any time"
    evidence = f"{'decided' if decision.decided else 'not decided'} {looked}"
    verdict = Verdict("simulate", outcome, evidence, alpha=question.alpha, samples=decision.n)
    return DecidedBound(q, name, mean, bound, decision.n if decision.decided else None, verdict)


def _confirmed(first: DecidedBound, second: DecidedBound) -> DecidedBound:
    if first.verdict.outcome != "violated" or second.verdict.outcome == "violated":
        return first
    verdict = replace(first.verdict, outcome="inconclusive", evidence=_UNCONFIRMED)
    return replace(first, decided_at=None, verdict=verdict)


def decided_text(run: DecidedRun, colour: bool = False) -> str:
    """The text that `qtheory simulate --until decided` prints."""
    return render(_parts(run), colour)


_STOPPED = {
    "decided": "stopped once all was decided",
    "unconfirmed": "stopped once all was decided, but not confirmed",
    "limit": "stopped at the limit",
}


def _parts(run: DecidedRun) -> Iterable[str | Section]:
    yield f"{run.samples} draws of at most {run.most}, {run.pilot} pilot draws, key {run.key}: {_STOPPED[run.stopped]}."
    header = ("q", "cost", "E_Q[c], estimate", "E_base[c]/q, estimate", "decided after", "verdict")
    rows = [
        [str(one.q), one.name, number(one.mean), number(one.bound), str(one.decided_at or "-"), one.verdict.outcome]
        for one in run.bounds
    ]
    yield Section("The cost bound", header, rows)
    for one in run.bounds:
        if one.verdict.evidence == _UNCONFIRMED:
            yield f"WARNING: {one.name!r} at q = {one.q}: {_UNCONFIRMED}; distrust the generators, or look for a defect."
    if run.stopped == "limit":
        yield (
            "Inconclusive: a bound that is attained, or nearly so, cannot be told by sampling from one just broken; that is "
            "what the proof is for."
        )
    yield (
        f"alpha {run.alpha:.2g} for the whole run, at whatever time it stops. Estimates are plug-in: an interval for a fixed "
        "number of draws would mean nothing here."
    )
