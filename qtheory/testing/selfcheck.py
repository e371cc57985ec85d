r"""The kit tried on itself: qtheory's own implementations must pass it, and every mutant must not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qtheory.aliases import Json
from qtheory.testing.check import Disagreement
from qtheory.testing.kit import checks_of, outcomes
from qtheory.testing.mutant import Mutant, all_mutants
from qtheory.testing.own import OWN, Own
from qtheory.testing.roles import ROLES, role

Progress = Callable[[str], None]


@dataclass(frozen=True)
class OwnResult:
    """How an implementation of qtheory's fared: the checks it passed, and the disagreements."""

    own: Own
    passed: tuple[str, ...]
    failed: tuple[tuple[str, Disagreement], ...]


@dataclass(frozen=True)
class MutantResult:
    """How a mutant fared: the check that killed it and why; both empty if it is alive."""

    mutant: Mutant
    killer: str
    why: str


@dataclass(frozen=True)
class SelfCheck:
    """What the kit says of right and of wrong implementations.

    Attributes:
        own: qtheory's implementations, which should pass.
        mutants: the mutants, which should be killed.
        seconds: how long it took.
    """

    own: tuple[OwnResult, ...]
    mutants: tuple[MutantResult, ...]
    seconds: float

    @property
    def failed(self) -> tuple[OwnResult, ...]:
        """The implementations of qtheory's that do not pass."""
        return tuple(result for result in self.own if result.failed)

    @property
    def alive(self) -> tuple[MutantResult, ...]:
        """The mutants that no check killed."""
        return tuple(result for result in self.mutants if not result.killer)

    @property
    def passed(self) -> bool:
        """Whether everything right passed, and everything wrong did not."""
        return not self.failed and not self.alive

    @property
    def error_rate(self) -> float:
        """The chance, over seeds, that a right implementation fails some statistical check."""
        return sum(check.error_rate for result in self.own for check in checks_of(result.own.role))

    def to_json(self) -> Json:
        return {
            "schema": 1,
            "passed": self.passed,
            "seconds": round(self.seconds, 2),
            "error_rate": self.error_rate,
            "own": [_own_json(result) for result in self.own],
            "mutants": [_mutant_json(result) for result in self.mutants],
        }


def self_check(roles: Iterable[str] | None = None, progress: Progress | None = None) -> SelfCheck:
    r"""Run the kit on qtheory's own implementations and on every mutant.

    Args:
        roles: the interfaces to look at; all of them if none is named.
        progress: called with what is being looked at.

    Returns:
        Which implementations pass and which check kills which mutant; the same in every run.

    >>> result = self_check(["count", "comparison"])
    >>> result.passed, len(result.mutants)
    (True, 13)
    """
    began = time.perf_counter()
    wanted = tuple(ROLES) if roles is None else tuple(role(name).name for name in roles)
    own, mutants = [], []
    for name in wanted:
        if progress is not None:
            progress(name)
        own += [_try_own(one) for one in OWN if one.role == name]
        mutants += [_try_mutant(one) for one in all_mutants() if one.role == name]
    return SelfCheck(tuple(own), tuple(mutants), time.perf_counter() - began)


def _try_own(own: Own) -> OwnResult:
    found = outcomes(own.role, own.run, floats=own.floats)
    passed = tuple(outcome.check.name for outcome in found if outcome.disagreement is None)
    failed = tuple((outcome.check.name, outcome.disagreement) for outcome in found if outcome.disagreement is not None)
    return OwnResult(own, passed, failed)


def _try_mutant(mutant: Mutant) -> MutantResult:
    for outcome in outcomes(mutant.role, mutant.run, first=True):
        if outcome.disagreement is not None:
            return MutantResult(mutant, outcome.check.name, str(outcome.disagreement))
    return MutantResult(mutant, "", "")


def _own_json(result: OwnResult) -> Json:
    failed = [{"check": name, "why": str(error)} for name, error in result.failed]
    return {"role": result.own.role, "floats": result.own.floats, "passed": list(result.passed), "failed": failed}


def _mutant_json(result: MutantResult) -> Json:
    one = result.mutant
    return {
        "role": one.role,
        "name": one.name,
        "wrong": one.wrong,
        "killed_by": result.killer or None,
        "why": result.why,
    }
