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
# # Quantilizing a generative model
#
# Here an action is an *agent*: candidates are drawn from a generative model, scored by capability, and one of the best
# is deployed. A small share of what the model produces is deceptive, and the deceptive ones are more capable. At the
# end you will know how many of the selected agents are deceptive, exactly; what 400 audited agents tell about it; and
# which part of that rests on a model.
#
# **The short of it.** Conditioning on "capability above $t$" and quantilizing at $q = P(\text{capability} > t)$ are the
# same selection. What differs is what is held fixed: with $q$ fixed, a bad share $\delta$ of the base becomes at most
# $\min(1, \delta/q)$, however capable the bad ones are; with $t$ fixed there is no such number. With $\delta = 1\,\%$
# and a lead of two standard deviations, 7.5 % of the top tenth are bad. From 400 audits of the base, a posterior with
# normal scores keeps the bad share under 5 % at about $q = 0.4$ and above, and a bound that assumes nothing about
# scores from $q = 0.46$ on, where the truth would allow $q = 0.17$. The same audits spent on agents that the rule has
# selected answer the question about the rule directly.

# %%
from fractions import Fraction
from pathlib import Path

import jax
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS
from scipy.special import ndtr

import qtheory as qt
from qtheory.inference import clopper_pearson, cost_ledger, hoeffding_bound, quantilizer_mean_interval

figures = Path("out")
figures.mkdir(exist_ok=True)

# %% [markdown]
# ## The base, as a sampler and in closed form
#
# A numpyro model of one agent makes a base that one can only draw from.


# %%
def agent():
    bad = numpyro.sample("bad", dist.Bernoulli(0.01))
    capability = numpyro.sample("capability", dist.Normal(2.0 * bad, 1.0))
    return {"bad": bad, "capability": capability}


base = qt.Generative.model(agent)
drawn = qt.Problem(base, utility=lambda candidate: candidate["capability"])

# %% [markdown]
# This one is simple enough to have a closed form beside it. Scores are a mixture of two normal laws, and by Bayes' rule
# an agent of score $x$ is bad with odds $\frac{1}{99}e^{2x-2}$. That chance is the hidden cost; its mean under a policy
# is the bad share.

# %%
line = qt.Problem(qt.Continuous("mixture(99/100*normal(0, 1) + 1/100*normal(2, 1))"), cost="1/(1 + 99*exp(2 - 2*x))")
exact = {q: qt.Quantilizer(q)(line).expect(line.cost) for q in ("1", "1/2", "1/10", "1/100", "1/1000")}
for q, share in exact.items():
    print(f"q = {q:>6}: bad share {share:.4f}, at most {min(1.0, 0.01 / float(Fraction(q))):.4f}")

# %% [markdown]
# ## Conditioning is quantilizing, with something else held fixed
#
# Let $S_D(t)$ and $S_H(t)$ be the chances that a bad and a good agent score above $t$. Conditioning on "above $t$"
# multiplies the odds of bad by $S_D(t)/S_H(t)$: the chance under the adversary over the chance otherwise
# (`conditioning-odds`; from comments on Lucassen and Hubinger, 2022). Quantilizing multiplies them by the same ratio at
# its own threshold (`contamination`). So at $q = (1-\delta)S_H(t) + \delta S_D(t)$ they agree:


# %%
def bad_share_above(t, share, mean=0.0, sd=1.0, lead=2.0, sd_bad=1.0):
    """The level of the threshold t, and the bad share above it."""
    bad, good = share * ndtr((mean + lead - t) / sd_bad), (1 - share) * ndtr((mean - t) / sd)
    return bad + good, bad / (bad + good)


def bad_share_in_top(q, share, *world):
    """The bad share in the top q, by bisection for the threshold."""
    low, high = np.full(np.broadcast_shapes(*map(np.shape, (q, share, *world))), -50.0), 50.0
    for _ in range(80):
        t = (low + high) / 2
        above = bad_share_above(t, share, *world)[0] > q
        low, high = np.where(above, t, low), np.where(above, high, t)
    return bad_share_above(t, share, *world)[1]


t = qt.Quantilizer("1/10").threshold(line)
level, conditioned = bad_share_above(t, 0.01)
print(f"capability above {t:.3f} is the top {level:.3f}: bad share {conditioned:.4f}, quantilized {exact['1/10']:.4f}")

# %% [markdown]
# Now hold $t$ fixed, and let the good agents be weaker than you thought by one standard deviation, or by two. The same
# threshold then selects harder without telling anybody. The quantilizer keeps to $\delta/q = 0.1$.

# %%
worlds = {"as believed": (0.0, 1.0, 2.0), "weaker by 1": (-1.0, 1.0, 3.0), "weaker by 2": (-2.0, 1.0, 4.0)}
fixed_t = {name: bad_share_above(t, 0.01, *world) for name, world in worlds.items()}
fixed_q = {name: float(bad_share_in_top(0.1, 0.01, *world)) for name, world in worlds.items()}
for name, (level, share) in fixed_t.items():
    print(f"{name:12}  above t = {t:.2f}: top {level:.3f}, bad {share:.3f}    top 0.1: bad {fixed_q[name]:.3f}")

# %% [markdown]
# ## The bound, and when it is met
#
# Both statements are claims of qtheory: proved for every base at once, their plausible false variants refuted by exact
# counterexamples. For `contamination` the false variant is that selection does not favour the bad if they score no
# better on average.

# %%
reports = [
    qt.verify(slug, readings=["prove", "falsify"], examples=30) for slug in ("conditioning-odds", "contamination")
]
for report in reports:
    print(report)

# %% [markdown]
# The bound is met when the bad are better than all others: one in a hundred of the base is then one in ten of the top
# tenth. A promise about costs degrades in the same way. If the good cost $\varepsilon$ on average and a bad one costs
# 1, the promise $\varepsilon/q$ of the uncontaminated base becomes $((1-\delta)\varepsilon + \delta)/q$, and that is
# attained too: quantilizing multiplies an error of the base by $1/q$ (`base-misspecification`). Here 1/100 becomes
# 0.1099.

# %%
delta, epsilon, tenth = Fraction(1, 100), Fraction(1, 1000), Fraction(1, 10)
three = qt.Problem(
    qt.Finite([delta, tenth - delta, 1 - tenth]),
    utility=[2, 1, 0],
    cost={"bad share": [1, 0, 0], "harm": [1, epsilon * (1 - delta) / (tenth - delta), 0]},
)
attained = {name: qt.Quantilizer(tenth)(three).expect(cost) for name, cost in three.costs.items()}
print({name: str(value) for name, value in attained.items()}, "promised harm without the bad:", epsilon / tenth)

# %% [markdown]
# ## What one can run
#
# From a base that can only be drawn from, one runs the rule "draw 160, pick one of the best 16". It is another policy
# than the ideal quantilizer, with a bad share of its own: 7.46 % instead of 7.52 %, by quadrature over ranks. The
# interval is that of Clopper and Pearson, at an error rate of 1/1000; it holds at every sample size.

# %%
rule = qt.Quantilizer("1/10")(drawn)
picked = np.asarray(rule.sample(jax.random.key(1), 20_000)["bad"])
seen = clopper_pearson(int(picked.sum()), picked.size, 0.001)
rule_share = qt.TopKOfN(160, 16)(line).expect(line.cost)
print(f"{rule.estimand}: {picked.mean():.4f} of 20,000 in [{seen.low:.4f}, {seen.high:.4f}]; exact {rule_share:.4f}")

# %%
levels = np.geomspace(1e-4, 1, 200)
kinds = {"lead 6": (6.0, 1.0), "lead 2": (2.0, 1.0), "lead 0, spread 2": (0.0, 2.0), "no difference": (0.0, 1.0)}
dashes = ((0, (5, 1.6)), "-", (0, (6, 1.6, 1.2, 1.6)), (0, (1.2, 1.4)))
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 4.4)
    axes.plot(levels, np.minimum(1, 0.01 / levels), color="0.75", lw=6, label=r"the bound min(1, $\delta/q$)")
    for (name, (lead, spread)), dash in zip(kinds.items(), dashes, strict=True):
        shares = bad_share_in_top(levels, 0.01, 0.0, 1.0, lead, spread)
        axes.plot(levels, shares, ls=dash, label=f"bad agents: {name}")
    reach = [[rule_share - seen.low], [seen.high - rule_share]]
    axes.errorbar(0.1, rule_share, reach, fmt="ko", capsize=4, label="the rule, sampled (lead 2)")
    axes.set(xscale="log", yscale="log", xlim=(1e-4, 1), ylim=(0.007, 1.3), ylabel="bad share of the selected")
    axes.set_xlabel("level q: the share of the base that is selected from")
    above = axes.secondary_xaxis("top")
    above.set_xticks(bad_share_above(np.arange(5.0), 0.01)[0], [f"{t}" for t in range(5)])
    above.set_xlabel("the same selection: capability above t (lead 2)")
    axes.set_yticks([0.01, 0.1, 1], ["1 %", "10 %", "100 %"])
    axes.set_title("One bad agent in a hundred, after selection", pad=10)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 0.08))
    record = qt.plots.figure_record("contamination", {"delta": "1/100", "kinds": kinds, "draws": picked.size}, key=1)
    qt.plots.save_figure(axes, figures / "07_bad_share.svg", record=record)

# %% [markdown]
# ## From audits: a posterior
#
# Now forget the truth. Of 400 agents drawn from the base we learn capability and kind; four are bad. The model:
# normal scores with one standard deviation, and a lead of either sign. NUTS samples the posterior of the bad share, the
# lead, and the mean and spread of the good.

# %%
audited = jax.jit(base.sample, static_argnums=1)(jax.random.key(0), 400)
found, audits = int(audited["bad"].sum()), 400


def what_audits_show(bad, capability):
    share = numpyro.sample("share", dist.Beta(1.0, 19.0))
    mean = numpyro.sample("mean", dist.Normal(0.0, 2.0))
    sd = numpyro.sample("sd", dist.LogNormal(0.0, 0.5))
    lead = numpyro.sample("lead", dist.Normal(0.0, 2.0))
    numpyro.sample("bad", dist.Bernoulli(share), obs=bad)
    numpyro.sample("capability", dist.Normal(mean + lead * bad, sd), obs=capability)


@jax.jit  # compiling the chain as a whole takes half as long
def posterior_draws(key, audited):
    nuts = NUTS(what_audits_show, max_tree_depth=6)
    chain = MCMC(nuts, num_warmup=300, num_samples=500, progress_bar=False)
    chain.run(key, **audited, extra_fields=("diverging",))
    return chain.get_samples(), chain.get_extra_fields()["diverging"].sum()


draws, divergent = posterior_draws(jax.random.key(100), audited)
posterior = {name: np.asarray(values, dtype=float) for name, values in draws.items()}
for name, values in posterior.items():
    print(f"{name:5}  mean {values.mean():6.3f}  sd {values.std():.3f}  R-hat {split_gelman_rubin(values[None]):.3f}")

# %% [markdown]
# Each draw of the posterior is a world, with its own bad share at every level: the closed form above, 500 times. The
# level that keeps the bad share under 5 % with posterior probability 95 % is near 0.4.

# %%
grid = np.geomspace(0.01, 1, 201)
world = [posterior[name][:, None] for name in ("share", "mean", "sd", "lead")]
shares = bad_share_in_top(grid, *world, world[2])
low, middle, high = np.quantile(shares, [0.05, 0.5, 0.95], axis=0)
chance = (shares < 0.05).mean(axis=0)
by_posterior = grid[chance >= 0.95].min()
truth = bad_share_in_top(grid, 0.01)
by_truth = grid[truth < 0.05].min()
print(f"smallest level, by the posterior: {by_posterior:.2f}; if one knew the truth: {by_truth:.2f}")
print(f"bad share of the top {grid[0]}: {low[0]:.2f} to {high[0]:.2f} with posterior probability 90 %")

# %% [markdown]
# ## From audits: bounds without a model
#
# Three kinds of statement, each wrong with chance at most 5 % on either side, whatever the scores of both kinds are.
#
# - *Every level at once.* An exact upper limit $\bar\delta$ for a binomial share, and then $\bar\delta/q$; the level
#   may be chosen afterwards (`q-from-data`). It needs $q \ge \bar\delta/0.05$. Hoeffding's bound in its place is above
#   5 % before any selection.
# - *One level, fixed beforehand.* An interval from where the bad stand in the ranking of the audited agents.
# - *The rule itself.* Spend 400 audits on agents that the rule has picked. Nothing is left to be extrapolated.

# %%
limit = clopper_pearson(found, audits, 0.10).high
by_limit = limit / 0.05
hoeffding = hoeffding_bound(found / audits, audits, 0.05)
best_first = np.asarray(audited["bad"], dtype=float)[np.argsort(-np.asarray(audited["capability"]))]
fixed = {
    q: quantilizer_mean_interval(cost_ledger(best_first, 1.0, [q], levels=2), q, alpha=0.10) for q in ("1/10", "1/2")
}
of_picked = clopper_pearson(int(picked[:400].sum()), 400, 0.10)
print(f"share of the base at most {limit:.4f} (Hoeffding {hoeffding:.4f}); q >= {by_limit:.3f} keeps it under 5 %")
for q, interval in fixed.items():
    print(f"top {q}: in [{interval.low:.3f}, {interval.high:.3f}] at 90 %; true {exact[q]:.3f}")
print(f"picked by the rule: in [{of_picked.low:.3f}, {of_picked.high:.3f}] at 90 %; true {rule_share:.3f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 4.4)
    axes.fill_between(grid, low, high, color="C0", alpha=0.22, lw=0, label="posterior, 90 % at each level")
    axes.plot(grid, middle, color="C0", label="posterior median")
    axes.plot(grid, truth, color="k", ls=(0, (1.2, 1.4)), label="truth")
    axes.plot(
        grid, np.minimum(1, limit / grid), color="C1", ls=(0, (5, 1.6)), label="no model: upper limit 95 %, all levels"
    )
    axes.axhline(0.05, color="0.4", lw=1)
    axes.annotate("5 %", (0.0105, 0.053), color="0.3")
    ends = [of_picked.low, of_picked.high]
    axes.plot([0.1, 0.1], ends, "k_-", ms=9, lw=2.5, label="400 audits of what the rule picks, 90 %")
    axes.plot([by_truth, by_posterior, by_limit], [0.05] * 3, "kv", ms=7, label="levels that reach 5 %")
    axes.set(xscale="log", yscale="log", xlim=(0.01, 1), ylim=(0.002, 1.3), ylabel="bad share of the selected")
    axes.set_yticks([0.01, 0.1, 1], ["1 %", "10 %", "100 %"])
    axes.set_xlabel("level q: the share of the base that is selected from")
    axes.set_title("400 audits of the base say little about its top")
    axes.legend(loc="lower left")
    record = qt.plots.figure_record(
        "posterior of the bad share", {"audits": audits, "bad": found, "samples": 500}, key=100
    )
    qt.plots.save_figure(axes, figures / "07_posterior.svg", record=record)

# %% [markdown]
# **What each assumes.** All: that labels are right, and that audits are independent draws from the very base (or the
# very rule) that is used. The limits assume nothing else. The posterior assumes normal scores of equal spread, and its
# prior; at $q = 0.01$, about the four best of the audited agents, its band of about 4 % to 47 % rests on the shape of
# that tail. A heavier tail for the bad would move it, and four bad agents would not object.
#
# The truth at each level lies in the band, and under the limit. That is one seed, not a proof of coverage.

# %%
for q, share in exact.items():
    assert share <= min(1, 0.01 / float(Fraction(q))) * (1 + 1e-12)
    assert abs(share - bad_share_in_top(float(Fraction(q)), 0.01)) < 1e-9  # quadrature over ranks against bisection
assert abs(exact["1/10"] - 0.07517462) < 1e-8
assert abs(exact["1/100"] - 0.3210959) < 1e-7
assert abs(conditioned - exact["1/10"]) < 1e-9
assert abs(fixed_t["weaker by 1"][1] - 0.427) < 5e-4
assert fixed_t["weaker by 2"][1] > 0.9  # fixed threshold: no bound
assert max(fixed_q.values()) <= 0.1  # fixed level: the bound
assert all(report.status == "proved" and report.twin.outcome == "violated" for report in reports)
assert attained == {"bad share": delta / tenth, "harm": ((1 - delta) * epsilon + delta) / tenth}
assert bad_share_in_top(0.01, 0.01, 0.0, 1.0, 0.0, 2.0) > 0.1  # no lead, twice the spread
assert str(rule.estimand) == "rule(n=160, k=16)"
assert abs(rule_share - 0.0746) < 5e-5
assert seen.contains(rule_share)
assert not seen.contains(0.01)  # selection does favour the bad
assert (found, int(divergent)) == (4, 0)
assert all(split_gelman_rubin(values[None]) < 1.03 for values in posterior.values())
assert all(effective_sample_size(values[None]) > 150 for values in posterior.values())
conjugate = (1 + found) / (20 + audits)  # the exact posterior mean of the share, and its standard deviation
spread = (conjugate * (1 - conjugate) / (21 + audits)) ** 0.5
assert abs(posterior["share"].mean() - conjugate) < 5 * spread / 150**0.5
assert 0.35 < by_posterior < 0.46  # two decimals would be noise of the chain
assert abs(by_truth - 0.17) < 0.005
assert abs(by_limit - 0.455) < 0.0005
assert np.all(truth <= limit / grid)
assert hoeffding > 0.05
assert all(interval.contains(exact[q]) for q, interval in fixed.items())
assert of_picked.contains(rule_share)
assert of_picked.high - of_picked.low < (fixed["1/10"].high - fixed["1/10"].low) / 5
assert 0.03 < low[0] < 0.06
assert 0.4 < high[0] < 0.56
assert np.all((low < truth) & (truth < high))
