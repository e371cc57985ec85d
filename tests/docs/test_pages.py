"""Every block of code on every page runs and prints what it shows, and every command is one."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from page_blocks import ROOT, blocks, commands, name_of, pages

from qtheory.cli.main import COMMANDS

RUNNER = Path(__file__).with_name("run_page.py")
# Not a measure of speed: a page that hangs must not hang the tests.
HANGS = 600
# Pages that another test runs, because it looks at what they write.
ELSEWHERE = {"docs/figures.md": "tests/test_figures_page.py"}
# Pages whose blocks are lines that show how something is written, each by itself.
FRAGMENTS = ("proofs/README.md",)
WITH_CODE = [page for page in pages() if any(block.language == "python" for block in blocks(page.read_text("utf-8")))]
RUN_HERE = [page for page in WITH_CODE if name_of(page) not in {*ELSEWHERE, *FRAGMENTS}]


def run(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error", str(RUNNER), str(page)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=HANGS, check=False
    )


def refusal(words: list[str]) -> str:
    """Why the command line would not take these words; nothing if it would."""
    if not words or words[0].startswith("-"):
        return ""
    if words[0] not in COMMANDS:
        return f"no such command: {words[0]}"
    command = importlib.import_module(f"qtheory.cli.{COMMANDS[words[0]][0]}").command
    try:
        command.make_parser(click.Context(command)).parse_args(words[1:])
    except click.UsageError as error:
        # in a sentence an option may stand without its value
        named_alone = "requires an argument" in error.format_message() and words[-1].startswith("--")
        return "" if named_alone else error.format_message()
    return ""


def test_there_are_pages_with_code() -> None:
    assert len(RUN_HERE) >= 10
    assert {"README.md", "docs/guide.md", "docs/index.md"} <= {name_of(page) for page in RUN_HERE}


@pytest.mark.parametrize("page", RUN_HERE, ids=name_of)
def test_a_page_runs_as_it_stands(page: Path, tmp_path: Path) -> None:
    done = run(page, tmp_path)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"


@pytest.mark.parametrize(
    "text",
    [
        "```python\n>>> 1 + 1\n3\n\n```\n",
        "```python\nprint(1)\n```\n\n```\n2\n```\n",
        "```python\nassert False\n```\n",
        "```python\nimport warnings\nwarnings.warn('old')\n```\n",
        "```console\n$ qtheory list\nnothing\n```\n",
    ],
    ids=["session", "output", "program", "warning", "console"],
)
def test_a_page_that_says_what_is_not_so_fails(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    assert run(page, tmp_path).returncode == 1


def test_blocks_share_one_session_and_programs_are_kept_as_files(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    blocks = ["# kept.py\nx = 2", ">>> x\n2\n", "from pathlib import Path\nprint(Path('kept.py').read_text(), end='')"]
    shown = "```\n# kept.py\nx = 2\n```\n"
    page.write_text("\n\n".join([*(f"```python\n{block}\n```" for block in blocks), shown]), encoding="utf-8")
    done = run(page, tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("page", "test"), ELSEWHERE.items())
def test_a_page_that_is_run_elsewhere_is_run_there(page: str, test: str) -> None:
    assert (ROOT / page) in WITH_CODE
    assert "run_page(" in (ROOT / test).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", FRAGMENTS)
def test_fragments_name_steps_that_exist(page: str) -> None:
    from qtheory.prover.derivation import Derivation

    text = (ROOT / page).read_text(encoding="utf-8")
    trees = [ast.parse(block.text) for block in blocks(text) if block.language == "python"]
    steps = {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "d"
    }
    assert len(steps) >= 10
    assert all(callable(getattr(Derivation, step)) for step in steps)


@pytest.mark.parametrize("page", pages(), ids=name_of)
def test_every_command_is_one(page: Path) -> None:
    refused = [
        f"qtheory {' '.join(words)}: {refusal(words)}" for words in commands(page.read_text("utf-8")) if refusal(words)
    ]
    assert not refused


def test_commands_are_found_and_wrong_ones_are_refused() -> None:
    block = "```\npip install -e . && qtheory verify --quick\nA=1 qtheory simulate ... # here\n```\n"
    shown = commands(f"{block}see `qtheory prove`\n")
    assert shown == [["verify", "--quick"], ["simulate"], ["prove"]]
    assert refusal(["verify", "--quick"]) == "" and refusal(["show", "cost-bound"]) == ""
    assert "--quickly" in refusal(["verify", "--quickly"])
    assert "no such command" in refusal(["verfy"])
    assert sum(len(commands(page.read_text("utf-8"))) for page in pages()) >= 40
