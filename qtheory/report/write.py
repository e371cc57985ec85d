r"""The written reports of a run, in one folder: a page, Markdown, LaTeX and JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from qtheory.checking.verify import ClaimReport
from qtheory.report.document import report_document
from qtheory.report.files import write_files
from qtheory.report.latex_document import report_latex
from qtheory.report.markdown_document import report_markdown
from qtheory.report.page.document import report_page
from qtheory.report.run import make_run

NAMES = ("index.html", "report.md", "report.tex", "report.json")


def write_reports(
    folder: Path,
    reports: Iterable[ClaimReport],
    options: dict[str, Any],
    key: int,
    progress: Callable[[str, str], None] | None = None,
) -> tuple[Path, ...]:
    """Writes `index.html`, `report.md`, `report.tex` and `report.json`.

    Args:
        folder: where to, made if need be.
        reports: what `verify` found.
        options: its samples, alpha and examples.
        key: its seed.
        progress: called with the slug of each claim.

    Returns:
        The files.

    Raises:
        InvalidInput: the folder cannot be written to.
    """
    listed = list(reports)
    run = make_run(listed, options, key, progress)
    texts = (report_page(run), report_markdown(run), report_latex(run), report_document(listed, options, key) + "\n")
    return write_files(folder, dict(zip(NAMES, texts, strict=True)), "the report")
