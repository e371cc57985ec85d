"""Theorems that many derivations use, proved once by a derivation of their own."""

from __future__ import annotations

from functools import cache

import sympy as sp

from qtheory.prover.derivation import Derivation
from qtheory.prover.proof import Proof, carry_out
from qtheory.statements.claim import Part
from qtheory.symbols import E, OfAction, Scalar, eq, ge

F, G = OfAction("f_"), OfAction("g_")
_A, _B, _D = Scalar("a__"), Scalar("b__"), Scalar("d__")


@cache
def cauchy_schwarz() -> Proof:
    """E(fg)^2 <= E(f^2) E(g^2), for any functions F and G of the action."""
    part = Part("cauchy-schwarz", E(F * G) ** 2 <= E(F**2) * E(G**2), says="The mean of a product, by mean squares.")
    return carry_out("cauchy-schwarz", part, _cauchy_schwarz)


def _cauchy_schwarz(d: Derivation) -> None:
    names = [d.let(_A, E(F**2)), d.let(_B, E(F * G)), d.let(_D, E(G**2))]
    own = d.integrate(d.pointwise(ge(F**2, 0), "a square"))
    other = d.integrate(d.pointwise(ge(G**2, 0), "a square"))
    first = d.integrate(d.pointwise(ge((_B * F - _A * G) ** 2, 0), "a square"))
    second = d.integrate(d.pointwise(ge((_B * G - (_D + 1) * F) ** 2, 0), "a square"))
    product = d.arithmetic(ge(_A * (_A * _D - _B**2), 0), "expanded", [first, *names])
    signs = [
        d.arithmetic(ge(_A, 0), "the mean of a square", [own, *names]),
        d.arithmetic(ge(_D, 0), "the mean of a square", [other, *names]),
    ]
    expanded = d.arithmetic(ge(_B**2 * _D - 2 * _B**2 * (_D + 1) + (_D + 1) ** 2 * _A, 0), "expanded", [second, *names])
    flat = d.arithmetic(sp.Implies(eq(_A, 0), eq(_B, 0)), "no square, no product", [expanded, *signs])
    bound = d.arithmetic(_B**2 <= _A * _D, "divide by the mean square", [product, flat, *signs])
    d.conclude([bound, *names])
