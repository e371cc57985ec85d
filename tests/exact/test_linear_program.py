"""Exact linear programmes: against HiGHS, against all vertices, and what the checker refuses."""

import json
import math
import random
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import linprog

from qtheory.errors import DocumentError, InvalidInput, MissingExtra
from qtheory.exact import plain_fractions, rational_algebra
from qtheory.exact.certificate import Certificate, CertificateRejected, check_certificate
from qtheory.exact.linear_program import LinearProgram
from qtheory.exact.simplex import solve_exactly

SEEDS = range(300)
FLOAT_TOLERANCE = 1e-7


def random_program(seed, free=True):
    """Small and often degenerate: few distinct numbers, repeated and dependent rows, equations that may clash."""
    rng = random.Random(seed)
    size = rng.randint(1, 5)

    def number():
        return Fraction(rng.randint(-3 if free else 0, 3), rng.choice([1, 1, 2, 3]))

    def rows(count):
        return [([number() for _ in range(size)], number()) for _ in range(count)]

    at_most, equal = rows(rng.randint(0, 6)), rows(rng.randint(0, 2) if free else 0)
    if equal and rng.random() < 0.5:
        row, bound = equal[0]
        equal.append(([2 * x for x in row], 2 * bound + rng.randint(0, 1)))
    if not free:
        at_most.append(([1] * size, 2))
    return LinearProgram([number() for _ in range(size)], at_most, equal)


def dense(program):
    size = len(program.objective)
    kinds = []
    for kind in (program.at_most, program.equal):
        rows = [[float(dict(c.row).get(j, 0)) for j in range(size)] for c in kind]
        kinds += [rows or None, [float(c.bound) for c in kind] or None]
    return kinds


def by_highs(program):
    """Status and value; HiGHS calls some unbounded programmes infeasible, so feasibility is asked for by itself."""
    gains = [-float(c) for c in program.objective]
    runs = [linprog(c, *dense(program), bounds=(0, None), method="highs") for c in ([0.0] * len(gains), gains)]
    feasible, best = runs
    if feasible.status == 2:
        return "infeasible", None
    return ("optimal", -best.fun) if best.status == 0 else ("unbounded", None)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_status_and_the_value_are_those_of_highs_and_the_certificate_is_accepted(seed):
    program = random_program(seed)
    (status, value), certificate = by_highs(program), solve_exactly(program)
    assert certificate.status == status
    assert check_certificate(program, certificate) == certificate.value
    if status == "optimal":
        assert float(certificate.value) == pytest.approx(value, abs=FLOAT_TOLERANCE)


def solve_square(matrix, right):
    """Gauss in fractions, or None for dependent rows."""
    rows = [[*row, x] for row, x in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = next((r for r in range(i, len(rows)) if rows[r][i] != 0), None)
        if pivot is None:
            return None
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for r in range(len(rows)):
            if r != i:
                rows[r] = [x - rows[r][i] * y for x, y in zip(rows[r], rows[i], strict=True)]
    return [row[-1] for row in rows]


def best_vertex(program):
    size = len(program.objective)
    rows = [([dict(c.row).get(j, Fraction(0)) for j in range(size)], c.bound) for c in program.at_most]
    signs = [([Fraction(-int(i == j)) for j in range(size)], Fraction(0)) for i in range(size)]
    best = -math.inf
    for chosen in combinations([*rows, *signs], size):
        x = solve_square([row for row, _ in chosen], [bound for _, bound in chosen])
        if x is not None and all(sum(a * v for a, v in zip(row, x, strict=True)) <= b for row, b in [*rows, *signs]):
            best = max(best, sum(c * v for c, v in zip(program.objective, x, strict=True)))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_the_optimum_is_the_best_of_all_vertices(seed):
    program = random_program(seed, free=False)
    assert solve_exactly(program).value == best_vertex(program)


def bumped(vector, i):
    return (*vector[:i], vector[i] + Fraction(1, 10**30), *vector[i + 1 :])


def mutants(certificate):
    """Every number moved by a hair, every vector shortened and lengthened, every other status, values off by a hair."""
    for name in ("primal", "dual", "dual_equal", "ray"):
        vector = getattr(certificate, name)
        for i in range(len(vector)):
            yield name, replace(certificate, **{name: bumped(vector, i)})
            yield name, replace(certificate, **{name: (*vector[:i], -1 - abs(vector[i]), *vector[i + 1 :])})
            yield name, replace(certificate, **{name: (*vector[:i], float(vector[i]), *vector[i + 1 :])})
        yield name, replace(certificate, **{name: (*vector, Fraction(0))})
        if vector:
            yield name, replace(certificate, **{name: vector[:-1]})
    for status in {"optimal", "infeasible", "unbounded", "fine"} - {certificate.status}:
        yield "status", replace(certificate, status=status)
    values = (certificate.value + Fraction(1, 10**30), math.inf, -math.inf, math.nan)
    for value in values if math.isfinite(certificate.value) else (Fraction(0), -certificate.value, math.nan):
        yield "value", replace(certificate, value=value)


# In each of them every number matters: nothing can be moved by a hair without breaking a row.
TIGHT = {
    "optimal": LinearProgram([1, 2], [([1, 1], 1)], [([1, -1], "1/3")]),
    "infeasible": LinearProgram([0, 0], [([1, -1], 1)], [([1, -1], 2)]),
    "unbounded": LinearProgram([1, 0], [], [([1, -1], 1)]),
}


@pytest.mark.parametrize("status", TIGHT)
def test_a_certificate_with_any_field_changed_is_rejected(status):
    program = TIGHT[status]
    certificate = solve_exactly(program)
    assert certificate.status == status and check_certificate(program, certificate) == certificate.value
    tried = set()
    for name, wrong in mutants(certificate):
        with pytest.raises(CertificateRejected):
            check_certificate(program, wrong)
        tried.add(name)
    assert tried == {"primal", "dual", "dual_equal", "ray", "status", "value"}


@pytest.mark.parametrize("seed", range(60))
def test_a_certificate_of_another_programme_proves_at_most_what_holds(seed):
    program, other = random_program(seed), random_program(seed + 1)
    try:
        proved = check_certificate(other, solve_exactly(program))
    except CertificateRejected:
        return
    assert proved == solve_exactly(other).value


@pytest.mark.parametrize("seed", range(20))
def test_programmes_and_certificates_survive_json(seed):
    program = random_program(seed)
    certificate = solve_exactly(program)
    program_again = LinearProgram.from_json(json.loads(json.dumps(program.to_json())))
    again = Certificate.from_json(json.loads(json.dumps(certificate.to_json())))
    assert program_again == program and again == certificate
    assert check_certificate(program_again, again) == certificate.value


@pytest.mark.parametrize(
    "change", [{"primal": ["x"]}, {"primal": [0.5]}, {"value": "nan"}, {"type": "proof"}, {"schema": 9}]
)
def test_damaged_documents_are_refused(change):
    document = {**solve_exactly(TIGHT["optimal"]).to_json(), **change}
    with pytest.raises(DocumentError):
        Certificate.from_json(document)


@pytest.mark.parametrize(
    "make",
    [
        lambda: LinearProgram([0.5]),
        lambda: LinearProgram([math.nan]),
        lambda: LinearProgram([np.float32(1)]),
        lambda: LinearProgram([1], [([math.inf], 1)]),
        lambda: LinearProgram([1], [([1], 0.5)]),
        lambda: LinearProgram([True]),
        lambda: LinearProgram([]),
        lambda: LinearProgram([1], [([1, 2], 1)]),
        lambda: LinearProgram([1], [({1: 1}, 1)]),
        lambda: LinearProgram([1], [({True: 1}, 1)]),
        lambda: LinearProgram([1], [[1]]),
        lambda: LinearProgram(["one"]),
    ],
)
def test_data_that_are_not_rational_or_do_not_fit_are_refused(make):
    with pytest.raises(InvalidInput):
        make()


def test_integers_of_numpy_and_decimals_as_text_are_exact():
    program = LinearProgram([np.int64(2)], [(["0.1"], "1/3")])
    assert solve_exactly(program).value == Fraction(20, 3)


def test_numbers_far_beyond_floats_are_solved_all_the_same():
    huge = 10**400
    program = LinearProgram([huge, 1], [([1, 1], Fraction(1, huge)), ([1, 0], Fraction(1, 2 * huge))])
    assert solve_exactly(program).value == Fraction(1, 2) + Fraction(1, 2 * huge)


def test_a_float_solver_cannot_see_what_decides():
    """Two rows that differ by 1e-30: the guess is wrong or degenerate, the answer is exact."""
    hair = Fraction(1, 10**30)
    program = LinearProgram([1, 1], [([1, 1], 1), ([1, 1], 1 - hair), ([1, 0], "1/2")])
    assert solve_exactly(program).value == 1 - hair
    clash = LinearProgram([1], [([1], 1)], [([1], 1 + hair)])
    assert solve_exactly(clash).status == "infeasible"


def test_a_classical_cycling_programme_ends():
    """Beale's example, on which the simplex method with the largest coefficient goes round for ever."""
    rows = [(["1/4", -60, "-1/25", 9], 0), (["1/2", -90, "-1/50", 3], 0), ([0, 0, 1, 0], 1)]
    assert solve_exactly(LinearProgram(["3/4", -150, "1/50", -6], rows)).value == Fraction(1, 20)


@pytest.fixture
def without_flint(monkeypatch):
    monkeypatch.setitem(sys.modules, "flint", None)
    rational_algebra.flint.cache_clear()
    yield
    rational_algebra.flint.cache_clear()


@pytest.mark.parametrize("name", TIGHT)
def test_without_flint_small_programmes_have_the_same_answer(name, without_flint):
    certificate = solve_exactly(TIGHT[name])
    assert rational_algebra.flint() is plain_fractions
    assert certificate.status == name and check_certificate(TIGHT[name], certificate) == certificate.value


def test_without_flint_a_large_programme_names_the_extra(without_flint):
    with pytest.raises(MissingExtra, match=r"(?s)extra `exact`.*pip install"):
        solve_exactly(LinearProgram([1] * 60, at_most=[([1] * 60, 1)]))
