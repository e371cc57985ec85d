"""The explorer is one page that needs nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

import qtheory as qt
from qtheory.errors import InvalidInput, MissingExtra

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

PROBLEM = qt.Problem(qt.Finite(["1/4", "1/4", "1/2"]), utility=[8, 4, 0])
FAMILIES = {"quantilizer": [qt.Quantilizer(q) for q in ("1", "1/4")], r"best-of-$n$</script>": [qt.BestOfN(3)]}


@pytest.fixture(scope="module")
def table():
    return qt.tradeoff(PROBLEM, FAMILIES, qt.MeanBounded("1/2"))


def test_the_page_has_its_scripts_its_data_and_no_link_to_load(table, tmp_path):
    path = tmp_path / "a.html"
    qt.plots.save_explorer(table, path, record=qt.plots.figure_record("tradeoff", {"epsilon": "1/2"}))
    page = path.read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|iframe)[^>]+(src|href)=|(src|href)=[\"']?(https?:)?//", page)
    assert "vegaEmbed" in page and len(page) > 400_000
    spec = json.loads(re.search(r"const spec = (\{.*\});", page)[1])
    rows = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    points = [(p.setting, float(p.value), float(p.worst)) for curve in table.curves for p in curve.points]
    assert [(row["setting"], row["value"], row["worst"]) for row in rows] == points
    assert page.count("</script>") == 2, "a name cannot end the script"
    assert "MeanBounded(epsilon=1/2)" in page and "3 actions" in page
    beside = json.loads((tmp_path / "a.html.json").read_text())
    assert set(beside["drawn_with"]) == {"altair"}


def test_the_page_is_the_same_each_time(table, tmp_path):
    for name in ("a.html", "b.html"):
        qt.plots.save_explorer(table, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser: the page is not opened")
def test_a_browser_without_network_draws_every_mark(table, tmp_path):
    path = tmp_path / "a.html"
    qt.plots.save_explorer(table, path)
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=8000", "--dump-dom", path.as_uri()]
    page = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    body = page[page.rindex("<h1>") :]
    marks = re.findall(
        r'<path aria-label="[^"]*setting[^"]*" role="graphics-symbol" aria-roledescription="point"', body
    )
    assert len(marks) == 2 * sum(len(curve.points) for curve in table.curves)
    assert "Price of a unit of worst-case cost" in body


def test_bad_calls_are_told_what_to_do(table, tmp_path, monkeypatch):
    with pytest.raises(InvalidInput, match="is a page"):
        qt.plots.save_explorer(table, tmp_path / "a.svg")
    normal = qt.Problem(qt.Continuous("normal(0, 1)"))
    endless = qt.tradeoff(normal, {"KL": [qt.KLRegularized(1)]}, qt.MeanBounded(1))
    with pytest.raises(InvalidInput, match="nothing to draw"):
        qt.plots.save_explorer(endless, tmp_path / "a.html")
    with pytest.raises(InvalidInput, match="cannot be written"):
        qt.plots.save_explorer(table, tmp_path / "nowhere" / "a.html")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtra, match=r'pip install "qtheory\[plot\]"'):
        qt.plots.save_explorer(table, tmp_path / "a.html")
