r"""Publishing a file in one step, and keeping a second writer out."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from qtheory.errors import LedgerError


def publish(path: Path, data: bytes) -> None:
    """Put bytes in the place of a file, so that a reader sees the old ones or the new ones, whatever happens.

    Only the holder of the file's `WriterLock` may call it: all publications go through one temporary file.

    Raises:
        LedgerError: a full disk, or whatever else the system refuses; the file is what it was.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        _write_through(draft, data)
        os.replace(draft, path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise LedgerError(
            f"the ledger could not be written: {error.strerror or error}",
            got=f"{len(data)} bytes for {path}",
            remedy="make room; the ledger is as it was last written, and the same command goes on from there",
        ) from error


def require_place(path: Path) -> None:
    """Refuse a path at which there cannot be a file.

    Raises:
        LedgerError: a folder, or a path in no folder.
    """
    if not path.parent.is_dir():
        raise LedgerError("the ledger's folder does not exist", got=str(path.parent), remedy="make the folder first")
    if path.exists() and not path.is_file():
        raise LedgerError("the ledger is not a file", got=str(path), allowed="the path of a file, or of nothing yet")


def read(path: Path) -> bytes | None:
    """The bytes of a file; None if there is none.

    Raises:
        LedgerError: a file that may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LedgerError(f"the ledger cannot be read: {error.strerror or error}", got=str(path)) from error


class WriterLock:
    """The right to write a file, held by one process at a time, and given up by the system when the process ends.

    Args:
        path: the file; the lock is a file beside it, for the file itself is replaced again and again.

    Raises:
        LedgerError: another process holds it, or the folder may not be written to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}.lock")
        self._handle = self._opened()

    def release(self) -> None:
        """Remove the lock; another process may take it."""
        with suppress(OSError):  # where open files cannot be removed, an unlocked one stays behind, and does no harm
            self.path.unlink(missing_ok=True)
        os.close(self._handle)

    def _opened(self) -> int:
        while True:
            try:
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
            except OSError as error:
                what = f"the ledger's folder cannot be written to: {error.strerror or error}"
                raise LedgerError(what, got=str(self.path.parent), allowed="a folder of yours") from error
            if not _locked(handle):
                os.close(handle)
                remedy = "let it end, or give this run a ledger of its own"
                got = str(self.path.with_suffix(""))
                raise LedgerError("another process is writing this ledger", got=got, remedy=remedy)
            if _is_still(self.path, handle):
                return handle
            os.close(handle)  # its holder removed it in the meantime: a lock on nothing


def _locked(handle: int) -> bool:
    """Take the lock if nobody has it; where there is no `fcntl`, the first byte is locked instead."""
    try:
        import fcntl
    except ImportError:
        return _first_byte_locked(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        what = f"the ledger cannot be locked: {error.strerror or error}"
        raise LedgerError(what, remedy="keep it on a file system with locks, such as a local disk") from error
    return True


def _first_byte_locked(handle: int) -> bool:
    import msvcrt

    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _write_through(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name last; where folders cannot be opened, the system sees to it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
