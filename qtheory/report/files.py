r"""Files that are there whole or not at all, in folders that are made when there is something to put in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from qtheory.errors import InvalidInput


def write_files(folder: Path, texts: Mapping[str, str], what: str) -> tuple[Path, ...]:
    """Writes texts by the names of their files, in a folder that is made if need be; never half of one.

    All are written beside their places before the first is put there.

    Args:
        folder: where to.
        texts: by the names of their files.
        what: they are, such as "the report".

    Returns:
        The files.

    Raises:
        InvalidInput: they cannot be written; files that were there are as they were.
    """
    made = not folder.exists()
    drafts = {folder / f".{name}.{os.getpid()}": folder / name for name in texts}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for draft, text in zip(drafts, texts.values(), strict=True):
            draft.write_text(text, encoding="utf-8")
        for draft, file in drafts.items():
            os.replace(draft, file)
    except OSError as error:
        problem = f"{what} cannot be written: {error.strerror or error}"
        remedy = "make room, or name a folder that you may write to"
        raise InvalidInput(problem, got=str(folder), remedy=remedy) from error
    finally:
        for draft in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        if made:  # and empty, which is when this goes through
            with suppress(OSError):
                folder.rmdir()
    return tuple(drafts.values())
