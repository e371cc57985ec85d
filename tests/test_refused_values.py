"""What an error shows of the value it refuses, `None` included, and that a missing extra is named as one."""

from __future__ import annotations

import importlib
import pickle
import sys

import pytest

import qtheory as qt
from qtheory.errors import NOT_GIVEN, InvalidInput, MissingExtra, QTheoryError


@pytest.mark.parametrize("make", [qt.Quantilizer, qt.BestOfN, qt.MeanBounded, qt.Problem, qt.Continuous, qt.Finite])
def test_none_is_shown_where_it_is_what_was_refused(make):
    with pytest.raises(QTheoryError, match="got:     None") as refused:
        make(None)
    assert refused.value.got is None


def test_nothing_is_shown_where_no_value_was_given():
    error = InvalidInput("nothing to draw", remedy="ask for something")
    assert str(error) == "nothing to draw\n  remedy:  ask for something"
    assert error.got is NOT_GIVEN
    assert pickle.loads(pickle.dumps(error)).got is NOT_GIVEN
    again = InvalidInput("wrapped", got=error.got)
    assert "got" not in str(again)


PROBLEM = qt.Problem(qt.Continuous("normal(0, 1)"))
FINITE = qt.Problem(qt.Finite(["1/2", "1/2"]), utility=[0, 1])
NEEDS = {
    "axes": ("matplotlib", lambda folder: qt.plots.new_axes()),
    "figure": ("matplotlib", lambda folder: qt.plots.plot_rank_densities([qt.Quantilizer("1/2")(PROBLEM)])),
    "save": ("matplotlib", lambda folder: qt.plots.save_figure(None, folder / "x.png")),
    "gallery": ("matplotlib", lambda folder: importlib.import_module("qtheory.plots.gallery").write_gallery(folder, 0)),
    "explorer": ("altair", lambda folder: qt.plots.save_explorer(tradeoff(), folder / "x.html")),
    "explorer's page": ("vl_convert", lambda folder: qt.plots.save_explorer(tradeoff(), folder / "x.html")),
    "certified mean": ("flint", lambda folder: qt.certified_mean(PROBLEM, "1/2", "x**2")),
    "parquet": ("pyarrow", lambda folder: parquet(folder)),
}


def tradeoff():
    return qt.tradeoff(FINITE, {"q": [qt.Quantilizer("1/2"), qt.Quantilizer("1")]}, qt.MeanBounded("1/10"))


def parquet(folder):
    from qtheory.auditing.files import read_scores

    (folder / "scores.parquet").write_bytes(b"PAR1")
    return read_scores(folder / "scores.parquet", ["u"])


@pytest.mark.parametrize("name", NEEDS)
def test_a_missing_extra_is_named_and_never_a_bare_import_error(name, tmp_path, monkeypatch):
    package, needs = NEEDS[name]
    for loaded in [module for module in sys.modules if module.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra) as refused:
        needs(tmp_path)
    assert "pip install" in refused.value.remedy
    assert not list(tmp_path.glob("*.png"))
