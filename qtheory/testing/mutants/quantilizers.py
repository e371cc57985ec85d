r"""Wrong quantilizers on finitely many actions."""

from __future__ import annotations

from typing import Any

from qtheory.testing.mutant import mutant


def _best_first(utility: Any) -> list[int]:
    return sorted(range(len(utility)), key=lambda i: -utility[i])


def _filled(weights: Any, order: list[int], q: Any) -> list[Any]:
    """The base restricted to the first q of an order."""
    found, left = [q * 0] * len(weights), q
    for i in order:
        found[i] = min(left, weights[i]) / q
        left -= found[i] * q
    return found


@mutant("quantilizer", "ties are broken by the place in the list instead of shared in proportion to mass")
def ties_by_index(weights, utility, q):
    return _filled(weights, _best_first(utility), q)


@mutant("quantilizer", "ties are shared equally among actions instead of in proportion to mass")
def ties_shared_equally(weights, utility, q):
    found, left = [q * 0] * len(weights), q
    for level in sorted(set(utility), reverse=True):
        there = [i for i, u in enumerate(utility) if u == level and weights[i] > 0]
        taken = min(left, sum(weights[i] for i in there))
        for i in there:
            found[i] = taken / len(there) / q
        left -= taken
    return found


@mutant("quantilizer", "the action at the boundary is counted whole, and the sum mended by renormalising")
def boundary_counted_whole(weights, utility, q):
    kept, mass = [0] * len(weights), q * 0
    for level in sorted(set(utility), reverse=True):
        if mass < q:
            for i, u in enumerate(utility):
                kept[i] = weights[i] if u == level else kept[i]
            mass = sum(kept)
    return [g / mass for g in kept]


@mutant("quantilizer", "the action at the boundary is left out, and the sum mended by renormalising")
def boundary_left_out(weights, utility, q):
    kept = [
        g if sum(h for h, v in zip(weights, utility, strict=True) if v >= u) <= q else 0
        for g, u in zip(weights, utility, strict=True)
    ]
    return [g / sum(kept) for g in kept] if sum(kept) else _filled(weights, _best_first(utility), q)


@mutant("quantilizer", "probabilities are not divided by q")
def not_renormalised(weights, utility, q):
    return [p * q for p in _by_level(weights, utility, q)]


@mutant("quantilizer", "q is read as the share of actions, not of mass")
def share_of_actions(weights, utility, q):
    k = max(1, int(q * len(weights)))
    kept = set(_best_first(utility)[:k])
    mass = sum(weights[i] for i in kept)
    return [g / mass if i in kept and mass else 0 for i, g in enumerate(weights)] if mass else weights


@mutant("quantilizer", "the worst q is played: the sort is ascending")
def worst_first(weights, utility, q):
    return _by_level(weights, [-u for u in utility], q)


@mutant("quantilizer", "actions are ranked by mass times utility")
def ranked_by_product(weights, utility, q):
    return _by_level(weights, [g * u for g, u in zip(weights, utility, strict=True)], q)


@mutant("quantilizer", "the top of the utility's range is taken instead of the top of the mass")
def top_of_the_range(weights, utility, q):
    seen = [u for g, u in zip(weights, utility, strict=True) if g > 0]
    cut = max(seen) - q * (max(seen) - min(seen))
    kept = [g if u >= cut else 0 for g, u in zip(weights, utility, strict=True)]
    return [g / sum(kept) for g in kept]


@mutant("quantilizer", "a probability for actions that the base never takes: masses are smoothed")
def smoothed_masses(weights, utility, q):
    added = type(q)(1) / 1000
    return _by_level([(g + added) / (1 + added * len(weights)) for g in weights], utility, q)


@mutant("quantilizer", "the first action in the list is always kept, as a default")
def default_action(weights, utility, q):
    found = _by_level(weights, utility, q)
    return found if found[0] else [p * (1 - weights[0]) + (weights[0] if i == 0 else 0) for i, p in enumerate(found)]


@mutant("quantilizer", "a mask of what is above the threshold; if it leaves nothing, it forces the best action")
def mask_that_forces(weights, utility, q):
    above = [sum(h for h, v in zip(weights, utility, strict=True) if v > u) for u in utility]
    mask = [a + g <= q for a, g in zip(above, weights, strict=True)]
    kept = [g if m else 0 for g, m in zip(weights, mask, strict=True)]
    if not sum(kept):
        kept = [int(i == _best_first(utility)[0]) for i in range(len(weights))]
    return [g / sum(kept) for g in kept]


@mutant("quantilizer", "masses below a thousandth are taken for rounding errors and dropped")
def small_masses_dropped(weights, utility, q):
    kept = [g if g > 1e-3 else g * 0 for g in weights]
    return _by_level([g / sum(kept) for g in kept], utility, q)


@mutant("quantilizer", "utilities are compared as 32-bit floats, so close ones tie")
def compared_in_single_precision(weights, utility, q):
    import numpy as np

    return _by_level(weights, [float(np.float32(u)) for u in utility], q)


@mutant("quantilizer", "q is rounded to a percent")
def level_in_percent(weights, utility, q):
    return _by_level(weights, utility, max(round(q * 100), 1) * (q / q) / 100)


@mutant("quantilizer", "at q = 1 it plays the best action: one is read as full optimisation")
def one_is_the_maximiser(weights, utility, q):
    return _by_level(weights, utility, q if q < 1 else min(g for g in weights if g > 0))


@mutant("quantilizer", "where q is exactly the mass of the best actions, the next one is let in and the sum mended")
def next_action_let_in(weights, utility, q):
    above = [sum(h for h, v in zip(weights, utility, strict=True) if v > u) for u in utility]
    if q not in above:
        return _by_level(weights, utility, q)
    kept = [g if a <= q else g * 0 for g, a in zip(weights, above, strict=True)]
    return [g / sum(kept) for g in kept]


@mutant("quantilizer", "masses below one part in a million are taken for rounding errors")
def rare_actions_dropped(weights, utility, q):
    return _by_level([g if g > 1e-6 else 0 * g for g in weights], utility, q)


@mutant("ordered-quantilizer", "the tied actions are filled from the last to the first")
def filled_backwards(weights, utility, q):
    order = sorted(range(len(utility)), key=lambda i: (-utility[i], -i))
    return _filled(weights, order, q)


@mutant("ordered-quantilizer", "ties are shared in proportion to mass although an order was asked for")
def shared_in_spite_of_order(weights, utility, q):
    return _by_level(weights, utility, q)


@mutant("any-quantilizer", "a level that straddles the boundary is taken whole, at 1/q, and the rest made smaller")
def straddling_level_too_heavy(weights, utility, q):
    kept = [
        g if sum(h for h, v in zip(weights, utility, strict=True) if v > u) < q else 0
        for g, u in zip(weights, utility, strict=True)
    ]
    return [g / sum(kept) for g in kept]


@mutant("any-quantilizer", "one action of a tie at the boundary gets all of it, more than its mass allows")
def one_of_the_tie_gets_all(weights, utility, q):
    found, left = [q * 0] * len(weights), q
    for level in sorted(set(utility), reverse=True):
        there = [i for i, u in enumerate(utility) if u == level]
        taken = min(left, sum(weights[i] for i in there))
        found[max(there, key=lambda i: weights[i])] = taken / q
        left -= taken
    return found


@mutant("threshold", "the first utility at which the mass above exceeds q, not reaches it")
def threshold_past_the_edge(weights, utility, q):
    reached = [t for t in utility if sum(g for g, u in zip(weights, utility, strict=True) if u >= t) > q]
    return max(reached) if reached else min(utility)


@mutant("threshold", "the lower quantile: mass counted from the worst")
def threshold_from_below(weights, utility, q):
    return min(t for t in utility if sum(g for g, u in zip(weights, utility, strict=True) if u <= t) >= q)


@mutant("threshold", "an entry of the sorted list at q times its length, as if all masses were equal")
def threshold_by_count(weights, utility, q):
    return sorted(utility, reverse=True)[min(int(q * len(utility)), len(utility) - 1)]


@mutant("top-mean", "the mean of utilities at or above the threshold: the atom there counts whole")
def conditional_mean(weights, utility, q):
    cut = max(t for t in utility if sum(g for g, u in zip(weights, utility, strict=True) if u >= t) >= q)
    kept = [(g, u) for g, u in zip(weights, utility, strict=True) if u >= cut]
    return sum(g * u for g, u in kept) / sum(g for g, _ in kept)


@mutant("top-mean", "the sum over the top divided by nothing")
def mean_without_division(weights, utility, q):
    return sum(p * u for p, u in zip(_by_level(weights, utility, q), utility, strict=True)) * q


@mutant("top-mean", "positive parts only: right until a utility is negative")
def mean_of_positive_parts(weights, utility, q):
    return sum(p * max(u, 0) for p, u in zip(_by_level(weights, utility, q), utility, strict=True))


@mutant("composition", "quantilizers of different utilities are merged into one of level q q'")
def merged_levels(weights, utility, q, second_utility, second_q):
    return _by_level(weights, second_utility, q * second_q)


@mutant("composition", "the second quantilizer is applied to the base, and the first forgotten")
def second_alone(weights, utility, q, second_utility, second_q):
    return _by_level(weights, second_utility, second_q)


@mutant("composition", "the smaller level is used for both utilities added up")
def added_utilities(weights, utility, q, second_utility, second_q):
    return _by_level(weights, [a + b for a, b in zip(utility, second_utility, strict=True)], min(q, second_q))


def _by_level(weights: Any, utility: Any, q: Any) -> list[Any]:
    """A right quantilizer, for what is wrong elsewhere."""
    found = []
    for g, u in zip(weights, utility, strict=True):
        above = sum(h for h, v in zip(weights, utility, strict=True) if v > u)
        level = sum(h for h, v in zip(weights, utility, strict=True) if v == u)
        taken = min(max(q - above, 0), level)
        found.append(g * taken / level / q if level else g * 0)
    return found
