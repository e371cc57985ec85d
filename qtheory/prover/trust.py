r"""How much an accepted step rests on."""

from __future__ import annotations

from enum import IntEnum


class Trust(IntEnum):
    """What one must believe to believe a step; a proof is worth its weakest step.

    >>> min(Trust.SMT, Trust.CAS).name
    'CAS'
    """

    CITED = 0
    """Stated with its source and not checked here."""
    CAS = 1
    """SymPy reduced or differentiated something."""
    SMT = 2
    """z3 found the negation unsatisfiable over the reals."""
    SMT2 = 3
    """z3 and cvc5 both did."""
    CERTIFICATE = 4
    """An exact rational certificate, checked by elementary arithmetic."""
    COQ = 5
    """Compiled by Coq in this run, for the statement generated from the claim."""
