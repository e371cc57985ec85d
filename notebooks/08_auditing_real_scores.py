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
# # Auditing real scores
#
# You have a file of scores that a reward model gave to draws from a language model. At the end you will know what a
# quantilizer gains on it at each level and with what certainty, whether its tail looks heavy, which levels are too
# extreme to be audited, how many labels of a hidden cost a guarantee takes, and how to choose the level from the data.
#
# **The short of it.** The file is a sample of the base, so every number needs an interval, and the threshold comes
# from the same sample: an interval that ignores that is wrong about half the time in bad cases. With intervals that do
# not, and harm that rises with the score as modelled below, labels of the top alone bound the cost of a quantilizer
# with several times fewer labels than labels of the base. A top of $k$ scores cannot show at 95 % that a harm is rarer
# than about $3/k$, however clean it is.
#
# Set the environment variable `QTHEORY_SCORES` to a file with a column `reward` (CSV, JSON lines, Parquet, or a plain
# `.npy` array) to run all this on your own scores. Without it the notebook makes a stand-in of 16,000 light-tailed
# scores, $-7 + 12\,\mathrm{Beta}(7, 5.6)$. Labels of harm are made in either case, from a stated model.

# %%
import hashlib
import os
from pathlib import Path

import numpy as np

import qtheory as qt
from qtheory.auditing.files import read_scores
from qtheory.auditing.table import audit_text
from qtheory.errors import InvalidLevel
from qtheory.inference.binomial import binomial_window, clopper_pearson
from qtheory.inference.bounded_mean import bounded_mean_interval
from qtheory.inference.hill import hill_curve
from qtheory.inference.level_band import unseen_event_bound
from qtheory.inference.rank_conditional import rank_conditional_interval

figures = Path("out")
figures.mkdir(exist_ok=True)
rng = np.random.default_rng(8)
given = os.environ.get("QTHEORY_SCORES")
if given:
    score = read_scores(given, ["reward"])["reward"]
else:
    score = 12 * rng.beta(7, 5.6, 16_000) - 7
least = -8 if given else -7  # the least possible score, for the last question: declare your own
n = len(score)
source = {"given": bool(given), "sha256": hashlib.sha256(score.tobytes()).hexdigest()}
print("scores from the file named by QTHEORY_SCORES" if given else "a stand-in, made here: not real scores")
print(f"{n:,} scores, mean {score.mean():.4f}, from {score.min():.3f} to {score.max():.3f}")

# %% [markdown]
# ## What a quantilizer gains
#
# `qt.audit` ranks the scores, breaks ties by a random number, and gives for each level the mean of the top
# $k = \lceil qn \rceil$ with an interval for the ideal quantilizer. The error rate of 1/20 is for all intervals of the
# run together. Without a declared range of scores they are asymptotic.

# %%
levels = ["1/2", "1/10", "1/100", "1/400", "1/1000"]
report = qt.audit(score, q=levels, cost_mean="1/50", alpha="1/20")
for level in report.levels:
    interval = level.utility.interval
    shown = "too few for an interval" if interval is None else f"in [{interval.low:.3f}, {interval.high:.3f}]"
    factor = f"cost factor at most {float(level.cost_factor):6.0f}"
    print(f"q = {level.cut.q!s:6} k = {level.cut.k:5}  {factor}  mean {level.utility.value:.3f} {shown}")
print(f"best guarantee if costs average 1/50: {report.floor.reservation:.3f} at q = {report.floor.best_k / n:.4f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.plot_audit(report)
    axes.set_title("What each level gains, and what it may cost", loc="left")
    asked = {**source, "q": levels, "cost_mean": "1/50", "alpha": "1/20"}
    qt.plots.save_figure(axes, figures / "08_audit.svg", record=qt.plots.figure_record("audit", asked, key=8))

# %% [markdown]
# The green curve is what is left of the mean if hidden costs are never negative and average 1/50 under the base. It is
# a plug-in estimate, without an interval. Far out the bound on the cost, $1/(50q)$, outgrows what the proxy gains: for
# the stand-in the guarantee at $q = 1/400$ is below that of the base itself.
#
# ## Is the tail heavy?
#
# A Hill estimate of the tail index from the top $k$ settles, as $k$ falls, if the tail is a power of the score; it
# climbs if the tail is lighter. It depends on where zero lies, here the median. As a control, a Student $t_3$ sample of
# the same size, whose index is 3. Intervals are asymptotic and assume what is in question: at the largest $k$ that of
# the control misses its own index. So this is a diagnosis, and no test.

# %%
depths = [int(n * share) for share in (1 / 10, 1 / 20, 1 / 40, 1 / 80, 1 / 160, 1 / 320)]
control = np.random.default_rng(3).standard_t(3, n)
hills = {"these scores": hill_curve(score - np.median(score), depths), "control, $t_3$": hill_curve(control, depths)}
for name, curve in hills.items():
    print(f"{name:15}", "  ".join(f"k={hill.k}: {hill.index:.2f}" for hill in curve))

# %%
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 3.6)
    for (name, curve), mark, colour in zip(hills.items(), ("o-", "s--"), ("#0072B2", "#D55E00"), strict=True):
        ends = [[hill.index - hill.low for hill in curve], [hill.high - hill.index for hill in curve]]
        axes.errorbar(depths, [hill.index for hill in curve], ends, fmt=mark, color=colour, capsize=3, label=name)
    axes.set_xscale("log")
    axes.invert_xaxis()
    axes.set(xlabel="scores used, $k$ (further out to the right)", ylabel="Hill estimate of the index", ylim=(0, None))
    axes.set_title("A power tail settles, a lighter one climbs", loc="left")
    axes.legend(loc="upper left")
    record = qt.plots.figure_record("hill", {**source, "k": depths}, key=3)
    qt.plots.save_figure(axes, figures / "08_tail.svg", record=record)

# %% [markdown]
# ## Levels that cannot be audited
#
# A level below $1/n$ keeps less than one score and is refused; a top of fewer than 30 gets no interval for its mean.
# For harms the limit is harder. If all $k$ labels of a top are clean, the chance of harm is known, at confidence
# $1 - \delta$, to be below $1 - \delta^{1/k} \approx \log(1/\delta)/k$ and no better. (That is at the level where the
# sample's top happens to end, which is near $q$ and not known.)

# %%
try:
    qt.audit(score, q=[f"1/{10 * n}"])
except InvalidLevel as refused:
    refusal = str(refused).splitlines()[0]
print("refused:", refusal)
for level in report.levels:
    known = unseen_event_bound(level.cut.k, 0.05)
    print(f"q = {level.cut.q!s:6}: {level.cut.k:5} clean labels show only that harm is rarer than {known:.5f}")

# %% [markdown]
# ## A hidden cost, and what its labels buy
#
# Suppose harm can be seen by a costly human label. The model here: a draw that lies $z$ standard deviations above the
# mean score is harmful with chance $1/(1+e^{5-1.5z})$, so harm rises with the score. Labels of every row would give
# the audit below.

# %%
chance = 1 / (1 + np.exp(5 - 1.5 * (score - score.mean()) / score.std()))
harm = (rng.random(n) < chance).astype(float)
labelled = qt.audit(score, harm, q=["1/10", "1/100"], cost_max=1, cost_limit="1/5", alpha="1/20")
print(audit_text(labelled))

# %% [markdown]
# Is the expected harm of the $1/10$-quantilizer at most $1/5$? That takes far fewer labels. Take a random part of the
# file, rank it, and label only its top tenth and the few rows that may belong to it. Above an order statistic the rows
# are independent draws of a quantilizer (see the page on verdicts), so `rank_conditional_interval` needs no label of
# the rest. The alternative labels random rows, bounds the base's mean cost and divides by $q$.


# %%
def from_top_labels(rows, q="1/10", alpha=0.05, unlabelled=0.0):
    """The interval for the quantilizer's cost from labels of the top rows only, and how many labels."""
    ranked = rows[np.lexsort((rng.random(len(rows)), -score[rows]))]
    needed = binomial_window(len(rows), q, alpha / 4)[1]
    costs = np.full(len(rows), unlabelled)
    costs[:needed] = harm[ranked[:needed]]
    return rank_conditional_interval(costs, 1.0, q, alpha), needed


top, shuffled = np.argsort(-score)[: -(-n // 10)], rng.permutation(n)
bought = []
for part in (size for size in (1000, 2000, 4000, 8000, 16_000) if size <= n):
    interval, labels = from_top_labels(shuffled[:part])
    base = bounded_mean_interval(harm[shuffled[:labels]], 0.0, 1.0, 0.05)
    bought.append((labels, interval, min(1.0, 10 * base.high)))
    print(
        f"{labels:5} labels: of the top, in [{interval.low:.3f}, {interval.high:.3f}];",
        f"of the base, below {bought[-1][2]:.3f}",
    )
truth = chance[top].mean()
print(f"mean chance of harm in the top tenth of the file, by the model: {truth:.4f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 3.8)
    count, middle = [labels for labels, _, _ in bought], [(i.low + i.high) / 2 for _, i, _ in bought]
    axes.errorbar(
        count, middle, [i.width / 2 for _, i, _ in bought], fmt="none", capsize=4, lw=2, label="labels of the top"
    )
    axes.plot(count, [bound for _, _, bound in bought], "v", color="#D55E00", label="labels of the base, over $q$")
    axes.axhline(truth, color="0.4", lw=1, label="by the model")
    axes.axhline(0.2, color="black", lw=1, ls=":", label="the limit, 1/5")
    axes.set(xscale="log", xlabel="labels bought", ylabel="expected harm at $q$ = 1/10", ylim=(0, 1.05))
    axes.set_xticks(count, [str(labels) for labels in count], minor=False)
    axes.minorticks_off()
    axes.set_title("Labels of the top say more about the top", loc="left")
    axes.legend()
    record = qt.plots.figure_record("labels", {**source, "q": "1/10", "harm": "1/(1+exp(5-1.5z))"}, key=8)
    qt.plots.save_figure(axes, figures / "08_labels.svg", record=record)
enough = min(labels for labels, interval, _ in bought if interval.high <= 0.2)
print(f"{enough} labels of the top were enough for the limit 1/5")

# %% [markdown]
# Each row is an interval of its own at 95 %. To buy labels until the answer is clear, use evidence that may be looked
# at after every batch (`qtheory.inference.decision`), not these intervals again and again.
#
# ## Choosing the level from the data
#
# Price a harm at two units of score. `qt.level_band` bounds the mean cost and all tails of the score at once, so the
# level may be chosen after looking: the guarantee holds at the best level too, with 95 % confidence. It needs the
# least possible score. For the stand-in that is $-7$; for a file it is your declaration, and a score below it is
# refused. The plug-in choice is more extreme and promises more, at no stated confidence.

# %%
band = qt.level_band(score, 2 * harm, low=least, cap=2, delta=0.05)
chosen, guaranteed = band.best()
plug_in = qt.audit(score, q="1/10", cost_mean=str(2 * harm.mean())).floor
value = np.sort(score)[::-1][: int(chosen * n)].mean() - 2 * chance[np.argsort(-score)[: int(chosen * n)]].mean()
print(f"chosen level {chosen:.4f}: at least {guaranteed:.3f} with 95 % confidence; by the model {value:.3f}")
print(f"plug-in level {plug_in.best_k / n:.4f}: promises {plug_in.reservation:.3f}, with no confidence stated")

# %% [markdown]
# ## The interval that is wrong
#
# Why not the textbook interval for the share of harms among the top $k$? Because the top $k$ of the sample are not
# draws from the top $q$. Let the harm be certain in the top tenth of the base and absent elsewhere, so that the truth
# is 1. In 300 samples of 1000 we count how often 95 % intervals hold it.

# %%
samples = [(np.sort(rng.random(1000)) <= 0.1).astype(float) for _ in range(300)]
textbook = [clopper_pearson(int(harms[:100].sum()), 100, 0.05) for harms in samples]
careful = [rank_conditional_interval(harms, 1.0, "1/10", 0.05) for harms in samples]
kept = {name: qt.coverage(name, runs, 1.0, 0.95) for name, runs in (("textbook", textbook), ("by rank", careful))}
for name, coverage in kept.items():
    print(f"{name:8} holds the truth in {coverage.covered} of {coverage.trials}; refuted: {coverage.falls_short}")

# %% [markdown]
# ## The numbers above, pinned

# %%
# tops, intervals and floors, for any file
tops = np.sort(score)[::-1]
assert all(np.isclose(level.utility.value, tops[: level.cut.k].mean()) for level in report.levels)
assert [level.cut.k for level in report.levels] == [-(-n // int(q[2:])) for q in levels]
assert all((level.utility.interval is None) == (level.cut.k < 30) for level in report.levels)
assert report.floor.reservation >= max(level.floor for level in report.levels)
assert np.isclose(np.maximum(score - report.floor.reservation, 0).mean(), 0.02)
# what cannot be audited
assert "keeps less than one" in refusal
assert all(
    2.8 < level.cut.k * unseen_event_bound(level.cut.k, 0.05) < 3.0 for level in report.levels if level.cut.k >= 30
)
# the control, for files of this size: its interval holds the index far out, and not where the law is no power yet
if n == 16_000:
    assert [hill.low < 3 < hill.high for hill in hills["control, $t_3$"]] == [False, False, False, True, True, True]
# labels of the top: more rows left unlabelled change nothing, and the truth is held
state = rng.bit_generator.state
pair = []
for filler in (0.0, 1.0):
    rng.bit_generator.state = state
    pair.append(from_top_labels(shuffled[:1000], unlabelled=filler))
assert pair[0] == pair[1]
assert all(interval.contains(truth) and bound >= truth for _, interval, bound in bought)
assert all(interval.high < bound for _, interval, bound in bought)
assert all(bound > 0.2 for labels, _, bound in bought if labels < 4 * enough)
assert labelled.levels[0].cost.mean.interval.contains(truth) and not labelled.violated
# the level from the data: its guarantee holds by the model, and is below the plug-in promise
assert guaranteed <= value and guaranteed < plug_in.reservation and chosen > plug_in.best_k / n
# the negative control: the textbook interval is refuted, the one by rank is not
assert kept["textbook"].falls_short and 0.4 < kept["textbook"].share < 0.65 and not kept["by rank"].falls_short
if not given:
    # only the stand-in has a known law: a light tail, and known tops
    assert report.levels[3].floor < score.mean() - 0.02
    assert n == 16_000 and hills["these scores"][-1].low > 1.5 * hills["these scores"][0].high
    law = qt.Problem(qt.Continuous("beta(7, 5.6)"))
    known = [12 * float(qt.Quantilizer(q)(law).value()) - 7 for q in levels[:4]]
    assert all(level.utility.interval.contains(x) for level, x in zip(report.levels, known, strict=False))
