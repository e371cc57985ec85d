"""The declared symbols as a table."""

from __future__ import annotations

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx


class SymbolTable(Directive):
    """A row for each symbol: its name in code, how it is set, and what it stands for."""

    def run(self) -> list[nodes.Node]:
        from qtheory.report.mathml import mathml
        from qtheory.symbols import MEANINGS, OfAction

        rows = [("in code", "as set", "varies with the action", "meaning")]
        body = nodes.tbody()
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in rows[0]), cols=4)
        group += nodes.thead("", _row([nodes.Text(head) for head in rows[0]]))
        for symbol, meaning in MEANINGS.items():
            varies = "yes" if isinstance(symbol, OfAction) else "no"
            cells = [nodes.literal("", symbol.name), nodes.raw("", mathml(symbol), format="html")]
            body += _row([*cells, nodes.Text(varies), nodes.Text(meaning)])
        group += body
        return [nodes.table("", group)]


def _row(cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("symbol-table", SymbolTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
