r"""The Coq development as text: its files, their order, the theorems they announce, and what they must not contain.

A theorem is tied to a part of a claim by its name alone: `cost_bound__bound` proves the part `bound` of `cost-bound`.
That it also states it is checked by Coq, see `qtheory.prover.coq.compiler`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from qtheory.errors import NotAvailable, ProofError
from qtheory.prover.locate import proofs_folder

STATEMENTS = "statements"
# Theorems about finite bases alone, which belong to no part of a claim.
FINITE = "finite"

_COMMENT = re.compile(r"\(\*|\*\)")
_THEOREM = re.compile(r"^\s*Theorem\s+(\w+)", re.MULTILINE)
_REQUIRE = re.compile(r"From\s+QTheory\s+Require\s+(?:Import\s+|Export\s+)?([\w\s]+)\.")
# What leaves something unproved, switches a check of Coq's off, reaches outside of the folder, or changes how a
# statement reads.
_FORBIDDEN = re.compile(
    r"\b(Axioms?|Parameters?|Conjecture|Admitted|admit|give_up|bypass_check|Declare\s+ML\s+Module|Load|Redirect"
    r"|Add\s+(?:Rec\s+)?(?:LoadPath|ML)|Extraction|(?:Unset|Set)\s+\w+\s+Checking|Infix|Coercion|Canonical"
    r"|(?<!Tactic )Notation)\b"
)


@dataclass(frozen=True)
class Theorem:
    """A theorem that a file announces: its name and its file's name without ending."""

    name: str
    module: str


def coq_folder() -> Path:
    """The folder of the Coq development, in a checkout or in the installed package.

    Raises:
        NotAvailable: the installation carries none.
    """
    folder = proofs_folder() / "coq"
    if not folder.is_dir():
        remedy = "install qtheory from a checkout or a wheel"
        raise NotAvailable("the Coq development is missing", got=str(folder), remedy=remedy)
    return folder


def theorem_name(slug: str, part: str) -> str:
    """The name that a theorem for a part of a claim has to bear.

    >>> theorem_name("cost-bound", "any-policy")
    'cost_bound__any_policy'
    """
    return f"{slug}__{part}".replace("-", "_")


def theorems(folder: Path) -> dict[str, Theorem]:
    """The theorems that the files announce, by name.

    Raises:
        ProofError: two theorems have the same name.
    """
    found: dict[str, Theorem] = {}
    for path in files(folder):
        for name in _THEOREM.findall(without_comments(path)):
            if name in found:
                raise ProofError(f"{path.name}: a theorem of this name was there before", got=name)
            found[name] = Theorem(name, path.stem)
    return found


@cache
def available_theorems() -> dict[str, Theorem]:
    """The theorems that this installation carries; none if it carries no Coq development."""
    try:
        return theorems(coq_folder())
    except NotAvailable:
        return {}


def files(folder: Path) -> tuple[Path, ...]:
    """The Coq files of a folder, in alphabetical order."""
    return tuple(sorted(folder.glob("*.v")))


def in_order(folder: Path) -> tuple[Path, ...]:
    """The Coq files of a folder, each after those it requires.

    Raises:
        ProofError: a file requires one that is not there, or files require each other.
    """
    paths = {path.stem: path for path in files(folder)}
    needs = {name: _required(path) for name, path in paths.items()}
    for name, required in needs.items():
        if missing := sorted(required - set(paths)):
            raise ProofError(f"{name}.v requires a file that is not there", got=missing[0], allowed=", ".join(paths))
    try:
        return tuple(paths[name] for name in TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ProofError("files of the Coq development require each other", got=error.args[1]) from error


def refuse_unproved(folder: Path) -> None:
    """Refuse files that assume something, or that change what statements mean.

    Coq's own list of assumptions is checked as well; this reading of the text also sees what no theorem uses.

    Raises:
        ProofError: names the file and what was found.
    """
    for path in files(folder):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
            allowed = "small letters, digits and underscores"
            raise ProofError("a Coq file's name could be taken for one of Coq's own", got=path.name, allowed=allowed)
        if found := _FORBIDDEN.search(without_comments(path)):
            allowed = "definitions, lemmas and theorems, proved without assumptions"
            raise ProofError(f"{path.name} contains what a proof must not", got=found.group(), allowed=allowed)


def without_comments(path: Path) -> str:
    """The text of a Coq file without its comments, which nest."""
    text = path.read_text(encoding="utf-8")
    kept, depth, begin = [], 0, 0
    for mark in _COMMENT.finditer(text):
        if depth == 0:
            kept.append(text[begin : mark.start()])
        depth = max(0, depth + (1 if mark.group() == "(*" else -1))
        begin = mark.end()
    return "".join([*kept, text[begin:] if depth == 0 else ""])


def _required(path: Path) -> set[str]:
    return {name for names in _REQUIRE.findall(without_comments(path)) for name in names.split()}
