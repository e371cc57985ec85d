"""What is said of a ledger of another run: the values that differ, and nothing that does not."""

from __future__ import annotations

import pytest

import qtheory as qt
from qtheory.errors import LedgerError
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.keeping.ledger_file import LedgerFile
from qtheory.montecarlo.keeping.mismatch import difference

THEIRS = {"base": {"family": "mixture", "parts": [{"sd": 1, "mean": 0}, {"sd": 2, "mean": 0}]}, "key": 1, "note": None}
MINE = {"base": {"family": "mixture", "parts": [{"sd": 1, "mean": 0}, {"sd": 3, "mean": 0}]}, "key": 1, "new": "x"}


def test_only_the_leaves_that_differ_are_named():
    assert difference(THEIRS, MINE, ["base", "key"]) == ["base.parts[1].sd: 2 in the ledger, 3 now"]
    assert difference(THEIRS, THEIRS, ["base", "key", "note"]) == []


def test_what_is_only_on_one_side_and_lists_of_other_lengths_are_named_whole():
    assert difference(THEIRS, MINE, ["note", "new"]) == [
        "note: None in the ledger, nothing now",
        "new: nothing in the ledger, x now",
    ]
    assert difference({"q": [1, 2]}, {"q": [1]}, ["q"]) == ["q: [1, 2] in the ledger, [1] now"]


def test_a_run_with_another_cost_is_refused_in_one_short_line(tmp_path):
    def run(cost: str) -> None:
        problem = qt.Problem(qt.Continuous("normal(0, 1)"), cost={"harm": cost, "same": "indicator(x > 1)"})
        with LedgerFile(tmp_path / "a.ledger") as ledger:
            qt.simulate_problem(problem, "1/10", 1, 4000, engine=Engine(keeper=ledger))

    run("1/(1+exp(-x))")
    with pytest.raises(LedgerError) as refused:
        run("1/(1+exp(x))")
    said = str(refused.value).splitlines()
    assert len([line for line in said if " in the ledger, " in line]) == 1
    assert "harm" in str(refused.value)
    assert "same" not in str(refused.value)
    assert "normal" not in str(refused.value)
