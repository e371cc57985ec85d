"""Problems that several tests share: the standard instances, and seeded random ones with ties and empty actions."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from qtheory.base.finite import Finite
from qtheory.optimizers.abstract import AbstractOptimizer
from qtheory.optimizers.quantilizer import Quantilizer
from qtheory.policies.atom import AtomPolicy
from qtheory.problem import Problem

T3 = Problem(Finite(["1/3", "1/3", "1/3"]), ["1/5", "1/2", "7/10"])
A48 = Problem(Finite(["1/4", "1/2", "1/4"]), [3, 2, 1])
D5 = Problem(Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), [0, 1, 2, 3, 10])
R6 = Problem(Finite(["1/12", "1/6", "1/4", "1/6", "1/12", "1/4"]), [5, 3, 3, 1, 0, 3])
SIX = Problem(Finite(["3/10", "1/10", "3/10", "1/10", "1/10", "1/10"]), [0, 0, 1, 1, 2, 2], feature=[0, 1, 0, 1, 0, 1])
STANDARD = {"T3": T3, "A48": A48, "D5": D5, "R6": R6}


def fractions(*texts):
    """Each number as an exact rational."""
    return tuple(map(Fraction, texts))


def random_weights(rng, size):
    """Exact masses with small denominators, some of them zero."""
    counts = rng.integers(0, 7, size)
    counts[rng.integers(size)] += 1
    return tuple(Fraction(int(c), int(counts.sum())) for c in counts)


def random_problem(rng, max_size=6):
    """An exact problem with tied utilities, empty actions, and a feature of up to three values."""
    size = int(rng.integers(1, max_size + 1))
    utility = [int(x) for x in rng.integers(-2, 3, size)]
    return Problem(Finite(random_weights(rng, size)), utility, feature=rng.integers(0, 3, size))


def random_level(rng):
    """A level in (0, 1], often one at which an action is exactly full."""
    denominator = int(rng.integers(1, 13))
    return Fraction(int(rng.integers(1, denominator + 1)), denominator)


def random_policy(rng, problem, on_empty=False):
    """Any policy on the problem; with `on_empty` it may play actions that the base never takes."""
    free = [on_empty or g > 0 for g in problem.base.weights]
    while not any(counts := [int(x) * f for x, f in zip(rng.integers(0, 5, len(free)), free, strict=True)]):
        pass
    return AtomPolicy(problem, [Fraction(x, sum(counts)) for x in counts])


def as_floats(problem):
    """The same problem in float64."""
    return Problem(
        Finite(np.array([float(g) for g in problem.base.weights])),
        np.array([float(x) for x in problem.utility]),
        feature=problem.feature,
    )


@dataclass(frozen=True)
class FloorOfQ(AbstractOptimizer):
    """A deliberately broken quantilizer: the boundary action is taken whole and the rest renormalised."""

    q: Any

    def __call__(self, problem):
        good = Quantilizer(self.q)(problem)
        kept = [g if p > 0 else Fraction(0) for p, g in zip(good.probabilities, problem.base.weights, strict=True)]
        return AtomPolicy(problem, [g / sum(kept) for g in kept])

    def axioms(self, ratio, utility, threshold):
        return Quantilizer(self.q).axioms(ratio, utility, threshold)

    def parameters(self):
        return {"q": self.q}

    def bind(self, values):
        return FloorOfQ(Quantilizer(self.q).bind(values).q)

    def threshold(self, problem):
        return Quantilizer(self.q).threshold(problem)
