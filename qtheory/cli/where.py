"""Where a sample is drawn: several devices, several processes of one launch, or a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from qtheory.errors import InvalidInput

if TYPE_CHECKING:
    from qtheory.montecarlo.workers import AbstractWorkers

_ADDRESS, _COUNT, _PLACE = "JAX_COORDINATOR_ADDRESS", "JAX_NUM_PROCESSES", "JAX_PROCESS_ID"
_DASK = "dask://"


def where_options(command: Any) -> Any:
    """The options that say where to draw."""
    command = click.option("--executor", metavar="dask://HOST:PORT", help="Draw on the workers of a Dask cluster.")(
        command
    )
    text = "Draw on N devices of this host; on a CPU, on N threads that pass for devices."
    return click.option("--devices", type=click.IntRange(1, 4096), metavar="N", help=text)(command)


@contextmanager
def workers_of(given: dict[str, Any]) -> Iterator[AbstractWorkers | None]:
    """Who draws, as the options and the environment say; None for threads on the default device.

    Raises:
        InvalidInput: options that do not go together, fewer devices than asked for, or processes that do not meet.
        MissingExtra: a Dask cluster is asked for, and its client is not installed.
    """
    from qtheory.montecarlo.workers import Executors, Mesh, Processes

    devices, executor = given["devices"], given["executor"]
    if executor is not None:
        if devices is not None or _ADDRESS in os.environ:
            got = "--devices" if devices is not None else _ADDRESS
            raise InvalidInput("--executor draws elsewhere, and not here", got=got, remedy="leave out one of the two")
        with _dask_client(executor) as client:
            yield Executors(client.get_executor())
        return
    if devices is not None:
        _prepare(devices)
    mesh = None if devices is None else Mesh(devices)
    if join_processes():
        yield Processes() if mesh is None else Processes(mesh)
    else:
        yield mesh


def leads() -> bool:
    """Whether this process is the one that prints and writes."""
    import jax

    return not joined() or jax.process_index() == 0


def joined() -> bool:
    """Whether this process is one of several."""
    import jax

    return jax.distributed.is_initialized()


def join_processes() -> bool:
    """Join the processes of one launch, if the environment says that there are several.

    `JAX_COORDINATOR_ADDRESS` is the host and port of the first; `JAX_NUM_PROCESSES` and `JAX_PROCESS_ID` may be left
    out under a launcher that JAX knows, such as Slurm or Open MPI.
    """
    import jax

    if joined():
        return True
    if _ADDRESS not in os.environ:
        return False
    count, place = _whole_number(_COUNT), _whole_number(_PLACE)
    try:
        jax.distributed.initialize(os.environ[_ADDRESS], count, place)
    except (ValueError, RuntimeError) as error:
        got = {name: os.environ.get(name) for name in (_ADDRESS, _COUNT, _PLACE)}
        remedy = f"set {_COUNT} and {_PLACE} too, the latter from 0 on, or unset {_ADDRESS}"
        raise InvalidInput(f"the processes do not meet: {error}", got=got, remedy=remedy) from error
    _meet()
    return True


def _meet() -> None:
    """The first exchange; the library that carries it announces that on standard output, which is for results."""
    from qtheory.montecarlo.workers.processes import require_alike

    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        require_alike()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _whole_number(name: str) -> int | None:
    text = os.environ.get(name)
    if text is None or (text.isascii() and text.isdigit()):
        return None if text is None else int(text)
    raise InvalidInput(f"{name} is not a whole number", got=text)


def _prepare(devices: int) -> None:
    """Make a CPU pass for several devices, which must be settled before anything is computed."""
    import jax

    from qtheory.montecarlo.workers.mesh import local_devices

    try:
        jax.config.update("jax_num_cpu_devices", devices)
    except RuntimeError:
        local_devices(devices)  # too late to change; there may be enough


@contextmanager
def _dask_client(address: str) -> Iterator[Any]:
    if not address.startswith(_DASK) or ":" not in address.removeprefix(_DASK):
        raise InvalidInput("not the address of an executor", got=address, allowed="dask://HOST:PORT")
    try:
        from distributed import Client
    except ImportError as error:
        from qtheory.errors import MissingExtra

        remedy = "pip install 'qtheory[scale]', here and on the workers"
        raise MissingExtra("a Dask cluster needs dask and distributed, of the extra `scale`", remedy=remedy) from error
    try:
        client = Client(f"tcp://{address.removeprefix(_DASK)}", timeout=10)
    except (OSError, ValueError) as error:  # a TimeoutError is an OSError
        remedy = "start a scheduler with `dask scheduler`, and workers with `dask worker HOST:PORT`"
        raise InvalidInput("no Dask scheduler answers", got=address, remedy=remedy) from error
    with client:
        yield client
