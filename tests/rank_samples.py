"""Exact chances as floats, and every sample of a few draws, for tests of optimizers known by their draws."""

import itertools
import math
from fractions import Fraction as F

import numpy as np

from qtheory.exact.enclosure import Enclosure


def middle(x):
    return float(x.midpoint) if isinstance(x, Enclosure) else float(x)


def chances(policy):
    return np.array([middle(p) for p in policy.probabilities])


def every_draw(problem, n):
    """Each sample of n actions with its chance."""
    for index in itertools.product(range(problem.base.size), repeat=n):
        yield index, math.prod((problem.base.weights[i] for i in index), start=F(1))
