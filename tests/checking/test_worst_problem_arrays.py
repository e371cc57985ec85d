"""The arrays of the search against exact evaluation: policies, moves, scores, rounding, margins, linear programmes."""

from __future__ import annotations

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp
from small_problems import A48, D5, R6, T3

import qtheory as qt
from qtheory.checking.worst_problem.batch import Batch, running_sum, slack_of, unmet
from qtheory.checking.worst_problem.batch_policies import RANK_MASS, SCORE_RATIO, apply_policy, by_level, is_vectorised
from qtheory.checking.worst_problem.identity import is_identically_zero
from qtheory.checking.worst_problem.latents import decode, shape_of
from qtheory.checking.worst_problem.linear import linear_functions, worst_rows
from qtheory.checking.worst_problem.margin import margin
from qtheory.checking.worst_problem.population import _worst_by_size, draw_words, kernels, worst_words
from qtheory.checking.worst_problem.projection import environment, penalty
from qtheory.checking.worst_problem.rounding import rounded
from qtheory.checking.worst_problem.worst_costs import WORST
from qtheory.claims.registry import get
from qtheory.exact.enclosure import Enclosure
from qtheory.instances.complete import Choices, complete
from qtheory.statements.instance import Instance
from qtheory.symbols import C, E, Scalar, b, c, epsilon, eq, h, kappa, le, q, u, v, w, worst, xlogy

HALVES = (Fraction(1, 2), Fraction(1, 2))
OPTIMIZERS = [
    qt.Quantilizer("3/8"),
    qt.Quantilizer("3/8", ties="ordered"),
    qt.Quantilizer(1),
    qt.WindowedQuantilizer("1/16", "3/8"),
    qt.BestOfN(1),
    qt.BestOfN(5),
    qt.TopKOfN(7, 1),
    qt.TopKOfN(7, 3),
    qt.TopKOfN(4, 4),
    qt.BestOfPoisson("3/2"),
    qt.Maximizer(),
    qt.Imitation(),
    qt.KLRegularized("3/2"),
    qt.Satisficer(1),
]


def batch_of(problems, **rows):
    """Problems as one batch, their actions listed best first and filled up with actions of no mass."""
    size = max(p.base.size for p in problems) + 1
    order = [sorted(range(p.base.size), key=lambda i, p=p: -p.utility[i]) for p in problems]
    column = lambda values, places, rest: [float(values[i]) for i in places] + [rest] * (size - len(places))
    mass = [column(p.base.weights, o, 0.0) for p, o in zip(problems, order, strict=True)]
    utility = np.array([column(p.utility, o, -99.0) for p, o in zip(problems, order, strict=True)]).T
    new = np.vstack([np.ones((1, len(problems)), bool), np.diff(utility, axis=0) < 0])
    functions = {u: jnp.asarray(utility, jnp.float32)}
    feature = jnp.zeros(utility.shape, jnp.int32)
    return Batch(jnp.asarray(mass, jnp.float32).T, jnp.asarray(new), functions, {}, feature), order


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_density_ratios_in_arrays_are_those_of_the_exact_policies(optimizer):
    problems = [T3, A48, D5, R6] if not isinstance(optimizer, qt.Satisficer) else [A48, D5, R6]
    batch, order = batch_of(problems)
    apply = apply_policy(qt.PolicyOf(optimizer))
    ratio = np.asarray(jax.jit(lambda: apply(batch).functions[w])())
    for j, problem in enumerate(problems):
        exact = [float(Enclosure.of(x).midpoint) for x in optimizer(problem).ratio]
        assert ratio[: problem.base.size, j] == pytest.approx([exact[i] for i in order[j]], abs=2e-4)


def test_every_optimizer_with_arrays_is_among_those_compared():
    assert {type(optimizer) for optimizer in OPTIMIZERS} == {*RANK_MASS, *SCORE_RATIO}
    assert not is_vectorised(qt.PowerRegularized(2, 1)) and not is_vectorised(qt.Quantilizer("1/2", draws=10))


PARTS = [
    get("bounded-cost").twin.parts[0],
    get("feature-cost").part("bound"),
    get("quantilizer-optimality").part("optimal"),
    get("quantilizer-divergences").part("kl"),
    get("best-of-n-win-rate").twin.parts[0],
    qt.Part("mean", worst <= 2 * epsilon, policies=(qt.PolicyOf(qt.Quantilizer(q)),), cost=qt.MeanBounded(epsilon)),
    qt.Part("signed", worst <= epsilon, policies=(qt.PolicyOf(qt.Quantilizer(q)),), cost=qt.Signed(epsilon, b)),
]


def scored(part, shape, words):
    """The problems behind random words, the slack of a part's conclusion, and by how much its hypotheses fail."""
    build, slack, missed = environment(part, shape), slack_of(part.conclusion), penalty(part)

    @jax.jit
    def arrays(words):
        batch = build(decode(shape, words))
        functions = {f.name: row for f, row in batch.functions.items()}
        scalars = {x.name: value for x, value in batch.scalars.items()}
        known = {x.name: x for x in (*batch.functions, *batch.scalars)}
        symbols.update(known)
        return batch.mass, batch.new_level, functions, scalars, batch.feature, slack(batch), missed(batch)

    symbols: dict = {}
    mass, new, functions, scalars, feature, scores, miss = jax.tree.map(np.asarray, arrays(words))
    rows = ({symbols[name]: value for name, value in table.items()} for table in (functions, scalars))
    return Batch(mass, new, *rows, feature), scores, miss


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_scores_in_arrays_are_the_exact_slacks_where_the_hypotheses_are_met(part):
    shape = shape_of(part, 6)
    batch, scores, miss = scored(part, shape, draw_words(shape, 1, 0)[:, :64])
    compared = 0
    for j in np.flatnonzero(miss < 1e-6).tolist():
        kept = np.flatnonzero(np.asarray(batch.mass)[:, j] > 1e-3).tolist()
        exact = lambda row, j=j, kept=kept: tuple(Fraction(float(np.asarray(row)[i, j])) for i in kept)
        weights = exact(batch.mass)
        weights = tuple(x / sum(weights) for x in weights)
        functions = {f: exact(row) for f, row in batch.functions.items()}
        scalars = {x: Fraction(float(value[j])) for x, value in batch.scalars.items() if np.isfinite(value[j])}
        feature = tuple(int(np.asarray(batch.feature)[i, j]) for i in kept)
        known = {f: functions[f] for f in shape.functions}
        free = {x: scalars[x] for x in shape.scalars}
        instance = complete(part, Choices(weights, functions[u], feature, free, known))
        found = None if instance is None else margin(part, instance)
        if found is None or len(kept) < len(np.flatnonzero(np.asarray(batch.mass)[:, j] > 0)) or found.trivial:
            continue
        compared += 1
        assert scores[j] == pytest.approx(float(found.relative), abs=5e-3)
    assert compared >= 10


def test_worst_cases_in_arrays_cover_the_classes_they_name():
    assert set(WORST) == {qt.MeanBounded, qt.Signed, qt.RangeAndMean}


def test_gradient_steps_never_lose_what_they_started_from_and_find_worse():
    part = get("upper-cvar").part("dual-bound")
    kernel = kernels(part, shape_of(part, 8))
    words = draw_words(kernel.shape, 0, 0)[:, :72]
    before, _ = kernel.score(words)
    after = np.asarray(kernel.ascend(words, 10).score)
    assert np.all(after <= np.asarray(before) + 1e-6) and np.mean(after) < 0.9 * np.mean(np.asarray(before))


def test_the_worst_of_the_blocks_are_the_worst_of_all_whatever_the_number_asked_for():
    part = get("upper-cvar").part("dual-bound")
    kernel = kernels(part, shape_of(part, 8))
    scores, _ = kernel.score(draw_words(kernel.shape, 5, 0))
    kept, _ = kernel.score(_padded(worst_words(kernel, 100, 5)))
    assert float(jnp.min(kept)) == float(jnp.min(scores[:100]))
    assert not np.array_equal(draw_words(kernel.shape, 5, 0), draw_words(kernel.shape, 5, 1))


def test_running_sums_and_levels_are_right_to_rounding_so_that_only_near_ties_among_scores_depend_on_their_order():
    # A float32 score only says which problems are looked at exactly: sums in another order swap scores a few units in the
    # last place apart, and nothing that is reported, since that is evaluated in rationals.
    draw = np.random.default_rng(0)
    mass = draw.random((64, 50)) * (draw.random((64, 50)) < 0.8)
    mass /= mass.sum(axis=0)
    new = draw.random((64, 50)) < 0.4
    new[0] = True
    batch = Batch(jnp.asarray(mass, jnp.float32), jnp.asarray(new), {}, {}, None)
    above, level = (np.asarray(x) for x in by_level(batch, batch.mass))
    before = np.asarray(running_sum(batch.mass))
    rounding = 64 * float(np.finfo(np.float32).eps)
    assert np.max(np.abs(before - (np.cumsum(mass, axis=0) - mass))) < rounding
    for j in range(50):
        name = np.cumsum(new[:, j])
        for i in range(64):
            assert above[i, j] == pytest.approx(mass[name < name[i], j].sum(), abs=rounding)
            assert level[i, j] == pytest.approx(mass[name == name[i], j].sum(), abs=rounding)
    # The comparison would see an action put into the wrong level.
    shifted = np.roll(new, 1, axis=0)
    shifted[0] = True
    wrong, _ = by_level(Batch(batch.mass, jnp.asarray(shifted), {}, {}, None), batch.mass)
    assert np.max(np.abs(np.asarray(wrong) - above)) > 100 * rounding


@pytest.mark.parametrize("levels", [1, 5, 10**6])
def test_the_worst_few_are_those_of_a_stable_sort(levels):
    draw = np.random.default_rng(0)
    for size in (0, 1, 16, 17, 300):
        scores = draw.integers(0, levels, size).astype(np.float32)
        scores[draw.random(size) < 0.3] = np.inf
        found = list(_worst_by_size(scores, np.full(size, 64), 16))
        assert found == np.argsort(scores, kind="stable")[:16].tolist()


def _padded(words):
    return np.hstack([words, np.repeat(words[:, :1], 2048 - words.shape[1], axis=1)])


def test_rounded_problems_are_distributions_with_small_denominators():
    part = get("bounded-cost").part("simple")
    kernel = kernels(part, shape_of(part, 8))
    found = jax.tree.map(np.asarray, kernel.ascend(draw_words(kernel.shape, 2, 0)[:, :72], 0))
    for column in range(20):
        for choices in rounded(part, found, column):
            assert sum(choices.weights) == 1 and min(choices.weights) > 0
            assert max(x.denominator for x in (*choices.weights, *choices.utility, *choices.functions[c])) <= 24
            assert 0 < choices.scalars[q] <= 1 and choices.scalars[C] > 0


def test_the_programme_over_a_cost_gives_the_worst_case_of_its_class():
    for optimizer in (qt.Quantilizer("3/8"), qt.BestOfN(3)):
        part = qt.Part("p", E(w * c) <= 0, policies=(qt.PolicyOf(optimizer),), cost=qt.RangeAndMean("1/5", "3/4"))
        assert linear_functions(part) == [c]
        for problem in (T3, A48, D5, R6):
            zeros = (Fraction(0),) * problem.base.size
            (solution,) = worst_rows(part, Choices(problem.base.weights, problem.utility, zeros, {}, {c: zeros}), c)
            assert solution.violation == qt.RangeAndMean("1/5", "3/4").worst_case(optimizer(problem)).value
            assert not solution.boxed and not solution.held


def test_what_is_not_linear_is_not_put_into_a_programme():
    given = (c >= 0,)
    square = qt.Part("p", E(c**2) <= 1, given=given)
    product = qt.Part("p", E(c * v) <= 1, given=(c >= 0, v >= 0, eq(E(v), 1)))
    through_level = get("cost-regression").part("covariance")
    assert linear_functions(square) == [] and linear_functions(product) == [c, v]
    assert c not in linear_functions(through_level)
    assert linear_functions(qt.Part("p", E(kappa) <= 1, given=(kappa >= 0, eq(E(kappa * (h + 1)), 1)), policies=get(
        "feature-cost").part("bound").policies)) == [kappa]  # fmt: skip


def test_margins_of_joined_and_pointwise_statements():
    instance = Instance(HALVES, {c: (Fraction(1), Fraction(3))}, {q: Fraction(1, 2)})
    cases = [
        (E(c) <= 3, "slack", 1, Fraction(1, 3)),
        (E(c) <= 2, "tight", 0, 0),
        (E(c) < 2, "violated", 0, 0),
        (eq(E(c), 3), "violated", -1, Fraction(-1, 3)),
        (sp.And(E(c) <= 3, E(c) >= 2, evaluate=False), "tight", 0, 0),
        (sp.Or(E(c) >= 3, E(c) <= 4, evaluate=False), "slack", 2, Fraction(1, 2)),
        (c <= 3, "tight", 0, 0),
        (c >= 2, "violated", -1, Fraction(-1, 2)),
        (sp.Implies(c > 1, c >= 4), "violated", -1, Fraction(-1, 4)),
    ]
    for conclusion, outcome, slack, relative in cases:
        found = margin(qt.Part("p", conclusion), instance)
        assert (found.outcome, found.slack, found.relative) == (outcome, slack, relative), conclusion


def test_sides_that_vanish_and_single_actions_are_not_tight():
    zero = Instance(HALVES, {c: (Fraction(0), Fraction(0))}, {})
    one = Instance((Fraction(1),), {c: (Fraction(2),)}, {})
    part = qt.Part("p", E(c) <= 2 * E(c))
    assert margin(part, zero).outcome == "slack" and margin(part, zero).trivial
    assert margin(qt.Part("p", E(c) <= 2), one).outcome == "slack"
    assert margin(qt.Part("p", E(sp.log(c)) <= 0), zero) is None


def test_logarithms_that_cancel_are_seen_to_and_others_left_open():
    def entropy(*row):
        return Instance(HALVES, {v: tuple(map(Fraction, row))}, {q: Fraction(1, 2)})

    part = qt.Part("p", E(xlogy(v, v)) <= sp.log(1 / q))
    assert margin(part, entropy(0, 2)).outcome == "tight"
    assert margin(part, entropy(1, 1)).outcome == "slack"
    roots = E(sp.sqrt(v)) - sp.sqrt(2) / 2
    assert not is_identically_zero(E(xlogy(v, v)) - sp.log(3), entropy(0, 2))
    assert is_identically_zero(roots, entropy(0, 2))


def test_hypotheses_are_missed_by_how_much_they_are_false():
    batch, _ = batch_of([T3])
    batch = batch.with_function(c, jnp.full(batch.mass.shape, -0.5)).with_scalar(Scalar("x9"), jnp.array([2.0]))
    assert float(unmet(c >= 0)(batch)[0]) == pytest.approx(0.5 / 1.5)
    assert float(unmet(le(c, 0))(batch)[0]) == 0
