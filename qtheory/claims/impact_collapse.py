r"""Targeted impact, third reading: to protect every outcome is to protect every action, where outcomes tell them apart."""

from __future__ import annotations

import sympy as sp

from qtheory.claims.fits_under import DENSITIES, delta, g, p
from qtheory.statements.claim import Claim, Part
from qtheory.symbols import E, OfAction, Scalar, eq, indicator, t, v

# The chance that an action leads to one outcome; an outcome's constraint is E(v*reach) <= t*E(reach).
reach = OfAction("reach", "cost")
# The indicator of one action, or of a set of them: where a mark is positive.
mark = OfAction("mark")
chosen = OfAction("chosen", "cost")
CHOSEN = (eq(chosen, indicator(mark > 0)), eq(E(chosen), delta), delta > 0)
chance = Scalar("chance", "positive")
step = Scalar("step", "positive")
RIVAL = (v >= 0, eq(E(v), 1))

# The chance of an outcome that the chosen action shares with others, through it and through them.
inside = OfAction("inside", "cost")
outside = OfAction("outside", "cost")
SHARED = (
    *(inside >= 0, outside >= 0, sp.Implies(chosen < 1, eq(inside, 0)), sp.Implies(chosen > 0, eq(outside, 0))),
    *(t > 1, step > 0),
)
# More than t on the chosen action, and less than one elsewhere.
LIFTED = (t + step) * chosen + (1 - (t + step) * delta) / (1 - delta) * (1 - chosen)
# The base, less a little that goes to actions that it never takes.
ESCAPED = (1 - step) * g + step / delta * chosen

CLAIM = Claim(
    slug="impact-collapse",
    title="Bounding every outcome's factor by t bounds every action's, exactly if each action has an outcome of its own",
    kind="characterisation",
    source="derived here; that the condition closing section 2.2 of taylor2016quantilizers is that of section 2.1 is an "
    "observation of jermyn2022",
    limits="for finitely many outcomes; an action of mass at least 1/t needs no outcome of its own",
    parts=(
        Part(
            "one-way",
            E(v * reach) <= t * E(reach),
            given=(*RIVAL, v <= t, reach >= 0),
            says="Whoever protects every action protects every outcome, through any channel.",
        ),
        Part(
            "private-outcome",
            E(v * chosen) <= t * E(chosen),
            given=(*RIVAL, chance > 0, eq(reach, chance * chosen), E(v * reach) <= t * E(reach)),
            says="An outcome that only one action can produce protects that action.",
        ),
        Part(
            "impossible-outcome",
            sp.Implies(reach > 0, eq(p, 0)),
            given=(*DENSITIES, reach >= 0, eq(E(g * reach), 0), E(p * reach) <= t * E(g * reach)),
            says="An outcome of mass zero under the base forbids every action that can produce it.",
        ),
        Part(
            "no-private-outcome",
            sp.And(
                eq(E(LIFTED), 1),
                E(LIFTED * chosen) > t * E(chosen),
                E(LIFTED * (inside + outside)) <= t * E(inside + outside),
                evaluate=False,
            ),
            given=(*CHOSEN, *SHARED, (t + step) * delta <= 1, E(inside) <= (t - 1) * E(outside) / step),
            says="If others can produce every outcome of an action of mass below 1/t, a policy plays it more than t "
            "times as often and keeps all outcomes' factors at most t; a small enough step does for finitely many.",
        ),
        Part(
            "no-impossible-outcome",
            sp.And(
                eq(E(ESCAPED), 1),
                E(ESCAPED * chosen) > t * E(g * chosen),
                E(ESCAPED * (inside + outside)) <= t * E(g * (inside + outside)),
                evaluate=False,
            ),
            given=(
                *CHOSEN,
                *SHARED,
                g >= 0,
                sp.Implies(chosen > 0, eq(g, 0)),
                eq(E(g), 1),
                step <= 1,
                E(inside) <= (t - 1) * delta * E(g * outside) / step,
            ),
            says="If the base can produce every outcome of an action that it never takes, a policy takes it unseen.",
        ),
    ),
    twin=Claim(
        slug="impact-collapse-twin",
        title="Protecting outcomes is always the same as protecting actions",
        parts=(
            Part(
                "two-outcomes",
                v <= t,
                given=(
                    *RIVAL,
                    t >= 1,
                    reach >= 0,
                    reach <= 1,
                    E(v * reach) <= t * E(reach),
                    E(v * (1 - reach)) <= t * E(1 - reach),
                ),
            ),
        ),
    ),
)
