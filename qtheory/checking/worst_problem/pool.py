r"""The worst exact instances met so far; nothing enters that was not evaluated exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from qtheory.checking.worst_problem.margin import Margin, margin
from qtheory.exact.enclosure import Enclosure
from qtheory.instances.complete import Choices, complete
from qtheory.instances.shrink import size
from qtheory.statements.claim import Part
from qtheory.statements.instance import Instance


@dataclass(frozen=True)
class Candidate:
    """An exact instance with its margin, and how it was found."""

    choices: Choices
    instance: Instance
    margin: Margin
    origin: str

    @property
    def rank(self) -> tuple:
        """Lower is worse; among equally bad ones the smaller instance comes first."""
        return (*self.margin.rank, *size(self.instance))


@dataclass
class Pool:
    """Keeps the worst few of the candidates that were offered."""

    part: Part
    limit: int = 6
    evaluated: int = 0
    irrational: int = 0
    kept: list[Candidate] = field(default_factory=list)

    def offer(self, choices: Choices, origin: str) -> Candidate | None:
        """Complete and evaluate choices exactly; `None` where they meet no hypotheses or the conclusion has no value."""
        self.evaluated += 1
        instance = complete(self.part, choices)
        found = None if instance is None else margin(self.part, instance)
        if instance is None or found is None:
            return None
        ratios = (instance.functions[policy.ratio] for policy in self.part.policies)
        self.irrational += any(isinstance(x, Enclosure) for row in ratios for x in row)
        candidate = Candidate(choices, instance, found, origin)
        if len(self.kept) < self.limit or candidate.rank < self.kept[-1].rank:
            others = [old for old in self.kept if old.rank != candidate.rank]
            self.kept = sorted([*others, candidate], key=lambda one: one.rank)[: self.limit]
        return candidate

    @property
    def worst(self) -> Candidate | None:
        return self.kept[0] if self.kept else None

    def improves(self, candidate: Candidate) -> Callable[[Instance], bool]:
        """Whether an instance is at least as bad as a candidate, size aside."""

        def at_least_as_bad(instance: Instance) -> bool:
            self.evaluated += 1
            found = margin(self.part, instance)
            return found is not None and found.rank <= candidate.margin.rank

        return at_least_as_bad
