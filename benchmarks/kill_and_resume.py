"""Does a run that is killed again and again end in the same bytes?

Set-up: `qtheory simulate --ledger` of 2e8 draws with two costs, every other run with --exact, in processes of their own
that are killed with SIGKILL at random moments: while they start, compile, draw, write the ledger, refine, or print. Each
process has another number of threads, from 1 to 5, and of pretended devices. A run is started again until it ends; its
JSON, and the sums in its ledger, are compared with those of a run that was left alone. Then every bit of some bytes
of the ledger is flipped, one at a time, and the ledger is cut off at random lengths.

    python benchmarks/kill_and_resume.py [KILLS] [SEED]

Result (two cores shared with other work, seed 7): 100 kills, 90 of them with draws in the ledger; 22 runs ended, all in
the same bytes. 20,000 of 20,000 flips and 2,000 of 2,000 cuts were refused.

Conclusion: yes.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from qtheory.errors import DamagedLedger
from qtheory.montecarlo.keeping.document import Kept, canonical, from_bytes

JOB = ["simulate", "--base", "normal(0,1)", "--utility", "x+3/2*exp(-2*(x-1)**2)", "--cost", "1/(1+exp(-x))",
       "--cost-max", "1", "--q", "1/1000,1/100,1/10", "--samples", "2e8", "--json"]  # fmt: skip
FLIPS, CUTS = 20_000, 2_000


def start(arguments: list[str], printed: Path, threads: int, devices: int) -> int:
    """A process that runs the command; forked before JAX has started, to save the imports."""
    pid = os.fork()
    if pid:
        return pid
    os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={devices}"
    os.cpu_count = lambda: threads  # type: ignore[assignment]
    os.dup2(os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
    from qtheory.cli.main import run

    code = run(arguments)
    sys.stdout.flush()
    os._exit(code)


def ended(pid: int, seconds: float) -> bool:
    """Whether a process ends by itself in time; if not, it is killed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            assert os.waitstatus_to_exitcode(status) == 0, status
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def digest(ledger: Path) -> str:
    """Of the sums in a ledger, in the order of their configurations."""
    passes: list[Kept] = sorted(from_bytes(ledger.read_bytes())[1], key=lambda kept: canonical(kept.configuration))
    return hashlib.sha256(b"".join(piece for kept in passes for piece in kept.pieces)).hexdigest()


def refusals(data: bytes, rng: random.Random) -> tuple[int, int]:
    """How many flips of one bit, and how many cuts, are refused."""
    flipped = cut = 0
    for place in rng.sample(range(len(data)), FLIPS):
        bad = bytearray(data)
        bad[place] ^= 1 << rng.randrange(8)
        flipped += refused(bytes(bad))
    for size in rng.sample(range(len(data)), CUTS):
        cut += refused(data[:size])
    return flipped, cut


def refused(data: bytes) -> bool:
    try:
        from_bytes(data)
    except DamagedLedger:
        return True
    return False


def main() -> None:
    wanted, rng = int((sys.argv[1:] or ["100"])[0]), random.Random(int((sys.argv[2:] or ["0"])[0]))
    import qtheory.cli.simulate
    import qtheory.montecarlo.keeping.ledger_file
    import qtheory.montecarlo.simulate  # noqa: F401

    with tempfile.TemporaryDirectory() as name:
        folder, kills, whole, partial, longest = Path(name), 0, 0, 0, 0.0
        left_alone = {}
        for way in ((), ("--exact",)):
            ledger, printed = folder / f"alone{len(way)}.ledger", folder / f"alone{len(way)}.json"
            begin = time.monotonic()
            assert ended(start([*JOB, *way, "--ledger", str(ledger)], printed, 2, 1), 600)
            longest = max(longest, time.monotonic() - begin)
            left_alone[way] = printed.read_bytes(), digest(ledger)
        print(f"left alone: {longest:.1f} s, {ledger.stat().st_size} bytes", flush=True)
        while kills < wanted:
            way = ((), ("--exact",))[whole % 2]
            ledger, printed = folder / f"{whole}.ledger", folder / f"{whole}.json"
            while True:
                pid = start([*JOB, *way, "--ledger", str(ledger)], printed, rng.randint(1, 5), rng.randint(1, 3))
                if ended(pid, rng.uniform(0.0, 0.7 * longest) if kills < wanted else 600):
                    break
                kills += 1
                partial += ledger.exists()
            assert (printed.read_bytes(), digest(ledger)) == left_alone[way], "other bytes"
            whole += 1
            print(f"{kills} kills, {partial} of them with draws in the ledger; {whole} runs, same bytes", flush=True)
        print("flips and cuts refused:", *refusals(ledger.read_bytes(), rng), "of", FLIPS, CUTS)


if __name__ == "__main__":
    main()
