r"""What can go wrong, as types: what was got, what is allowed, and how to mend it."""

from __future__ import annotations

from enum import Enum
from typing import Self


class Absent(Enum):
    """What stands for a value that there is not: `None` may be the very value that was refused."""

    NOT_GIVEN = "not given"


NOT_GIVEN = Absent.NOT_GIVEN


class QTheoryError(Exception):
    """Anything qtheory refuses or cannot do.

    Args:
        problem: one sentence that says what is wrong.
        got: the offending value, shown as `repr`; also where it is `None`.
        allowed: what would have been accepted.
        remedy: what the caller can do about it.
        where: the place in a file of the caller's own that it comes from.

    >>> print(QTheoryError("not a level", got=None))
    not a level
      got:     None
    """

    def __init__(self, problem: str, *, got: object = NOT_GIVEN, allowed: str = "", remedy: str = "", where: str = ""):
        self.problem, self.got, self.allowed, self.remedy, self.where = problem, got, allowed, remedy, where
        super().__init__(self._text())

    def at(self, where: str) -> Self:
        """The same error, which says from now on where it comes from; a place that is said already stays.

        >>> print(QTheoryError("not a level", got=2).at("mine.py:7: `q = 2`"))
        not a level
          where:   mine.py:7: `q = 2`
          got:     2
        """
        self.where = self.where or where
        self.args = (self._text(),)
        return self

    def _text(self) -> str:
        shown = "" if self.got is NOT_GIVEN else _short(self.got)
        named = {"where": self.where, "got": shown, "allowed": self.allowed, "remedy": self.remedy}
        told = [f"  {name + ':':<8} {text}" for name, text in named.items() if text]
        return "\n".join([self.problem, *told])


class InvalidInput(QTheoryError, ValueError):
    """A value from the caller lies outside what is defined."""


class InvalidLevel(InvalidInput):
    """A quantile level q outside (0, 1]."""


class FormulaError(InvalidInput):
    """A formula text that is not in the grammar; nothing of it was executed."""


class DataError(InvalidInput):
    """A data file that cannot be read as scores; names the row and the column where it can."""


class DocumentError(InvalidInput):
    """A JSON document that is not a qtheory object, or not of a schema this version reads."""


class MarkerError(InvalidInput):
    """A marker in a write-up that asks for nothing that can be computed; nothing of it was executed."""


class IllPosedClaim(InvalidInput):
    """A claim whose statement does not say one definite thing."""


class NotAvailable(QTheoryError):
    """A quantity that exists but cannot be had for this base or policy."""


class DegenerateWeights(NotAvailable):
    """Weighted draws that rest on too few of them, or disagree: there is an estimate, and it cannot be trusted."""


class MissingExtra(QTheoryError, ImportError):
    """An optional dependency is not installed."""


class ProofError(QTheoryError):
    """A step of a derivation that was not accepted; carries the countermodel if one was found."""


class AxiomViolated(QTheoryError):
    """An optimizer or cost class broke its own axioms on an instance: a defect in qtheory or an extension."""


class LedgerError(QTheoryError):
    """A ledger of an interruptible run that cannot be used, or not by this run; the file is left as it is."""


class DamagedLedger(LedgerError):
    """A file that is not a whole ledger, bit for bit as it was written; nothing of it is used."""


class OutOfDeviceMemory(QTheoryError):
    """The device has no room for a run."""


class WorkersFailed(QTheoryError):
    """Work sent to other processes that failed in every attempt; nothing of it is used."""


class WitnessMismatch(QTheoryError):
    """A witness whose recorded values are not the ones its own fields give."""


def _short(value: object, limit: int = 200) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
