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
# # Which regulariser for which ignorance
#
# A penalty on the distance from a base distribution is a statement about what is not known of the cost. At the end
# you will know which soft optimiser is optimal for which kind of ignorance, how to check that without trusting
# anybody, and what is lost if one regularises against the wrong kind.
#
# **The short of it.** If only the *mean* of a nonnegative cost is known under the base, a quantilizer is optimal. If
# a *second moment* is known, it is a ramp (a $\chi^2$ penalty); if an *exponential moment*, the KL-regularised
# policy; if the mean and the *spread*, of a cost of either sign, a total-variation penalty, which is hardly soft; and
# with a tight *cap* on the cost, plain maximisation. The wrong choice can cost everything: against costs of which only
# the mean is known, a KL penalty guarantees nothing on a normal base, however strong it is.

# %%
from fractions import Fraction
from math import e, inf, isinf
from pathlib import Path

import matplotlib.figure

import qtheory as qt

figures = Path("out")
figures.mkdir(exist_ok=True)
ten = qt.Problem(qt.Finite(["1/10"] * 10), utility=range(10))

# %% [markdown]
# ## The dictionary
#
# Ten actions are equally likely under the base and have utilities 0 to 9. The true utility is $U - c$ for a hidden
# cost $c$. A *cost class* says what is known of $c$; the best policy maximises the guarantee
# $$\min_{c\in\mathcal C} E_\pi[U-c] = E_\pi[U] - \sup_{c\in\mathcal C}E_\pi[c].$$
# `Maximin` knows which policy that is, and returns with it a cost against which no policy does better.

# %%
known = {
    "mean": qt.MeanBounded("9/20"),
    "second moment": qt.MomentBounded(2, 1),
    "exp. moment": qt.ExponentialMoment(2, "9/20"),
    "spread": qt.Oscillation("9/20", 4),
    "cap 2": qt.RangeAndMean("9/20", 2),
    "weighted mean": qt.Capped("9/20", caps=["inf"] * 10, weights=["1/2", 1] * 5),
}
best = {name: qt.Maximin(costs).solve(ten) for name, costs in known.items()}
for name, solution in best.items():
    print(f"{name:>14}: {solution.policy.estimand!s:<40} guarantees {float(solution.value):.4f}")

# %% [markdown]
# The bars show how much more often each action is played than under the base (dotted). A mean can be spent on any
# action, so the policy must be flat where it plays at all. A second moment makes concentrated costs dear, and an
# exponential moment makes large ones dearer still; so the policy may rise, like a ramp and like an exponential. A
# spread charges for nothing but the distance between the two ends, so one may pile up on the best action. With a cap
# of 2 the best action is worth 7 at least, more than the 6.5 of the quantilizer. If actions of even utility are
# watched half as closely (their costs count half in the mean), they are played half as often, unless not at all.

# %%
titles = ["mean:\nquantilizer", "second moment:\nramp", "exponential moment:\nKL penalty"]
titles += ["mean and spread:\ntotal variation", "mean and cap 2:\nmaximiser", "weighted mean:\nweighted top"]
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 4.8), layout="constrained")
    panels = figure.subplots(2, 3, sharex=True, sharey=True)
    for panel, title, solution in zip(panels.flat, titles, best.values(), strict=True):
        panel.bar(range(10), [float(w) for w in solution.policy.ratio], width=0.85)
        panel.axhline(1, color="0.4", lw=1, ls=":")
        panel.set_title(title)
        value = f"guarantees {float(solution.value):.2f}"
        panel.text(0.03, 0.9, value, transform=panel.transAxes, va="top", fontsize=9.5)
    for panel in panels[1]:
        panel.set(xlabel="utility", xticks=[0, 3, 6, 9], yticks=[0, 5, 10])
    for panel in panels[:, 0]:
        panel.set_ylabel("density ratio $w$")
    record = qt.plots.figure_record("maximin dictionary", {name: repr(costs) for name, costs in known.items()})
    qt.plots.save_figure(figure, figures / "05_dictionary.svg", record=record)

# %% [markdown]
# ## Checking the dictionary
#
# Two numbers certify an answer. The policy guarantees its value less its own worst case. And against the returned
# cost $c^*$ of the class no action, hence no policy, is worth more than $\max_a (U - c^*)(a)$. If the two agree, both
# are optimal. (That $c^*$ is in its class is checked at the end.)

# %%
ends = {}
for name, solution in best.items():
    guaranteed = solution.policy.value() - known[name].worst_case(solution.policy).value
    no_more = max(float(u) - float(cost) for u, cost in zip(ten.utility, solution.saddle_cost, strict=True))
    ends[name] = float(guaranteed), no_more
    print(f"{name:>14}: guaranteed {ends[name][0]:.6f}, no policy more than {no_more:.6f}")

# %% [markdown]
# For classes given by linear constraints there is a third, independent way: an exact linear programme over policies
# and prices, with a certificate that is checked by itself. `LinearlyConstrained` knows no shapes and always takes it.

# %%
programmes = {
    "mean": qt.LinearlyConstrained("9/20", cap=inf),
    "cap 2": qt.LinearlyConstrained("9/20", cap=2),
    "weighted mean": qt.LinearlyConstrained("9/10", cap=inf, rows=[(["1/20", "1/10"] * 5, "9/20")]),
}
solved = {name: qt.Maximin(costs).solve(ten) for name, costs in programmes.items()}
for name, solution in solved.items():
    certified = qt.check_certificate(solution.program, solution.certificate)
    print(f"{name}: {solution.how}, certified value {certified}; by the dictionary {best[name].value}")

# %% [markdown]
# ## The price of the wrong regulariser
#
# Each row is the policy that is optimal under one sort of knowledge; each column says what in fact bounds the cost.
# The entry is what the row's policy guarantees then. The largest of each column stands on the diagonal.

# %%
price = {}
print(" " * 14, *(f"{name:>14}" for name in known))
for row, solution in best.items():
    for column, costs in known.items():
        price[row, column] = float(solution.policy.value()) - float(costs.worst_case(solution.policy).value)
    print(f"{row:>14}", *(f"{price[row, column]:14.3f}" for column in known))

# %% [markdown]
# Ten actions keep the losses small: no density ratio can pass 10. On a normal base nothing holds them. The mean class
# is the unforgiving one: any policy with an unbounded density ratio has an infinite worst case, because a cost of
# small mean can be concentrated where the ratio is largest.

# %%
normal = qt.Problem(qt.Continuous("normal(0, 1)"))
soft = {"quantilizer, q = 1/10": qt.Quantilizer("1/10"), "best of 10": qt.BestOfN(10)}
soft |= {"KL penalty, beta = 2": qt.KLRegularized(2), "KL penalty, beta = 20": qt.KLRegularized(20)}
soft["chi-square penalty"] = qt.PowerRegularized(2, "1/2")
worst = {name: qt.MeanBounded("1/10").worst_case(optimizer(normal)).value for name, optimizer in soft.items()}
for name, value in worst.items():
    print(f"{name:>22}: worst cost of mean 1/10 is {float(value):g}")

# %% [markdown]
# A *budget* of KL in place of a penalty is no better. That it contains policies of any worst case, wherever there are
# events of every small mass, is one half of the claim `kl-is-not-enough`. The other half is about capped costs:
# $\kappa$ nats then allow what the binary divergence allows, for rare harms far more than the factor $e^\kappa$. The
# wrong twin says that $\log(1/q)$ nats protect as the $q$-quantilizer does. Two actions refute it.

# %%
claim = qt.verify("kl-is-not-enough", readings=["prove", "falsify"], examples=40)
print(claim)
print(claim.twin.witness)
share = qt.largest_share_by_kl("1/1000", 1)
print(f"a harm of chance 1/1000, and one nat: up to {float(share):.4f}; a density ratio of at most e: {e / 1000:.4f}")

# %% [markdown]
# ## The order swaps
#
# Three families on a normal base, against two classes of costs. With a mean of at most 1/100 and a cap of 1 the
# quantilizer has the most utility of the three for the same worst case, until that is about half of the cap. (Of all
# policies it is not the best: under a cap a rare leap to a very high utility is cheap; see the claim
# `bounded-budget`.) With an exponential moment the worst case is the KL divergence plus a constant, and the order is
# the other way round.

# %%
families = {
    "quantilizer": [qt.Quantilizer(Fraction(1, m)) for m in (2, 3, 5, 8, 14, 25, 50, 90)],
    "best-of-$n$": [qt.BestOfN(n) for n in (2, 3, 5, 8, 14, 25, 50, 90)],
    "KL penalty": [qt.KLRegularized(beta) for beta in ("3", "2", "1", "2/3", "1/2", "2/5")],
}
capped = qt.tradeoff(normal, families, qt.RangeAndMean("1/100", 1))
exponential = qt.tradeoff(normal, families, qt.ExponentialMoment(1, "1/100"))
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 7.2), layout="constrained")
    upper, lower = figure.subplots(2, 1)
    qt.plots.plot_tradeoff(capped, upper)
    upper.set_title("Mean at most 1/100 and cap 1: the quantilizer is ahead", loc="left")
    qt.plots.plot_tradeoff(exponential, lower)
    lower.set_title("Known exponential moment: the KL penalty is ahead", loc="left")
    tables = {"capped": capped.to_json(), "exponential": exponential.to_json()}
    record = qt.plots.figure_record("two cost classes", tables)
    qt.plots.save_figure(figure, figures / "05_order_swaps.svg", record=record)

# %% [markdown]
# In numbers, at the utility of the 1/10-quantilizer, 1.755 standard deviations:

# %%
top_tenth = qt.Quantilizer("1/10")(normal)
tilt = qt.KLRegularized(1 / Fraction(top_tenth.value()))(normal)
classes = {"mean and cap": capped.cost_class, "exp. moment": exponential.cost_class}
at_equal_utility = {}
for name, costs in classes.items():
    pair = [float(costs.worst_case(policy).value) for policy in (top_tenth, tilt)]
    at_equal_utility[name] = pair
    print(f"{name:>14}: worst cost of the quantilizer {pair[0]:.4f}, of the KL penalty {pair[1]:.4f}")

# %% [markdown]
# ## What stands on what
#
# The dictionary for ten actions is certified entry by entry; its values are exact where the classes are linear, and
# enclosed by exact bounds for the moments. That policies of these shapes are the best on other bases too is proved by
# the claims `reservation-value` (for the mean), `power-quantilizer`, `kl-minimax`, `tv-penalty` and `capped-maximin`;
# three of them are proved here again. Spread and exponential moment allow costs of either sign: their worst costs are
# negative on actions of low utility, so these guarantees are not to be compared with those for nonnegative costs.

# %%
proofs = {slug: qt.prove(slug) for slug in ("reservation-value", "tv-penalty", "capped-maximin")}
for slug, proof in proofs.items():
    print(f"{slug:>22}: {proof}")

# %%
saddle = {name: [float(cost) for cost in solution.saddle_cost] for name, solution in best.items()}
mean = {name: sum(costs) / 10 for name, costs in saddle.items()}
assert best["mean"].value == Fraction(13, 2) and best["cap 2"].value == 7
assert best["spread"].value == Fraction(111, 20) and best["weighted mean"].value == Fraction(31, 5)
assert abs(mean["mean"] - 0.45) < 1e-12 and min(saddle["mean"]) == 0
assert abs(sum(cost**2 for cost in saddle["second moment"]) / 10 - 1) < 1e-12 and min(saddle["second moment"]) == 0
assert abs(sum(e ** (cost / 2) for cost in saddle["exp. moment"]) / 10 - e ** (0.45 / 2)) < 1e-12
assert max(saddle["spread"]) - min(saddle["spread"]) == 4 and abs(mean["spread"] - 0.45) < 1e-12
assert min(saddle["cap 2"]) == 0 and max(saddle["cap 2"]) == 2 and mean["cap 2"] <= 0.45
assert abs(sum(saddle["weighted mean"][::2]) / 20 + sum(saddle["weighted mean"][1::2]) / 10 - 0.45) < 1e-12
assert min(saddle["weighted mean"]) == 0 and best["cap 2"].policy.probabilities[9] == 1
assert all(abs(low - high) < 1e-12 for low, high in ends.values())
assert all(solved[name].value == best[name].value for name in programmes)
assert all(price[row, column] <= price[column, column] + 1e-12 for row, column in price)
assert min(price["exp. moment", "mean"], price["second moment", "mean"]) < price["mean", "mean"]
assert [isinf(float(value)) for value in worst.values()] == [False, False, True, True, True]
assert top_tenth.sup_ratio() == 10 and all(solution.policy.sup_ratio() <= 10 for solution in best.values())
assert claim.status == "proved" and claim.twin.outcome == "violated"
assert round(float(share), 4) == 0.2211 and float(share) > 50 * e / 1000
assert round(top_tenth.value(), 3) == 1.755 and abs(tilt.value() - top_tenth.value()) < 1e-9
assert at_equal_utility["mean and cap"][0] < at_equal_utility["mean and cap"][1] < 0.29
assert at_equal_utility["exp. moment"][0] > at_equal_utility["exp. moment"][1] > 1.5
below, beyond = capped.curves[2].points[-2:]  # the order of the upper panel, and where it ends
assert 0.3 < float(below.worst) < 0.5 < float(beyond.worst) < 0.6
same_worst = [qt.Quantilizer(Fraction("1/100") / Fraction(float(point.worst))) for point in (below, beyond)]
assert same_worst[0](normal).value() > float(below.value) and same_worst[1](normal).value() < float(beyond.value)
assert all(proof.outcome == "holds" and proof.trust != "CITED" for proof in proofs.values())
assert saddle["spread"][0] < 0 and saddle["exp. moment"][0] < 0
