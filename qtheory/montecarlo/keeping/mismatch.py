r"""Why a ledger is of another run: which settings differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qtheory.aliases import Json
from qtheory.errors import LedgerError
from qtheory.montecarlo.keeping.document import Kept

# What all passes of a run have in common, the backend last; the others are compared between passes of one kind.
_OF_THE_RUN = ("base", "utility", "costs", "ranges", "costs counted", "key", "stream", "software", "device")
_OF_THE_BACKEND = ("software", "device")
_ONE_BACKEND = (
    "sums are the same bytes on one backend only: go on with the versions, and on the kind of machine, that began it; "
    "or start another ledger"
)
_ABSENT = "nothing"
_OTHER_FILE = "go back to those settings, or start another ledger"

_SAID = {
    "bins": "bins: they lie elsewhere, as they do for other levels q, and for rare ones if a short run becomes a long one",
    "program": "program: the code of a function, or of qtheory itself, is another",
}


def require_same_run(passes: Sequence[Kept], configuration: Json, asked_then: Json, asked_now: Json) -> None:
    """Refuse a pass of another run than the passes in a ledger are of.

    Args:
        passes: those in the ledger.
        configuration: of the pass that is to be made.
        asked_then: what the user asked for when the ledger was begun, to say more about other bins.
        asked_now: what the user asks for now.

    Raises:
        LedgerError: settings that differ; each is named, with both its values.
    """
    for kept in passes:
        names = [n for n in _compared(kept.configuration, configuration) if kept.configuration[n] != configuration[n]]
        if names:
            # bins and program follow from the settings, and are news only where no setting differs
            lines = difference(kept.configuration, configuration, (n for n in names if n not in _SAID))
            lines = lines or [*map(_SAID.__getitem__, names), *difference(asked_then, asked_now, sorted(asked_now))]
            remedy = _ONE_BACKEND if names[0] in _OF_THE_BACKEND else _OTHER_FILE
            raise LedgerError("\n    ".join(["the ledger is of another run:", *lines]), remedy=remedy)


def difference(theirs: Json, mine: Json, names: Iterable[str]) -> list[str]:
    """One line for each value that differs, by its path; what is equal inside of a setting is left out.

    >>> difference({"key": 1, "base": "x"}, {"key": 2, "base": "x"}, ["base", "key"])
    ['key: 1 in the ledger, 2 now']
    >>> difference({"base": {"law": "normal", "sd": 1}}, {"base": {"law": "normal", "sd": 2}}, ["base"])
    ['base.sd: 1 in the ledger, 2 now']
    """
    return [line for name in names for line in _leaves(name, theirs.get(name, _ABSENT), mine.get(name, _ABSENT))]


def _leaves(path: str, theirs: Any, mine: Any) -> list[str]:
    if theirs == mine:
        return []
    if isinstance(theirs, dict) and isinstance(mine, dict):
        inner = [(f"{path}.{key}", key) for key in {**theirs, **mine}]
        return [line for at, key in inner for line in _leaves(at, theirs.get(key, _ABSENT), mine.get(key, _ABSENT))]
    if isinstance(theirs, list) and isinstance(mine, list) and len(theirs) == len(mine):
        pairs = enumerate(zip(theirs, mine, strict=True))
        return [line for i, (old, new) in pairs for line in _leaves(f"{path}[{i}]", old, new)]
    return [f"{path}: {theirs} in the ledger, {mine} now"]


def _compared(theirs: Json, mine: Json) -> list[str]:
    """The settings in which a pass must agree with another pass of its run."""
    names = list(_OF_THE_RUN)
    if theirs["generator"] == mine["generator"]:
        names.append("bins")
        if (theirs["windows"] is None) == (mine["windows"] is None):
            names.append("program")
    return names
