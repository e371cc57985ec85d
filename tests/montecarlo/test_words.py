"""The words of a block: JAX's own generator, no two lanes or blocks alike."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from qtheory.montecarlo.blocks import GENERATOR, SECOND_GENERATOR
from qtheory.montecarlo.threefry import threefry2x32
from qtheory.montecarlo.words import BLOCK, BlockWords


@pytest.mark.parametrize(
    ("key", "counter", "words"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF), (0x1CB996FC, 0xBB002BE7)),
        ((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_published_answers(key, counter, words) -> None:
    found = threefry2x32(tuple(map(jnp.uint32, key)), tuple(map(jnp.uint32, counter)))
    assert tuple(map(int, found)) == words


def test_it_is_the_generator_of_jax() -> None:
    from jax.extend.random import threefry_2x32

    rng = np.random.default_rng(0)
    key, counters = rng.integers(0, 2**32, 2, dtype=np.uint32), rng.integers(0, 2**32, (2, 1000), dtype=np.uint32)
    ours = threefry2x32((key[0], key[1]), (jnp.asarray(counters[0]), jnp.asarray(counters[1])))
    theirs = np.asarray(threefry_2x32(jnp.asarray(key), jnp.asarray(counters.reshape(-1))))
    assert np.array_equal(np.concatenate([np.asarray(word) for word in ours]), theirs)


@pytest.mark.parametrize("generator", [GENERATOR, SECOND_GENERATOR])
def test_lanes_keys_and_noise_are_words_of_their_own(generator: str) -> None:
    root = jax.random.key(7, impl=generator)
    every = []
    for block in (0, 1):
        words = BlockWords(jax.random.fold_in(root, block))
        every += [*words.pair(0), *words.pair(1), words.noise()]
    stacked = np.stack([np.asarray(word) for word in every])
    assert stacked.shape == (10, BLOCK)
    bits = np.unpackbits(stacked.view(np.uint8), axis=1).astype(float)
    # every two columns agree in half of their bits, up to five standard deviations
    agree = ((bits[:, None] == bits[None]).mean(axis=2) - 0.5)[~np.eye(10, dtype=bool)]
    assert np.abs(agree).max() < 5 * 0.5 / np.sqrt(bits.shape[1])
    assert abs(bits.mean() - 0.5) < 5 * 0.5 / np.sqrt(bits.size)
