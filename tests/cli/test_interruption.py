"""Ctrl-C and worse: what the command line promises about runs that are stopped, in processes of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import qtheory.cli.frontier as frontier
import qtheory.cli.simulate as simulate
from qtheory.cli.interruption import the_same_command
from qtheory.cli.main import EXIT_INTERRUPTED
from qtheory.cli.main import run as run_command
from qtheory.montecarlo.keeping.document import from_bytes
from qtheory.montecarlo.stream import Pass

WORLD = ["--base", "normal(0,1)", "--cost", "1/(1+exp(-x))", "--cost-max", "1", "--q", "1/100"]
_RUNNING: list[subprocess.Popen[str]] = []
ENDLESS = ["simulate", *WORLD, "--samples", "1e12"]
STUCK = """
import hashlib
from qtheory.cli.interruption import prompt_end
with prompt_end(lambda: "last words"):
    print("ready", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)  # compiled code that hears no signals for minutes
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp()))
    monkeypatch.setattr("qtheory.cli.compilation_cache.use_compilation_cache", lambda: None)


@pytest.fixture(autouse=True)
def _interrupts_are_delivered() -> Iterator[None]:
    """A test run that was started in the background may ignore them, and what it starts would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def _none_is_left_behind() -> Iterator[None]:
    yield
    for process in _RUNNING:
        process.kill()
        process.communicate()
    _RUNNING.clear()


def _run(*command: str, **more: int) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, *command], stdout=pipe, stderr=pipe, text=True, **more)
    _RUNNING.append(process)
    return process


def _started(*arguments: str) -> subprocess.Popen[str]:
    return _run("-m", "qtheory.cli.main", *arguments)


def _wait_for(path: Path, process: subprocess.Popen[str], draws: int = 0) -> None:
    """Until a ledger has some draws."""
    until = time.monotonic() + 60
    while not (path.exists() and from_bytes(path.read_bytes())[1][0].draws > draws):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)


def _interrupted(process: subprocess.Popen[str]) -> tuple[int, str, float]:
    """Exit code, what was said, and the seconds that it took."""
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    return process.returncode, said, time.monotonic() - begin


def test_killed_and_interrupted_runs_go_on_to_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, seen = tmp_path / "a.ledger", 0
    job = ["simulate", *WORLD, "--samples", "1e12", "--ledger", str(path)]
    for stop in (signal.SIGKILL, signal.SIGINT):
        process = _started(*job)
        _wait_for(path, process, seen)
        if stop == signal.SIGKILL:
            process.kill()
            process.communicate()
            assert process.returncode == -signal.SIGKILL
        else:
            code, said, seconds = _interrupted(process)
            assert code == EXIT_INTERRUPTED
            assert seconds < 5  # a second, on a machine with nothing else to do
            assert f"draws are kept in {path}" in said
            assert the_same_command(job) in said
            assert "Traceback" not in said
        before, seen = seen, from_bytes(path.read_bytes())[1][0].draws
        assert seen > before
    whole = [*WORLD, "--samples", str(seen + 12_345), "--json"]
    results = []
    for more in ((), ("--ledger", str(path))):
        assert run_command(["simulate", *whole, *more]) == 0
        results.append(capsys.readouterr().out)
    assert results[0] == results[1]
    assert json.loads(results[0])["simulation"]["samples"] == seen + 12_345


def test_without_a_ledger_an_interrupted_run_says_how_to_keep_one() -> None:
    process = _started(*ENDLESS)
    time.sleep(1.5)
    code, said, _ = _interrupted(process)
    # before the command has begun there is nothing to say but that it was interrupted
    assert code in (EXIT_INTERRUPTED, -signal.SIGINT)
    assert "kept" not in said or "--ledger FILE" in said


LOST = """
import gc, sys
from qtheory.cli.interruption import heard
def lose_one(phase, info):
    if phase == "start" and gc.callbacks:
        gc.callbacks.clear()
        print("ready", flush=True)
        sys.stdin.readline()  # an interrupt that falls into a callback is dropped
with heard():
    gc.callbacks.append(lose_one)
    gc.collect()
    try:
        sys.stdin.readline()
    except KeyboardInterrupt:
        print("heard")
"""


def test_an_interrupt_that_python_drops_is_given_again() -> None:
    process = _run("-c", LOST, stdin=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    # nothing is written to it, and its input stays open: only another interrupt can end the second wait
    said, complaints = process.stdout.read(), process.stderr.read()
    assert process.wait(timeout=60) == 0, complaints
    assert (said, complaints) == ("heard\n", "")


def test_a_main_thread_that_hears_nothing_is_left_behind() -> None:
    process = _run("-c", STUCK)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    code, said, seconds = _interrupted(process)
    assert (code, said) == (EXIT_INTERRUPTED, "\nqtheory: last words\n")
    assert 0.5 < seconds < 5


def test_threads_in_the_middle_of_a_computation_are_left_behind(tmp_path: Path) -> None:
    script = (
        "import threading, hashlib\n"
        "from qtheory.cli import main, simulate\n"
        "def stuck(*a):\n"
        "    threading.Thread(target=hashlib.pbkdf2_hmac, args=('sha256', b'', b'', 10**9)).start()\n"
        "    print('ready', flush=True)\n"
        "    threading.Event().wait()\n"
        "simulate.simulate_world = stuck\n"
        "main.main(['simulate', '--base', 'normal(0,1)'])\n"
    )
    process = _run("-c", script)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    code, said, seconds = _interrupted(process)
    assert code == EXIT_INTERRUPTED
    assert "nothing is kept without --ledger FILE" in said
    assert seconds < 5


@pytest.mark.parametrize("command", [simulate, frontier])
def test_an_interrupt_says_how_to_go_on(
    command: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "simulate_world", interrupt)
    name, path = command.__name__.rpartition(".")[2], tmp_path / "a b.ledger"  # type: ignore[attr-defined]
    assert run_command([name, *WORLD]) == EXIT_INTERRUPTED
    assert "nothing is kept without --ledger FILE" in capsys.readouterr().err
    assert run_command([name, *WORLD, "--ledger", str(path)]) == EXIT_INTERRUPTED
    said = capsys.readouterr().err
    assert f"qtheory {name} --base 'normal(0,1)' --cost '1/(1+exp(-x))'" in said
    assert f"--ledger '{path}'" in said
    assert list(tmp_path.iterdir()) == []


def test_errors_of_a_ledger_reach_the_user(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ledger"
    path.write_text("something else")
    assert run_command(["simulate", *WORLD, "--ledger", str(path)]) == 3
    assert "the file is not a ledger" in capsys.readouterr().err
    assert path.read_text() == "something else"
    assert run_command(["simulate", *WORLD, "--ledger", str(tmp_path)]) == 3


def test_a_frontier_draws_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison with other optimizers finds its draws in the ledger, and so does the second run."""
    world = ["--base", "normal(0,1)", "--utility", "x**2", "--q", "1/10", "--samples", "1e5", "--json"]
    ledger, sums_of, stints = ["--ledger", str(tmp_path / "a.ledger")], Pass.sums_of, []

    def noted(self: Pass, stint: int) -> object:
        stints.append((self.stream, stint))
        return sums_of(self, stint)

    monkeypatch.setattr(Pass, "sums_of", noted)
    drawn, printed = [], []
    for more in ((), ledger, ledger):
        stints.clear()
        result = CliRunner().invoke(frontier.command, [*world, *more])
        assert result.exit_code == 0, result.output
        printed.append(result.output)
        drawn.append(sum(stream == 1 for stream, _ in stints))
    assert drawn == [2, 1, 0]
    assert printed[0] == printed[1] == printed[2]


def test_the_ways_to_draw_are_options_and_are_shown() -> None:
    shown = {}
    for way in ((), ("--exact",), ("--sum-costs",)):
        result = CliRunner().invoke(simulate.command, [*WORLD, "--samples", "1e5", "--json", *way])
        assert result.exit_code == 0, result.output
        document = json.loads(result.output)
        shown[way] = document["simulation"]
        configuration = document["record"]["configuration"]
        assert (configuration["exact"], configuration["sum_costs"]) == ("--exact" in way, "--sum-costs" in way)
    assert [(run["quantiles"], run["costs_counted"]) for run in shown.values()] == [
        ("binned", True), ("exact", True), ("binned", False),
    ]  # fmt: skip
    low, high = zip(*(run["levels"][0]["costs"][0]["mean"]["bracket"] for run in shown.values()), strict=True)
    assert high[1] - low[1] < 1e-12
    assert low[0] - 1e-12 <= low[1] <= high[1] <= high[0] + 1e-12
    text = CliRunner().invoke(simulate.command, [*WORLD, "--samples", "1e5", "--exact", "--sum-costs"]).output
    assert "Quantiles of the sample are exact." in text
    assert "Costs were added up" in text
