"""Progress on stderr, where somebody is watching."""

from __future__ import annotations

import sys


class Progress:
    """One line on stderr that is overwritten; silent when stderr is not a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, slug: str, reading: str) -> None:
        if self._shown:
            sys.stderr.write(f"\r\033[2K{reading} {slug}")
            sys.stderr.flush()

    def done(self) -> None:
        if self._shown:
            sys.stderr.write("\r\033[2K")
            sys.stderr.flush()
