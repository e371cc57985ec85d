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
# # Heavy tails and catastrophic Goodhart
#
# A proxy is a truth plus an error. At the end you will know when a bound on the KL divergence bounds the error, what
# best-of-$n$ on the proxy does to the truth for light and heavy tails, by quadrature instead of noisy trials, and why
# the place of a peak says little unless scales are given.
#
# **The short of it.** If $E\,e^{sX}$ is infinite for every $s > 0$, where $X$ is the error, then policies within any KL
# distance of the base, however small, can have a mean error as large as you like (proved). A bound on the density
# ratio allows nothing like it. In a grid of nine pairs of laws at unit scale the mean truth of the best of $n$ rises
# and then falls for the four whose error has the heavier tail within reach, and rises up to $n = 10^5$ for the other
# five (by quadrature). For a Student $t_{10}$ truth and a $t_5$ error the peak is at $n = 225$. A peak near $10^5$, as
# has been reported for Student errors, is *not reproduced* there, by two methods. Other scales, or tails that are
# nearly equal, would give one.

# %%
import math
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import matplotlib.figure
import numpy as np
from scipy.special import stdtrit

import qtheory as qt
from qtheory.goodhart.catastrophic import MovedMass, kl_ball_supremum

figures = Path("out")
figures.mkdir(exist_ok=True)

# %% [markdown]
# ## What KL allows
#
# Let $X$ be the error of the proxy, with a finite mean under the base $\gamma$. Over all policies within $\kappa$ nats,
# $$\sup_{\mathrm{KL}(\pi\|\gamma)\le\kappa}E_\pi X = \inf_{s>0}\frac{\kappa+\log E_\gamma e^{sX}}{s}$$
# (Donsker and Varadhan). If $E_\gamma e^{sX}$ is finite for some $s>0$, this tends to $E_\gamma X$ as $\kappa \to 0$.
# If for none, it is infinite for every $\kappa > 0$: catastrophic Goodhart, after Kwa, Thomas and Garriga-Alonso
# (2024).

# %%
print("kappa   normal   Laplace   lognormal   Student t3")
allowed = {}
for kappa in ("1/1000", "1/100", "1/10", "1"):
    laws = ("normal(0, 1)", "laplace(0, 1)", "lognormal(0, 1)", "student_t(3)")
    allowed[kappa] = [kl_ball_supremum(law, kappa).value for law in laws]
    print(f"{kappa:6} {allowed[kappa][0]:7.4f} {allowed[kappa][1]:9.4f} {allowed[kappa][2]:11} {allowed[kappa][3]:12}")

# %% [markdown]
# All moments of the lognormal law are finite, and still the supremum is not: power moments are not enough.
#
# The policy that does it is simple. Move mass $c_t$ onto $\{X > t\}$ and rescale the rest. With $q_t = \gamma\{X > t\}$
# its divergence is that of two coins, $\mathrm{kl}(c_t\,\|\,q_t) \le c_t\log(1/q_t)$, and its mean error is at least
# about $c_t\,t$. For $t_3$ and $c_t = t^{-0.8}$ the first falls to zero and the second grows without bound.

# %%
moved = {t: MovedMass("student_t(3)", t, t**-0.8) for t in (10, 10**3, 10**5, 10**7)}
positive_part = float(moved[10].error.excess_mean(0.0))
print("       t        KL   mean error   log largest ratio   largest ratio times E X+")
for t, policy in moved.items():
    largest = policy.d_infinity().value
    promise = math.exp(largest) * positive_part
    print(f"{t:8} {policy.kl().value:9.6f} {policy.mean().value:12.4f} {largest:19.4f} {promise:26.3g}")

# %% [markdown]
# The last column is what a quantilizer of that density ratio promises, $\frac1q E_\gamma X^+$, and it is kept with
# plenty of room: the price is in the density ratio, which KL hardly sees. For the same law and the same nats, compare
# the quantilizer at $q = e^{-\kappa}$ in the worst case that it ranks by the error itself. Its mean error is the
# largest under any policy with density ratio at most $1/q$ (claim `upper-cvar`), and it vanishes with $\kappa$.

# %%
error = qt.Problem(qt.Continuous("student_t(3)"))
nats = np.geomspace(1e-4, 2, 20)
heavy = [MovedMass("student_t(3)", t, t**-0.8) for t in np.geomspace(4, 3e6, 30)]
worst_quantilizer = [float(qt.Quantilizer(math.exp(-kappa))(error).value()) for kappa in nats]
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 4.6)
    label = r"$t_3$ error: mass moved onto $\{X>t\}$ (the largest is infinite)"
    axes.loglog([p.kl().value for p in heavy], [p.mean().value for p in heavy], "--", color="#D55E00", label=label)
    for name, dash, colour in (("Laplace", ":", "#AA4499"), ("normal", "-", "#0072B2")):
        largest = [kl_ball_supremum(f"{name.lower()}(0, 1)", kappa).value for kappa in nats]
        axes.loglog(nats, largest, dash, color=colour, label=f"{name} error: the largest there is")
    label = r"$t_3$ error: the largest with density ratio at most $e^{\mathrm{KL}}$"
    axes.loglog(nats, worst_quantilizer, "-.", color="#009E73", label=label)
    axes.set(xlabel="divergence from the base, KL (nats)", ylabel="mean error", xlim=(1e-4, 2), ylim=(8e-5, 60))
    axes.set_title("Under a heavy tail, fewer nats can mean more error", loc="left")
    axes.legend(loc="lower right")
    record = qt.plots.figure_record("catastrophic-goodhart", {"error": "student_t(3)", "mass": "t^-0.8"})
    qt.plots.save_figure(axes, figures / "06_nats.svg", record=record)

# %% [markdown]
# All of this is the claim `catastrophic-goodhart`, with a derivation. Its false variant says that a small KL
# divergence rules out a large error: that $E_\pi X^+ \le e^{\mathrm{KL}} E_\gamma X^+$, as it would be under a
# quantilizer. Moving mass to $t = 1000$ refutes it.

# %%
proof = qt.prove("catastrophic-goodhart")
print(proof)
variant = math.exp(moved[1000].kl().value) * positive_part
print(f"the false variant allows {variant:.4f}; the mean positive part is at least {moved[1000].mean().value:.4f}")

# %% [markdown]
# ## Normal errors: each gain keeps its share
#
# Now let $U = V + X$, truth plus independent error. If both are normal, the top $q$ by $U$ has
# $$E[V] = \frac{\sigma_V^2}{\sqrt{\sigma_V^2+\sigma_X^2}}\,\frac{\phi(z_q)}q, \qquad
#   E[U-V] = \frac{\sigma_X^2}{\sqrt{\sigma_V^2+\sigma_X^2}}\,\frac{\phi(z_q)}q.$$
# Both grow without bound as $q$ falls (regressional Goodhart, after Manheim and Garrabrant, 2018). `qt.ProxyModel`
# does it for any two laws, by quadrature with an error bound; for normal laws it meets the formula.

# %%
normal = qt.ProxyModel("normal(0, 1)", "normal(0, 1)")
student = qt.ProxyModel("normal(0, 1)", "student_t(3)")
print("    q    truth, normal error   its formula    gap   truth, Student t3 error")
for q in ("1/2", "1/10", "1/100"):
    formula = qt.Quantilizer(q)(qt.Problem(qt.Continuous("normal(0, 1)"))).value() / math.sqrt(2)
    row = [normal.top(q).value, float(formula), normal.gap(q).value, student.top(q).value]
    print(f"{q:>5} {row[0]:21.6f} {row[1]:13.6f} {row[2]:6.3f} {row[3]:25.6f}")

# %% [markdown]
# With the $t_3$ error the truth is largest at $q = 0.0762$, then falls again, and its limit is $E[V] = 0$: a high score
# is nearly always a large error. For a standard normal truth the tail of the error says how fast,
# $E[V \mid U > t] \approx f_X(t)/\bar F_X(t)$, here close to $3/t$. An exponential error is between the two: at high
# scores it tilts the truth by $e^V$, and the limit is 1.

# %%
best = student.best_level()
print(f"best level {best.q.value:.7f}, truth there {best.value.value:.7f}")
for t in (10, 100, 1000):
    print(f"Student t3: E[V | U > {t}] is {t / 3 * student.mean_above(t).value:.5f} times 3/{t}")
flat = qt.ProxyModel("normal(0, 1)", "exponential(1)").mean_above(20).value
print(f"exponential: E[V | U > 20] is {flat:.9f}")

# %% [markdown]
# ## Best-of-n, without noise
#
# Experiments with best-of-$n$ on truth plus error accompany Kwa, Thomas and Garriga-Alonso (2024). Trials are not
# needed for such curves:
# $$E[V\mid\text{best of }n] = \int E[V\mid U=u]\;n\,F_U(u)^{n-1}f_U(u)\,du .$$
# Here is a grid, all laws at unit scale, from $n = 1$ to $10^5$. A star marks the largest computed value of a curve
# that falls again.

# %%
truths = {"normal": "normal(0, 1)", "$t_{10}$": "student_t(10)", "$t_3$": "student_t(3)"}
errors = {"normal": "normal(0, 1)", "lognormal": "lognormal(0, 1)", "$t_5$": "student_t(5)"}
draws = [1, 3, 10, 30, 100, 300, 1000, 3000, 10**4, 3 * 10**4, 10**5]
grid = {
    (v, x): qt.goodhart_curve(qt.ProxyModel(truth, error), draws=draws)
    for v, truth in truths.items()
    for x, error in errors.items()
}
print(f"{'truth':9} {'error':10}" + "".join(f"{n:>9}" for n in draws[::2]))
for (v, x), curve in grid.items():
    print(f"{v:9} {x:10}" + "".join(f"{point.truth.value:9.4f}" for point in curve.points[::2]))
doubt = max(point.truth.error for curve in grid.values() for point in curve.points)
print(f"largest error bound of any of these numbers, estimated from two rules: {doubt:.0e}")

# %%
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 5.6), layout="constrained")
    panels = figure.subplots(3, 3, sharex=True)
    for axes, curve in zip(panels.T.flat, grid.values(), strict=True):
        heights = [point.truth.value for point in curve.points]
        top = int(np.argmax(heights))
        falls = top < len(draws) - 1
        axes.semilogx(draws, heights, "--" if falls else "-", color="#D55E00" if falls else "#0072B2")
        if falls:
            axes.plot(draws[top], heights[top], "*", ms=13, color="#D55E00", mec="black", mew=0.6)
        axes.set_xticks([1, 100, 10**4])
    for axes, v in zip(panels[0], truths, strict=True):
        axes.set_title(f"{v} truth")
    for axes, x in zip(panels[:, 0], errors, strict=True):
        axes.set_ylabel(f"{x} error")
    figure.supxlabel("draws $n$", fontsize=11)
    figure.supylabel("mean truth of the winner", fontsize=11)
    figure.suptitle(
        "The truth falls again (dashed, star) where the error's tail is the heavier within reach", fontsize=11
    )
    record = qt.plots.figure_record("heavy-tail-best-of-n", {"truths": truths, "errors": errors, "draws": draws})
    qt.plots.save_figure(figure, figures / "06_grid.svg", record=record)

# %% [markdown]
# Under a normal error the truth never falls here; the normal truth is $E\max_n/\sqrt2$. The pair $t_{10}$ and lognormal
# is a warning about asymptotics: the $t_{10}$ tail is the heavier one, but only from $x = e^{18.6}$ on, where the chance
# of either is below $10^{-76}$. For every $n$ here the error wins, and past its peak the truth falls.
#
# ## A peak that is not reproduced
#
# A peak near $n = 10^5$ has been reported for Student errors. Look for it with $t_{10}$ and $t_5$ by a second method,
# simulation, twice. First as one would: a hundred trials for each $n$. Then so that one sample serves all $n$: among
# $N$ draws in order of score, the one of rank $r$ wins among a random $n$ of them with a known chance, which estimates
# every $n \le N$ without bias. Forty samples of $10^5$ give intervals. All are Student's, at 99.9 % each, hence
# asymptotic.

# %%
rng = np.random.default_rng(6)


def interval(values):
    """Of the mean of independent values: its centre and half its width."""
    spread = np.std(values, axis=0, ddof=1) / math.sqrt(len(values))
    return np.mean(values, axis=0), stdtrit(len(values) - 1, 0.9995) * spread


def one_winner(n):
    truth, error = rng.standard_t(10, n), rng.standard_t(5, n)
    return truth[np.argmax(truth + error)]


def chance_of_winning(size, n):
    """Among a random n of them: of the best item, of the next, and so on."""
    rank = np.arange(size - 1)
    return np.cumprod(np.append(n / size, np.maximum(size - n - rank, 0) / (size - 1 - rank)))


size, numbers = 10**5, [10, 30, 100, 300, 1000, 3000, 10**4, 10**5]
trials = {n: interval([one_winner(n) for _ in range(100)]) for n in numbers[:-1]}
chances = np.array([chance_of_winning(size, n) for n in numbers])
estimates = []
for _ in range(40):
    truth, error = rng.standard_t(10, size), rng.standard_t(5, size)
    estimates.append(chances @ truth[np.argsort(-truth - error)])
pooled = dict(zip(numbers, zip(*interval(estimates), strict=True), strict=True))
exact = dict(zip(draws, [point.truth.value for point in grid["$t_{10}$", "$t_5$"].points], strict=True))
print("     n   quadrature   100 trials         40 samples of 10^5")
for n in numbers:
    noisy = f"{trials[n][0]:6.2f} +- {trials[n][1]:.2f}" if n in trials else " " * 14
    print(f"{n:6} {exact[n]:12.4f} {noisy:>16} {pooled[n][0]:12.3f} +- {pooled[n][1]:.3f}")

# %% [markdown]
# From $n = 100$ to $300$, on either side of the peak, the exact curve changes by 0.04, while an interval from a hundred
# trials is more than ten times as wide to each side: such trials cannot say where a peak is. At $n = 10^5$ the truth is
# 0.51, less than a third of its peak. The pooled samples agree, and by themselves exclude a rise from $n = 300$ to
# $10^5$. We do not know the laws and scales of the reported experiment, so here are others: the levels at which
# quantilizers of the proxy do best, as $1/q$. The best $n$ is of the same order.

# %%
pairs = [["normal(0, 1)", "student_t(3)"], ["student_t(5)", "student_t(3)"]]
pairs += [["student_t(10)", f"student_t({df})"] for df in ("3", "7", "8", "8.5")]
scales = {s: ["student_t(10)", f"student_t(5, 0, {s})"] for s in ("1", "1/2", "2/5", "1/4")}
peaks = {}
for truth, error in [*pairs, *scales.values()]:
    peaks[truth, error] = 1 / qt.ProxyModel(truth, error).best_level().q.value
    print(f"truth {truth:14} error {error:22} best at 1/q = {peaks[truth, error]:10.0f}")

# %% [markdown]
# Two things move it that far. One is scale: an error of half the scale moves the peak by a factor of 69, and half of
# that by another 657 (errors reach about $s\,n^{1/5}$ and truths $n^{1/10}$, equal at $n = s^{-10}$). The other is
# tails that are nearly equal: 149 for a $t_5$ error, 2086 for $t_7$, 19,106 for $t_8$, 137,247 for $t_{8.5}$. So a peak
# near $10^5$ is what quadrature gives for a $t_5$ error of two fifths of the scale of a $t_{10}$ truth, or for a
# tail between $t_8$ and $t_{8.5}$ at unit scale; not for tails that differ plainly.

# %%
draws_to_a_million = [*draws[:5], 225, *draws[5:], 3 * 10**5, 10**6]
curves = {}
with qt.plots.style("post"):
    axes = qt.plots.new_axes(6.6, 4.6)
    for s, colour, dash in (("2/5", "#009E73", "-."), ("1/2", "#0072B2", "-"), ("1", "#D55E00", "--")):
        curves[s] = {n: qt.ProxyModel(*scales[s]).best_of_n(n).value for n in draws_to_a_million}
        n_best = max(curves[s], key=curves[s].get)
        axes.semilogx(list(curves[s]), list(curves[s].values()), dash, color=colour, label=f"error of scale {s}")
        axes.plot(n_best, curves[s][n_best], "*", ms=14, color=colour, mec="black", mew=0.6, zorder=3)
    simulated = ((trials, "s", "0.55", 1 / 1.1, "100 trials"), (pooled, "o", "black", 1.1, "40 samples of $10^5$"))
    for found, mark, colour, aside, label in simulated:
        centre, half = zip(*found.values(), strict=True)
        axes.errorbar([n * aside for n in found], centre, half, fmt=mark, ms=4, color=colour, capsize=2, label=label)
    axes.axvline(10**5, color="0.6", lw=1, ls=":", zorder=0)
    axes.set(xlabel="draws $n$ (dotted: $10^5$)", ylabel="mean truth of the winner", ylim=(-0.25, None))
    axes.set_title("The scale of a $t_5$ error decides where the peak is ($t_{10}$ truth)", loc="left")
    axes.legend(loc="upper left")
    configuration = {"pairs": scales, "draws": draws_to_a_million, "samples": [40, size]}
    record = qt.plots.figure_record("scale-of-the-error", configuration, key=6)
    qt.plots.save_figure(axes, figures / "06_scales.svg", record=record)

# %% [markdown]
# ## The numbers above, pinned

# %%
assert proof.outcome == "holds"
# largest errors within a ball: the closed form for a normal error, and infinity without an exponential moment
assert all(math.isclose(row[0], math.sqrt(2 * float(Fraction(kappa)))) for kappa, row in allowed.items())
assert all(row[2] == row[3] == math.inf and row[1] < 2.4 for row in allowed.values())
# the moved mass: less KL and more error; the negative control is the false variant, which a quantilizer obeys
by_t = [(p.kl().value, p.mean().value, p.d_infinity().value) for p in moved.values()]
assert np.allclose(by_t[:2], [(0.6486834644, 2.3779798843, 5.0034643038), (0.0561384267, 5.9716094939, 15.0993417747)])
assert all(a[0] > b[0] and a[1] < b[1] for a, b in pairwise(by_t))
assert all(mean <= math.exp(largest) * positive_part for _, mean, largest in by_t)
assert by_t[1][1] > 10 * variant
assert all(a < b for a, b in pairwise(worst_quantilizer)) and worst_quantilizer[0] < 0.004
# normal errors by formula; the best level and the limits under other errors
assert np.allclose([normal.top("1/10").value, normal.gap("1/10").value], 1.2409606059638902, atol=1e-9)
assert abs(best.q.value - 0.0761753) < 1e-6 and math.isclose(best.value.value, 0.93188697, rel_tol=1e-8)
assert student.top("1/1000").value < student.top("1/100").value < best.value.value
assert abs(1000 / 3 * student.mean_above(1000).value - 1) < 1e-5 and abs(flat - 1) < 1e-9
# the grid: values known from elsewhere, which curves fall, and where the tails of t10 and the lognormal cross
assert np.allclose([normal.best_of_n(n).value for n in (10, 10**4)], [1.0880624905, 2.7235036628], atol=1e-8)
assert np.allclose([exact[10], exact[300], exact[10**4]], [1.1357038671, 1.6962814075, 0.9818514644], atol=1e-8)
falling = {pair for pair, curve in grid.items() if curve.points[-1].truth.value < curve.points[-3].truth.value}
assert falling == {(v, x) for v in ("normal", "$t_{10}$") for x in ("lognormal", "$t_5$")}
risen = [[point.truth.value for point in curve.points] for pair, curve in grid.items() if pair not in falling]
assert len(risen) == 5 and all(a < b for heights in risen for a, b in pairwise(heights)) and doubt < 1e-10
for pair in falling:
    heights = [point.truth.value for point in grid[pair].points]
    top = int(np.argmax(heights))
    assert heights[: top + 1] == sorted(heights[: top + 1]) and heights[top:] == sorted(heights[top:], reverse=True)
heavier = [qt.Continuous("student_t(10)").family, qt.Continuous("lognormal(0, 1)").family]
assert [heavier[0].survival(math.exp(y)) > heavier[1].survival(math.exp(y)) for y in (0, 9, 18.55, 18.6)] == [
    False
] * 3 + [True]
assert heavier[1].survival(math.exp(18.57)) < 1e-76
# both simulations against quadrature, and how wide a hundred trials are
assert all(abs(centre - exact[n]) < half for simulated in (trials, pooled) for n, (centre, half) in simulated.items())
assert round(abs(exact[300] - exact[100]), 2) == 0.04 and min(trials[100][1], trials[300][1]) > 0.4
# the peak at unit scale, and the one that is not there
assert max(curves["1"], key=curves["1"].get) == 225 and math.isclose(curves["1"][225], 1.70162415, rel_tol=1e-8)
unit = qt.ProxyModel(*scales["1"])
assert all(unit.best_of_n(225).value >= unit.best_of_n(n).value for n in (224, 226))
assert abs(exact[10**5] - 0.5113) < 1e-4 and exact[10**5] < curves["1"][225] / 3
assert sum(pooled[10**5]) < pooled[300][0] - pooled[300][1]
unscaled = [peak for (_, error), peak in peaks.items() if "/" not in error]
assert max(unscaled[:3]) < 100 and [round(peak) for peak in unscaled[3:]] == [2086, 19106, 137247, 149]
at = [peaks["student_t(10)", f"student_t(5, 0, {s})"] for s in scales]
assert [round(at[1] / at[0]), round(at[3] / at[1])] == [69, 657]
assert [max(curve, key=curve.get) for curve in curves.values()] == [10**5, 10**4, 225]
