"""Workers: whoever does the stints, the sums are the same, what is refused is refused alike, and the dead are replaced."""

from __future__ import annotations

import json
import re
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import fields, replace

import jax
import numpy as np
import pytest
from layouts import digest, out_of_range, refusal_by, work

from qtheory.base.continuous import Continuous
from qtheory.base.generative import Generative
from qtheory.errors import DocumentError, InvalidInput, NotAvailable, WorkersFailed
from qtheory.montecarlo.accumulate import accumulate, growing_sums
from qtheory.montecarlo.bin_map import BinMap
from qtheory.montecarlo.columns import STINT, Columns
from qtheory.montecarlo.engine import Engine
from qtheory.montecarlo.pass_document import pass_from_text, pass_to_text
from qtheory.montecarlo.simulate import simulate_problem
from qtheory.montecarlo.stream import Pass
from qtheory.montecarlo.windows import Windows
from qtheory.montecarlo.workers import Executors, Mesh, Processes, Threads
from qtheory.montecarlo.workers.calls import Crew
from qtheory.montecarlo.workers.processes import shares_of, total
from qtheory.montecarlo.workers.remote import parcel_of_stints, read_parcel
from qtheory.problem import Problem

SHORT = 2 * STINT + 12_345


class Mortal(Executor):
    """One thread whose first calls fail with an error each; a broken one takes no more calls, as a process pool."""

    def __init__(self, *failures: Exception):
        self.pool, self.failures, self.calls, self.broken = ThreadPoolExecutor(1), list(failures), 0, False

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.calls += 1
        if self.broken:
            raise BrokenProcessPool("broken before")
        if not self.failures:
            return self.pool.submit(fn, *args, **kwargs)
        failed: Future[bytes] = Future()
        failed.set_exception(self.failures.pop(0))
        self.broken = isinstance(failed.exception(), BrokenProcessPool)
        return failed


@pytest.fixture(scope="module")
def expected() -> str:
    return digest(accumulate(work(samples=SHORT), Threads(1)))


def shown(workers: object) -> str:
    """A name that is the same in every process."""
    return re.sub(r"<[^>]*>", "pool", str(workers))


@pytest.mark.parametrize(
    "workers",
    [
        Threads(3),
        Mesh(1),
        Processes(),
        Processes(Mesh(1), group=2),
        Processes().by_stint(),
        Executors(ThreadPoolExecutor(2)),
        Executors(ThreadPoolExecutor(2)).by_stint(),
        Executors(ThreadPoolExecutor(2), group=2, under_way=1),
    ],
    ids=shown,
)
def test_whoever_does_the_stints_the_sums_are_the_same_bytes(workers, expected: str) -> None:
    assert digest(accumulate(work(samples=SHORT), workers)) == expected


def test_other_draws_have_other_bytes(expected: str) -> None:
    assert digest(accumulate(work(samples=SHORT - 1))) != expected
    assert digest(accumulate(replace(work(samples=SHORT), seed=4))) != expected


@pytest.mark.parametrize("workers", [Mesh(1), Processes(), Executors(ThreadPoolExecutor(1))], ids=shown)
def test_a_part_of_the_stints_can_be_asked_for(workers) -> None:
    given = work()
    parts = [list(workers.run(given, first, stop)) for first, stop in ((1, 2), (2, 5), (5, 5))]
    assert [sum(count for count, _ in part) for part in parts] == [1, 3, 0]
    assert digest(parts[0][0][1]) == digest(given.sums_of(1))


@pytest.mark.parametrize("workers", [Mesh(1), Processes(), Executors(ThreadPoolExecutor(1))], ids=shown)
def test_all_refuse_the_same_draw_with_the_same_words(workers) -> None:
    said = refusal_by(Threads(1))
    assert "lies outside its declared range at draw" in said
    assert refusal_by(workers) == said


def test_the_refused_draw_is_not_in_the_first_stint() -> None:
    assert int(out_of_range().sums_of(0).counts.sum()) == STINT


@pytest.mark.parametrize("failure", [OSError("gone"), MemoryError(), RuntimeError("KilledWorker")], ids=repr)
def test_a_call_that_fails_is_made_again(failure: Exception, expected: str) -> None:
    mortal = Mortal(failure, failure)
    assert digest(accumulate(work(samples=SHORT), Executors(mortal))) == expected
    assert mortal.calls == 3 + 2


def test_a_broken_executor_is_replaced_where_it_can_be(expected: str) -> None:
    made: list[Mortal] = []

    def make() -> Executor:
        made.append(Mortal(*[BrokenProcessPool("died")] * (not made)))
        return made[-1]

    assert digest(accumulate(work(samples=SHORT), Executors(make))) == expected
    assert len(made) == 2
    with pytest.raises(WorkersFailed, match="failed 3 times") as caught:
        accumulate(work(samples=SHORT), Executors(Mortal(BrokenProcessPool("died"))))
    assert "give a function that makes the executor" in str(caught.value)


def test_a_call_that_always_fails_is_given_up() -> None:
    mortal = Mortal(*[OSError("gone")] * 9)
    with pytest.raises(WorkersFailed, match="failed 2 times") as caught:
        accumulate(work(samples=SHORT), Executors(mortal, attempts=2, under_way=1))
    assert "OSError: gone" in str(caught.value) and mortal.calls == 2


def test_errors_of_ours_are_not_tried_again() -> None:
    mortal = Mortal(DocumentError("not a pass"))
    with pytest.raises(DocumentError):
        accumulate(work(samples=SHORT), Executors(mortal, under_way=1))
    assert mortal.calls == 1


def test_a_problem_given_as_code_is_not_sent() -> None:
    code = Problem(Generative(jax.random.normal), utility=lambda action: action)
    half = Problem(Continuous("normal(0,1)"), utility=lambda action: action)
    for problem in (code, half):
        with pytest.raises(NotAvailable, match="given as code is not sent"):
            simulate_problem(problem, "1/10", engine=Engine(workers=Executors(ThreadPoolExecutor(1))))


def test_a_pass_survives_being_written() -> None:
    windows = Windows(*(np.array(column, np.int64) for column in ([5, 9], [0, 17], [0, 2], [100, 30])))
    for given in (work(), replace(work(), generator="rbg", stream=7), work().within(windows)):
        back = pass_from_text(pass_to_text(given))
        assert pass_to_text(back) == pass_to_text(given)
        assert (back.problem, back.ranges, back.columns) == (given.problem, given.ranges, given.columns)
        plain = [field.name for field in fields(Pass) if isinstance(getattr(given, field.name), int | str)]
        assert {"samples", "seed", "generator", "stream"} <= set(plain)
        assert all(getattr(back, name) == getattr(given, name) for name in plain)
        assert {field.name for field in fields(Pass)} <= json.loads(pass_to_text(given)).keys()
        for name in (field.name for field in fields(BinMap)):
            mine, theirs = getattr(given.bins, name), getattr(back.bins, name)
            assert mine.dtype == theirs.dtype and np.array_equal(mine, theirs)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"type": "pass", "schema": 1}', '{"type": "pass", "schema": 2}'])
def test_text_that_is_no_pass_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        pass_from_text(text)


def test_another_version_of_qtheory_is_refused() -> None:
    text = pass_to_text(work())
    with pytest.raises(DocumentError, match="another version"):
        pass_from_text(text.replace('"qtheory": "', '"qtheory": "9'))


def test_answers_are_checked() -> None:
    given = work(samples=STINT)
    answer = parcel_of_stints(pass_to_text(given), 0, 1)
    assert digest(read_parcel(answer, given.columns).tables) == digest(given.sums_of(0))
    for bad in (b"", answer[:-9], answer[50:], b"{}\n" + answer):
        with pytest.raises(DocumentError, match="cannot be read"):
            read_parcel(bad, given.columns)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_parcel(answer, Columns(1))


def test_workers_that_round_otherwise_are_not_mixed() -> None:
    crew = Crew(ThreadPoolExecutor(1))
    crew.require_alike("jax 0.10.2 cpu 1")
    crew.require_alike("jax 0.10.2 cpu 1")
    with pytest.raises(InvalidInput, match="do not compute alike"):
        crew.require_alike("jax 0.10.2 cpu 2")


def test_more_devices_than_there_are_are_refused() -> None:
    for count in (len(jax.local_devices()) + 1, 0, True):
        with pytest.raises(InvalidInput, match="not as many devices"):
            accumulate(work(samples=SHORT), Mesh(count))


def test_rounds_are_fair_and_leave_nothing_out() -> None:
    for stints in (range(1), range(7), range(3, 100)):
        for processes in (1, 2, 5):
            for most in (1, 8):
                shares, start = shares_of(stints, processes, most), stints.start
                assert [share.start for share in shares] == [
                    start + sum(map(len, shares[:k])) for k in range(processes)
                ]
                assert sum(map(len, shares)) == min(len(stints), processes * most)
                assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_totals_are_whole_numbers_of_64_bits() -> None:
    numbers = np.array([2**62 + 1, -(2**62) - 1, 2**32, 0])
    assert total(numbers).tolist() == numbers.tolist() and total(numbers).dtype == np.int64


def test_a_run_that_stops_early_sees_every_stint() -> None:
    for workers in (Threads(2), Processes().by_stint(), Executors(ThreadPoolExecutor(2), group=9).by_stint()):
        assert [sums.stints for sums in growing_sums(work(), workers)] == [1, 2, 3, 4, 5]


def test_exact_quantiles_are_the_same_numbers_with_an_executor() -> None:
    problem = Problem(Continuous("normal(0,1)"), "x+1.5*exp(-2*(x-1)**2)")
    runs = [
        simulate_problem(
            problem, ["1/10", "1/1000"], samples=200_000, key=5, engine=Engine(exact=True, workers=workers)
        )
        for workers in (None, Mesh(1), Executors(ThreadPoolExecutor(1)))
    ]
    assert runs[0] == runs[1] == runs[2]
