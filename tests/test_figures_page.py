"""Every block of the page about figures runs, and the pictures beside it are those it draws."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

pytest.importorskip("altair")
pytest.importorskip("vl_convert")
matplotlib = pytest.importorskip("matplotlib")

from matplotlib.image import imread  # noqa: E402

FOLDER = Path(__file__).parents[1] / "docs" / "figures"
MOST_BYTES = 60_000


def page():
    spec = importlib.util.spec_from_file_location("make_figures", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    page().run_page(folder)
    return folder


def test_all_blocks_run_and_every_figure_is_written(drawn):
    asked = re.findall(r'save_(?:figure|explorer)\(\w+, "([^"]+)"', "\n".join(page().blocks()))
    assert len(asked) >= 14
    assert all((drawn / name).stat().st_size > 1000 for name in asked)


def test_the_pictures_in_the_repository_are_small_and_have_their_records(drawn):
    shown = page().pictures()
    assert len(shown) >= 6
    for name in shown:
        assert (FOLDER / name).stat().st_size < MOST_BYTES, name
        kept, new = (json.loads((place / f"{name}.json").read_text())["record"] for place in (FOLDER, drawn))
        assert kept["configuration_hash"] == new["configuration_hash"], f"{name} is stale: python docs/figures/make.py"
    assert {path.name for path in FOLDER.glob("*.png")} == set(shown)


def test_the_pictures_in_the_repository_are_those_the_page_draws(drawn):
    for name in page().pictures():
        said = json.loads((FOLDER / f"{name}.json").read_text())["drawn_with"]
        if said != {"matplotlib": matplotlib.__version__}:
            pytest.skip(f"drawn with {said}, here is {matplotlib.__version__}")
        kept, new = imread(FOLDER / name), imread(drawn / name)
        assert kept.shape == new.shape, name
        assert abs(kept - new).mean() < 1e-3, f"{name} is stale: python docs/figures/make.py"
