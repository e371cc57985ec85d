"""Rare events of many normal numbers, against closed forms; what cannot be trusted is refused."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi2, norm

import qtheory as qt
from qtheory.direct import rare_by_weights
from qtheory.direct.latent_functions import latent_functions
from qtheory.direct.proposal import Normal, Proposal, Shell, fitted, mixed
from qtheory.direct.rare_event import rare_event
from qtheory.direct.splitting import climb
from qtheory.direct.uniforms import generator
from qtheory.direct.weighted import Diagnostics, best_first, effective, require_trusted, tail_shape
from qtheory.errors import DegenerateWeights, InvalidInput, InvalidLevel, NotAvailable
from qtheory.montecarlo.ranges import utility_range_of
from qtheory.problem import Problem

TEN = qt.Generative(qt.NormalLatent(10))
FEW = 1 << 15  # relative errors of about one percent
TOLERANCE = 0.06


NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(120)


def _curved(t):
    return float(WEIGHTS @ norm.sf(t + NODES**2 / 2)) / np.sqrt(2 * np.pi)


def _hidden(t):
    return norm.sf(t) + norm.sf(5 + t / 5) - norm.sf(t) * norm.sf(5 + t / 5)


# Utility and its exact survival function.
WORLDS = {
    "linear": (lambda z: z.sum() / jnp.sqrt(10.0), norm.sf),
    "norm": (lambda z: (z**2).sum(), lambda t: chi2.sf(t, 10)),
    "curved": (lambda z: z[0] - 0.5 * z[1] ** 2, _curved),
    "two modes": (lambda z: jnp.maximum(z[0], -z[0] - 0.1), lambda t: norm.sf(t) + norm.sf(t + 0.1)),
    # poor until far above the levels where a climb from the middle has lost it
    "hidden mode": (lambda z: jnp.maximum(z[0], 5 * (z[1] - 5)), _hidden),
    "ten modes": (lambda z: z.max(), lambda t: -np.expm1(10 * np.log1p(-norm.sf(t)))),
}


def world(name):
    utility, survival = WORLDS[name]
    return Problem(TEN, utility, cost=lambda z: 1 / (1 + jnp.exp(-z[1]))), survival


def truth(survival, q):
    tau = brentq(lambda t: np.log(max(survival(t), 1e-300) / q), 1.0, 90.0)
    return tau, tau + quad(lambda s: survival(tau + s) / q, 0, 30, epsrel=1e-9)[0]


@pytest.mark.parametrize("q", [1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("name", ["linear", "norm", "curved", "two modes", "hidden mode"])
def test_thresholds_and_means_agree_with_closed_forms(name, q):
    problem, survival = world(name)
    run = rare_event(problem, q, 1, FEW, alpha=1e-4)
    tau, value = truth(survival, q)
    assert abs(survival(run.threshold.estimate.value) / q - 1) < TOLERANCE
    assert run.threshold.estimate.interval.contains(tau)
    assert run.value.estimate.interval.contains(value)
    assert run.exceedance.estimate.interval.contains(q)
    assert run.method == "importance" and run.diagnostics.effective > 1000


def test_the_hidden_cost_of_the_linear_utility():
    """Given the sum, a coordinate is normal with mean t / sqrt(10) and variance 9/10."""
    problem, _ = world("linear")
    run = rare_event(problem, 1e-9, 1, FEW, alpha=1e-4)

    def at(t):
        points, weights = np.polynomial.hermite_e.hermegauss(60)
        return (weights / weights.sum()) @ (1 / (1 + np.exp(-(t / np.sqrt(10) + np.sqrt(0.9) * points))))

    tau = norm.isf(1e-9)
    true = quad(lambda t: norm.pdf(t) / 1e-9 * at(t), tau, tau + 8, epsrel=1e-9)[0]
    mean = run.costs["cost"]
    assert mean.estimate.interval.contains(true) and mean.standard_error < 0.005


def test_splitting_agrees_where_it_sees_everything_and_refuses_where_it_does_not():
    problem, survival = world("curved")
    run = rare_event(problem, 1e-6, 1, 1 << 13, alpha=1e-4, method="splitting")
    assert run.threshold.estimate.interval.contains(truth(survival, 1e-6)[0]) and run.diagnostics is None
    hidden, _ = world("hidden mode")
    with pytest.raises(DegenerateWeights, match="missed"):
        rare_event(hidden, 1e-12, 1, 1 << 13, method="splitting")


def test_intervals_cover():
    """Twelve seeds, three intervals each at 0.05: 1.8 misses are expected, and above 8 have a chance below 1e-3."""
    problem, survival = world("two modes")
    tau, value = truth(survival, 1e-6)
    missed = 0
    for key in range(12):
        run = rare_event(problem, 1e-6, 1, FEW // 2, key, alpha=0.05 * 4)
        parts = ((run.threshold, tau), (run.value, value), (run.exceedance, 1e-6))
        missed += sum(not mean.estimate.interval.contains(true) for mean, true in parts)
    assert missed <= 8


def test_a_single_shift_that_misses_a_mode_is_not_believed(monkeypatch):
    """The answer of the lesser mode alone would be a twentieth of the mass, with weights that look well."""
    problem = Problem(TEN, lambda z: jnp.maximum(z[0], 0.6 - z[0]))

    def one_sided(points, rng):
        return Proposal((Normal.of(np.eye(10)[0] * 5.0, np.eye(10)),), np.ones(1))

    monkeypatch.setattr(rare_by_weights, "fitted", one_sided)
    monkeypatch.setattr(rare_by_weights, "explorers_of", lambda *_: None)
    with pytest.raises(DegenerateWeights, match="splitting found more mass"):
        rare_event(problem, 1e-6, samples=FEW)


@pytest.mark.parametrize("utility", [lambda z: jnp.abs(z).prod(), lambda z: jnp.concatenate([z, -z]).max()])
def test_more_modes_than_parts_are_refused_or_right(utility):
    try:
        run = rare_event(Problem(TEN, utility), 1e-9, samples=FEW)
    except DegenerateWeights:
        return
    assert abs(20 * norm.sf(run.threshold.estimate.value) / 1e-9 - 1) < TOLERANCE


def test_an_action_made_from_latent_numbers():
    base = qt.Generative(qt.NormalLatent(3, lambda z: {"total": jnp.exp(z).sum(), "first": z[0]}))
    run = rare_event(Problem(base, lambda action: jnp.arcsinh(action["first"])), 1e-6, samples=FEW, alpha=1e-4)
    assert run.threshold.estimate.interval.contains(float(np.arcsinh(norm.isf(1e-6))))


def test_a_climb_knows_the_probabilities_of_its_levels():
    functions = latent_functions(world("linear")[0], (utility_range_of(None), utility_range_of((0, 1))))
    logs = [climb(functions, 1e-6, generator(key, 0), 2048).log_probability(4.0) for key in range(8)]
    assert abs(np.mean(logs) - np.log(norm.sf(4.0))) < 0.3


@pytest.mark.parametrize("d", [1, 2, 10])
def test_densities_integrate_to_one_and_weights_to_a_probability(d):
    rng = generator(4, d)
    points = rng.standard_normal((400, d)) + 1.0
    proposal = fitted(points, rng)
    z = proposal.draw(rng, 40_000)
    weight = np.exp(proposal.log_weight(z))
    inside = (z**2).sum(axis=1) < d  # where no weight is large
    assert abs((weight * inside).mean() / chi2.cdf(d, d) - 1) < 0.05
    assert mixed(proposal, proposal, 0.3).log_density(z[:50]) == pytest.approx(proposal.log_density(z[:50]))


def test_the_shell_is_a_density():
    shell = Shell(3, 4.0, 1.5)
    z = shell.draw(generator(0, 0), 50_000)
    assert ((z**2).sum(axis=1) >= 4 * (1 - 1e-12)).all()
    # the mean of 1/density over the shell between two radii is its volume
    squared = (z**2).sum(axis=1)
    volume = (np.exp(-shell.log_density(z)) * (squared < 6)).mean()
    assert volume == pytest.approx(4 / 3 * np.pi * (6**1.5 - 4**1.5), rel=0.03)


def test_the_shape_of_a_pareto_tail_is_recovered():
    u = generator(1, 0).random(40_000)
    for shape in (0.3, 0.7, 1.2):
        assert tail_shape(u**-shape) == pytest.approx(shape, abs=0.15)
    assert tail_shape(np.ones(3)) == np.inf


def test_the_mass_above_the_threshold_is_the_level_exactly():
    draws = best_first(
        np.log(np.array([1.0, 2.0, 3.0])), np.array([1.0, 5.0, 3.0]), [np.array([0.0, 1.0, 0.5])], np.eye(3)
    )
    assert draws.above(1.0).tolist() == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert draws.threshold(1.0) == 3.0 and draws.threshold(0.1) == 5.0
    assert draws.means(1.0) == pytest.approx([(2 * 5 + 3) / 3, (2 + 0.5) / 3])
    assert draws.probability(3.0) == pytest.approx(5 / 3)
    with pytest.raises(DegenerateWeights, match="too little weight"):
        draws.above(2.5)


GOOD = Diagnostics(effective=5000.0, largest_share=0.005, tail_shape=0.1, halves=1.0, splitting=0.1)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("effective", 500.0, "few draws"),
        ("largest_share", 0.02, "one draw"),
        ("tail_shape", 0.9, "heavy a tail"),
        ("halves", -6.0, "halves"),
        ("splitting", 1.5, "splitting"),
        ("tail_shape", float("nan"), "heavy a tail"),
    ],
)
def test_every_diagnostic_refuses(field, value, says):
    require_trusted(GOOD, 4.5, 1.0)
    with pytest.raises(DegenerateWeights, match=says):
        require_trusted(replace(GOOD, **{field: value}), 4.5, 1.0)


def test_the_shape_of_nearly_equal_weights_is_harmless():
    require_trusted(replace(GOOD, tail_shape=0.9, largest_share=0.001), 4.5, 1.0)


def test_the_effective_number_of_draws():
    assert effective(np.array([3.0, 3.0, 0.0])) == pytest.approx(2.0)


def test_one_seed_gives_one_answer():
    problem, _ = world("linear")
    first, second, third = (rare_event(problem, 1e-6, 1, FEW, key=k) for k in (1, 1, 2))
    assert first == second != third
    assert first.to_json() == second.to_json() and first.to_json()["estimand"] == "ideal(q=1/1000000)"


BAD = (
    (lambda: rare_event(Problem(qt.Continuous("normal(0,1)")), 1e-6), NotAvailable, "normal numbers"),
    (lambda: rare_event(Problem(qt.Generative(lambda key: key), "x"), 1e-6), NotAvailable, "normal numbers"),
    (lambda: rare_event(Problem(TEN, lambda z: jnp.floor(z[0])), 1e-3), NotAvailable, "atom"),
    (lambda: rare_event(Problem(TEN, lambda z: jnp.minimum(z[0], 3.0)), 1e-5), NotAvailable, "atom"),
    (lambda: rare_event(Problem(TEN, lambda z: 0.0 * z[0]), 1e-5), NotAvailable, "atom"),
    (lambda: rare_event(Problem(TEN, lambda z: jnp.sqrt(z[0])), 1e-5), InvalidInput, "not finite"),
    (lambda: rare_event(Problem(TEN, lambda z: z[0], cost=lambda z: z[1]), 1e-5, 1), InvalidInput, "outside"),
    (lambda: rare_event(Problem(TEN, lambda z: z[0]), 1e-5, utility_range=(-1, 1)), InvalidInput, "outside"),
    (lambda: rare_event(world("linear")[0], 0.5, 1), InvalidLevel, "rare event"),
    (lambda: rare_event(world("linear")[0], 1e-16, 1), InvalidLevel, "rare event"),
    (lambda: rare_event(world("linear")[0], 1e-6), InvalidInput, "cap"),
    (lambda: rare_event(world("linear")[0], 1e-6, 1, 100), InvalidInput, "weighted draws"),
    (lambda: rare_event(world("linear")[0], 1e-6, 1, method="luck"), InvalidInput, "unknown method"),
    (lambda: rare_event("world", 1e-6), InvalidInput, "problem"),
    (lambda: qt.NormalLatent(0), InvalidInput, "dimensions"),
    (lambda: qt.NormalLatent(2, "x"), InvalidInput, "function"),
)


@pytest.mark.parametrize(("call", "error", "says"), BAD)
def test_bad_calls_are_refused_by_type(call, error, says):
    with pytest.raises(error, match=says):
        call()
