"""Runs a page as a reader would: block after block, in one session, in the folder where this was started.

python run_page.py PAGE

A block with prompts must print what it shows. So must a program with a block of output right below it, and a `console`
block with a `qtheory` command. A program whose first line is a comment with a file's name is also written to that file.
"""

from __future__ import annotations

import doctest
import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

from page_blocks import Block, blocks

_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def run(page: Path) -> list[str]:
    """What went otherwise than the page says."""
    names: dict[str, object] = {"__name__": "__main__"}
    wrong: list[str] = []
    printed = ""
    for block in blocks(page.read_text(encoding="utf-8")):
        place = f"{page.name}:{block.line}"
        if block.language == "python" and block.is_session:
            wrong += _session(block, names, place)
        elif block.language == "python":
            printed = _program(block, names, place)
        elif block.language == "console" and block.text.startswith("$ qtheory "):
            wrong += _console(block, place)
        elif block.language == "" and block.follows and printed:
            wrong += [] if block.text == printed else [f"{place}: shown is\n{block.text}and printed is\n{printed}"]
        printed = printed if block.language == "python" and not block.is_session else ""
    return wrong


def _session(block: Block, names: dict[str, object], place: str) -> list[str]:
    test = doctest.DocTestParser().get_doctest(block.text, names, place, place, block.line)
    said = io.StringIO()
    doctest.DocTestRunner(optionflags=_FLAGS).run(test, out=said.write, clear_globs=False)
    names.update(test.globs)
    return [said.getvalue()] if said.getvalue() else []


def _program(block: Block, names: dict[str, object], place: str) -> str:
    named = re.match(r"# (\w+\.py)\n", block.text)
    if named is not None:
        Path(named[1]).write_text(block.text, encoding="utf-8")
    stream = io.StringIO()
    with redirect_stdout(stream):
        exec(compile(block.text, place, "exec"), names)  # the page's own text
    return stream.getvalue()


def _console(block: Block, place: str) -> list[str]:
    from qtheory.cli.main import run as command

    first, _, shown = block.text.partition("\n")
    stream = io.StringIO()
    with redirect_stdout(stream):
        command(first.removeprefix("$ qtheory ").split())
    pattern = re.escape(shown.strip()).replace(re.escape("(...)"), r"\(.*\)")
    printed = stream.getvalue().strip()
    return [] if re.fullmatch(pattern, printed) else [f"{place}: shown is\n{shown}\nand printed is\n{printed}"]


if __name__ == "__main__":
    found = run(Path(sys.argv[1]))
    print("\n".join(found))
    sys.exit(bool(found))
