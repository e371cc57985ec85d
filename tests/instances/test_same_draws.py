"""A seed means the same draws, whatever else is loaded."""

import sys
import types

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from qtheory.instances.same_draws import same_draws


def drawn():
    found = []

    @seed(0)
    @settings(max_examples=300, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 10**6))
    def collect(x):
        found.append(x)

    with same_draws():
        collect()
    return found


def test_a_module_that_is_loaded_meanwhile_changes_nothing(tmp_path, monkeypatch):
    before = drawn()
    source = tmp_path / "full_of_numbers.py"
    source.write_text("\n".join(f"X{i} = {7919 * i + 13}" for i in range(60)))
    module = types.ModuleType("full_of_numbers")
    module.__file__ = str(source)
    monkeypatch.setitem(sys.modules, "full_of_numbers", module)
    assert drawn() == before and len(set(before)) > 100
