"""Reads presentation MathML as a person does, from its brackets and bars alone, and says it as a formula."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

from qtheory.report.mathml_names import identifier

_SIGNS = {
    "\u2062": "*", "·": "*", "−": "-", "≤": "<=", "≥": ">=", "=": "==", "≠": "!=", "[": "(", "]": ")", "\u2061": "",
    "¬": "~",
}  # fmt: skip
_WORDS = {"𝔼": "E", "𝟙": "indicator", "max": "Max", "min": "Min", "Γ": "gamma", "log Γ": "loggamma", "sgn": "sign"}
_WORDS |= {"∞": "oo", "−∞": "-oo", "true": "True", "false": "False"}
_JOINTS = {"∧": "And", "∨": "Or", "⇒": "Implies", "⇔": "Equivalent"}


def formula_of(markup: str, names: list[str]) -> str:
    """The formula that a `math` element shows; the names are those of the symbols that may occur."""
    shown = {_bare(identifier(name)): name for name in names}
    assert len(shown) == len(names), "two symbols look the same"
    root = ET.fromstring(re.sub(r"&#x[0-9A-Fa-f]+;", lambda m: html.unescape(m.group()), markup))
    return _Reader(shown).row(list(root))


def _bare(markup: str) -> str:
    return ET.tostring(ET.fromstring(markup), encoding="unicode")


class _Reader:
    def __init__(self, shown: dict[str, str]):
        self.shown = shown

    def read(self, node: ET.Element) -> str:
        node.tail = None
        known = self.shown.get(ET.tostring(node, encoding="unicode"))
        if known is not None:
            return known
        return getattr(self, node.tag)(node)

    def row(self, nodes: list[ET.Element]) -> str:
        texts = [node.text if node.tag == "mo" else None for node in nodes]
        for sign, word in _JOINTS.items():
            if sign in texts:
                return f"{word}({', '.join(self.row(part) for part in _split(nodes, sign))})"
        if nodes and nodes[0].tag == "msubsup":
            (low, high), variable = list(nodes[0])[1:], nodes[-1]
            body = self.row(nodes[1:-3])
            return f"Integral({body}, ({self.read(variable)}, {self.read(low)}, {self.read(high)}))"
        if texts[:1] == ["{"] and nodes[1].tag == "mtable":
            return f"Piecewise({', '.join(self.case(list(row)) for row in nodes[1])})"
        if texts[:1] == ["|"]:
            return f"Abs({self.row(nodes[1:-1])})"
        if len(nodes) == 5 and nodes[3].text == "\u2061" and nodes[3].get("rspace"):
            return f"xlogy({self.read(nodes[0])}, {self.read(nodes[4])})"
        return "".join(map(self.read, nodes))

    def case(self, cells: list[ET.Element]) -> str:
        words = list(cells[1])
        condition = "True" if words[0].text == "otherwise" else self.row(words[1:])
        return f"({self.row(list(cells[0]))}, {condition})"

    def mrow(self, node: ET.Element) -> str:
        return self.row(list(node))

    mtd = mrow

    def mtable(self, node: ET.Element) -> str:
        return f"And({', '.join(self.row(list(row[0])) for row in node)})"

    def mi(self, node: ET.Element) -> str:
        return _WORDS.get(node.text or "", {"π": "pi", "e": "exp(1)"}.get(node.text or "", node.text or ""))

    def mn(self, node: ET.Element) -> str:
        return node.text or ""

    def mo(self, node: ET.Element) -> str:
        return _SIGNS.get(node.text or "", {"{": "(", "}": ")"}.get(node.text or "", node.text or ""))

    def mfrac(self, node: ET.Element) -> str:
        above, below = map(self.read, node)
        return f"(({above})/({below}))"

    def msup(self, node: ET.Element) -> str:
        base, exponent = node
        if base.tag == "mi" and base.text == "e":
            return f"exp({self.read(exponent)})"
        return f"{self.read(base)}**({self.read(exponent)})"

    def msqrt(self, node: ET.Element) -> str:
        return f"sqrt({self.row(list(node))})"

    def msub(self, node: ET.Element) -> str:
        return self.read(node[0])  # the measure of an expectation, which is always the base


def _split(nodes: list[ET.Element], sign: str) -> list[list[ET.Element]]:
    parts: list[list[ET.Element]] = [[]]
    for node in nodes:
        if node.tag == "mo" and node.text == sign:
            parts.append([])
        else:
            parts[-1].append(node)
    return parts
