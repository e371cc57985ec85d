"""Mathematics as MathML, made while the site is built, so that a page needs no script and no network."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from typing import Any
from xml.etree import ElementTree

from docutils import nodes
from docutils.parsers.rst import Directive
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)
_TEXT = re.compile(r">([^<]*)<")
# Browsers know no variants of letters but the upright one; the letters themselves have code points of their own.
_VARIANT = re.compile(r'<m[in] mathvariant="(double-struck|script|bold)">(.)</m[in]>')
_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
_WORD = re.compile(
    r"(?P<before></\w+>)?<m[io]>(?P<word>[a-zA-Z]{2,})</m[io]>(?P<open>(?=<mo[^>]*>&#x000(?:28|5B|7B);))?"
)


class UnknownMathematics(ValueError):
    """LaTeX that has no faithful translation here."""


def to_mathml(latex: str, *, display: bool) -> str:
    r"""LaTeX as a `math` element.

    The converter passes what it does not know on as text, so text that still looks like LaTeX is refused.

    >>> to_mathml("x^2", display=True)
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    """
    try:
        found = convert(
            re.sub(r"\\arg(?![a-zA-Z])", r"\\operatorname{arg}", latex), display="block" if display else "inline"
        )
    except Exception as error:  # the converter raises many kinds
        raise UnknownMathematics(f"{latex!r}: {type(error).__name__} {error}") from error
    if left := [text for text in _TEXT.findall(found) if "\\" in text or "$" in text]:
        raise UnknownMathematics(f"{latex!r}: {left[0]!r} is not translated")
    if (tag := _incomplete(found)) is not None:
        raise UnknownMathematics(f"{latex!r}: {tag} lacks a part")
    return _mended(found)


def _incomplete(markup: str) -> str | None:
    """The first element that has fewer or more parts than its kind must have."""
    root = ElementTree.fromstring(markup)
    names = ((element.tag.rpartition("}")[2], element) for element in root.iter())
    return next((name for name, element in names if len(element) != _PARTS.get(name, len(element))), None)


def _mended(markup: str) -> str:
    """What the converter leaves to a browser, and browsers do otherwise."""
    markup = _VARIANT.sub(lambda match: f"<mi>{_letter(match[1], match[2])}</mi>", markup)
    markup = markup.replace("<mo>&#x0002F;</mo>", '<mo lspace="0" rspace="0">/</mo>')
    markup = markup.replace("<mi>&#x0007E;</mi>", "<mo>&#x0223C;</mo>").replace("<mi>:</mi>", "<mo>:</mo>")
    return _WORD.sub(_spaced, markup)


def _letter(variant: str, letter: str) -> str:
    kind = "DIGIT" if letter.isdigit() else "CAPITAL" if letter.isupper() else "SMALL"
    said = unicodedata.name(letter).rpartition(" ")[2]
    for opening in (f"MATHEMATICAL {variant.upper()}", variant.upper()):
        with contextlib.suppress(KeyError):
            return unicodedata.lookup(f"{opening} {kind} {said}")
    return letter


def _spaced(match: re.Match[str]) -> str:
    """A word such as log, with room before it after a factor, and after it unless a bracket follows."""
    before = match["before"] or ""
    left = "0.17em" if before and before != "</mo>" else "0"
    right = "0" if match["open"] is not None else "0.17em"
    return f'{before}<mo lspace="{left}" rspace="{right}">{match["word"]}</mo>'


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
