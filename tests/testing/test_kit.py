"""The kit lets right implementations pass, kills wrong ones, and says where and why."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import qtheory as qt
from qtheory.errors import InvalidInput
from qtheory.testing import oracles
from qtheory.testing.check import Check, Disagreement, Subject, agree, agree_rows, shown
from qtheory.testing.kit import TIES, all_checks, check_implementation, check_quantilizer, checks_of, outcomes
from qtheory.testing.mutant import all_mutants
from qtheory.testing.own import OWN
from qtheory.testing.roles import ROLES
from qtheory.testing.small_problems import cases, levels_of, pairs, small_problems

F = Fraction
# They draw thousands of samples; `test_selfcheck` runs them once.
SLOW = {"interval", "mean-interval", "verdict", "sampler"}


@pytest.mark.parametrize("own", [x for x in OWN if x.role not in SLOW], ids=lambda x: f"{x.role}{'-floats' * x.floats}")
def test_qtheory_passes_its_own_kit(own):
    check_implementation(own.role, own.run, floats=own.floats)


@pytest.mark.parametrize("mutant", [m for m in all_mutants() if m.role not in SLOW], ids=lambda m: f"{m.role}/{m.name}")
def test_every_mutant_is_killed_for_what_it_returns(mutant):
    with pytest.raises(Disagreement) as error:
        check_implementation(mutant.role, mutant.run)
    # A mutant that crashes, or returns what is no answer at all, would be no test of the kit.
    assert "raises" not in error.value.says
    assert "cannot be read" not in error.value.says


def test_every_interface_has_checks_an_implementation_of_qtheorys_and_mutants():
    assert {check.role for check in all_checks()} == set(ROLES)
    assert {own.role for own in OWN} == set(ROLES)
    assert {mutant.role for mutant in all_mutants()} == set(ROLES)
    assert len(all_mutants()) >= 40


def test_names_are_unique_and_every_mutant_and_check_says_what_it_is():
    for name in ROLES:
        for things in (checks_of(name), [m for m in all_mutants() if m.role == name]):
            assert len({x.name for x in things}) == len(things) > 0
    assert all(len(m.wrong) > 10 and "\n" not in m.wrong for m in all_mutants())
    assert all(len(c.says) > 10 and 0 <= c.error_rate < 1e-6 for c in all_checks())


def test_the_checks_know_no_mutant():
    import ast
    import pathlib

    import qtheory.testing.checks as package

    for path in pathlib.Path(package.__path__[0]).glob("*.py"):
        names = {n.module for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)}
        assert not any("mutant" in (name or "") for name in names)


def brute_force(weights, utility, n, k):
    """Every sequence of n draws; each of the k best is played with chance 1/k, ties by a random order of the draws."""
    found = [F(0)] * len(weights)
    for draws in product(range(len(weights)), repeat=n):
        chance = math.prod((weights[i] for i in draws), start=F(1))
        ordered = sorted((utility[i] for i in draws), reverse=True)
        cut = ordered[k - 1]
        above = [i for i in draws if utility[i] > cut]
        tied = [i for i in draws if utility[i] == cut]
        for i in above:
            found[i] += chance / k
        for i in tied:
            found[i] += chance * F(k - len(above), len(tied)) / k
    return tuple(found)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (4, 3)])
def test_the_oracles_of_rules_agree_with_every_sequence_of_draws(n, k):
    for problem in [p for p in small_problems() if len(p.weights) == 3][:25]:
        case = problem.weights, problem.utility
        assert oracles.top_k_of_n(*case, n, k) == brute_force(*case, n, k)
        if k == 1:
            assert oracles.best_of_n(*case, n) == brute_force(*case, n, 1)


def test_the_oracle_of_quantilizers_solves_the_linear_programme_that_defines_them():
    for weights, utility, q in [case for case in cases() if len(case[0]) <= 4][::7]:
        policy = oracles.quantilizer(weights, utility, q)
        assert sum(policy) == 1 and all(0 <= p <= g / q for p, g in zip(policy, weights, strict=True))
        # The best value under w <= 1/q, from the dual: t + E(u - t)^+ / q at some utility t.
        dual = min(t + oracles.mean(weights, tuple(max(u - t, F(0)) for u in utility)) / q for t in utility)
        assert oracles.mean(policy, utility) == dual


def test_the_oracle_of_the_capped_worst_case_agrees_with_the_corners():
    for policy, base in [pair for pair in pairs() if len(pair[0]) <= 4][::9]:
        bound, cap = F(1, 3), F(1)
        found = oracles.capped_worst_case(base, policy, bound, cap)
        # The maximum of a linear function is at a corner: the cap on a set, and one action filled in part.
        corners = []
        for full in product((F(0), cap), repeat=len(base)):
            for i, g in enumerate(base):
                left = bound - oracles.mean(base, (*full[:i], F(0), *full[i + 1 :]))
                part = cap if g == 0 else min(cap, left / g)
                if left >= 0:
                    corners.append(oracles.mean(policy, (*full[:i], part, *full[i + 1 :])))
        assert found == max(corners)


def test_the_small_problems_are_many_hard_and_always_the_same():
    problems = small_problems()
    assert len(set(problems)) == len(problems) > 250
    assert any(0 in p.weights for p in problems) and any(len(set(p.utility)) < len(p.utility) for p in problems)
    assert [len(p.weights) for p in problems] == sorted(len(p.weights) for p in problems)
    assert sum(1 for _ in cases()) > 1500
    assert all(F(1) in levels_of(p) and all(0 < q <= 1 for q in levels_of(p)) for p in problems)


def test_a_disagreement_names_the_check_and_shows_a_case_one_can_repeat():
    def mine(weights, utility, q):
        return [F(1, len(weights))] * len(weights)

    with pytest.raises(Disagreement) as error:
        check_quantilizer(mine)
    assert error.value.says.startswith("[quantilizer: gives-the-exact-law]")
    assert "expected:" in str(error.value) and "got:" in str(error.value)


@pytest.mark.parametrize("ties", TIES)
def test_a_quantilizer_passes_as_what_it_is_and_not_as_another(ties):
    def of(how):
        return lambda g, u, q: qt.Quantilizer(q, how)(qt.Problem(qt.Finite(g), u)).probabilities

    right = "proportional" if ties == "any" else ties
    check_quantilizer(of(right), ties=ties)
    if ties != "any":
        with pytest.raises(Disagreement):
            check_quantilizer(of("ordered" if ties == "proportional" else "proportional"), ties=ties)


def test_an_implementation_in_floats_passes_and_a_wrong_one_in_floats_does_not():
    def mine(weights, utility, q):
        assert isinstance(weights, np.ndarray) and isinstance(q, float)
        found = np.zeros(len(weights))
        above = 0.0
        for level in np.unique(utility)[::-1]:
            there = utility == level
            mass = weights[there].sum()
            found[there] = weights[there] * min(max(q - above, 0.0), mass) / max(mass, 1e-300) / q
            above += mass
        return found

    check_quantilizer(mine, floats=True)
    with pytest.raises(Disagreement, match="gives-the-exact-law"):
        check_quantilizer(lambda g, u, q: mine(g, u, min(1.0, 1.01 * q)), floats=True)


def test_an_implementation_that_raises_or_changes_its_arguments_or_answers_nonsense_is_told_so():
    def changes(weights, utility, q):
        weights[:] = weights[::-1]
        return weights

    with pytest.raises(Disagreement, match="raises ZeroDivisionError"):
        check_quantilizer(lambda g, u, q: 1 / 0)
    with pytest.raises(Disagreement, match="changes its arguments"):
        check_quantilizer(changes, floats=True)
    for nonsense in (None, 7, "no", [], [None]):
        with pytest.raises(Disagreement):
            check_quantilizer(lambda g, u, q, answer=nonsense: answer)
        with pytest.raises(Disagreement):
            check_implementation("kl", lambda p, g, answer=nonsense: answer)


def test_rows_of_scores_are_arrays_in_float_mode_so_that_sorting_them_in_place_is_seen():
    def mine(scores, q):
        if not np.isfinite(scores).all():
            raise ValueError("not finite")
        return np.argsort(-scores, kind="stable")[: math.ceil(F(repr(q)) * len(scores))]

    def sorts(scores, q):
        found = mine(scores, q)
        scores.sort()
        return found

    check_implementation("top", mine, floats=True)
    with pytest.raises(Disagreement, match="changes its arguments"):
        check_implementation("top", sorts, floats=True)


def wide(scores, costs, q, alpha, seed):
    """Two bounds by Hoeffding: on how many items the ideal top has, and on the mean of the cost times being in it."""
    if not (np.isfinite(scores).all() and ((costs >= 0) & (costs <= 1)).all()):
        raise ValueError("bad data")
    n, level = len(scores), float(q)
    best_first = np.lexsort((np.random.default_rng(seed).random(n), -scores))
    sums = np.concatenate([[0.0], np.cumsum(costs[best_first])]) / n
    slack = math.sqrt(math.log(8 / alpha) / (2 * n))
    fewest, most = max(0, math.floor(n * (level - slack))), min(n, math.ceil(n * (level + slack)))
    return max(0.0, (sums[fewest] - slack) / level), min(1.0, (sums[most] + slack) / level)


def verdict_of(scores, costs, q, bound, alpha, seed):
    low, high = wide(scores, costs, q, alpha, seed)
    return "violated" if low > bound else "holds" if high <= bound else "inconclusive"


def test_simple_bounds_that_are_right_pass_though_better_ones_are_known():
    check_implementation("interval", wide)
    check_implementation("verdict", verdict_of)
    check_implementation("multiplicity", lambda p, alpha: [x <= alpha / len(p) for x in p])


def test_the_same_bounds_at_a_tenth_of_their_width_do_not_pass():
    def narrow(scores, costs, q, alpha, seed):
        low, high = wide(scores, costs, q, alpha, seed)
        middle = (low + high) / 2
        return middle - (middle - low) / 10, middle + (high - middle) / 10

    with pytest.raises(Disagreement, match="wrong too often"):
        check_implementation("interval", narrow)


def test_the_oracle_of_renyi_divergences_is_the_limit_at_order_one():
    for policy, base in [pair for pair in pairs() if oracles.sup_ratio(*pair) != math.inf][::40]:
        near = [oracles.renyi(policy, base, 1 + F(sign, 10**9)) for sign in (-1, 1)]
        assert near[0] - 1e-7 <= oracles.renyi(policy, base, F(1)) <= near[1] + 1e-7


def test_bad_calls_are_typed():
    for call in (
        lambda: check_quantilizer(3),
        lambda: check_quantilizer(max, ties="none"),
        lambda: check_implementation("no such thing", max),
        lambda: checks_of("no such thing"),
    ):
        with pytest.raises(InvalidInput):
            call()


def test_numbers_agree_exactly_if_exact_and_closely_if_not():
    assert agree(F(1, 3), F(1, 3)) and agree(1 / 3, F(1, 3)) and agree(math.inf, math.inf) and agree(np.int64(2), F(2))
    assert not agree(F(1, 3), F(333, 1000)) and not agree(0.3333, F(1, 3)) and not agree(math.nan, F(0))
    assert not agree(True, F(1)) and not agree(None, F(0)) and not agree(1.0, math.inf) and not agree(math.inf, F(1))
    assert agree_rows([F(1), 0.0], (F(1), F(0))) and not agree_rows([1], (1, 1)) and not agree_rows(None, (1,))
    assert shown((F(1, 2), 3)) == "[1/2, 3]" and len(shown([0.123456789] * 100)) <= 160


def test_every_check_is_run_and_only_the_first_disagreement_ends_a_run():
    found = outcomes("best-of-n", lambda g, u, n: list(g))
    assert [outcome.check.name for outcome in found] == [check.name for check in checks_of("best-of-n")]
    assert len(outcomes("best-of-n", lambda g, u, n: list(g), first=True)) == 1
    assert isinstance(found[0].check, Check) and Subject(max)(1, 2) == 2


def test_every_public_name_of_the_package_loads_is_documented_and_known_to_type_checkers():
    import ast
    import pathlib

    from qtheory import testing

    tree = ast.parse(pathlib.Path(testing.__file__).read_text(encoding="utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If)]
    assert {alias.asname for node in guarded for line in node.body for alias in line.names} == set(testing.__all__)
    assert all(len(getattr(testing, name).__doc__ or "") > 20 for name in testing.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = testing.nothing
