"""`--devices`, `--executor` and several processes: the same document from each, and errors that say what to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import jax
import pytest

from qtheory.cli.main import EXIT_BAD_INPUT, run

WORLD = ["simulate", "--base", "normal(0,1)", "--cost", "1/(1+exp(-x))", "--cost-max", "1"]
SIMULATE = [*WORLD, "--samples", "9e6", "--json"]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    process = started(*SIMULATE)
    return process.communicate(timeout=240)[0]


def started(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    everything = {**os.environ, "JAX_PLATFORMS": "cpu", "OPENBLAS_NUM_THREADS": "1", **environment}
    command = [sys.executable, "-m", "qtheory.cli.main", *arguments]
    return subprocess.Popen(command, env=everything, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_several_devices_give_the_same_document(expected: str) -> None:
    out, err = started(*SIMULATE, "--devices", "3").communicate(timeout=240)
    assert json.loads(out)["schema"] == 1 and not err
    assert out == expected


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="jaxlib has no gloo here: processes are not tried")
def test_of_several_processes_the_first_speaks_and_keeps_the_ledger(expected: str, tmp_path: Path) -> None:
    ledger = tmp_path / "run.ledger"
    for again in range(2):  # the second time all is in the ledger
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{asked.getsockname()[1]}"
        launch = {"JAX_COORDINATOR_ADDRESS": address, "JAX_NUM_PROCESSES": "2"}
        both = [started(*SIMULATE, "--ledger", str(ledger), **launch, JAX_PROCESS_ID=place) for place in ("0", "1")]
        (first, said), (second, _) = (process.communicate(timeout=240) for process in both)
        assert first == expected, said
        assert second == ""
        assert ledger.exists(), again


def said(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    assert run([*WORLD, *more]) == EXIT_BAD_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


@pytest.mark.parametrize("address", ["dask://nowhere", "ray://host:1", "host:8786", "1"])
def test_an_address_is_a_dask_address(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "dask://HOST:PORT" in said(capsys, "--executor", address)


def test_without_the_client_the_extra_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "qtheory[scale]" in said(capsys, "--executor", "dask://127.0.0.1:1")


def test_options_that_exclude_each_other(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both = ("--executor", "dask://127.0.0.1:1", "--devices", "1")
    assert "leave out one of the two" in said(capsys, *both)
    monkeypatch.setenv("JAX_COORDINATOR_ADDRESS", "127.0.0.1:1")
    assert "JAX_COORDINATOR_ADDRESS" in said(capsys, *both[:2])


def test_devices_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    jax.devices()  # from here on it is too late for more
    text = said(capsys, "--devices", "97")
    assert "there are not as many devices" in text and "97" in text


def test_a_place_that_is_no_number(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_COORDINATOR_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("JAX_NUM_PROCESSES", "two")
    assert "JAX_NUM_PROCESSES is not a whole number" in said(capsys)
