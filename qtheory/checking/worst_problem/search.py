r"""The search for the worst problem of one part of a claim.

Random exact problems; random float32 problems, many at once, improved by gradient steps and rounded; linear programmes
over the functions in which the statement is linear; single exact moves; and a shrinking of the worst. Only exact
evaluations are reported.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

import sympy as sp

from qtheory.aliases import Json
from qtheory.checking.falsify import witness_of
from qtheory.checking.worst_problem.constructed import MOST, constructed_choices
from qtheory.checking.worst_problem.exact_population import MOST_ACTIONS, exact_choices
from qtheory.checking.worst_problem.linear import BOX, linear_functions, proof_of_worst
from qtheory.checking.worst_problem.margin import OUTCOMES
from qtheory.checking.worst_problem.polish import climb, try_function
from qtheory.checking.worst_problem.pool import Candidate, Pool
from qtheory.checking.worst_problem.result import WorstProblem
from qtheory.errors import InvalidInput, NotAvailable
from qtheory.exact.evaluate import compile_truth
from qtheory.instances.complete import choices_of
from qtheory.instances.shrink import shrink
from qtheory.statements.claim import Part
from qtheory.statements.instance import leaves_of
from qtheory.statements.witness import sides

EXACT_PROBLEMS = 400
# Problems made to meet hypotheses that random ones meet badly; each gives a few candidates.
CONSTRUCTED = 60
# Policies whose ratios are enclosures cost many times as much.
EXACT_IRRATIONAL, MOVES_IRRATIONAL = 60, 30
# Random problems, and roundings of each, to which linear programmes are applied; exact candidates that are polished,
# and moves for each.
PROGRAMMED, VARIANTS, POLISHED, MOVES = 6, 2, 3, 120
# Shrinking tries all pairs of actions: larger instances are shown as they are.
MOST_TO_SHRINK = 12


@dataclass
class _Search:
    claim: str
    part: Part
    key: int
    pool: Pool
    linear: list = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scored: int = 0
    compile_seconds: float = 0.0


def search_all(claim: str, parts: Sequence[Part], atoms: int, problems: int, steps: int, key: int) -> WorstProblem:
    """The worst problem of the part that fares worst; parts that cannot be searched are left out unless all are."""
    found, refused = [], []
    for part in parts:
        try:
            found.append(search(claim, part, atoms, problems, steps, key))
        except NotAvailable as error:
            refused.append(error)
    if not found:
        raise refused[0]
    return min(found, key=lambda result: (OUTCOMES.index(result.outcome), result.relative_slack))


def search(claim: str, part: Part, atoms: int, problems: int, steps: int, key: int) -> WorstProblem:
    """The worst problem of a part; see `qtheory.api.worst_problem`.

    Raises:
        NotAvailable: the statement has no exact value, or no problem was found that meets the hypotheses.
    """
    began = time.perf_counter()
    _check(part, atoms, problems, steps, key)
    run = _Search(claim, part, key, Pool(part))
    run.linear = linear_functions(part) if _has_solver(run) else []
    _try_exact(run, atoms)
    _try_device(run, atoms, problems, steps)
    worst = _polished(run)
    certificates = _certified(run, worst)
    return _result(run, worst, certificates, time.perf_counter() - began)


def _check(part: Part, atoms: int, problems: int, steps: int, key: int) -> None:
    for name, value, least in (("atoms", atoms, 1), ("problems", problems, 0), ("steps", steps, 0), ("key", key, 0)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InvalidInput(f"{name} is out of range", got=value, allowed=f"an integer >= {least}")
    if not part.symbols:
        raise InvalidInput("there is nothing to search: the statement has no free symbol", got=str(part.conclusion))
    statements = (part.conclusion, *part.given)
    if any(statement.has(sp.Integral) for statement in statements):
        remedy = "prove it; integrals over ranks do not depend on the problem"
        raise NotAvailable("the statement is about an integral, not about problems", got=part.name, remedy=remedy)
    for statement in statements:
        compile_truth(statement, leaves_of(statement))


def _has_solver(run: _Search) -> bool:
    try:
        import flint  # noqa: F401
    except ImportError:
        run.notes.append("no linear programmes: python-flint, the extra `exact`, is not installed")
        return False
    return True


def _try_exact(run: _Search, atoms: int) -> None:
    for choices in exact_choices(run.part, EXACT_PROBLEMS, run.key, most=min(atoms, MOST_ACTIONS)):
        run.pool.offer(choices, "an exact random problem")
        if run.pool.irrational >= EXACT_IRRATIONAL:
            break
    made = list(constructed_choices(run.part, CONSTRUCTED, run.key, most=min(atoms, MOST))) if atoms > 1 else []
    for choices in made[: EXACT_IRRATIONAL if run.pool.irrational else None]:
        run.pool.offer(choices, "a problem made to meet the hypotheses")
    run.notes.insert(0, f"{run.pool.evaluated} exact random problems")


def _try_device(run: _Search, atoms: int, problems: int, steps: int) -> None:
    obstacle = _obstacle(run.part)
    if obstacle:
        run.notes.append(f"no arrays: {obstacle} has no formula for many problems at once")
    elif problems and atoms > 1:
        try:
            _score_and_round(run, atoms, problems, steps)
        except NotAvailable as error:
            run.notes.append(f"no arrays: {error.problem}")


def _obstacle(part: Part) -> str:
    """What keeps a part from being scored on many problems at once, if anything does."""
    from qtheory.checking.worst_problem.batch_policies import is_vectorised
    from qtheory.checking.worst_problem.projection import unsupported
    from qtheory.checking.worst_problem.worst_costs import has_formula

    foreign = [type(p.optimizer).__name__ for p in part.policies if not is_vectorised(p.optimizer)]
    costs = [] if has_formula(part) else [type(part.cost).__name__]
    return next(iter([*foreign, *costs, *map(str, unsupported(part))]), "")


def _score_and_round(run: _Search, atoms: int, problems: int, steps: int) -> None:
    # Here, so that a search of exact problems alone does not load it.
    import jax
    import numpy as np

    from qtheory.checking.worst_problem.latents import shape_of
    from qtheory.checking.worst_problem.population import draw_words, kernels, worst_words
    from qtheory.checking.worst_problem.rounding import rounded

    began = time.perf_counter()
    kernel = kernels(run.part, shape_of(run.part, atoms))
    jax.block_until_ready(kernel.score(draw_words(kernel.shape, run.key, 0)))
    run.compile_seconds = time.perf_counter() - began
    words = worst_words(kernel, problems, run.key)
    began = time.perf_counter()
    found = jax.tree.map(np.asarray, kernel.ascend(words, steps))
    run.compile_seconds += time.perf_counter() - began
    run.scored = problems + steps * words.shape[1]
    run.notes.append(f"{problems} random problems of up to {atoms} actions, {words.shape[1]} moved by {steps} steps")
    for place, column in enumerate(np.argsort(found.score, kind="stable").tolist()):
        for variant, choices in enumerate(rounded(run.part, found, column)):
            run.pool.offer(choices, "a rounded random problem")
            if place < PROGRAMMED and variant < VARIANTS:
                for function in run.linear:
                    try_function(run.pool, choices, function)


def _polished(run: _Search) -> Candidate:
    if run.pool.worst is None:
        allowed = "hypotheses that random problems can be made to meet"
        raise NotAvailable("no problem was found at which the hypotheses hold", got=run.part.name, allowed=allowed)
    random = Random(f"polish {run.key}")
    for candidate in list(run.pool.kept[:POLISHED]):
        better = climb(run.pool, candidate, MOVES_IRRATIONAL if run.pool.irrational else MOVES, random)
        for function in run.linear:
            try_function(run.pool, better.choices, function)
    return _shrunk(run, run.pool.worst)


def _shrunk(run: _Search, candidate: Candidate) -> Candidate:
    if len(candidate.instance.weights) > MOST_TO_SHRINK:
        return candidate
    small = shrink(run.part, candidate.instance, run.pool.improves(candidate))
    found = run.pool.offer(choices_of(run.part, small), candidate.origin)
    return found if found is not None and found.rank <= candidate.rank else candidate


def _certified(run: _Search, worst: Candidate) -> tuple[Json, ...]:
    """For each linear function the programmes that prove the problem the worst over it, where they do."""
    slack = worst.margin.slack
    if not isinstance(slack, Fraction):
        return ()
    left, right = sides(run.part.conclusion, worst.instance)
    greater = left if isinstance(run.part.conclusion, (sp.Ge, sp.Gt)) else right
    held = greater if isinstance(greater, Fraction) else Fraction(1)
    proved: list[Json] = []
    for function in run.linear:
        proofs = proof_of_worst(run.part, choices_of(run.part, worst.instance), function, -slack, held)
        if proofs:
            same = " that leaves the greater side as it is" if proofs[0].held else ""
            box = f", with values from -{BOX} to {BOX}," if any(proof.boxed for proof in proofs) else ""
            run.notes.append(f"no other {function}{same}{box} does more harm on this problem: exact linear programmes")
        proved += [proof.to_json() for proof in proofs]
    return tuple(proved)


def _result(run: _Search, worst: Candidate, certificates: tuple[Json, ...], seconds: float) -> WorstProblem:
    return WorstProblem(
        witness=witness_of(run.claim, run.part, worst.instance),
        slack=worst.margin.slack,
        relative_slack=float(worst.margin.relative),
        outcome=worst.margin.outcome,
        how="; ".join([f"from {worst.origin}, polished and shrunk exactly", *run.notes]),
        certificates=certificates,
        evaluated=run.scored + run.pool.evaluated,
        seconds=seconds,
        compile_seconds=run.compile_seconds,
    )
