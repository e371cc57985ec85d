r"""Small pieces of HTML. Text becomes markup here and nowhere else, and is escaped on the way."""

from __future__ import annotations

from html import escape

import sympy as sp

from qtheory.report.mathml import mathml


def text(words: object) -> str:
    """Words as they are, with nothing in them left that a browser would act upon.

    >>> text("<script>alert(1)</script>")
    '&lt;script&gt;alert(1)&lt;/script&gt;'
    """
    return escape(str(words), quote=True)


def element(tag: str, content: str, **attributes: str) -> str:
    """An element around markup; an underscore in an attribute's name stands for a hyphen, one at its end is dropped.

    >>> element("a", text("bound"), href="#x", class_="link")
    '<a href="#x" class="link">bound</a>'
    """
    named = "".join(
        f' {name.removesuffix("_").replace("_", "-")}="{text(value)}"' for name, value in attributes.items()
    )
    return f"<{tag}{named}>{content}</{tag}>"


def anchor(slug: str, part: str = "") -> str:
    """The name of a place on the page: letters, digits and hyphens, the same for the same claim.

    >>> anchor("cost-bound", "only-then"), anchor("my claim")
    ('claim-cost-bound--only-then', 'claim-my_20claim')
    """
    return "claim-" + "--".join(_plain(name) for name in (slug, part) if name)


def _plain(name: str) -> str:
    return "".join(x if x.isascii() and (x.isalnum() or x == "-") else f"_{ord(x):x}" for x in name)


def badge(word: str) -> str:
    """A status or an outcome, with a colour and a shape of its own."""
    return element("span", text(word), class_=f"badge {_plain(word)}")


def inline(statement: sp.Basic) -> str:
    """Mathematics in a line of text."""
    return mathml(statement)


def displayed(statement: sp.Basic) -> str:
    """Mathematics on its own line, which scrolls by itself where the screen is narrow."""
    return set_apart(mathml(statement, display=True))


def set_apart(markup: str) -> str:
    """A `math` element that is made already, on its own line."""
    return element("div", markup, class_="display", tabindex="0")


def folded(summary: str, content: str, class_: str = "") -> str:
    """A part of the page that opens on a click; both arguments are markup."""
    return element("details", element("summary", summary) + content, **({"class_": class_} if class_ else {}))


def table(heads: list[str], rows: list[list[str]], class_: str = "data") -> str:
    """A table that scrolls by itself; heads are text, cells are markup."""
    top = element("tr", "".join(element("th", text(head), scope="col") for head in heads))
    body = "".join(element("tr", "".join(element("td", cell) for cell in row)) for row in rows)
    inner = element("table", element("thead", top) + element("tbody", body), class_=class_)
    return element("div", inner, class_="scroll", tabindex="0")
