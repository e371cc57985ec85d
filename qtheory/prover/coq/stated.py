r"""The file of statements: for each part that has a theorem, what that theorem has to prove.

It is generated from the claims. The checkout carries it for readers; a run compares it with the claims at hand and
refuses it when they differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from qtheory.errors import ProofError
from qtheory.prover.coq.proposition import proposition
from qtheory.prover.coq.sources import FINITE, STATEMENTS, theorem_name, theorems
from qtheory.statements.claim import Claim, Part

HEADER = """(** * What the theorems have to prove

    Generated from the claims by [python -m qtheory.report.coq_statements]: do not edit. *)

From QTheory Require Import base.
From Coq Require Import Reals.
Open Scope R_scope.
"""


def covered_parts(folder: Path, claims: Iterable[Claim]) -> dict[str, tuple[Claim, Part]]:
    """The parts of the claims that a folder has a theorem for, by the theorem's name.

    Raises:
        ProofError: a theorem is named after no part of any claim.
    """
    named = {theorem_name(claim.slug, part.name): (claim, part) for claim in claims for part in claim.parts}
    announced = theorems(folder)
    unknown = sorted(name for name in announced if name not in named and not name.startswith(f"{FINITE}__"))
    if unknown:
        where = f"{announced[unknown[0]].module}.v"
        allowed = f"<claim>__<part> with underscores, or {FINITE}__<name>"
        raise ProofError(f"{where}: this theorem is named after no part of a claim", got=unknown[0], allowed=allowed)
    return {name: both for name, both in named.items() if name in announced}


def statements_text(folder: Path, claims: Iterable[Claim]) -> str:
    """The file of statements for the theorems of a folder."""
    covered = covered_parts(folder, claims)
    return "\n".join([HEADER, *(_definition(name, part) for name, (_, part) in sorted(covered.items()))])


def refuse_stale(folder: Path, claims: Iterable[Claim]) -> None:
    """Refuse a file of statements that does not state what the claims say.

    Raises:
        ProofError: it differs from what the claims give.
    """
    path = folder / f"{STATEMENTS}.v"
    written = path.read_text(encoding="utf-8") if path.is_file() else None
    if written != statements_text(folder, claims):
        remedy = "run `python -m qtheory.report.coq_statements`, then mend the proofs"
        raise ProofError(f"{path.name} does not state what the claims say", remedy=remedy)


def _definition(name: str, part: Part) -> str:
    return f"Definition {name} : Prop :=\n{proposition(part)}\n"
