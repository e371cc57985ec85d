r"""Wrong samplers."""

from __future__ import annotations

import numpy as np

from qtheory.testing.mutant import mutant
from qtheory.testing.mutants.quantilizers import _by_level


def _law(weights, utility, q):
    return np.array([float(p) for p in _by_level(weights, utility, q)])


@mutant("sampler", "the rule on a batch of twenty draws instead of the ideal quantilizer")
def rule_instead_of_ideal(weights, utility, q, n, seed):
    rng = np.random.default_rng(seed)
    batch = rng.choice(len(weights), size=(n, 20), p=[float(g) for g in weights])
    scores = np.array([float(u) for u in utility])[batch] + 1e-9 * rng.random(batch.shape)
    k = max(1, int(np.ceil(20 * float(q))))
    order = np.argsort(-scores, axis=1)[:, :k]
    return batch[np.arange(n), order[np.arange(n), rng.integers(0, k, n)]]


@mutant("sampler", "among the actions at or above the threshold, by mass: the boundary counts whole")
def rejection_at_the_threshold(weights, utility, q, n, seed):
    cut = max(t for t in utility if sum(g for g, u in zip(weights, utility, strict=True) if u >= t) >= q)
    kept = np.array([float(g) * (u >= cut) for g, u in zip(weights, utility, strict=True)])
    return np.random.default_rng(seed).choice(len(weights), size=n, p=kept / kept.sum())


@mutant("sampler", "uniform over the actions of the top, without their masses")
def uniform_over_the_top(weights, utility, q, n, seed):
    top = np.flatnonzero(_law(weights, utility, q))
    return np.random.default_rng(seed).choice(top, size=n)


@mutant("sampler", "the seed is ignored")
def seed_ignored(weights, utility, q, n, seed):
    return np.random.default_rng(0).choice(len(weights), size=n, p=_law(weights, utility, q))


@mutant("sampler", "fresh entropy is used beside the seed, so a run cannot be repeated")
def not_repeatable(weights, utility, q, n, seed):
    return np.random.default_rng().choice(len(weights), size=n, p=_law(weights, utility, q))


@mutant("sampler", "a chain that stays where it is half of the time: the law is right, the draws are not independent")
def sticky(weights, utility, q, n, seed):
    rng = np.random.default_rng(seed)
    fresh = rng.choice(len(weights), size=n, p=_law(weights, utility, q))
    moved = np.maximum.accumulate(np.where(rng.random(n) < 0.5, np.arange(n), 0))
    return fresh[moved]


@mutant("sampler", "the same half of draws given twice")
def second_half_repeated(weights, utility, q, n, seed):
    half = np.random.default_rng(seed).choice(len(weights), size=-(-n // 2), p=_law(weights, utility, q))
    return np.concatenate([half, half])[:n]


@mutant("sampler", "an evenly spaced sample of ranks: every count is exact, and consecutive draws are tied together")
def evenly_spaced(weights, utility, q, n, seed):
    shift = np.random.default_rng(seed).random()
    places = (np.arange(n) + shift) / n
    return np.minimum(np.searchsorted(np.cumsum(_law(weights, utility, q)), places), len(weights) - 1)


@mutant("sampler", "inversion that looks up the wrong side: an empty action in front is drawn for u = 0 to its end")
def off_by_one_inversion(weights, utility, q, n, seed):
    cumulative = np.cumsum(_law(weights, utility, q))
    found = np.searchsorted(cumulative, np.random.default_rng(seed).random(n)) + 1
    return np.minimum(found, len(weights) - 1)


@mutant("sampler", "draws of the base that miss the top are replaced by the best action instead of drawn again")
def replaced_by_the_best(weights, utility, q, n, seed):
    rng = np.random.default_rng(seed)
    law, masses = _law(weights, utility, q), np.array([float(g) for g in weights])
    draws = rng.choice(len(weights), size=n, p=masses)
    accept = rng.random(n) < float(q) * np.divide(law, masses, out=np.zeros_like(law), where=masses > 0)[draws]
    return np.where(accept, draws, max(range(len(weights)), key=lambda i: (law[i] > 0, utility[i])))


@mutant("sampler", "an evenly spaced sample of ranks in random order: counts that vary too little from seed to seed")
def evenly_spaced_and_shuffled(weights, utility, q, n, seed):
    return np.random.default_rng([seed, 1]).permutation(evenly_spaced.run(weights, utility, q, n, seed))


@mutant(
    "sampler",
    "antithetic pairs at a distance of three: what one draw takes from the top the other takes from the bottom",
)
def antithetic(weights, utility, q, n, seed):
    fresh = np.random.default_rng(seed).random((-(-n // 6), 3))
    places = np.concatenate([fresh, 1 - fresh], axis=1).ravel()[:n]
    return np.minimum(np.searchsorted(np.cumsum(_law(weights, utility, q)), places), len(weights) - 1)


@mutant("sampler", "the first draw of a run is always the best action, a default that nobody removed")
def first_is_the_best(weights, utility, q, n, seed):
    law = _law(weights, utility, q)
    draws = np.random.default_rng(seed).choice(len(weights), size=n, p=law)
    draws[0] = max(np.flatnonzero(law), key=lambda i: utility[i])
    return draws


@mutant("sampler", "neighbouring seeds give the same draws: the last bit of the seed is lost")
def neighbouring_seeds_agree(weights, utility, q, n, seed):
    return np.random.default_rng(seed // 2).choice(len(weights), size=n, p=_law(weights, utility, q))


@mutant("sampler", "draw i comes from the seed plus i, so that the next seed gives the same draws, moved by one")
def seeds_added_to_places(weights, utility, q, n, seed):
    places = np.arange(seed, seed + n, dtype=np.uint64)
    # A good hash of one counter, shared by all seeds.
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        places = (places + np.uint64(0x9E3779B97F4A7C15)) if shift == 30 else places
        places = (places ^ (places >> np.uint64(shift))) * np.uint64(factor)
    uniform = (places >> np.uint64(11)).astype(float) / 2**53
    return np.minimum(np.searchsorted(np.cumsum(_law(weights, utility, q)), uniform), len(weights) - 1)


@mutant("sampler", "uniform numbers of eight bits, as half precision gives them: rare actions are missed or doubled")
def eight_bits(weights, utility, q, n, seed):
    law = _law(weights, utility, q)
    uniform = np.random.default_rng(seed).integers(256, size=n) / 256
    return np.minimum(np.searchsorted(np.cumsum(law), uniform, side="right"), max(np.flatnonzero(law)))


@mutant("sampler", "actions are handled eight at a time, and a second batch is numbered from its end")
def second_batch_reversed(weights, utility, q, n, seed):
    size = len(weights)
    names = np.array([*range(min(size, 8)), *range(size - 1, 7, -1)])
    return names[np.random.default_rng(seed).choice(size, size=n, p=_law(weights, utility, q))]


@mutant("sampler", "the seed is kept in eight bits")
def seed_of_eight_bits(weights, utility, q, n, seed):
    return np.random.default_rng(seed % 256).choice(len(weights), size=n, p=_law(weights, utility, q))
