"""Mathematics as MathML, made while the site is built, so that a page needs no script and no network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
_TEXT = re.compile(r">([^<]*)<")


class UnknownMathematics(ValueError):
    """LaTeX that has no faithful translation here."""


def to_mathml(latex: str, *, display: bool) -> str:
    r"""LaTeX as a `math` element.

    The converter passes what it does not know on as text, so text that still looks like LaTeX is refused.

    >>> to_mathml(r"x \\le 1", display=False)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>x</mi><mo>&#x02264;</mo><mn>1</mn></mrow></math>'
    """
    try:
        found = convert(latex, display="block" if display else "inline")
    except Exception as error:  # the converter raises many kinds
        raise UnknownMathematics(f"{latex!r}: {type(error).__name__} {error}") from error
    if left := [text for text in _TEXT.findall(found) if "\\" in text or "$" in text]:
        raise UnknownMathematics(f"{latex!r}: {left[0]!r} is not translated")
    return found


def _visit(translator: Any, node: nodes.Element, *, display: bool) -> None:
    try:
        markup = to_mathml(node.astext(), display=display)
    except UnknownMathematics as error:
        _LOG.warning("mathematics: %s", error, location=node)
        markup = f"<code>{translator.encode(node.astext())}</code>"
    translator.body.append(displayed(markup) if display else markup)
    raise nodes.SkipNode


def displayed(markup: str) -> str:
    """Mathematics on its own line, which scrolls by itself where the screen is narrow."""
    return f'<div class="math-display" tabindex="0">{markup}</div>'


def _inline(translator: Any, node: nodes.Element) -> None:
    _visit(translator, node, display=False)


def _block(translator: Any, node: nodes.Element) -> None:
    _visit(translator, node, display=True)


def ready_role(_name: str, raw: str, text: str, *_: Any, **__: Any) -> tuple[list[nodes.Node], list[Any]]:
    """MathML that is ready, in a line of text; only this project's own generated pages use it."""
    return [nodes.raw(raw, text, format="html")], []


class Ready(Directive):
    """MathML that is ready, on its own line."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", displayed("".join(self.content)), format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.add_role("mathml", ready_role)
    app.add_directive("mathml", Ready)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
