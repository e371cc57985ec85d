"""The pages that people read, and the blocks of code on them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Written when the site is built, from files that are checked where they lie.
GENERATED = ("claims", "notebooks", "contributing.md", "derivations.md")
_FENCE = re.compile(
    r"^(?P<ticks>```+|:::+)(?P<language>[^\s`]*)[^\n]*\n(?P<text>.*?)^(?P=ticks)[ ]*$", re.DOTALL | re.MULTILINE
)
_COMMAND = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*qtheory +(?P<rest>.*)$", re.MULTILINE)
_IN_PROSE = re.compile(r"`qtheory ([^`]+)`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line on which the text begins, and whether it follows the last one."""

    language: str
    text: str
    line: int
    follows: bool

    @property
    def is_session(self) -> bool:
        return self.text.lstrip().startswith(">>>")


def pages() -> list[Path]:
    """Every page, by being there: a new one cannot be forgotten."""
    docs = ROOT / "docs"
    written = [path for path in docs.rglob("*.md") if path.relative_to(docs).parts[0] not in GENERATED]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "proofs" / "README.md", *sorted(written)]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(text: str) -> list[Block]:
    """The blocks of a page in order, also those within a container; directives of the site are none.

    >>> [block.language for block in blocks("```python\\n1\\n```\\n\\n```{toctree}\\n```\\n")]
    ['python']
    """
    text = re.sub(r"^:::.*$", "", text, flags=re.MULTILINE)
    found, end = [], 0
    for match in _FENCE.finditer(text):
        if "{" not in match["language"]:
            line = text.count("\n", 0, match.start("text")) + 1
            follows = not text[end : match.start()].strip()
            found.append(Block(match["language"], match["text"], line, bool(found) and follows))
        end = match.end()
    return found


def prose(text: str) -> str:
    """A page without its blocks."""
    return _FENCE.sub("", text)


def commands(text: str) -> list[list[str]]:
    """The words after `qtheory` of every command on a page, in blocks and in the prose."""
    shown = [block.text for block in blocks(text) if block.language in {"", "console", "sh"}]
    lines = [match["rest"] for each in shown for part in each.split("&&") for match in _COMMAND.finditer(part.strip())]
    lines += [" ".join(rest.split()) for rest in _IN_PROSE.findall(prose(text))]
    return [[word for word in shlex.split(line, comments=True) if word != "..."] for line in lines]
