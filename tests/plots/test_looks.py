"""Styles: three of them, each whole, none left behind, and series told apart without colour."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from qtheory.errors import InvalidInput, MissingExtra

matplotlib = pytest.importorskip("matplotlib")
pytest.importorskip("matplotlib.style")
pytest.importorskip("matplotlib.colors")

import qtheory as qt  # noqa: E402
from qtheory.plots.looks import COLUMN_WIDTH, LOOKS, STYLES, look, new_axes, style, style_file, styled  # noqa: E402


def luminance(colour):
    red, green, blue = matplotlib.colors.to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_series_differ_in_colour_in_dash_and_in_mark():
    for part in zip(*LOOKS, strict=True):
        assert len(set(part)) == len(LOOKS)
    grey = sorted(luminance(one.color) for one in LOOKS)
    assert min(b - a for a, b in pairwise(grey)) < 0.02, "else colour alone would do in grey"
    assert look(0) is LOOKS[0]
    with pytest.raises(InvalidInput, match="too many series"):
        look(len(LOOKS))


def test_each_style_is_a_file_of_the_package_that_matplotlib_reads():
    sizes = {}
    for name in STYLES:
        with matplotlib.rc_context():
            matplotlib.style.use(qt.plots.style_file(name))
            sizes[name] = matplotlib.rcParams["font.size"], tuple(matplotlib.rcParams["figure.figsize"])
            assert matplotlib.rcParams["svg.hashsalt"] == "qtheory"
    assert sizes["paper"] < sizes["post"] < sizes["slides"]
    assert sizes["paper"][1][0] == COLUMN_WIDTH
    with pytest.raises(InvalidInput, match="not a style"):
        style_file("poster")
    with pytest.raises(InvalidInput, match="not a style"), style("poster"):
        pass


@pytest.mark.parametrize("name", STYLES)
def test_own_drawings_in_a_style_have_the_colours_of_the_plot_functions(name):
    with style(name):
        cycle = [one["color"] for one in matplotlib.rcParams["axes.prop_cycle"]]
    assert [colour.lower().lstrip("#") for colour in cycle] == [one.color.lower().lstrip("#") for one in LOOKS]


def test_a_style_holds_inside_and_is_gone_outside():
    before = dict(matplotlib.rcParams)
    with style("slides"):
        assert matplotlib.rcParams["font.size"] == 17
        assert new_axes().get_figure().get_size_inches().tolist() == [10.6, 5.9]
        with styled():
            assert matplotlib.rcParams["font.size"] == 17
        matplotlib.rcParams["font.size"] = 20
        with styled():
            assert matplotlib.rcParams["font.size"] == 20, "what the user sets inside is respected"
    assert dict(matplotlib.rcParams) == before
    with styled():
        assert matplotlib.rcParams["font.size"] == 9


def test_a_style_forgets_the_users_settings_but_gives_them_back():
    with matplotlib.rc_context({"axes.facecolor": "red"}):
        with style("paper"):
            assert matplotlib.rcParams["axes.facecolor"] == "white"
        assert matplotlib.rcParams["axes.facecolor"] == "red"


def test_without_matplotlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for call in (new_axes, styled, style("post").__enter__):
        with pytest.raises(MissingExtra, match=r'pip install "qtheory\[plot\]"'):
            call()


def test_every_plot_function_is_public_and_documented():
    names = [name for name in dir(qt.plots) if name.startswith("plot_")]
    assert len(names) >= 12
    for name in names:
        assert "Raises:" in getattr(qt.plots, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = qt.plots.nothing


@pytest.mark.parametrize("wrong", [5, "normal(0, 1)", ["x"], None])
def test_what_a_figure_does_not_draw_is_refused(wrong):
    for name in (name for name in dir(qt.plots) if name.startswith("plot_")):
        with pytest.raises(InvalidInput):
            getattr(qt.plots, name)(wrong)


def test_the_names_given_to_type_checkers_are_the_public_ones():
    import ast
    from pathlib import Path

    tree = ast.parse(Path(qt.plots.__file__).read_text(encoding="utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.asname for node in guarded for imported in node.body for alias in imported.names}
    assert seen == set(qt.plots.__all__)
