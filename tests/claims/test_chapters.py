"""The theory, chapter by chapter: every result of these chapters is a claim, and nothing else is."""

from qtheory.claims.registry import slugs

CHAPTERS = {
    "the quantilizer": """cost-bound fits-under quantilizer-optimality tie-invariance utility-antitone upper-cvar
        bounded-cost signed-cost event-bounds quantilizer-divergences gain-bound utility-lipschitz windowed-quantilizer""",
    "choosing q": """robust-threshold reservation-value goodhart-gap buffered-exceedance q-from-data capped-maximin
        implicit-reward-classes""",
    "regularisers and cost classes": """power-quantilizer kl-minimax fenchel-robustness chi2-pessimism tsallis-family
        tv-penalty neyman-pearson-cost bounded-budget correlated-proxy kl-is-not-enough variance-bound hoelder-bound
        exponential-moment-bound""",
    "sampling procedures": """top-k-of-n best-of-n-kl best-of-n-divergences best-of-n-win-rate random-q-mixture
        estimated-threshold best-of-poisson soft-best-of-n bits-and-samples hedge-threshold overoptimisation-peak
        rejection-correction""",
    "errors in the base": """base-misspecification contamination oversight-order conditioning-odds distillation
        unbounded-cost""",
    "Goodhart": """catastrophic-goodhart regressional-goodhart posterior-percentile dependent-error
        heavy-tail-best-of-n extremal-goodhart causal-goodhart adversarial-goodhart""",
    "targeted impact": "feature-cost feature-constrained impact-collapse conditional-cost cost-regression",
    "composition": "same-ranking-composition factored-base",
}


def test_every_result_is_a_claim():
    stated = [slug for chapter in CHAPTERS.values() for slug in chapter.split()]
    assert len(stated) == len(set(stated)) == 66
    assert sorted(stated) == list(slugs())
