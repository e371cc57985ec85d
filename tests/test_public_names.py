"""The public names: every one loads, is documented, and is known to type checkers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import qtheory as qt
from qtheory import inference, plots, testing


@pytest.mark.parametrize("name", [name for name in qt.__all__ if name != "__version__"])
def test_every_public_name_loads_and_is_documented(name):
    value = getattr(qt, name)
    assert value.__doc__
    assert len(value.__doc__.strip()) > 20


LAZY = (qt, inference, plots, testing)


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_type_checkers_see_the_same_names(package):
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    guarded = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.asname for node in guarded for imported in node.body for alias in imported.names}
    assert seen == set(package.__all__) - {"__version__"}


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_every_name_of_a_package_loads_once_and_an_unknown_one_is_an_attribute_error(package):
    for name in set(package.__all__) - {"__version__"}:
        assert getattr(package, name) is getattr(package, name)
        assert name in dir(package)
    with pytest.raises(AttributeError, match=f"'{package.__name__}' has no attribute 'nothing'"):
        _ = package.nothing
