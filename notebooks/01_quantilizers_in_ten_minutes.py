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
# # Quantilizers in ten minutes
#
# For readers who have never met a quantilizer. At the end you will know what it does, what it promises and why, why
# nothing better can be promised, and what changes when the base can only be sampled.
#
# **The short of it.** You have a base distribution γ of actions that you trust, and a proxy utility $U$ that you do
# not quite. A *q*-quantilizer plays a random action from the top share *q* of the base, ranked by $U$. No action is
# played more than $1/q$ times as often as under the base, so no hidden cost $c \ge 0$ grows by more than $1/q$ on
# average,
#
# $$E_Q[c] \le \tfrac1q\,E_\gamma[c] ,$$
#
# whatever the cost is and however wrong the proxy. The factor is attained, by costs that sit on the best actions, as
# long as $q$ is at least the mass of the very best.

# %%
from fractions import Fraction as F
from pathlib import Path
from statistics import NormalDist

import qtheory as qt
from qtheory.symbols import E, c, q, w

figures = Path("out")
figures.mkdir(exist_ok=True)

# %% [markdown]
# ## Six actions by hand
#
# Six actions, worst first. The base plays the worst two most often and the best one in a single case out of twenty.
# The proxy utility rises from 0 to 6. Nobody told the optimizer of the last line, the hidden cost.

# %%
problem = qt.Problem(
    qt.Finite(["1/4", "1/4", "1/5", "3/20", "1/10", "1/20"]),
    utility=[0, 1, 2, 3, 4, 6],
    cost=[0, 0, "1/2", 0, 1, 4],
)
policy = qt.Quantilizer(q="1/5")(problem)
print("Q:", *policy.probabilities)
print("w:", *policy.ratio)

# %% [markdown]
# Count from the top. The two best actions have mass $1/20 + 1/10 = 3/20$; the fourth of the list fills up the last
# $1/20$ of $q = 1/5$, which is a third of its own mass $3/20$. Now scale by $1/q = 5$. The density ratio
# $w = Q/\gamma$ is 5 on the two best actions (they are *full*), $5/3$ on the fourth (it is *partial*), and 0 below.
#
# The maximiser plays the best action always. It gets more of the proxy than either, and ten times the base's cost.

# %%
best = qt.Maximizer()(problem)
for name, played in {"base": qt.Quantilizer(1)(problem), "quantilizer": policy, "maximiser": best}.items():
    print(
        f"{name:12} E[U] = {played.value()!s:5} E[c] = {played.expect(problem.cost)!s:4} sup w = {played.sup_ratio()}"
    )

# %%
with qt.plots.style("post"):
    table = qt.breakdown(problem, {"quantilizer, $q$ = 1/5": policy, "maximiser": best})
    axes = qt.plots.plot_breakdown(table)
    axes.set_title("The quantilizer plays the top fifth of the base", loc="left")
    record = qt.plots.figure_record("breakdown", problem.to_json())
    qt.plots.save_figure(axes, figures / "01_six_actions.svg", record=record)

# %% [markdown]
# ## The bound, and where it is attained
#
# The proof is one line: $w \le 1/q$ at every action, multiply by $c \ge 0$, take the mean. Here the cost grows from
# $2/5$ to $3/2$, by the factor $15/4$. It is less than 5 because part of the cost sits on the third action, which is
# not played. Of all costs of the same mean those grow most that sit on the full actions alone, by the factor 5. Here
# is one:

# %%
worst = qt.MeanBounded(problem.mean_cost()).worst_case(policy)
print("factor of our cost:", policy.expect(problem.cost) / problem.mean_cost())
print("worst cost:", *worst.cost, "with mean", policy.expect(worst.cost), "under the quantilizer")

# %% [markdown]
# That is the whole dilemma. The worst cost lies on just those actions that the proxy likes best, and one who knows of
# the cost nothing but its mean cannot rule it out. Nor does any other policy do better: among all that keep every
# density ratio at or below $1/q$ the quantilizer has the most utility (`quantilizer-optimality`; Taylor, 2016,
# *Quantilizers*, Theorem 1), and each policy's own factor is its largest ratio.
#
# One thing to watch: if $q$ is less than the mass of the best action, no action is full, and the policy stands still.
# Here the $1/40$-quantilizer is the maximiser, with factor 20 and not 40.

# %%
tiny = qt.Quantilizer("1/40")(problem)
print("sup w at q = 1/40:", tiny.sup_ratio())

# %% [markdown]
# ## Do not take our word for it
#
# `qt.verify` reads a claim in several ways. It *proves* the claim, for every base at once, with every step checked by
# a solver; it tries to *falsify* it on exact rational problems; and it tries the same on a wrong twin, a false claim
# that looks as plausible, to show that the tests can tell the difference.

# %%
report = qt.verify("cost-bound", readings=["prove", "falsify"], examples=100)
print(report)


# %% [markdown]
# Now a claim of our own, and a false one: that half of $1/q$ would do, at least for $q$ up to a half.


# %%
@qt.claim("Half the factor is enough", policy=qt.Quantilizer(q=q), given=[c >= 0, 2 * q <= 1])
def half_the_factor():
    return E(w * c) <= E(c) / (2 * q)


refuted = qt.falsify(half_the_factor, examples=100)
print(refuted)

# %% [markdown]
# Two actions settle it. The true claim takes a line, and its proof has three steps: a relation that holds at every
# action, its mean, and the conclusion.


# %%
def derive(d):
    local = d.pointwise(w * c <= c / q, "no action is played more than 1/q times as often as under the base")
    d.conclude(d.integrate(local))


@qt.claim("No cost grows by more than 1/q", policy=qt.Quantilizer(q=q), given=[c >= 0], derivation=derive)
def the_bound():
    return E(w * c) <= E(c) / q


print(qt.prove(the_bound))

# %% [markdown]
# ## Infinitely many actions
#
# Take a standard normal base whose utility is the action itself. The top tenth begins at 1.28; its mean is 1.75.
# Three hidden costs: an outright catastrophe beyond 2.33, where about one in a hundred base actions lies; a smooth
# risk that rises with the utility; and a risk that falls. We draw a hundred thousand actions and watch the costs
# grow. All intervals hold at once, but for a chance of one in a million, although the threshold comes from the same
# draws. The truth beside them is by quadrature.

# %%
normal = qt.Problem(
    qt.Continuous("normal(0, 1)"),
    cost={
        "beyond 2.33": "indicator(x > 2.33)",
        "rising risk": "1/(1 + exp(4 - 2*x))",
        "falling risk": "1/(1 + exp(x))",
    },
)
ideal = qt.Quantilizer("1/10")(normal)
run = qt.simulate_problem(normal, ["1", "1/3", "1/10", "1/30", "1/100"], cost_max=1, samples="1e5", key=0)
tenth = run.levels[2]
growth = {cost.name: cost.amplification for cost in tenth.costs}
print(f"q = {tenth.q}: threshold {tenth.threshold:.2f}")
for name, seen in growth.items():
    between = f"[{seen.interval.low:.2f}, {seen.interval.high:.2f}]"
    print(f"{name:13} factor {seen.value:.2f} in {between}, truth {seen.truth:.4f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.plot_bound_and_simulation(run)
    axes.set_title("Only a cost at the very top grows by the full $1/q$", loc="left")
    record = qt.plots.figure_record(
        "cost-bound simulated", {"samples": run.samples, "problem": normal.to_json()}, key=0
    )
    qt.plots.save_figure(axes, figures / "01_bound_and_simulation.svg", record=record)

# %% [markdown]
# The simulation proves nothing: at $q = 1/10$ the catastrophe is *on* the bound, and no sample can tell a bound that
# is attained from one that is just broken. The proof says that it is attained. What the simulation adds is the size
# of the other two: the rising risk grows by about 5.7, the falling risk shrinks to less than a third.
#
# ## The ideal and the rule
#
# On a base that can only be drawn from nobody knows the threshold, so nobody runs the ideal quantilizer. One runs a
# *rule*: draw $n$ actions and pick one of the best $k$. That is another distribution, with the protection $n/k$ of
# the ideal one at $q = k/n$, and never more utility (`top-k-of-n`). Here it has less. The numbers of the one are not
# the numbers of the other, and every policy says which it is:

# %%
rules = [qt.TopKOfN(10, 1)(normal), qt.TopKOfN(100, 10)(normal), ideal]
for one in rules:
    print(f"{one.estimand!s:18} E[U] = {one.value():.4f}  sup w = {one.sup_ratio()}  KL = {float(one.kl()):.3f} nats")

# %%
with qt.plots.style("post"):
    axes = qt.plots.plot_rank_densities(rules)
    axes.set_title("A rule blurs the edge at rank 1/10", loc="left")
    record = qt.plots.figure_record("ideal and rule", {"policies": [str(one.estimand) for one in rules]})
    qt.plots.save_figure(axes, figures / "01_ideal_and_rule.svg", record=record)

# %% [markdown]
# A bound on KL divergence is not what protects: best-of-10 has 1.40 nats, the ideal quantilizer 2.30, and both have
# the factor 10. What counts against costs known by their mean is the largest density ratio.
#
# ## Where to go on
#
# The guarantee is only as good as its premises: a base that is trusted, and a cost that is never negative and whose
# mean under that base is small. How small a mean, and how to choose $q$, is [notebook 3](03_choosing_q.py). When side
# effects grow by less than $1/q$ is [notebook 2](02_targeted_impact_explained.py).

# %%
assert policy.probabilities == (0, 0, 0, F(1, 4), F(1, 2), F(1, 4)) and policy.ratio == (0, 0, 0, F(5, 3), 5, 5)
assert (policy.value(), best.value(), problem.mean_cost(), best.sup_ratio()) == (F(17, 4), 6, F(2, 5), 20)
assert policy.expect(problem.cost) == F(3, 2) == F(15, 4) * problem.mean_cost()
assert best.expect(problem.cost) == 4 == 10 * problem.mean_cost()
assert worst.value == 5 * problem.mean_cost() == 2 and worst.cost == (0, 0, 0, 0, F(8, 3), F(8, 3))
assert tiny.probabilities == best.probabilities and tiny.sup_ratio() == 20
assert report.status == "proved" and report.twin.outcome == "violated"
# the negative control: the false claim is refuted, and its counterexample still is one when computed anew
assert refuted.outcome == "violated" and qt.replay(refuted.witness).holds is False
assert len(refuted.witness.instance.weights) == 2
assert qt.prove(the_bound).outcome == "holds" and "3 steps" in str(qt.prove(the_bound))
assert round(NormalDist().inv_cdf(0.9), 2) == 1.28 and round(1 - NormalDist().cdf(2.33), 2) == 0.01
assert tenth.q == F(1, 10) and abs(tenth.threshold - 1.2816) < 0.02 and run.alpha == 1e-6 and run.samples == 100_000
assert [round(growth[cost].truth, 4) for cost in normal.costs] == [10, 5.6992, 0.3086]
assert not any(cost.amplification.excludes_truth for level in run.levels for cost in level.costs)
assert abs(ideal.value() - 1.754983) < 1e-6 and abs(rules[0].value() - 1.538753) < 1e-6
assert rules[0].value() < rules[1].value() < ideal.value()
assert all(one.sup_ratio() == 10 for one in rules) and abs(float(rules[0].kl()) - 1.402585) < 1e-6
assert abs(float(ideal.kl()) - 2.302585) < 1e-6
