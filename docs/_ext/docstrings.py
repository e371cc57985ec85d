r"""Docstrings as reStructuredText: `$...$` is mathematics, and a single backtick is code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sphinx.application import Sphinx

_PIECE = re.compile(r"\$\$(?P<block>.+?)\$\$|\$(?P<math>[^$]+?)\$|(?<!`)`(?P<code>[^`]+)`(?!`)", re.DOTALL)


# An empty comment.
_COMMENT = ["..", ""]


def as_rst(lines: Iterable[str]) -> list[str]:
    r"""The lines of a docstring, with mathematics and code marked; examples are left as they are.

    >>> as_rst(["The level $q$, see `Finite`.", "", ">>> price = '$q$'"])
    ['The level :math:`q`, see ``Finite``.', '', ">>> price = '$q$'"]
    """
    rst: list[str] = []
    for example, text in _pieces(_one_a_line(lines)):
        rst += text.split("\n") if example else _marked(text).split("\n")
    return rst


def _one_a_line(lines: Iterable[str]) -> Iterator[str]:
    """`a: this; b: that` in a section of arguments becomes two entries, also where it goes on in the next line."""
    for line in lines:
        names = re.findall(r"(?:^\s+|; )([a-z_]\w*(?:, [a-z_]\w*)*): ", line)
        indent = line[: len(line) - len(line.lstrip())]
        if len(names) > 1 and indent:
            yield from (f"{indent}{entry}" for entry in re.split(r"; (?=[a-z_]\w*(?:, [a-z_]\w*)*: )", line.strip()))
        else:
            yield line


def _pieces(lines: Iterable[str]) -> Iterator[tuple[bool, str]]:
    """(is it an example, its text): an example begins with a prompt and ends with an empty line."""
    kept: list[str] = []
    example = False
    for line in lines:
        begins = line.lstrip().startswith(">>>")
        if (begins and not example) or (example and not line.strip()):
            if kept:
                yield example, "\n".join(kept)
            kept, example = [], begins
        kept.append(line)
    if kept:
        yield example, "\n".join(kept)


def _marked(text: str) -> str:
    out, end = "", 0
    for match in _PIECE.finditer(text):
        out += _plain(text[end : match.start()]) + _piece(match, text)
        end = match.end()
    return out + _plain(text[end:])


def _plain(text: str) -> str:
    # a bar or a trailing underscore would begin a reference
    return re.sub(r"(?<=\w)_(?!\w)", r"\\_", text.replace("|", r"\|"))


def _piece(match: re.Match[str], text: str) -> str:
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    indent = line[: len(line) - len(line.lstrip())]
    if match["block"] is not None:
        body = " ".join(match["block"].split())
        return f"\n\n{indent}.. math:: {body}\n\n{indent}"
    marked = f":math:`{' '.join(match['math'].split())}`" if match["math"] else f"``{' '.join(match['code'].split())}``"
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return ("\\ " if before.isalnum() else "") + marked + ("\\ " if after.isalnum() else "")


def _on_docstring(app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    # napoleon would take what stands before a colon in the first line of an attribute for its type
    lines[:] = _COMMENT * (what in {"property", "attribute"}) + as_rst(lines)


def readable(signature: str) -> str:
    """A signature without defaults that are no Python, which would keep it from being understood.

    >>> readable("(a: int, b: dict[str, int] = <factory>)")
    '(a: int, b: dict[str, int] = ...)'
    """
    return re.sub(r"= ?<[^<>]*(?:<[^<>]*>)?[^<>]*>", "= ...", signature)


def _on_signature(
    app: Sphinx, what: str, name: str, obj: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    return (None if signature is None else readable(signature)), returns


def setup(app: Sphinx) -> dict[str, bool]:
    # before napoleon, which turns sections into fields
    app.connect("autodoc-process-docstring", _on_docstring, priority=100)
    app.connect("autodoc-process-signature", _on_signature)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
