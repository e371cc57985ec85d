"""The audit as a whole: its verdicts against known truths, its error rate, its refusals, and real scores."""

from __future__ import annotations

import json
import math
import os
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from qtheory.auditing.document import audit_document
from qtheory.auditing.files import read_scores
from qtheory.auditing.inputs import Source
from qtheory.auditing.result import verdict_on
from qtheory.auditing.run import audit
from qtheory.auditing.table import WIDTH, audit_text
from qtheory.errors import DataError, InvalidInput, InvalidLevel, MissingExtra
from qtheory.inference.binomial import clopper_pearson
from qtheory.inference.interval import Interval


def _samples(n: int = 4000, key: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Utility uniform on [0, 1]; harm happens with probability 1/2 in the top twentieth and nowhere else."""
    rng = np.random.default_rng(key)
    utility = rng.random(n)
    return utility, ((utility > 0.95) & (rng.random(n) < 0.5)).astype(float)


def test_intervals_contain_the_truth_and_verdicts_follow_it() -> None:
    utility, harm = _samples()
    report = audit(
        utility,
        harm,
        ["1/10", "1/2"],
        utility_range=(0, 1),
        cost_max=1,
        cost_mean="0.05",
        cost_limit="0.12",
        alpha=0.01,
    )
    for level, gain, cost in zip(report.levels, (0.95, 0.75), (0.25, 0.05), strict=True):
        assert level.utility.evidence == "rigorous"
        assert level.utility.interval.contains(gain)
        assert level.cost.mean.interval.contains(cost)
        assert level.cost.amplification.interval.contains(cost / 0.025)
        assert level.cost.amplification.value <= level.cost_factor
    assert report.base_cost.interval.contains(0.025)
    assert [verdict.outcome for verdict in report.verdicts] == ["holds", "violated", "holds"]
    assert report.violated
    assert not replace(report, verdicts=report.verdicts[:1]).violated


def test_verdicts_state_their_slack_and_share_of_the_error_rate() -> None:
    utility, harm = _samples(2000)
    report = audit(utility, harm, ["1/10"], cost_max=1, cost_mean=0.025, cost_limit=0.25, alpha=1e-3)
    hill = len(report.tail.estimates)
    assert report.statements == 1 + 1 + 2 + hill
    assert report.alpha_each == pytest.approx(1e-3 / report.statements)
    for verdict, limit, cost in zip(
        report.verdicts, (0.025, 0.25), (report.base_cost, report.levels[0].cost.mean), strict=True
    ):
        assert verdict.outcome == "inconclusive"  # a tight true bound can be nothing else
        assert verdict.slack.low == limit - cost.interval.high <= 0 <= limit - cost.interval.low == verdict.slack.high
        assert "rigorous" in verdict.evidence
        assert (verdict.samples, verdict.alpha) == (2000, report.alpha_each)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [
        (0.1, 0.2, "holds"),
        (0.1, 0.5, "holds"),
        (0.5, 0.6, "inconclusive"),
        (0.4, 0.6, "inconclusive"),
        (0.6, 0.7, "violated"),
    ],
)
def test_the_verdict_compares_the_interval_with_the_limit(low: float, high: float, outcome: str) -> None:
    assert verdict_on("E[c] <= 1/2", 0.5, Interval(low, high), 0.05, 10).outcome == outcome


def test_the_intervals_keep_their_error_rate_where_the_naive_one_does_not() -> None:
    alpha, runs, missed, naive_missed = 0.2, 12, 0, 0
    for key in range(runs):
        utility = np.random.default_rng(key).random(500)
        cost = (utility > 0.9).astype(float)  # the extremal cost: E_Q[c] = 1 and amplification 10, E_base[c] = 1/10
        report = audit(utility, cost, ["1/10"], cost_max=1, cost_mean=0.1, alpha=alpha)
        level = report.levels[0]
        truths = [(level.cost.mean, 1.0), (level.cost.amplification, 10.0), (report.base_cost, 0.1)]
        missed += not all(estimate.interval.contains(truth) for estimate, truth in truths)
        naive = clopper_pearson(round(50 * level.cost.mean.value), 50, alpha)
        naive_missed += not naive.contains(1.0)
    assert naive_missed > 1.5 * alpha * runs  # its nominal rate counts on a threshold that is not from the same samples
    assert missed <= alpha * runs


def test_scores_shift_and_scale_through_the_audit() -> None:
    utility, _ = _samples(3000)
    plain = audit(utility, q=["1/5"], utility_range=(0, 1), cost_mean="0.01")
    moved = audit(4 * utility - 3, q=["1/5"], utility_range=(-3, 1), cost_mean="0.04")
    a, b = plain.levels[0], moved.levels[0]
    pairs = [(a.utility.value, b.utility.value), (a.best_of.utility, b.best_of.utility), (a.floor, b.floor)]
    pairs += [(a.utility.interval.low, b.utility.interval.low), (a.utility.interval.high, b.utility.interval.high)]
    pairs += [(plain.floor.reservation, moved.floor.reservation), (a.cut.threshold, b.cut.threshold)]
    assert all(4 * x - 3 == pytest.approx(y, abs=1e-9) for x, y in pairs)


def test_the_order_of_the_rows_does_not_matter_without_ties() -> None:
    utility, harm = _samples(1000)
    order = np.random.default_rng(9).permutation(1000)
    first = audit(utility, harm, ["1/10"], cost_max=1, cost_limit=1)
    second = audit(utility[order], harm[order], ["1/10"], cost_max=1, cost_limit=1)
    assert first.levels == second.levels
    assert first.verdicts == second.verdicts


def test_level_numbers_agree_with_each_other() -> None:
    utility, _ = _samples(1000)
    report = audit(utility, q=["3/10", "1"], cost_mean="1/100")
    top, whole = report.levels
    assert top.cost_factor == Fraction(10, 3)
    assert top.best_of.m == 3
    assert top.kl == pytest.approx(math.log(10 / 3))
    assert top.bits == pytest.approx(math.log2(10 / 3))
    assert top.utility.value == pytest.approx(np.sort(utility)[-300:].mean())
    assert top.floor == pytest.approx(top.utility.value - 0.01 * 10 / 3)
    assert top.floor <= report.floor.reservation
    assert whole.utility.value == pytest.approx(report.base_utility)
    assert whole.best_of.utility == pytest.approx(utility.mean())
    assert top.best_of.utility < top.utility.value  # at an equal cost factor the quantilizer has the higher utility


def test_no_cost_at_all_leaves_the_amplification_open() -> None:
    report = audit(np.arange(100.0), np.zeros(100), ["1/10"], cost_max=1)
    cost = report.levels[0].cost
    assert cost.amplification.value is None
    assert cost.amplification.interval == Interval(0.0, 10.0)
    assert cost.mean.value == 0.0
    assert report.base_cost.interval.low == 0.0 < report.base_cost.interval.high


def test_text_and_document_say_the_same() -> None:
    utility, harm = _samples(1000)
    report = audit(utility, harm, ["1/10", "1/3"], cost_max=1, cost_mean=0.05, cost_limit=0.1)
    document = audit_document(report, {"command": "audit"})
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["schema"] == 1
    levels = document["audit"]["levels"]
    assert [level["cost_factor"] for level in levels] == ["10", str(Fraction(1000, 334))]
    assert set(document["audit"]["verdicts"][0]) >= {"outcome", "evidence", "alpha", "samples", "slack"}
    text = audit_text(report)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.isascii()
    assert "E_Q[c]" in text
    for verdict in report.verdicts:
        assert f"{verdict.outcome}: {verdict.statement}" in text
    assert "\x1b[" in audit_text(report, colour=True)


def test_text_without_rich_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich", None)
    with pytest.raises(MissingExtra, match="needs rich"):
        audit_text(audit(np.arange(100.0), q="1/2"))


def test_levels_come_one_or_many() -> None:
    for q in ("1/2", 0.5, Fraction(1, 2), np.array([0.5]), ("1/2",)):
        assert [level.cut.q for level in audit(np.arange(10.0), q=q).levels] == [Fraction(1, 2)]


def test_infinity_is_spelled_in_the_document() -> None:
    report = audit(np.arange(100.0), q=["1/2"])
    endless = replace(report.levels[0].utility, interval=Interval(-math.inf, math.inf))
    document = audit_document(replace(report, levels=(replace(report.levels[0], utility=endless),)), {})
    assert document["audit"]["levels"][0]["utility"]["interval"] == ["-inf", "inf"]
    json.dumps(document, allow_nan=False)


_OK = [0.0, 1.0, 2.0]
_REFUSED = [
    ({"utility": [0.0, math.nan]}, DataError, r"row 2, column 'utility': not finite"),
    ({"utility": [0.0, math.inf, math.inf]}, DataError, r"row 2, column 'utility': not finite; 1 more"),
    ({"utility": [1e200]}, DataError, "too large"),
    ({"utility": []}, DataError, "wrong shape"),
    ({"utility": [[1.0]]}, DataError, "wrong shape"),
    ({"utility": ["1"]}, DataError, "not an array of real numbers"),
    ({"utility": [True]}, DataError, "not an array of real numbers"),
    ({"utility": _OK, "q": "1/4"}, InvalidLevel, r"1/3 <= q <= 1"),
    ({"utility": _OK, "q": []}, InvalidInput, "at least one level"),
    ({"utility": _OK, "q": ["1/2", 0.5]}, InvalidInput, "each once"),
    ({"utility": _OK, "utility_range": (0, 1)}, DataError, r"row 3, column 'utility': outside the declared range"),
    ({"utility": _OK, "utility_range": (2, 0)}, InvalidInput, "empty"),
    ({"utility": _OK, "cost": _OK}, InvalidInput, "declared cap"),
    ({"utility": _OK, "cost": _OK, "cost_max": 1}, DataError, r"row 3, column 'cost': outside \[0, cost_max\]"),
    ({"utility": _OK, "cost": [-1.0, 0.0, 0.0], "cost_max": 1}, DataError, r"row 1, column 'cost': outside"),
    ({"utility": _OK, "cost": [0.0], "cost_max": 1}, DataError, "differ in length"),
    ({"utility": _OK, "cost": _OK, "cost_max": 0}, InvalidInput, "cost_max > 0"),
    ({"utility": _OK, "cost_max": 1}, InvalidInput, "needs costs"),
    ({"utility": _OK, "cost_limit": 1}, InvalidInput, "needs costs"),
    ({"utility": _OK, "cost_mean": -1}, InvalidInput, "negative"),
    ({"utility": _OK, "alpha": 0}, InvalidInput, "not an error rate"),
    ({"utility": _OK, "alpha": math.nan}, InvalidInput, "not finite"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), _REFUSED)
def test_arguments_that_make_no_audit_are_refused(arguments: dict, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        audit(**{"q": ["1/2"], **arguments})


def test_an_error_points_into_the_source() -> None:
    source = Source("reward", "harm", line_of=lambda row: row + 1)
    with pytest.raises(DataError, match=r"row 3 \(file line 4\), column 'harm': outside"):
        audit(_OK, _OK, ["1/2"], cost_max=1, source=source)


def _real_scores() -> Path | None:
    named = os.environ.get("QTHEORY_SCORES")
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "llama_starling_reward_values.csv"
    path = Path(named) if named else beside
    return path if path.is_file() else None


@pytest.mark.skipif(_real_scores() is None, reason="no file of real scores")
def test_real_reward_scores() -> None:
    path = _real_scores()
    assert path is not None
    scores = read_scores(path, ["reward"])["reward"]
    report = audit(scores, q=["1/10", "1/100", "1/16000"], cost_mean="1/20")
    assert report.samples == 16000
    assert report.repeats == 2
    assert report.base_utility == pytest.approx(-0.332984, abs=5e-7)
    best_first = sorted(scores.tolist(), reverse=True)
    for level, k in zip(report.levels, (1600, 160, 1), strict=True):
        assert level.cut.k == k
        assert level.utility.value == pytest.approx(math.fsum(best_first[:k]) / k, rel=1e-13)
    excess = math.fsum(max(u - report.floor.reservation, 0.0) for u in best_first) / 16000
    assert excess == pytest.approx(0.05, rel=1e-12)
