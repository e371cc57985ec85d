r"""# A penalty on total variation

Moving a unit of mass from an action to the best gains $U_{\max} - U$ and costs $R$. With $\tau = U_{\max} - R$ that is,
at one action, $vU - \tfrac R2|v-1| \le \max(U, \tau) + (\tau + \tfrac R2)(v - 1)$, with equality for the policy.
"""

import sympy as sp

from qtheory.claims.tv_penalty import BEST, KEPT_BEST, MOVED, least, penalty
from qtheory.symbols import Scalar, c, eq, ge, indicator, tau, u, v, w

best, moved = Scalar("best"), Scalar("moved")
LINE = (tau + penalty / 2) * (v - 1)


def value(d):
    low = d.pointwise(sp.Implies(u < tau, eq(w, 0)), "nothing is played below the threshold")
    line = d.pointwise(
        eq(w * u - penalty * sp.Abs(w - 1) / 2, sp.Max(u, tau) + LINE.subs(v, w)),
        "below, between, or best",
        [low, *_dense(d)],
    )
    d.conclude(d.integrate(line), "E[w] = 1")


def optimal(d):
    line = d.pointwise(v * u - penalty * sp.Abs(v - 1) / 2 <= sp.Max(u, tau) + LINE, "more than the base, or less")
    d.conclude(d.integrate(line), "E[v] = 1")


def _names(d):
    return [d.let(best, KEPT_BEST), d.let(moved, MOVED)]


def _dense(d):
    """On the best actions the density ratio is at least one, because the masses in it are not negative."""
    names = _names(d)
    mass = d.integrate(d.pointwise(ge(indicator(u < tau), 0), "an indicator"))
    signs = [d.arithmetic(best > 0, "a hypothesis", names), d.arithmetic(moved >= 0, "a mass", [mass, *names])]
    top = sp.Implies(u >= BEST, eq(w * best, best + moved))
    scaled = d.pointwise(sp.Implies(u >= BEST, eq(w * KEPT_BEST, KEPT_BEST + MOVED)), "a hypothesis")
    named = d.pointwise(top, "in these names", [scaled, *names])
    return [
        d.pointwise(sp.Implies(u >= BEST, ge(w, 1)), "divide by the mass of the best", [named, *signs]),
        named,
        *signs,
        *names,
    ]


def moved_mass(d):
    dense = _dense(d)[0]
    line = d.pointwise(eq(sp.Abs(w - 1) / 2, indicator(u < tau) + (w - 1) / 2), "empty, kept, or dense", [dense])
    d.conclude(d.integrate(line), "E[w] = 1")


def chi_squared(d):
    _, named, positive, _, *names = _dense(d)
    line = d.pointwise(
        eq(best * w * (w - 1), moved * (w - 1 + indicator(u < tau) + indicator(u >= BEST))),
        "empty, kept, or dense",
        [named, positive],
    )
    d.conclude([d.integrate(line), *names], "E[w] = 1")


def amplification(d):
    _, named, positive, _, *names = _dense(d)
    line = d.pointwise(eq(best * w * c, (best + moved) * c), "the cost is on the best actions", [named, positive])
    d.conclude([d.integrate(line), *names])


def hardly_soft(d):
    _, named, positive, _, *names = _dense(d)
    line = d.pointwise(eq(best * w, (best + moved) * indicator(u >= BEST)), "empty, or the best", [named, positive])
    whole = d.arithmetic(eq(best, (best + moved) * best), "E[w] = 1", [d.integrate(line), *names])
    one = d.arithmetic(eq(best + moved, 1), "divide by the mass of the best", [whole, positive])
    shape = d.pointwise(eq(best * w, indicator(u >= BEST)), "the total mass is one", [line, one])
    d.conclude([shape, *names], "in the masses themselves")


def what_it_is_for(d):
    dense = _dense(d)[0]
    spread = d.pointwise((w - 1) * (c - least) <= penalty * (sp.Abs(w - 1) + w - 1) / 2, "0 <= c - least <= R", [dense])
    line = d.pointwise(
        eq(w * u - penalty * sp.Abs(w - 1) / 2, sp.Max(u, tau) + LINE.subs(v, w)), "below, between, or best", [dense]
    )
    d.conclude([d.integrate(spread), d.integrate(line)], "E[w] = 1")


DERIVATION = {
    "value": value,
    "optimal": optimal,
    "moved-mass": moved_mass,
    "chi-squared": chi_squared,
    "amplification": amplification,
    "hardly-soft": hardly_soft,
    "what-it-is-for": what_it_is_for,
}
