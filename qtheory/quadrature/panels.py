r"""A panel: Gauss-Legendre nodes whose interpolant is integrated up to any point of the panel.

The coefficients $c_n=\frac{2n+1}2\sum_kw_kP_n(t_k)h(t_k)$ of the interpolant decay geometrically where $h$ is analytic.
Its integral from the start is $\sum_nc_nI_n(t)$ with $I_0=t+1$ and $I_n=(P_{n+1}-P_{n-1})/(2n+1)$: one set of nodes
serves every level inside, and the last coefficients say how well.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial import legendre

NODES = 20
WITNESSES = 3
"""How many of the last coefficients are added up to the error; three, because a parity may make others vanish."""

_SAFETY = 4.0
_PROBES = 13
_GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0


@lru_cache(maxsize=1)
def reference() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""Nodes in $(-1,1)$, weights, and the matrix from values to coefficients; a constant, made once.

    >>> nodes, weights, to_coefficients = reference()
    >>> abs(float(weights @ nodes**20) - 2 / 21) < 1e-15
    True
    """
    nodes, weights = _nodes_and_weights()
    order = np.arange(NODES)
    return nodes, weights, (order[:, None] + 0.5) * legendre.legvander(nodes, NODES - 1).T * weights


def _nodes_and_weights() -> tuple[np.ndarray, np.ndarray]:
    r"""$w=2(1-t^2)/(nP_{n-1}(t))^2$ in the longest float at hand; NumPy's own weights are wrong by ten roundings."""
    t = legendre.leggauss(NODES)[0].astype(np.longdouble)
    for _ in range(2):
        values = legendre.legvander(t, NODES)
        before, here = values[:, NODES - 1], values[:, NODES]
        t = t - here * (1 - t * t) / (NODES * (before - t * here))
    before = legendre.legvander(t, NODES - 1)[:, NODES - 1]
    weights = 2 * (1 - t * t) / (NODES * before) ** 2
    return t.astype(np.float64), weights.astype(np.float64)


def partial_weights(ends: np.ndarray) -> np.ndarray:
    r"""Weights of $\int_{-1}^th$ for each end $t\in[-1,1]$, shape `[ends, NODES]`.

    >>> nodes = reference()[0]
    >>> np.round(partial_weights(np.array([-1.0, 0.0, 1.0])) @ nodes**3 + 0.25, 12)
    array([0.25, 0.  , 0.25])
    """
    values = legendre.legvander(ends, NODES)
    order = np.arange(1, NODES)
    integrals = np.empty((len(ends), NODES))
    integrals[:, 0] = ends + 1.0
    integrals[:, 1:] = (values[:, 2:] - values[:, :-2]) / (2 * order + 1)
    return integrals @ reference()[2]


@lru_cache(maxsize=1)
def probes() -> tuple[np.ndarray, np.ndarray]:
    """Points between the nodes, and the matrix from values at the nodes to the interpolant there.

    They are spread by the golden ratio, so that nothing that repeats itself hides between them.

    >>> points, interpolate = probes()
    >>> bool(np.allclose(interpolate @ np.exp(reference()[0]), np.exp(points), rtol=1e-14))
    True
    """
    points = 2.0 * np.modf(_GOLDEN * np.arange(1, _PROBES + 1))[0] - 1.0
    return points, legendre.legvander(points, NODES - 1) @ reference()[2]


@lru_cache(maxsize=1)
def witnesses() -> np.ndarray:
    r"""The rows that give the last coefficients, each times $8/(2n+1)$: four times what its term can add to an integral.

    Since $\lvert P_{n+1}-P_{n-1}\rvert\le2$, $\lvert I_n\rvert\le2/(2n+1)$.

    >>> witnesses().shape == (WITNESSES, NODES)
    True
    """
    order = np.arange(NODES - WITNESSES, NODES)
    return _SAFETY / (2.0 * order + 1.0)[:, None] * 2.0 * reference()[2][-WITNESSES:]
