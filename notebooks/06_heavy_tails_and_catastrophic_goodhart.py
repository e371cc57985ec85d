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
# base, however small, can have any mean error. A bound on the density ratio allows nothing like it. Best-of-$n$ on
# truth plus independent error rises and then falls where the error has the heavier tail, and keeps rising where the
# truth has. For a Student $t_{10}$ truth and a $t_5$ error at unit scale the peak is at $n = 223$. A peak near $10^5$,
# which has been reported for Student errors, is not reproduced at unit scale; an error of two fifths of the scale of
# the truth would put it there.

# %%
import math
from pathlib import Path

import matplotlib.figure
import numpy as np

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
    for law, dash, colour in (("laplace(0, 1)", ":", "#AA4499"), ("normal(0, 1)", "-", "#0072B2")):
        largest = [kl_ball_supremum(law, kappa).value for kappa in nats]
        axes.loglog(nats, largest, dash, color=colour, label=f"{law.split('(')[0]} error: the largest there is")
    label = r"$t_3$ error: the largest with density ratio at most $e^{\mathrm{KL}}$"
    axes.loglog(nats, worst_quantilizer, "-.", color="#009E73", label=label)
    for t, policy in list(moved.items())[:3]:
        place = (policy.kl().value, policy.mean().value)
        axes.plot(*place, "s", color="#D55E00")
        axes.annotate(f"$t=10^{round(math.log10(t))}$", place, (0, 8), textcoords="offset points", ha="center")
    axes.set(xlabel="divergence from the base, KL (nats)", ylabel="mean error", xlim=(1e-4, 2), ylim=(8e-5, 60))
    axes.set_title("Under a heavy tail, fewer nats can mean more error", loc="left")
    axes.legend(loc="lower right")
    record = qt.plots.figure_record("catastrophic-goodhart", {"error": "student_t(3)", "mass": "t^-0.8"})
    qt.plots.save_figure(axes, figures / "06_nats.svg", record=record)

# %% [markdown]
# All of it is a claim with a derivation, and its false variant, that a small KL divergence rules out a large error,
# is refuted:

# %%
claim = qt.verify("catastrophic-goodhart", readings=["prove", "falsify"], examples=5)
print(claim)

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
# $E[V \mid U > t] \approx f_X(t)/\bar F_X(t) \to 3/t$. For an exponential error the limit is 1 instead: every unit of
# score is explained as well by more error at a constant rate.

# %%
best = student.best_level()
print(f"best level {best.q.value:.7f}, truth there {best.value.value:.7f}")
for t in (10, 100, 1000):
    flat = qt.ProxyModel("normal(0, 1)", "exponential(1)").mean_above(min(t, 25)).value
    print(f"t = {t:4}: t/3 E[V | U > t] = {t / 3 * student.mean_above(t).value:.5f} (Student t3); exponential: {flat:.6f}")

# %% [markdown]
# ## Best-of-n, without noise
#
# Experiments with best-of-$n$ on truth plus error, for a grid of laws, accompany Kwa, Thomas and Garriga-Alonso (2024).
# Trials are not needed for them:
# $$E[V\mid\text{best of }n] = \int E[V\mid U=u]\;n\,F_U(u)^{n-1}f_U(u)\,du .$$
# Here is such a grid, at unit scale, from $n = 1$ to $10^5$. A star marks the largest truth of a row that falls again.

# %%
truths = {"normal": "normal(0, 1)", "$t_{10}$": "student_t(10)", "$t_3$": "student_t(3)"}
errors = {"normal": "normal(0, 1)", "lognormal": "lognormal(0, 1)", "$t_5$": "student_t(5)"}
draws = [1, 3, 10, 30, 100, 200, 300, 1000, 3000, 10**4, 10**5]
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
    for axes, ((v, x), curve) in zip(panels.flat, grid.items(), strict=True):
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
        axes.set_ylabel(f"{v} truth,\nmean of the winner")
    figure.supxlabel("draws $n$", fontsize=11)
    figure.suptitle("The truth falls again (dashed) where the error has the heavier tail", fontsize=11)
    record = qt.plots.figure_record("heavy-tail-best-of-n", {"truths": truths, "errors": errors, "draws": draws})
    qt.plots.save_figure(figure, figures / "06_grid.svg", record=record)
