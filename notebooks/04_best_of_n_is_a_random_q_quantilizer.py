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
# # Best-of-n is a random-q quantilizer
#
# Best-of-$n$ draws $n$ actions from the base and plays the best. At the end you will know which quantilizers it is
# made of, what it promises about hidden costs, what that promise costs in utility compared with one quantilizer, and
# what changes when actions tie.
#
# **The short of it.** For $n \ge 2$ best-of-$n$ is a quantilizer whose level is drawn at random, from
# $\mathrm{Beta}(2, n-1)$. The mean of $1/q$ over that law is $n$, so a cost that is never negative grows by at most
# the factor $n$. The fixed level $q = 1/n$ has the same bound and never less utility. So much is proved; on a normal
# base with $n = 10$ it is 1.755 standard deviations against 1.539. In KL divergence, however, best-of-$n$ moves less
# than its cost factor suggests. At equal KL on that base it has *more* utility than the quantilizer, and a larger
# cost factor.

# %%
from fractions import Fraction
from math import log
from pathlib import Path

import matplotlib.figure
import numpy as np

import qtheory as qt
from qtheory.symbols import E, c, k, n, q, w

figures = Path("out")
figures.mkdir(exist_ok=True)
normal = qt.Problem(qt.Continuous("normal(0, 1)"))
five = qt.Problem(qt.Finite(["1/2", "1/4", "1/8", "1/16", "1/16"]), utility=[0, 1, 2, 3, 10])

# %% [markdown]
# ## The identity
#
# Rank actions by utility, rank 0 being best, and ties by chance, so that the rank of a draw is uniform on $[0, 1]$.
# Given the rank $q$ of the runner-up among $n$ draws, the winner is spread evenly over the ranks below $q$: it is a
# draw from the $q$-quantilizer. The runner-up's rank has density $n(n-1)\,q\,(1-q)^{n-2}$, and the winner's $s$ has
# $$n(1-s)^{n-1} = \int_s^1 \frac1q\; n(n-1)\,q\,(1-q)^{n-2}\,dq .$$
# This is the first part of the claim `random-q-mixture`. Its wrong twin says that the level is simply $1/n$.

# %%
mixture = qt.verify("random-q-mixture", readings=["prove", "falsify"], examples=40)
print(mixture)

# %% [markdown]
# The level is mostly laxer than $1/n$ (upper panel): for $n = 10$, with chance 0.74. The rare strict levels make up
# for that in the mean of $1/q$. So best-of-10 reaches the same largest density ratio as the 1/10-quantilizer, but
# only at the very top, and plays actions outside of the top tenth in exchange (lower panel). That exchange is what it
# loses.

# %%
same_factor = {
    "quantilizer, $q$ = 1/10": qt.Quantilizer("1/10"),
    "best of 10": qt.BestOfN(10),
    "one of the top 4 of 40": qt.TopKOfN(40, 4),
    "best of 1 + Poisson(9)": qt.BestOfPoisson(9),
}
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 6.6), layout="constrained")
    upper, lower = figure.subplots(2, 1)
    levels = np.linspace(0, 1, 400)
    for draws, dash in ((2, "-"), (5, "--"), (10, "-."), (20, ":")):
        upper.plot(levels, draws * (draws - 1) * levels * (1 - levels) ** (draws - 2), ls=dash, label=f"$n$ = {draws}")
    upper.set(xlabel="level $q$ of the quantilizer", ylabel="density of the level", xlim=(0, 1), ylim=(0, None))
    upper.set_title("Best-of-$n$ draws the level of its quantilizer at random", loc="left")
    upper.legend()
    qt.plots.plot_rank_densities([optimizer(normal) for optimizer in same_factor.values()], lower)
    lower.set_title("The same cost factor, 10, spread over different ranks", loc="left")
    lower.legend(same_factor, loc="center left")
    record = qt.plots.figure_record("random-q-mixture", {"n": [2, 5, 10, 20], "factor": 10})
    qt.plots.save_figure(figure, figures / "04_levels.svg", record=record)

# %% [markdown]
# ## On a finite base: exactly, and as finitely many quantilizers
#
# On a finite base finitely many levels are enough. List the cumulated masses $G_1 < G_2 < \dots$ of the values of
# utility, best first, and let $w_j$ be the density ratio of best-of-$n$ at the $j$-th value, and 0 after the last.
# Summation by parts makes it the mixture of the quantilizers at $q = G_j$ with chances $G_j\,(w_j - w_{j+1})$.

# %%
best_of_4 = qt.BestOfN(4)(five)
cumulated = [Fraction(1, 16), Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(1)]
best_first = [*reversed(best_of_4.ratio), Fraction(0)]
chances = [g * (here - below) for g, here, below in zip(cumulated, best_first[:-1], best_first[1:], strict=True)]
pieces = [qt.Quantilizer(g)(five) for g in cumulated]
mixed = [sum(p * piece.probabilities[a] for p, piece in zip(chances, pieces, strict=True)) for a in range(5)]
for g, chance in zip(cumulated, chances, strict=True):
    print(f"q = {g}: with chance {chance}")
print("the same policy, exactly:", mixed == list(best_of_4.probabilities))
mean_factor = sum(p / g for p, g in zip(chances, cumulated, strict=True))
print("mean of 1/q:", mean_factor, "and the largest ratio:", best_of_4.sup_ratio())

# %% [markdown]
# The best action has mass $1/16$, and two of the four draws may both be it. That caps the density ratio at
# $14911/4096 \approx 3.64$, less than 4.
#
# ## What the random level costs
#
# Quantilizers of a random level are dominated by the one level with the same mean of $1/q$. On the five actions
# above, give the quantilizer exactly the factor that best-of-4 has:

# %%
fair = qt.Quantilizer(1 / best_of_4.sup_ratio())(five)
print("best of 4:  ", best_of_4.value(), "at factor", best_of_4.sup_ratio())
print("quantilizer:", fair.value(), "at factor", fair.sup_ratio())

# %% [markdown]
# On bases without atoms the factor is $n$. As $n$ grows the shortfall falls slowly on a normal base, tends to a
# constant on an exponential one (one less Euler's constant, 0.4228), and stays a share of the whole, 11 per cent, on
# Pareto(2).

# %%
shortfall = {}
for base in ("uniform(0, 1)", "normal(0, 1)", "exponential(1)", "pareto(2)"):
    problem = qt.Problem(qt.Continuous(base))
    for draws in (10, 1000):
        best, ideal = qt.BestOfN(draws)(problem).value(), qt.Quantilizer(Fraction(1, draws))(problem).value()
        shortfall[base, draws] = ideal - best
        print(f"{base:>15}  n = {draws:>4}  best-of-n {best:8.4f}  quantilizer {ideal:8.4f}  short {ideal - best:.4f}")

# %% [markdown]
# For costs of which only the mean under the base is known, here at most $1/10$, the worst case is that mean times the
# factor (upper panel). The lower panel subtracts it. What is left is the guaranteed true utility.

# %%
factors = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20]
families = {
    "quantilizer": [qt.Quantilizer(Fraction(1, m)) for m in factors],
    "top 4 of 4m": [qt.TopKOfN(4 * m, 4) for m in factors],
    "best of m": [qt.BestOfN(m) for m in factors],
}
table = qt.tradeoff(normal, families, qt.MeanBounded("1/10"))
guarantee = {curve.name: [float(point.value) - float(point.worst) for point in curve.points] for curve in table.curves}
with qt.plots.style("post"):
    figure = matplotlib.figure.Figure(figsize=(6.6, 7.0), layout="constrained")
    upper, lower = figure.subplots(2, 1)
    qt.plots.plot_tradeoff(table, upper)
    upper.set_title("At equal worst case the quantilizer has the most utility", loc="left")
    for drawn in upper.lines:
        same = {"ls": drawn.get_linestyle(), "marker": drawn.get_marker(), "label": drawn.get_label()}
        lower.plot(factors, guarantee[drawn.get_label()], **same)
    lower.set(xlabel="cost factor $m$", ylabel=r"guarantee $E_\pi[U]-m/10$", xlim=(0, None), xticks=[1, 5, 10, 15, 20])
    lower.set_title("What is left after the worst cost", loc="left")
    lower.legend()
    record = qt.plots.figure_record("best-of-n and quantilizer", table.to_json())
    qt.plots.save_figure(figure, figures / "04_guarantee.svg", record=record)
for name, values in guarantee.items():
    print(f"{name:>12}: best guarantee on this grid {max(values):.4f}")

# %% [markdown]
# ## By KL divergence the order is another
#
# On a normal base best-of-$n$ is $\log n - \frac{n-1}n$ nats from the base, the $1/n$-quantilizer $\log n$. So at no
# more KL one can afford best-of-26 in place of the 1/10-quantilizer, and gains utility. The cost factor grows from 10
# to 26.

# %%
equal_kl = qt.compare(normal, factors=10, match="kl")
for row in equal_kl.rows[:2]:
    print(f"{row.optimizer:>20}: value {row.value:.4f}, KL {row.kl:.4f} nats, cost factor {row.factor}")

# %% [markdown]
# The formula is an equality where no value of the utility has mass, and otherwise an upper bound (Beirami et al.
# 2024). On a fair coin and $n = 2$ it is 48 per cent too large. On 100 equally likely actions it goes on growing with
# $n$, while the true divergence cannot pass $\log 100 \approx 4.605$.

# %%
coin = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1])
hundred = qt.Problem(qt.Finite(["1/100"] * 100), utility=range(100))
cases = [("coin", coin, 2), ("five", five, 10), ("hundred", hundred, 100), ("hundred", hundred, 1000)]
for name, problem, draws in cases:
    true, formula = qt.BestOfN(draws)(problem).kl(), log(draws) - (draws - 1) / draws
    print(f"{name:>8}, n = {draws:>4}: KL {float(true):.6f}, formula {formula:.6f}")

# %% [markdown]
# If you know the mass that the base gives to the action played, the same paper has an estimator from that one number.
# That its mean is never below the divergence is a conjecture there. In these three cases it is above, and closer than
# the formula.

# %%
estimates = {}
for draws in (2, 4, 10):
    policy = qt.BestOfN(draws)(five)
    each = [qt.single_draw_kl(draws, mass) for mass in five.base.weights]
    mean = sum(p * estimate for p, estimate in zip(policy.probabilities, each, strict=True))
    estimates[draws] = float(policy.kl()), float(mean), log(draws) - (draws - 1) / draws
    print("n = {:>2}: KL {:.6f}, mean of the estimator {:.6f}, formula {:.6f}".format(draws, *estimates[draws]))

# %% [markdown]
# ## Top-k-of-n: round up
#
# To come nearer to the quantilizer with nothing but a sampler, draw more and play one of the best $k$ of $n$ at
# random. The factor is at most $n/k$ at every $n$ and for every tie rule (claim `top-k-of-n`). With
# $k = \lceil qn\rceil$ that is at most $1/q$. With $k = \lfloor qn\rfloor$ the factor may be more than $1/q$.
# `falsify` gives a small case: two draws at $q = 2/3$.


# %%
@qt.claim("Rounding qn down keeps the bound", policy=qt.TopKOfN(n, k), given=[c >= 0, q > 0, k <= q * n, q * n < k + 1])
def rounding_down():
    return E(w * c) <= E(c) / q


found = qt.falsify(rounding_down)
print(found)

# %% [markdown]
# ## Two relatives
#
# *Best-of-Poisson* plays the best of $1 + \mathrm{Poisson}(\mu)$ draws. Its factor is at most $1 + \mu$, and it is a
# Poisson mixture of best-of-$n$, hence again of quantilizers. *Soft best-of-$n$* picks among $n$ draws with chances
# $\propto e^{U/\lambda}$: its factor is at most $n$ at every temperature, and as the temperature falls it goes from
# the base to best-of-$n$. As $n$ grows it tends to the KL-regularised policy with $\beta = \lambda$, whose factor is
# infinite on a normal base.

# %%
policies = {"best of 8": qt.BestOfN(8)(five), "best of 1 + Poisson(7)": qt.BestOfPoisson(7)(five)}
policies |= {f"soft best of {m}, lambda = 3": qt.SoftBestOfN(m, 3)(five) for m in (8, 64, 512)}
policies["KL penalty, beta = 3"] = qt.KLRegularized(3)(five)
for name, policy in policies.items():
    print(f"{name:>29}: value {float(policy.value()):.4f}, cost factor {float(policy.sup_ratio()):.4f}")

# %% [markdown]
# ## What stands on what
#
# Proved for every base: the mixture in terms of ranks, its cost factor, that $1/n$ dominates, the factor $n/k$, and
# the factors of both relatives. Proved without atoms: the formula for the KL divergence; that it is an upper bound
# with atoms is cited. Neither proved nor cited here: the two limits of soft best-of-$n$, how the shortfall behaves as
# $n$ grows, and the conjecture. The numbers on finite bases are exact or enclosed by exact bounds; those on the
# other bases are float64, by closed form or quadrature.

# %%
proofs = {slug: qt.prove(slug) for slug in ("top-k-of-n", "best-of-n-kl", "best-of-poisson", "soft-best-of-n")}
for slug, proof in proofs.items():
    print(f"{slug:>15}: {proof}")

# %%
assert mixture.status == "proved" and mixture.twin.outcome == "violated"
assert round((9 / 10) ** 10 + (9 / 10) ** 9, 2) == 0.74  # the chance of at most one of ten draws in the top tenth
assert mixed == list(best_of_4.probabilities) and sum(chances) == 1
assert mean_factor == best_of_4.sup_ratio() == fair.sup_ratio() == Fraction(14911, 4096)
assert fair.value() - best_of_4.value() == Fraction(10821, 32768)
assert round(qt.Quantilizer("1/10")(normal).value(), 3) == 1.755 and round(qt.BestOfN(10)(normal).value(), 3) == 1.539
assert shortfall["normal(0, 1)", 1000] < shortfall["normal(0, 1)", 10]
assert abs(shortfall["exponential(1)", 1000] - 0.4228) < 1e-3  # 1 + log n less the harmonic number: within 1/2n
assert abs(shortfall["pareto(2)", 1000] / (2 * 1000**0.5) - 0.11) < 0.005  # the quantilizer has 2 sqrt(n)
assert max(guarantee["best of m"]) < max(guarantee["top 4 of 4m"]) < max(guarantee["quantilizer"]) < 0.902347
assert [row.factor for row in equal_kl.rows[:2]] == [10, 26] and equal_kl.rows[1].value > equal_kl.rows[0].value
assert log(26) - 25 / 26 < log(10) < log(27) - 26 / 27
assert round((log(2) - 1 / 2) / float(qt.BestOfN(2)(coin).kl()), 2) == 1.48  # as an equality the formula is false
assert float(qt.BestOfN(1000)(hundred).kl()) < log(100) < log(1000) - 999 / 1000
assert all(true < mean < formula for true, mean, formula in estimates.values())
assert found.outcome == "violated" and found.witness.instance.scalars[q] == Fraction(2, 3)
assert all(float(policies[f"soft best of {m}, lambda = 3"].sup_ratio()) <= m for m in (8, 64, 512))
assert all(proof.outcome == "holds" for proof in proofs.values())
assert {slug for slug, proof in proofs.items() if proof.trust == "CITED"} == {"best-of-n-kl"}
