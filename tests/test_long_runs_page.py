"""What docs/long-runs.md says of options and messages is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import qtheory
from qtheory.cli.frontier import command as frontier
from qtheory.cli.simulate import command as simulate

PAGE = Path(__file__).parents[1] / "docs" / "long-runs.md"
TEXT = PAGE.read_text(encoding="utf-8")
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(qtheory.__file__).parent.rglob("*.py"))
MESSAGES = [m for row in re.findall(r"^\| (`.+?) \|", TEXT.partition("## What an error means")[2], re.MULTILINE)
            for m in re.findall("`([^`]+)`", row)]  # fmt: skip


def test_the_command_shown_is_one() -> None:
    (block,) = re.findall(r"```\n(qtheory .*?)```", TEXT, re.DOTALL)
    program, name, *arguments = shlex.split(block)
    assert (program, name) == ("qtheory", "simulate")
    assert simulate.make_context("simulate", arguments).params["samples"] == "1e11"


@pytest.mark.parametrize("option", sorted(set(re.findall(r"`(--[a-z-]+)`", TEXT))))
def test_options_exist(option: str) -> None:
    for command in (simulate, frontier):
        assert option in {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("message", MESSAGES)
def test_messages_are_those_of_the_code(message: str) -> None:
    assert message in SOURCE


def test_there_are_messages_and_a_made_up_one_would_be_seen() -> None:
    assert len(MESSAGES) >= 12
    assert "the ledger is " + "enchanted" not in SOURCE
