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
# **The short of it.** If every exponential moment of the error is infinite, policies within any KL distance of the
# base, however small, can have any mean error (proved). A bound on the density ratio allows nothing like it. The
# truth of the best of $n$ by truth plus independent error rises and then falls where high scores are mostly error,
# and keeps rising where they are mostly truth (by quadrature). For a Student $t_{10}$ truth and a $t_5$ error at unit
# scale the peak is at $n = 225$. A peak near $10^5$, which has been reported for Student errors, is *not reproduced*
# at unit scale, by two methods, nor for six other pairs. An error of two fifths of the scale would put it there.

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
# Let $X$ be the error of the proxy under the base $\gamma$. The largest mean error within $\kappa$ nats is
# $$\sup_{\mathrm{KL}(\pi\|\gamma)\le\kappa}E_\pi X = \inf_{s>0}\frac{\kappa+\log E_\gamma e^{sX}}{s}$$
# (Donsker and Varadhan). If some exponential moment is finite this tends to $E_\gamma X$ with $\kappa$. If none is,
# it is infinite for every $\kappa > 0$. That is catastrophic Goodhart, after Kwa, Thomas and Garriga-Alonso (2024).

# %%
print("kappa   normal   Laplace   lognormal   Student t3")
allowed = {}
for kappa in ("1/1000", "1/100", "1/10", "1"):
    laws = ("normal(0, 1)", "laplace(0, 1)", "lognormal(0, 1)", "student_t(3)")
    allowed[kappa] = [kl_ball_supremum(law, kappa).value for law in laws]
    print(f"{kappa:6} {allowed[kappa][0]:7.4f} {allowed[kappa][1]:9.4f} {allowed[kappa][2]:11} {allowed[kappa][3]:12}")

# %% [markdown]
# The lognormal law has all its moments, and still it is infinite: power moments are not enough.
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
# largest under any policy with that bound on the ratio (claim `upper-cvar`), and it vanishes with $\kappa$.

# %%
error = qt.Problem(qt.Continuous("student_t(3)"))
nats = np.geomspace(1e-4, 2, 40)
heavy = [MovedMass("student_t(3)", t, t**-0.8) for t in np.geomspace(4, 3e6, 40)]
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
    for t, policy in list(moved.items())[:3]:
        place = (policy.kl().value, policy.mean().value)
        axes.plot(*place, "s", color="#D55E00")
        axes.annotate(f"$t$ = {t:,}", place, (0, 8), textcoords="offset points", ha="center")
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
# With the $t_3$ error the truth falls again: it is largest at $q = 0.0762$, and its limit is $E[V] = 0$. A high score
# is then nearly always a large error. How fast the truth is lost follows from the tail of the error,
# $E[V \mid U > t] \approx f_X(t)/\bar F_X(t)$, which is close to $3/t$. Under an exponential error high scores tilt
# the truth by $e^V$, and the limit is 1 instead.

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
# Experiments with best-of-$n$ on truth plus error, for a grid of laws, accompany Kwa, Thomas and Garriga-Alonso (2024).
# Trials are not needed for them:
# $$E[V\mid\text{best of }n] = \int E[V\mid U=u]\;n\,F_U(u)^{n-1}f_U(u)\,du .$$
# Here is such a grid, all laws at unit scale, from $n = 1$ to $10^5$. A star marks the largest value of a curve that
# falls again.

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
print(f"largest error of any of these numbers: {doubt:.0e}")

# %%
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 5.6), layout="constrained")
    panels = figure.subplots(3, 3, sharex=True, sharey="row")
    for axes, curve in zip(panels.flat, grid.values(), strict=True):
        heights = [point.truth.value for point in curve.points]
        top = int(np.argmax(heights))
        falls = top < len(draws) - 1
        axes.semilogx(draws, heights, "--" if falls else "-", color="#D55E00" if falls else "#0072B2")
        if falls:
            axes.plot(draws[top], heights[top], "*", ms=13, color="#D55E00", mec="black", mew=0.6)
        axes.set_xticks([1, 100, 10**4])
    for axes, x in zip(panels[0], errors, strict=True):
        axes.set_title(f"{x} error")
    for axes, v in zip(panels[:, 0], truths, strict=True):
        axes.set_ylabel(f"{v} truth")
    figure.supxlabel("draws $n$", fontsize=11)
    figure.supylabel("mean truth of the winner", fontsize=11)
    figure.suptitle("The truth falls again (dashed, star) where high scores are mostly error", fontsize=11)
    record = qt.plots.figure_record("heavy-tail-best-of-n", {"truths": truths, "errors": errors, "draws": draws})
    qt.plots.save_figure(figure, figures / "06_grid.svg", record=record)

# %% [markdown]
# Normal with normal error never falls: it is $E\max_n/\sqrt2$. A $t_3$ truth outgrows both heavy errors. The pair
# $t_{10}$ and lognormal is a warning about asymptotics: the $t_{10}$ tail is the heavier one, but only from
# $x = e^{18.6}$, about $10^8$, on. For every $n$ anyone can draw the error wins, and the truth falls.
#
# ## What a hundred trials show
#
# The same curve for $t_{10}$ and $t_5$, by simulation, twice. First as one would: a hundred trials for each $n$. Then
# with the same idea as in a U-statistic: in a sample of $N$ draws, the item of rank $r$ wins among a random $n$ of them
# with a known chance, so one sorted sample estimates every $n$ at once, without bias. A hundred samples of $10^5$
# give intervals. All intervals are Student's, at 99.9 % each, hence asymptotic.

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
for _ in range(100):
    truth, error = rng.standard_t(10, size), rng.standard_t(5, size)
    estimates.append(chances @ truth[np.argsort(-truth - error)])
pooled = dict(zip(numbers, zip(*interval(estimates), strict=True), strict=True))
exact = dict(zip(draws, [point.truth.value for point in grid["$t_{10}$", "$t_5$"].points], strict=True))
print("     n   quadrature   100 trials        100 samples of 10^5")
for n in numbers:
    noisy = f"{trials[n][0]:6.2f} +- {trials[n][1]:.2f}" if n in trials else " " * 14
    print(f"{n:6} {exact[n]:12.4f} {noisy:>16} {pooled[n][0]:12.3f} +- {pooled[n][1]:.3f}")

# %%
with qt.plots.style("post"):
    axes = qt.plots.new_axes()
    axes.semilogx(draws, [exact[n] for n in draws], color="black", label="quadrature", zorder=1)
    left, centre, half = ([n / 1.1 for n in trials], *zip(*trials.values(), strict=True))
    axes.errorbar(left, centre, half, fmt="s", mfc="white", color="#D55E00", capsize=3, lw=1.3, label="100 trials each")
    right, (centre, half) = [n * 1.1 for n in numbers], zip(*pooled.values(), strict=True)
    axes.errorbar(right, centre, half, fmt="o", color="#0072B2", capsize=3, lw=1.3, label="100 samples of $10^5$")
    axes.set(xlabel="draws $n$", ylabel="mean truth of the winner", ylim=(-0.15, None))
    axes.set_title("A hundred trials do not say where the peak is", loc="left")
    axes.legend(loc="lower center")
    record = qt.plots.figure_record("best-of-n-trials", {"truth": "student_t(10)", "error": "student_t(5)"}, key=6)
    qt.plots.save_figure(axes, figures / "06_trials.svg", record=record)

# %% [markdown]
# From $n = 100$ to $300$, on either side of the peak, the exact curve changes by 0.04, while an interval from a hundred
# trials is more than ten times as wide to each side. Such trials hint at a peak, and cannot say where it is.
#
# ## A peak that is not reproduced
#
# A peak near $n = 10^5$ has been reported for Student errors. At unit scale we do not find it. For $t_{10}$ and $t_5$
# the truth at $n = 10^5$ is 0.51, less than a third of its peak. The pooled samples agree, and by themselves exclude
# a rise from $n = 300$ to $10^5$. Nor is it there for six other pairs: here are the levels at which quantilizers of
# the proxy do best, as $1/q$, which is of the order of the best $n$.

# %%
pairs = [["normal(0, 1)", "student_t(3)"], ["normal(0, 1)", "student_t(5)"], ["student_t(5)", "student_t(3)"]]
pairs += [["student_t(10)", f"student_t({df})"] for df in (3, 7, 8)]
scales = {s: ["student_t(10)", f"student_t(5, 0, {s})"] for s in ("1", "1/2", "2/5", "1/4")}
peaks = {}
for truth, error in [*pairs, *scales.values()]:
    peaks[truth, error] = 1 / qt.ProxyModel(truth, error).best_level().q.value
    print(f"truth {truth:14} error {error:22} best at 1/q = {peaks[truth, error]:10.0f}")

# %% [markdown]
# Scale decides. An error of half the scale moves the peak by a factor of 69, and half of that by another 657. The tails
# say so: errors reach $s\,n^{1/5}$ and truths $n^{1/10}$, which are equal at $n = s^{-10}$. Tails that are nearly equal
# do the same: 149 for $t_5$, 2086 for $t_7$, 19,106 for $t_8$. We do not know the laws and scales of the reported
# experiment. With a $t_5$ error of two fifths of the scale of a $t_{10}$ truth, a peak near $10^5$ is what quadrature
# gives. A star marks the largest of the values that were computed.

# %%
draws_to_a_million = [*draws[:5], 225, *draws[5:], 3 * 10**5, 10**6]
curves = {}
with qt.plots.style("post"):
    axes = qt.plots.new_axes()
    for s, colour, dash in (("2/5", "#009E73", "-."), ("1/2", "#0072B2", "-"), ("1", "#D55E00", "--")):
        curves[s] = {n: qt.ProxyModel(*scales[s]).best_of_n(n).value for n in draws_to_a_million}
        n_best = max(curves[s], key=curves[s].get)
        axes.semilogx(list(curves[s]), list(curves[s].values()), dash, color=colour, label=f"error of scale {s}")
        axes.plot(n_best, curves[s][n_best], "*", ms=14, color=colour, mec="black", mew=0.6, zorder=3)
    axes.axvline(10**5, color="0.6", lw=1, ls=":", zorder=0)
    axes.set(xlabel="draws $n$ (dotted: $10^5$)", ylabel="mean truth of the winner", ylim=(0, None))
    axes.set_title("The scale of a $t_5$ error decides where the peak is ($t_{10}$ truth)", loc="left")
    axes.legend(loc="upper left")
    record = qt.plots.figure_record("scale-of-the-error", {"pairs": scales, "draws": draws_to_a_million})
    qt.plots.save_figure(axes, figures / "06_scales.svg", record=record)
print({s: max(curve, key=curve.get) for s, curve in curves.items()})

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
assert worst_quantilizer[0] < 0.004
# normal errors by formula; the best level and the limits under other errors
assert np.allclose([normal.top("1/10").value, normal.gap("1/10").value], 1.2409606059638902, atol=1e-9)
assert abs(best.q.value - 0.0761753) < 1e-6 and math.isclose(best.value.value, 0.93188697, rel_tol=1e-8)
assert student.top("1/1000").value < student.top("1/100").value < best.value.value
assert abs(1000 / 3 * student.mean_above(1000).value - 1) < 1e-5 and abs(flat - 1) < 1e-9
# the grid: values known from elsewhere, which curves fall, and where the tails of t10 and the lognormal cross
normals = dict(zip(draws, [point.truth.value for point in grid["normal", "normal"].points], strict=True))
assert np.allclose([normals[10], normals[10**4]], [1.0880624905, 2.7235036628], atol=1e-8) and doubt < 1e-10
assert np.allclose([exact[10], exact[300], exact[10**4]], [1.1357038671, 1.6962814075, 0.9818514644], atol=1e-8)
assert math.isclose(student.best_of_n(300).value, 0.5228614015, rel_tol=1e-8)
falling = {pair for pair, curve in grid.items() if curve.points[-1].truth.value < curve.points[-3].truth.value}
assert falling == {(v, x) for v in ("normal", "$t_{10}$") for x in ("lognormal", "$t_5$")}
heavier = [qt.Continuous("student_t(10)").family, qt.Continuous("lognormal(0, 1)").family]
assert [heavier[0].survival(math.exp(y)) > heavier[1].survival(math.exp(y)) for y in (18.5, 18.7)] == [False, True]
# both simulations against quadrature, and how wide a hundred trials are
assert all(abs(centre - exact[n]) < half for simulated in (trials, pooled) for n, (centre, half) in simulated.items())
assert abs(exact[300] - exact[100]) < 0.04 and min(trials[100][1], trials[300][1]) > 0.4
# the peak at unit scale, and the one that is not there
assert max(curves["1"], key=curves["1"].get) == 225 and math.isclose(curves["1"][225], 1.70162415, rel_tol=1e-8)
unit = qt.ProxyModel(*scales["1"])
assert all(unit.best_of_n(225).value >= unit.best_of_n(n).value for n in (224, 226))
assert abs(exact[10**5] - 0.5113) < 1e-4 and exact[10**5] < curves["1"][225] / 3
assert sum(pooled[10**5]) < pooled[300][0] - pooled[300][1]
unscaled = [peak for (_, error), peak in peaks.items() if "/" not in error]
assert 13 < min(unscaled) and [round(peak) for peak in unscaled[-3:]] == [2086, 19106, 149] and max(unscaled) < 2e4
at = [peaks["student_t(10)", f"student_t(5, 0, {s})"] for s in scales]
assert [round(at[1] / at[0]), round(at[3] / at[1])] == [69, 657]
assert [max(curve, key=curve.get) for curve in curves.values()] == [10**5, 10**4, 225]
