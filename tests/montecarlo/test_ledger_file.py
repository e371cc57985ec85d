"""Ledgers: whatever stops a run, it goes on to the same sums; whatever is wrong with a file, it is not used."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import qtheory.montecarlo.keeping.identity as identity
from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import DamagedLedger, LedgerError, OutOfDeviceMemory
from qtheory.montecarlo.blocks import MAIN_STREAM
from qtheory.montecarlo.columns import STINT, Columns, Tables
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.keeping.document import MAGIC, Kept, from_bytes, to_bytes
from qtheory.montecarlo.keeping.ledger_file import LedgerFile
from qtheory.montecarlo.keeping.packing import pack, unpack
from qtheory.montecarlo.pilot import draw_pilot
from qtheory.montecarlo.result import WorldSimulation
from qtheory.montecarlo.simulate import simulate_problem
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.workers.abstract import AbstractWorkers
from qtheory.montecarlo.workers.threads import Threads
from qtheory.problem import Problem

PROBLEM = Problem(Continuous("normal(0,1)"), cost="1/(1+exp(-x))")
SAMPLES = 3 * STINT + 12_345


@dataclass(frozen=True)
class Stopping(AbstractWorkers):
    """Two threads that hand in some stints and then meet with an error."""

    stints: int
    error: BaseException

    def run(self, work: Pass, start: int, stop: int | None = None) -> Iterator[tuple[int, Tables]]:
        for done, group in enumerate(Threads(2).run(work, start, stop)):
            if done == self.stints:
                raise self.error
            yield group


def _run(path: Path | None, q: Any = ("1/100", "1/10"), problem: Problem = PROBLEM, **given: Any) -> WorldSimulation:
    """Simulate with a ledger that is brought up to date after each stint."""
    how = {name: given.pop(name) for name in ("exact", "counted", "workers") if name in given}
    asked = {"samples": SAMPLES, "cost_max": 1, **given}
    if path is None:
        return simulate_problem(problem, list(q), engine=Engine(**how), **asked)
    with LedgerFile(path, {"q": list(q)}, every=0) as ledger:
        return simulate_problem(problem, list(q), engine=Engine(keeper=ledger, **how), **asked)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The stints of the main stream that are drawn."""
    stints: list[int] = []
    sums_of = Pass.sums_of

    def noted(self: Pass, stint: int) -> Tables:
        if self.stream == MAIN_STREAM:
            stints.append(stint)
        return sums_of(self, stint)

    monkeypatch.setattr(Pass, "sums_of", noted)
    return stints


@pytest.fixture(scope="module")
def alone() -> WorldSimulation:
    return _run(None)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("finished") / "a.ledger"
    _run(path)
    return path.read_bytes()


# ---------------------------------------------------------------- the bytes


def _small() -> bytes:
    columns, rng = Columns(2, room=24), np.random.default_rng(0)
    tables = columns.zeros()
    for array, most in zip(tables.arrays, (200, 60_000, 2**31, 2**62), strict=True):
        array[:9] = rng.integers(0, most, array[:9].shape)
    return to_bytes({"q": ["1/10"]}, [Kept({"key": 1}, 1, 5, tuple(pack(tables)))])


def test_every_flipped_bit_is_refused() -> None:
    data = _small()
    assert from_bytes(data)[1][0].draws == 5
    for place in range(len(data)):
        for bit in range(8):
            bad = bytearray(data)
            bad[place] ^= 1 << bit
            with pytest.raises(DamagedLedger):
                from_bytes(bytes(bad))


def test_every_cut_and_anything_appended_is_refused() -> None:
    data = _small()
    for size in range(len(data)):
        with pytest.raises(DamagedLedger):
            from_bytes(data[:size])
    for other in (data + b"\0", data + data, data[:40] + data[41:], b'{"a": 1}', MAGIC):
        with pytest.raises(DamagedLedger):
            from_bytes(other)


def test_a_later_format_is_told_from_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qtheory.montecarlo.keeping.document.FORMAT", 2)
    data = _small()
    monkeypatch.undo()
    with pytest.raises(LedgerError, match="another format") as caught:
        from_bytes(data)
    assert not isinstance(caught.value, DamagedLedger)


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"format": 1}', b'{"format": 1, "asked": {}, "passes": [{}]}'])
def test_a_right_checksum_does_not_make_a_ledger(text: bytes) -> None:
    body = MAGIC + len(text).to_bytes(8, "little") + text
    with pytest.raises(DamagedLedger, match="not as qtheory writes it"):
        from_bytes(body + hashlib.sha256(body).digest())


@pytest.mark.parametrize("most", [1, 2**8, 2**16, 2**32, 2**62])
@pytest.mark.parametrize("counted", [True, False])
def test_packed_tables_come_back(most: int, counted: bool) -> None:
    columns, rng = Columns(3, counted, room=1000), np.random.default_rng(most % 97)
    tables = columns.zeros()
    for array in tables.arrays:
        array[rng.random(array.shape) < 0.3] = most - 1
    again = unpack(pack(tables), columns)
    assert all(np.array_equal(a, b) for a, b in zip(tables.arrays, again.arrays, strict=True))


def test_tables_of_other_columns_are_not_unpacked() -> None:
    pieces = pack(Columns(1, room=100).zeros())
    for other in (Columns(2, room=100), Columns(1, room=1000), Columns(1, room=10)):
        with pytest.raises(DamagedLedger):
            unpack(pieces, other)


def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, finished: bytes) -> None:
    path = tmp_path / "a.ledger"
    for place in np.random.default_rng(1).integers(0, len(finished), 40):
        bad = bytearray(finished)
        bad[place] ^= 255
        path.write_bytes(bad)
        with pytest.raises(DamagedLedger, match=r"nothing of it is used|not a ledger"):
            LedgerFile(path)
        assert path.read_bytes() == bytes(bad)
        assert list(tmp_path.iterdir()) == [path]


# ---------------------------------------------------------------- going on


def test_a_run_goes_on_where_it_was_stopped(
    tmp_path: Path, alone: WorldSimulation, finished: bytes, drawn: list[int]
) -> None:
    path = tmp_path / "a.ledger"
    for workers in (Stopping(1, KeyboardInterrupt()), Stopping(0, OSError()), Stopping(2, RuntimeError("x"))):
        with pytest.raises((KeyboardInterrupt, OSError, RuntimeError)):
            _run(path, workers=workers)
    drawn.clear()
    assert _run(path, workers=Threads(3)) == alone
    assert drawn == [3]
    assert path.read_bytes() == finished
    assert list(tmp_path.iterdir()) == [path]


def test_a_finished_ledger_answers_without_drawing(
    tmp_path: Path, alone: WorldSimulation, finished: bytes, drawn: list[int]
) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(finished)
    assert _run(path) == alone
    assert _run(path, alpha=0.01).levels[0].value.value == alone.levels[0].value.value
    assert drawn == []
    assert _run(None) == alone
    assert drawn != []


def test_exact_quantiles_go_on_too(tmp_path: Path, finished: bytes, drawn: list[int]) -> None:
    path, left_alone = tmp_path / "a.ledger", _run(None, exact=True)
    path.write_bytes(finished)
    drawn.clear()
    with pytest.raises(KeyboardInterrupt):
        _run(path, exact=True, workers=Stopping(2, KeyboardInterrupt()))
    assert len(from_bytes(path.read_bytes())[1]) == 2
    begun = len(drawn)
    assert _run(path, exact=True) == left_alone
    assert sorted(drawn[begun:]) == [2, 3]  # the pass that was stopped, and no pass before it
    assert left_alone.quantiles == "exact"


@pytest.mark.parametrize("samples", [SAMPLES + 2 * STINT, SAMPLES + 99, 3 * STINT, 3 * STINT + 5, 4 * STINT])
def test_a_finished_ledger_is_extended(tmp_path: Path, finished: bytes, drawn: list[int], samples: int) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(finished)
    run = _run(path, samples=samples)
    # the three whole stints are not drawn again; the last, partial one is, to take it out
    assert set(drawn) == set(range(3, -(-SAMPLES // STINT))) | set(range(3, -(-samples // STINT)))
    assert run == _run(None, samples=samples)


def test_an_extension_drops_what_was_refined_before(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    _run(path, samples=STINT + 1000, exact=True)
    assert len(from_bytes(path.read_bytes())[1]) >= 2
    with pytest.raises(KeyboardInterrupt):
        _run(path, exact=True, samples=SAMPLES, workers=Stopping(2, KeyboardInterrupt()))
    assert len(from_bytes(path.read_bytes())[1]) == 1
    assert _run(path, exact=True) == _run(None, exact=True)


def test_fewer_draws_than_there_are_cannot_be_had(tmp_path: Path, finished: bytes) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(finished)
    with pytest.raises(LedgerError, match="more draws than are asked for"):
        _run(path, samples=3 * STINT - 1)
    assert path.read_bytes() == finished


def test_an_addition_that_is_interrupted_does_not_count(
    tmp_path: Path, alone: WorldSimulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, plus, calls = tmp_path / "a.ledger", Tables.plus, []

    def torn(self: Tables, other: Tables, into: Tables) -> Tables:
        calls.append(1)
        if len(calls) < 3:
            return plus(self, other, into)
        np.add(self.counts, other.counts, out=into.counts)
        raise KeyboardInterrupt

    monkeypatch.setattr(Tables, "plus", torn)
    with pytest.raises(KeyboardInterrupt), LedgerFile(path, every=1e9) as ledger:
        simulate_problem(PROBLEM, ["1/100", "1/10"], 1, SAMPLES, engine=Engine(keeper=ledger))
    monkeypatch.undo()
    assert from_bytes(path.read_bytes())[1][0].draws == 2 * STINT
    assert _run(path) == alone


def test_the_file_is_not_written_more_often_than_it_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    publish = "qtheory.montecarlo.keeping.ledger_file.publish"
    monkeypatch.setattr(publish, lambda path, data: written.append(len(data)))
    for every, times in ((1e9, 1), (0, 4)):
        written.clear()
        with LedgerFile(tmp_path / "a.ledger", every=every) as ledger:
            # a slow disk is given time: writing is taken to last no time here
            monkeypatch.setattr("qtheory.montecarlo.keeping.ledger_file._LEAST_PAUSE", 0)
            simulate_problem(PROBLEM, ["1/10"], 1, SAMPLES, engine=Engine(keeper=ledger, workers=Threads(1)))
        assert len(written) == times


def test_a_confirmation_by_the_second_generator_is_kept_too(
    tmp_path: Path, drawn: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def cheap(problem: Problem, *rest: Any) -> Any:
        return draw_pilot(Problem(problem.base, cost="0*x"), *rest)

    monkeypatch.setattr("qtheory.montecarlo.engine.draw_pilot", cheap)
    path = tmp_path / "a.ledger"
    first = _run(path, ["1/2"], samples=100_000)
    assert first.violated
    assert [kept.configuration["generator"] for kept in from_bytes(path.read_bytes())[1]] == ["threefry2x32", "rbg"]
    drawn.clear()
    assert _run(path, ["1/2"], samples=100_000) == first
    assert drawn == []


# ---------------------------------------------------------------- other runs


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"key": 1}, "key: 0 in the ledger, 1 now"),
        ({"cost_max": 2}, r"ranges.cost\[1\]: 1.0 in the ledger, 2.0 now"),
        ({"counted": False}, "costs counted: True in the ledger, False now"),
        ({"utility_range": (-50, 50)}, r"ranges.utility\[0\]: .* now"),
        ({"q": ["1/2"]}, "bins: they lie elsewhere.*\n.*q: .*1/100.* in the ledger, .*1/2.* now"),
        ({"problem": Problem(Continuous("normal(0,1)"), cost="1/(2+exp(-x))")}, "costs.cost: .*now"),
        (
            {"problem": Problem(Continuous("normal(0,2)"), cost="1/(1+exp(-x))")},
            "base.parameters.sd: 1 in the ledger, 2 now",
        ),
        (
            {"problem": Problem(Continuous("normal(0,1)"), utility="2*x", cost="1/(1+exp(-x))")},
            "utility: x in the ledger",
        ),
    ],
)
def test_a_changed_setting_is_named(tmp_path: Path, finished: bytes, change: dict[str, Any], named: str) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(finished)
    with pytest.raises(LedgerError, match=named):
        _run(path, **change)
    assert path.read_bytes() == finished


def test_another_backend_is_refused(tmp_path: Path, finished: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ledger"
    path.write_bytes(finished)
    monkeypatch.setattr(identity, "version", lambda name: "9.9")
    with pytest.raises(LedgerError, match=r"software.jax: .* now(?s:.*)one backend only"):
        _run(path)
    monkeypatch.undo()
    monkeypatch.setattr(identity, "arithmetic", lambda: "jax 9.9 tpu")
    with pytest.raises(LedgerError, match=r"device: .*cpu.* in the ledger, jax 9.9 tpu now(?s:.*)one backend only"):
        _run(path)
    monkeypatch.undo()
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=4")
    _run(path)
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=true")
    with pytest.raises(LedgerError, match=r"device: .*fast_math=true now"):
        _run(path)


def _user_problem(shift: float) -> Problem:
    """Code, of which the source text is always the same."""
    helper: Callable[[Any], Any] = lambda x: x + shift
    return Problem(Generative(lambda key: jax.random.normal(key)), utility=lambda x: helper(x) ** 3)


def test_functions_given_as_code_are_known_by_what_they_compute(tmp_path: Path, drawn: list[int]) -> None:
    path = tmp_path / "a.ledger"
    first = _run(path, ["1/10"], _user_problem(1.0), cost_max=None, samples=100_000)
    drawn.clear()
    assert _run(path, ["1/10"], _user_problem(1.0), cost_max=None, samples=100_000) == first
    assert drawn == []
    with pytest.raises(LedgerError, match=r"bins|program: the code of a function"):
        _run(path, ["1/10"], _user_problem(2.0), cost_max=None, samples=100_000)


def test_a_function_that_differs_nowhere_but_in_code_is_another(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    made = [Problem(Continuous("normal(0,1)"), cost=lambda x, c=c: 0 * x + c) for c in (0.25, 0.5)]
    _run(path, ["1/10"], made[0], samples=100_000)
    with pytest.raises(LedgerError, match="program: the code of a function"):
        _run(path, ["1/10"], made[1], samples=100_000)


def test_a_function_that_calls_back_into_python_is_refused(tmp_path: Path) -> None:
    def utility(x: Any) -> Any:
        return jax.pure_callback(lambda v: np.asarray(v), jax.ShapeDtypeStruct(jnp.shape(x), jnp.float32), x,
                                 vmap_method="expand_dims")  # fmt: skip

    problem = Problem(Generative(jax.random.normal), utility=utility)
    assert _run(None, ["1/10"], problem, cost_max=None, samples=1000).samples == 1000
    with pytest.raises(LedgerError, match="calls back into Python"):
        _run(tmp_path / "a.ledger", ["1/10"], problem, cost_max=None, samples=1000)


# ---------------------------------------------------------------- places and disks


def test_there_is_one_writer(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    with LedgerFile(path), pytest.raises(LedgerError, match="another process is writing"):
        LedgerFile(path)
    with LedgerFile(path):
        assert path.with_name("a.ledger.lock").exists()
    (tmp_path / "a.ledger.lock").touch()  # left behind by a process that was killed
    with LedgerFile(path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_places_where_no_ledger_can_be_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="folder does not exist"):
        LedgerFile(tmp_path / "no" / "a.ledger")
    with pytest.raises(LedgerError, match="not a file"):
        LedgerFile(tmp_path)
    with pytest.raises(LedgerError, match="not a file"):
        LedgerFile("/dev/null")


@contextmanager
def _nobody() -> Iterator[None]:
    """Without the administrator's right to write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_may_not_be_written_to_is_refused() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o555)
        with _nobody(), pytest.raises(LedgerError, match="cannot be written to: Permission denied"):
            LedgerFile(Path(name) / "a.ledger")
        Path(name).chmod(0o777)
        with _nobody(), LedgerFile(Path(name) / "a.ledger"):
            pass
        secret = Path(name) / "b.ledger"
        secret.write_bytes(b"")
        secret.chmod(0)
        with _nobody(), pytest.raises(LedgerError, match="cannot be read: Permission denied"):
            LedgerFile(secret)


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond a size: the system itself refuses to write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_last_ledger(tmp_path: Path, alone: WorldSimulation) -> None:
    path = tmp_path / "a.ledger"
    with pytest.raises(KeyboardInterrupt):
        _run(path, workers=Stopping(2, KeyboardInterrupt()))
    before = path.read_bytes()
    with _largest_file(len(before) // 2), pytest.raises(LedgerError, match="could not be written: File too large"):
        _run(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert _run(path) == alone


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_each_step_of_writing_may_fail(
    tmp_path: Path, alone: WorldSimulation, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*arguments: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "a.ledger"
    with pytest.raises(KeyboardInterrupt):
        _run(path, workers=Stopping(1, KeyboardInterrupt()))
    before = path.read_bytes()
    monkeypatch.setattr(os, call, full)
    with pytest.raises(LedgerError, match=r"No space left on device(?s:.*)goes on from there"):
        _run(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert _run(path) == alone


def test_an_error_of_the_run_is_not_hidden_by_one_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise LedgerError("full")

    monkeypatch.setattr("qtheory.montecarlo.keeping.ledger_file.publish", full)
    with pytest.raises(KeyboardInterrupt), LedgerFile(tmp_path / "a.ledger", every=1e9) as ledger:
        simulate_problem(
            PROBLEM, ["1/10"], 1, SAMPLES, engine=Engine(keeper=ledger, workers=Stopping(2, KeyboardInterrupt()))
        )
    assert list(tmp_path.iterdir()) == []


def test_a_device_without_room_is_explained_and_loses_nothing(tmp_path: Path, alone: WorldSimulation) -> None:
    path, no_room = tmp_path / "a.ledger", "RESOURCE_EXHAUSTED: Out of memory allocating 99 bytes."
    with pytest.raises(OutOfDeviceMemory, match=r"99 bytes(?s:.*)--sum-costs"):
        _run(path, workers=Stopping(2, jax.errors.JaxRuntimeError(no_room)))
    assert from_bytes(path.read_bytes())[1][0].draws == 2 * STINT
    assert _run(path) == alone
    with pytest.raises(RuntimeError, match="INTERNAL"):
        _run(None, workers=Stopping(0, jax.errors.JaxRuntimeError("INTERNAL: something else")))


def test_one_update_at_a_time(tmp_path: Path) -> None:
    with LedgerFile(tmp_path / "a.ledger", every=1e9) as ledger:
        with suppress(KeyboardInterrupt):
            workers = Stopping(2, KeyboardInterrupt())
            simulate_problem(PROBLEM, ["1/10"], 1, SAMPLES, engine=Engine(keeper=ledger, workers=workers))
        with ledger._writing:
            ledger.update(wait=False)
        assert ledger.draws == 0
        ledger.update(wait=False)
        assert ledger.draws == 2 * STINT


def test_pieces_of_draws_that_do_not_add_up_are_refused(tmp_path: Path, finished: bytes) -> None:
    path = tmp_path / "a.ledger"
    asked, (kept,) = from_bytes(finished)
    path.write_bytes(to_bytes(asked, [replace(kept, draws=kept.draws - 1)]))
    with pytest.raises(DamagedLedger, match="not those of its draws"):
        _run(path)


def test_a_link_leads_to_one_file_with_one_lock(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    link.symlink_to(real)
    with LedgerFile(link), pytest.raises(LedgerError, match="another process"):
        LedgerFile(real).__enter__()
    assert link.is_symlink()
