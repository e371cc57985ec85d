"""The command on the page about scale works, and its options are those of both commands."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from qtheory.cli.frontier import command as frontier
from qtheory.cli.simulate import command as simulate

PAGE = (Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
SHELL = [line for language, text in BLOCKS if not language for line in text.splitlines()]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


def test_the_whole_command_runs() -> None:
    [line] = [line for line in SHELL if line.startswith("qtheory simulate --base")]
    done = run(sys.executable, "-m", "qtheory.cli.main", *shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert "E_Q" in done.stdout


def test_the_options_are_those_of_both_commands() -> None:
    named = {word for line in SHELL for word in re.findall(r"--[a-z-]+", line) if "qtheory" in line}
    for command in (simulate, frontier):
        assert named <= {option for parameter in command.params for option in parameter.opts}
    assert {"--devices", "--executor"} <= named
