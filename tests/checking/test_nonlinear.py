"""Relations that are not linear in expectations are judged by intervals, and reported without NaN or infinity."""

from __future__ import annotations

import json

import sympy as sp

import qtheory as qt
from qtheory.checking.verify import verify
from qtheory.report.document import report_document
from qtheory.symbols import E, c, q, u, w
from qtheory.worlds.catalogue import worlds

UNIFORM = tuple(world for world in worlds() if world.slug == "uniform")


def test_an_undefined_ratio_is_inconclusive_and_its_report_is_json():
    @qt.claim("t", policy=qt.Quantilizer(q))
    def dividing_by_nothing():
        return E(w * u) / (E(u) - sp.Rational(1, 2)) <= 100

    (report,) = verify([dividing_by_nothing], ["simulate"], samples=2000)
    assert report.verdicts[0].outcome == "inconclusive"
    document = json.loads(report_document([report], {}, 0))
    assert document["claims"][0]["readings"][0]["slack"] == ["-inf", "inf"]


def test_a_true_square_holds_and_a_false_one_is_violated():
    @qt.claim("t", policy=qt.Quantilizer("1/2"))
    def true_square():
        return E(w * u) ** 2 <= sp.Rational(7, 10)  # it is 9/16

    @qt.claim("t", policy=qt.Quantilizer("1/2"))
    def false_square():
        return E(w * u) ** 2 <= sp.Rational(1, 2)

    assert qt.simulate(true_square, samples=20_000, only=UNIFORM).outcome == "holds"
    assert qt.simulate(false_square, samples=20_000, only=UNIFORM).outcome == "violated"


def test_jensens_inequality_the_right_way_round_is_never_violated():
    @qt.claim("t", policy=qt.Quantilizer(q), given=[c >= 0])
    def jensen():
        return E(w * c) ** 2 <= E(w * c**2)

    assert qt.simulate(jensen, samples=10_000).outcome in ("holds", "inconclusive")
    assert qt.falsify(jensen, examples=100).outcome == "survived"


def test_jensens_inequality_the_wrong_way_round_is_violated():
    @qt.claim("t", policy=qt.Quantilizer(q), given=[c >= 0])
    def reversed_jensen():
        return E(w * c) ** 2 >= E(w * c**2)

    assert qt.simulate(reversed_jensen, samples=10_000).outcome == "violated"
    assert qt.falsify(reversed_jensen, examples=100).outcome == "violated"
