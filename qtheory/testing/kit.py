r"""The kit: every check there is, run against an implementation of yours.

>>> def mine(weights, utility, q):
...     return [g / q if u == max(utility) else 0 for g, u in zip(weights, utility)]
>>> check_quantilizer(mine)
Traceback (most recent call last):
...
qtheory.testing.check.Disagreement: [quantilizer: gives-the-exact-law] the probabilities are others...
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

from qtheory.errors import InvalidInput
from qtheory.testing import checks as _package
from qtheory.testing.check import Check, Disagreement, Subject
from qtheory.testing.roles import Implementation, role

TIES = {"proportional": "quantilizer", "ordered": "ordered-quantilizer", "any": "any-quantilizer"}


@dataclass(frozen=True)
class Outcome:
    """What one check said of an implementation: `disagreement` is None if it passed."""

    check: Check
    disagreement: Disagreement | None


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, by the interface it is about; the registry is the folder."""
    found: list[Check] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(_package.__path__)):
        members = vars(importlib.import_module(f"{_package.__name__}.{module}")).values()
        found += [each for value in members if isinstance(value, tuple) for each in value if isinstance(each, Check)]
    return tuple(found)


def checks_of(name: str) -> tuple[Check, ...]:
    """The checks of an interface, in the order in which they are run.

    >>> [check.name for check in checks_of("count")]
    ['rounds-up-exactly']
    """
    wanted = role(name).name
    return tuple(check for check in all_checks() if check.role == wanted)


def outcomes(name: str, implementation: Implementation, *, floats: bool = False, first: bool = False) -> list[Outcome]:
    """What every check of an interface says of an implementation; with `first`, up to the first disagreement."""
    subject, found = Subject(_callable(implementation), floats), []
    for check in checks_of(name):
        try:
            check.run(subject)
            found.append(Outcome(check, None))
        except Disagreement as error:
            found.append(Outcome(check, error))
        except Exception as error:
            # What came back is not of the promised shape, and arithmetic on it failed.
            found.append(
                Outcome(check, Disagreement(f"what it returns cannot be read: {type(error).__name__}: {error}"))
            )
        if first and found[-1].disagreement is not None:
            break
    return found


def check_implementation(name: str, implementation: Implementation, *, floats: bool = False) -> None:
    r"""Run every check of an interface against an implementation of yours.

    Exact checks compare with rational oracles on hundreds of small problems; statistical ones use fixed seeds, and
    would fail a right implementation on at most one seed in $10^8$.

    Args:
        name: the interface, one of `ROLES`.
        implementation: a function with its signature.
        floats: whether to call it with floats and float64 arrays instead of fractions and tuples.

    Raises:
        Disagreement: it disagrees with a check, which is named, at an input, which is shown (an `AssertionError`).
        InvalidInput: there is no such interface.

    >>> check_implementation("count", lambda n, q: -(-n * q.numerator // q.denominator))
    >>> check_implementation("count", lambda n, q: int(n * q))
    Traceback (most recent call last):
    ...
    qtheory.testing.check.Disagreement: [count: rounds-up-exactly] the count is another...
    """
    for outcome in outcomes(name, implementation, floats=floats, first=True):
        if (error := outcome.disagreement) is not None:
            says = f"[{name}: {outcome.check.name}] {error.says}"
            raise Disagreement(says, error.case, error.expected, error.got) from error


def check_quantilizer(implementation: Implementation, *, ties: str = "proportional", floats: bool = False) -> None:
    r"""Run the checks of quantilizers against yours: a function `(weights, utility, q) -> probabilities`.

    Args:
        implementation: your function.
        ties: how it shares a level of utility that straddles the boundary: "proportional" to mass, "ordered" as listed,
            or "any" other way.
        floats: whether to call it with floats and float64 arrays instead of fractions and tuples.

    Raises:
        Disagreement: it disagrees with a check, at an input, which is shown.

    >>> from qtheory import Finite, Problem, Quantilizer
    >>> check_quantilizer(lambda weights, utility, q: Quantilizer(q)(Problem(Finite(weights), utility)).probabilities)
    """
    if ties not in TIES:
        raise InvalidInput("unknown way to break ties", got=ties, allowed=", ".join(TIES))
    check_implementation(TIES[ties], implementation, floats=floats)


def _callable(implementation: Implementation) -> Implementation:
    if not callable(implementation):
        raise InvalidInput("this cannot be called", got=implementation, allowed="a function")
    return implementation
