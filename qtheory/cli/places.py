"""Folders that a command writes to at its end, tried before it begins."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from qtheory.errors import InvalidInput


def check_folder(folder: Path | None, option: str) -> None:
    """Refuses a folder that cannot be made or written to, so that a run of minutes does not end in such a place.

    Nothing is made: a run that is interrupted leaves no empty folder.

    Args:
        folder: None where the option is not given.
        option: as it is typed, such as "--plot".

    Raises:
        InvalidInput: it cannot be made, or not be written to.
    """
    if folder is None:
        return
    # what is there of the way to it, if it is not there itself
    there = next(place for place in (folder, *folder.absolute().parents) if os.path.lexists(place))
    try:
        # nameless where the system can do that
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        why = error.strerror or error
        problem = f"you may not write to the folder of {option}: {why}"
        if there != folder:
            problem = f"the folder of {option} cannot be made in {there}: {why}"
        raise InvalidInput(problem, got=str(folder), remedy=f"give {option} a folder of yours") from error
