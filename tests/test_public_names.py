"""The public names: every one loads, is documented, and is known to type checkers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import qtheory as qt


@pytest.mark.parametrize("name", [name for name in qt.__all__ if name != "__version__"])
def test_every_public_name_loads_and_is_documented(name):
    value = getattr(qt, name)
    assert value.__doc__
    assert len(value.__doc__.strip()) > 20


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(qt.__file__).read_text(encoding="utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.asname for node in guarded for imported in node.body for alias in imported.names}
    assert seen == set(qt.__all__) - {"__version__"}


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = qt.nothing
