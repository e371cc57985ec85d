"""Writes the pictures that docs/figures.md shows: runs every block of that page in the style for a post.

python docs/figures/make.py
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

import matplotlib

import qtheory as qt

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "figures.md"
DPI = 100


def blocks() -> list[str]:
    """The Python blocks of the page, in order."""
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


def pictures() -> list[str]:
    """The names of the pictures the page shows."""
    return re.findall(r"\]\(figures/([a-z_]+\.png)\)", PAGE.read_text(encoding="utf-8"))


def run_page(folder: Path) -> None:
    """Run all blocks in one namespace, with the folder as the working directory."""
    before, names = Path.cwd(), {"__name__": "page"}
    os.chdir(folder)
    try:
        with qt.plots.style("post"):
            matplotlib.rcParams["savefig.dpi"] = DPI
            for block in blocks():
                exec(compile(block, str(PAGE), "exec"), names)
    finally:
        os.chdir(before)


def make() -> None:
    """Run the page elsewhere and keep what it shows, with the records."""
    with tempfile.TemporaryDirectory() as place:
        run_page(Path(place))
        for name in pictures():
            for file in (name, f"{name}.json"):
                shutil.copyfile(Path(place) / file, FOLDER / file)


if __name__ == "__main__":
    make()
