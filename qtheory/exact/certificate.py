r"""Certificates of linear programmes: what proves a value, and the checker, which trusts no solver.

Weak duality is all there is to it. If $x$ is feasible, $y \ge 0$ and $A^\top y + A_=^\top z \ge c$, then
$c \cdot x \le y \cdot Ax + z \cdot A_=x \le b \cdot y + b_= \cdot z$; where the two ends are equal both are optimal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from qtheory.aliases import Json, Number
from qtheory.errors import DocumentError, QTheoryError
from qtheory.exact.documents import SCHEMA, expect_document, field, list_field, number_from_json, number_to_json
from qtheory.exact.linear_program import LinearProgram

Vector = tuple[Fraction, ...]
_VECTORS = ("primal", "dual", "dual_equal", "ray")


class CertificateRejected(QTheoryError):
    """A certificate that does not prove what it says."""


@dataclass(frozen=True)
class Certificate:
    r"""What proves the value of a linear programme.

    Attributes:
        status: "optimal": `primal` is feasible, the duals bound every feasible point, and both give `value`.
            "infeasible": the duals are a Farkas ray, $y \ge 0$, $A^\top y + A_=^\top z \ge 0$,
            $b \cdot y + b_= \cdot z < 0$. "unbounded": `primal` is feasible and `ray` improves for ever.
        value: a `Fraction`; minus infinity if infeasible, infinity if unbounded.
        primal: a feasible point, or empty.
        dual: one multiplier $y \ge 0$ per row of `at_most`, or empty.
        dual_equal: one multiplier $z$ per row of `equal`, or empty.
        ray: a direction $d \ge 0$ with $Ad \le 0$, $A_=d = 0$, $c \cdot d > 0$, or empty.

    >>> programme = LinearProgram([1], at_most=[([2], 1)])
    >>> half = (Fraction(1, 2),)
    >>> check_certificate(programme, Certificate("optimal", Fraction(1, 2), primal=half, dual=half))
    Fraction(1, 2)
    """

    status: str
    value: Number
    primal: Vector = ()
    dual: Vector = ()
    dual_equal: Vector = ()
    ray: Vector = ()

    def to_json(self) -> Json:
        vectors = {name: [str(x) for x in getattr(self, name)] for name in _VECTORS}
        value = number_to_json(self.value)
        return {"schema": SCHEMA, "type": "certificate", "status": self.status, "value": value, **vectors}

    @staticmethod
    def from_json(document: Json) -> Certificate:
        """The certificate that `to_json` wrote; it still has to be checked."""
        expect_document(document, "certificate")
        vectors = {name: _vector(list_field(document, name), name) for name in _VECTORS}
        return Certificate(str(field(document, "status")), number_from_json(field(document, "value")), **vectors)


def check_certificate(program: LinearProgram, certificate: Certificate) -> Number:
    r"""The value that a certificate proves, by arithmetic on fractions alone.

    Args:
        program: the linear programme, written down by whoever checks.
        certificate: what is claimed of it.

    Returns:
        The optimal value; minus infinity if there is no feasible point, infinity if there is no bound.

    Raises:
        CertificateRejected: it proves nothing, or something else than it says.

    >>> check_certificate(LinearProgram([1]), Certificate("optimal", Fraction(0), primal=(Fraction(0),)))
    Traceback (most recent call last):
    ...
    qtheory.exact.certificate.CertificateRejected: the multipliers do not bound the objective
      got:     Fraction(0, 1)
    """
    x, y, z, ray = certificate.primal, certificate.dual, certificate.dual_equal, certificate.ray
    _require(all(type(v) is Fraction for v in (*x, *y, *z, *ray)), "a number is not a Fraction", certificate)
    if certificate.status == "infeasible":
        _require(x == ray == (), "there is more here than a Farkas ray", certificate)
        _require(min(_columns(program, y, z)) >= 0 and _bound(program, y, z) < 0, "this is no Farkas ray", certificate)
        value: Number = -math.inf
    elif certificate.status == "unbounded":
        _require(y == z == (), "there is more here than a point and a ray", certificate)
        _feasible(program, x)
        _feasible(_homogeneous(program), ray)
        value = _objective(program, ray)
        _require(value > 0, "the ray does not improve the objective", value)
        value = math.inf
    else:
        _require(certificate.status == "optimal" and ray == (), "not a certificate of optimality", certificate)
        _feasible(program, x)
        short = [s - c for s, c in zip(_columns(program, y, z), program.objective, strict=True)]
        _require(min(short) >= 0, "the multipliers do not bound the objective", _bound(program, y, z))
        value = _objective(program, x)
        _require(value == _bound(program, y, z), "the point and the multipliers differ in value", value)
    _require(certificate.value == value, "the value stated is not the value proved", certificate.value)
    return value


def _feasible(program: LinearProgram, x: Vector) -> None:
    _require(len(x) == len(program.objective) and min(x) >= 0, "not a vector of nonnegative numbers", x)
    _require(all(row.total(x) <= row.bound for row in program.at_most), "an upper bound is broken", x)
    _require(all(row.total(x) == row.bound for row in program.equal), "an equation is broken", x)


def _columns(program: LinearProgram, y: Vector, z: Vector) -> list[Fraction]:
    r"""$A^\top y + A_=^\top z$, after a look at the signs and the lengths."""
    lengths = len(y) == len(program.at_most) and len(z) == len(program.equal)
    _require(lengths and all(v >= 0 for v in y), "not multipliers of this programme", (y, z))
    sums = [Fraction(0)] * len(program.objective)
    for constraint, multiplier in zip((*program.at_most, *program.equal), (*y, *z), strict=True):
        for j, coefficient in constraint.row if multiplier else ():
            sums[j] += coefficient * multiplier
    return sums


def _bound(program: LinearProgram, y: Vector, z: Vector) -> Fraction:
    pairs = zip((*program.at_most, *program.equal), (*y, *z), strict=True)
    return sum((constraint.bound * multiplier for constraint, multiplier in pairs), Fraction(0))


def _objective(program: LinearProgram, x: Vector) -> Fraction:
    return sum((c * v for c, v in zip(program.objective, x, strict=True)), Fraction(0))


def _homogeneous(program: LinearProgram) -> LinearProgram:
    """The same rows with all bounds zero: what a ray has to satisfy."""
    zero = Fraction(0)
    flat = ([(dict(c.row), zero) for c in kind] for kind in (program.at_most, program.equal))
    return LinearProgram(program.objective, *flat)


def _require(holds: bool, problem: str, got: object) -> None:
    if not holds:
        raise CertificateRejected(problem, got=got)


def _vector(texts: list, name: str) -> Vector:
    numbers = [number_from_json(text, f"{name}[{i}]") for i, text in enumerate(texts)]
    if not all(type(x) is Fraction for x in numbers):
        raise DocumentError(f"{name} holds a float", got=texts, allowed="exact numbers as text")
    return tuple(numbers)  # type: ignore[arg-type]
