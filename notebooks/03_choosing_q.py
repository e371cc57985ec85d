# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Choosing q: the price of a guarantee
#
# A small *q* gains utility and multiplies the worst hidden cost. Where should one stop? At the end you will know the
# best level exactly, what a safer level costs, how the answer depends on the tail of the utility, and how to choose
# *q* from data without fooling yourself.
#
# **The short of it.** Let all that is known of the hidden cost be $c \ge 0$ and $E_\gamma[c] \le \varepsilon$. The
# *q*-quantilizer guarantees $E_Q[U] - \varepsilon/q$. The best guarantee over all *q*, and over all policies of any
# kind, is the number $\tau$ with
#
# $$E_\gamma[(U - \tau)^+] = \varepsilon ,$$
#
# and the quantilizer that has it plays the actions with $U \ge \tau$, those whose utility is at least what it
# guarantees. The smaller the cost is known to be, the choosier one may be.

# %%
import math
from fractions import Fraction as F
from itertools import pairwise
from pathlib import Path

import numpy as np

import qtheory as qt

figures = Path("out")
figures.mkdir(exist_ok=True)

# %% [markdown]
# ## Five actions, exactly
#
# Half of what the base plays is worth nothing, a sixteenth is worth 10. With a mean cost of at most 1/2:

# %%
problem = qt.Problem(qt.Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])
curve = qt.frontier(problem, ["1", "1/2", "1/4", "1/8", "1/16"], epsilon="1/2")
print("q     E_Q[U]  worst cost  guarantee")
for point in curve.points:
    print(f"{point.q!s:5} {point.value.value!s:>6}  {point.worst_cost!s:>10}  {point.guarantee!s:>9}")

# %% [markdown]
# The best is $q = 1/8$ with 5/2. Playing the best action only would have twice the worst cost and guarantee 2;
# trusting the base guarantees 13/16. No other policy does better either. `Maximin` finds the best of all policies and
# the cost that proves it: against $c^* = (U - \tau)^+$ every action is worth at most $\tau = 5/2$, and the mean of
# that cost is just the 1/2 that is allowed.

# %%
best = qt.Maximin(qt.MeanBounded("1/2")).solve(problem)
left = [u - c for u, c in zip(problem.utility, best.saddle_cost, strict=True)]
print(best.policy.estimand, "guarantees", best.value)
print("saddle cost:", *best.saddle_cost, " mean", problem.mean(best.saddle_cost))
print("true value: ", *left)

# %% [markdown]
# This pattern is not special to costs known by their mean. For every class of nonnegative costs that contains with a
# cost all smaller ones, the best guarantee is the least $t$ for which $(U - t)^+$ is in the class
# (`robust-threshold`; for closed convex classes on finitely many actions).
#
# ## The picture
#
# Let $T(q) = q\,E_Q[U]$ be the utility that the best share *q* of the base carries. It is concave. The guarantee
# $(T(q) - \varepsilon)/q$ is the slope of the chord from $(0, \varepsilon)$ to the curve, so that the best level is
# where the tangent touches, and its slope is $\tau$. For standard normal utility and $\varepsilon = 1/10$ that is at
# $q = 0.183$, with $\tau = 0.902$.

# %%
normal = qt.Problem(qt.Continuous("normal(0, 1)"))
picture = qt.reservation_picture(normal, "1/10")
with qt.plots.style("post"):
    axes = qt.plots.plot_reservation(picture)
    axes.set_title("The steepest chord is a tangent", loc="left")
    record = qt.plots.figure_record("reservation-value", {"base": picture.base, "epsilon": "1/10"})
    qt.plots.save_figure(axes, figures / "03_tangent.svg", record=record)
print("tau =", round(picture.value, 6), " q =", round(picture.touch[0], 6))

# %% [markdown]
# ## What it costs to be twice as safe
#
# To halve the worst cost one doubles *q*. The utility lost is $E_{Q_q}[U] - E_{Q_{2q}}[U]$, and the tail of the
# utility decides what that is. For the exponential law it is $\log 2$ at every level up to 1/2. For the normal law it
# falls as *q* does: the further out, the less is lost. For a Pareto law it grows without bound, as a constant share
# of the utility: $1 - 2^{-1/3}$, or 20.6 %, if the exponent is 3.

# %%
families = {"normal": "normal(0, 1)", "exponential": "exponential(1)", "Pareto, exponent 3": "pareto(3)"}
problems = {name: qt.Problem(qt.Continuous(law)) for name, law in families.items()}
halvings = [F(1, 2**k) for k in range(1, 11)]
value = {name: [qt.Quantilizer(q)(one).value() for q in [F(1), *halvings]] for name, one in problems.items()}
lost = {name: [strict - mild for mild, strict in pairwise(v)] for name, v in value.items()}
for name, losses in lost.items():
    print(f"{name:18} from q = 1/2 to 1: {losses[0]:.4f}   from 1/1024 to 1/512: {losses[-1]:.4f}")


# %%
def draw_by_tail(axes, across, series):
    """One curve a family, logarithmic both ways, stricter to the right."""
    for (name, up), dash, mark in zip(series.items(), ("-", "--", "-."), "os^", strict=True):
        axes.plot(across, up, ls=dash, marker=mark, label=name)
    axes.set(xscale="log", yscale="log", xlim=(1.2 * max(across), 0.8 * min(across)))
    axes.set_yticks([0.2, 0.5, 1, 2, 5, 10], ["0.2", "0.5", "1", "2", "5", "10"])
    axes.set_yticks([], minor=True)
    axes.legend(title="utility", title_fontsize="medium", alignment="left", loc="upper left")


with qt.plots.style("post"):
    axes = qt.plots.new_axes()
    draw_by_tail(axes, halvings, lost)
    axes.set_xlabel("level $q$ before it is doubled (stricter to the right)")
    axes.set_ylabel("utility lost")
    axes.set_title("The price of halving the worst cost depends on the tail", loc="left")
    record = qt.plots.figure_record("price of halving", {"laws": families, "q": [str(q) for q in halvings]})
    qt.plots.save_figure(axes, figures / "03_price.svg", record=record)

# %% [markdown]
# ## The best level by tail, and the gap
#
# So the best level falls with $\varepsilon$ at a pace that the tail sets: $q^* = \varepsilon$ for the exponential
# law, more for the normal one here, and $(2\varepsilon)^{3/2}$ for this Pareto law. The worst cost at the best level
# is $\varepsilon/q^*$. That is the *Goodhart gap*, by how much the proxy overstates what is guaranteed. On a base
# without atoms it equals the mean excess over the threshold, $E_\gamma[U - \tau \mid U > \tau]$, and hence stays the
# same as the proxy improves if the tail is exponential, and only then (`goodhart-gap`). Where the hazard rises, as in
# the normal law, a better proxy has a smaller gap; where it falls, as in the Pareto law, a larger one.

# %%
budgets = [F(1, 10), F(1, 30), F(1, 100), F(1, 300), F(1, 1000)]
bests = {name: [one.base.reservation_value(epsilon) for epsilon in budgets] for name, one in problems.items()}
gap = {name: [float(e) / q for e, (_, q) in zip(budgets, found, strict=True)] for name, found in bests.items()}
for name, found in bests.items():
    for epsilon, (tau, q), lead in list(zip(budgets, found, gap[name], strict=True))[:3:2]:
        print(f"{name:18} epsilon {epsilon!s:5}  guarantee {tau:.4f} at q* = {q:.5f}, gap {lead:.4f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.new_axes()
    draw_by_tail(axes, budgets, gap)
    axes.set_xlabel(r"bound $\varepsilon$ on the mean cost (better proxy to the right)")
    axes.set_ylabel(r"Goodhart gap $\varepsilon/q^*$ (utility)")
    axes.set_title("With a better proxy the gap shrinks for the normal law only", loc="left")
    record = qt.plots.figure_record("goodhart-gap", {"laws": families, "epsilon": [str(e) for e in budgets]})
    qt.plots.save_figure(axes, figures / "03_gap.svg", record=record)

# %% [markdown]
# A warning about the heavy tail. The guarantee takes $U$ at its word up to a mean error of $\varepsilon$. If its tail
# is mostly error, that error counts in $\varepsilon$, which is then no small number.
#
# ## From data, with confidence
#
# Where does $\varepsilon$ come from? From draws of the base whose cost somebody looked at. With costs in $[0, 1]$ and
# chance at least $1 - \delta$ the mean cost is at most $\bar c + \sqrt{\log(1/\delta)/2n}$ (Hoeffding). That event
# does not mention *q*, so where it holds every level is safe at once, and *q* may be chosen after looking at the data
# (`q-from-data`). The same goes for the utility, with a band for its law. `level_band` does both, at $\delta = 1/20$
# in all.
#
# Below, utilities are exponential, and one base action in a hundred has cost 1. If that were known, $q = 1/100$ would
# guarantee $\log 100 = 4.61$, the best there is.

# %%
rng = np.random.default_rng(1)
chosen = {}
print("draws     mean cost <=   chosen q   guaranteed")
for n in (100, 1_000, 10_000, 100_000, 1_000_000):
    harm = (rng.random(n) < 0.01).astype(float)
    band = qt.level_band(rng.exponential(size=n), harm, low=0, cap=1, delta=0.05)
    chosen[n] = band.best()
    print(f"{n:<9,} {band.mean_cost:12.4f}   {chosen[n][0]:8.4f}   {chosen[n][1]:10.3f}")

# %% [markdown]
# So what one does not know costs utility twice: through a milder level, and through a lower certified value there.
# Even with a million draws almost half a unit is missing. And at levels near $1/n$ nothing is certified: if none of
# $n = 10^4$ draws was a catastrophe, its chance may still be $0.0003$ (with confidence 95 %, it is no more); at
# $q = 1/100$ that may become $0.03$, and at $q = 1/4000$ even certainty is not excluded.
#
# Plugging in the average of the data instead of a bound is the wrong twin. Suppose that one action in ten is a
# catastrophe. Ten draws show none of it with chance $0.9^{10} = 0.35$; the plug-in bound is then 0; and at
# $q = 1/10$, if it is the best tenth, catastrophe is certain.

# %%
unseen = F(9, 10) ** 10
catastrophe = qt.Problem(qt.Finite(["9/10", "1/10"]), utility=[0, 1], cost=[0, 1])
certain = qt.Quantilizer("1/10")(catastrophe).expect(catastrophe.cost)
rare = 1 - 0.05 ** (1 / 10_000)
print(
    f"chance to see nothing {float(unseen):.4f}, expected cost then {certain}; bound from 10 000 clean draws {rare:.7f}"
)

# %% [markdown]
# ## What is proved
#
# The claims behind this page, and the plausible falsehoods beside them. The last line of each says whether the
# falsehood was refuted; one counterexample is printed in full: forgetting that the cost is multiplied.

# %%
slugs = ("robust-threshold", "reservation-value", "goodhart-gap", "q-from-data")
reports = [qt.verify(slug, readings=["prove", "falsify"], examples=25) for slug in slugs]
print(*reports, sep="\n")
print("\nwrong twin of reservation-value,", reports[1].twin)

# %%
assert [point.guarantee for point in curve.points] == [F(13, 16), F(13, 8), F(9, 4), F(5, 2), 2]
assert curve.reservation == (F(5, 2), F(1, 8)) and best.value == F(5, 2)
assert best.saddle_cost == (0, 0, 0, F(1, 2), F(15, 2)) and problem.mean(best.saddle_cost) == F(1, 2)
assert max(left) == F(5, 2)
assert abs(picture.value - 0.9023463) < 1e-6 and abs(picture.touch[0] - 0.1834365) < 1e-6
assert all(abs(loss - math.log(2)) < 1e-9 for loss in lost["exponential"])
assert all(later < sooner for sooner, later in pairwise(lost["normal"]))
pareto = zip(lost["Pareto, exponent 3"], value["Pareto, exponent 3"][1:], strict=True)
assert all(abs(loss / v - (1 - 2 ** (-1 / 3))) < 1e-9 for loss, v in pareto) and abs(1 - 2 ** (-1 / 3) - 0.206) < 5e-4
for epsilon, (_, q), (_, heavy) in zip(budgets, bests["exponential"], bests["Pareto, exponent 3"], strict=True):
    assert abs(q - epsilon) < 1e-12 and abs(heavy - (2 * epsilon) ** 1.5) < 1e-12
assert abs(gap["normal"][0] - 0.5451479) < 1e-6 and abs(gap["normal"][2] - 0.3803744) < 1e-6
assert abs(gap["Pareto, exponent 3"][2] - 3.535534) < 1e-6
assert all(q > epsilon for (_, q), epsilon in zip(bests["normal"], budgets, strict=True))
assert all(g < math.log(100) for _, g in chosen.values()) and 0.4 < math.log(100) - chosen[1_000_000][1] < 0.5
assert abs(bests["exponential"][2][0] - math.log(100)) < 1e-9 and round(math.log(100), 2) == 4.61
assert round(float(unseen), 2) == 0.35 and certain == 1 and abs(rare - 0.0002995284) < 1e-9
assert (round(rare, 4), round(100 * rare, 2)) == (0.0003, 0.03) and 4000 * rare > 1
assert all(one.status == "proved" for one in reports)
# the negative controls: each falsehood is refuted, and the counterexample is one when computed anew
assert all(one.twin.outcome == "violated" for one in reports) and qt.replay(reports[1].twin.witness).holds is False
