"""The notebooks of the repository as pages: copied here, carried out by MyST-NB, and listed with a picture of each."""

from __future__ import annotations

import re
from pathlib import Path

from _ext.repository_pages import write_changed
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

FOLDER = "notebooks"
_CELL = re.compile(r"^# %%.*$", re.MULTILINE)
_LEAD = 140
# Figures are written to files; on the page each is shown under the cell that wrote it.
_SHOW = """# %% tags=["remove-cell"]
import pathlib
import warnings

import IPython

warnings.filterwarnings("ignore", message="IProgress not found")

_shown = {}


def _show_figures(_result):
    for path in sorted(pathlib.Path("out").glob("*.svg")):
        written = path.stat().st_mtime_ns
        if _shown.get(path) != written:
            IPython.display.display(IPython.display.SVG(path))
            _shown[path] = written


IPython.get_ipython().events.register("post_run_cell", _show_figures)

"""


def page(script: str) -> str:
    """A notebook as it goes into the site: it shows its figures, and says where it comes from."""
    heads = list(_CELL.finditer(script))
    second = heads[1].start()
    return script[:second] + _SHOW + script[second:]


def title_and_lead(script: str) -> tuple[str, str]:
    """The title of a notebook, and its first sentences, two lines of them.

    >>> title_and_lead("# %% [markdown]\\n# # A title\\n#\\n# First sentence.\\n")
    ('A title', 'First sentence.')
    """
    markdown = "".join(_markdown_cells(script)[:2])
    title = re.search(r"^# (.+)$", markdown, re.MULTILINE)
    if title is None:
        raise ValueError("a notebook without a title")
    words = " ".join(markdown[title.end() :].split())
    lead = re.match(rf".{{{_LEAD},}}?\.(?= [A-Z*]|$)", words)
    return title[1].strip(), lead.group() if lead else words


def _markdown_cells(script: str) -> list[str]:
    heads = list(_CELL.finditer(script))
    ends = [head.start() for head in heads[1:]] + [len(script)]
    cells = [script[head.end() : end] for head, end in zip(heads, ends, strict=True) if "[markdown]" in head.group()]
    return [re.sub(r"^# ?", "", cell, flags=re.MULTILINE) for cell in cells]


def index(scripts: dict[str, str]) -> str:
    """The gallery: for each notebook its title and what it shows."""
    blocks = [
        "# Notebooks",
        "Short investigations, carried out anew whenever this site is built: every number and figure below comes from"
        " the code beside it, and every number in the text is asserted at the end of its page. The sources are plain"
        " Python scripts in the folder `notebooks` of the repository.",
    ]
    for name, script in scripts.items():
        title, lead = title_and_lead(script)
        blocks.append(f":::{{container}} gallery-item\n**[{title}]({name}.py)**\n\n{lead}\n:::")
    toc = "\n".join(scripts)
    return "\n\n".join(blocks) + f"\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def make(docs: Path) -> None:
    """Copies the notebooks and writes their index."""
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((docs.parent / FOLDER).glob("[0-9]*.py"))}
    for name, script in scripts.items():
        write_changed(docs / FOLDER / f"{name}.py", page(script))
    for path in (docs / FOLDER).glob("*.py"):
        if path.stem not in scripts:
            path.unlink()
    write_changed(docs / FOLDER / "index.md", index(scripts))


def _on_start(app: Sphinx, config: Config) -> None:
    make(Path(app.srcdir))


def _add_pictures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Puts the first figure of each notebook beside its title."""
    if docname != f"{FOLDER}/index":
        return
    for item in doctree.findall(nodes.container):
        link = next(iter(item.findall(nodes.reference)), None)
        if "gallery-item" not in item["classes"] or link is None:
            continue
        notebook = f"{FOLDER}/{Path(link['refuri']).stem}"
        picture = next(iter(app.env.get_doctree(notebook).findall(nodes.image)), None)
        if picture is not None:
            shown = picture.deepcopy()
            shown["classes"], shown["alt"] = ["gallery-picture"], ""
            item.insert(0, shown)


def _describe_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """A picture without words gets the heading above it."""
    for image in doctree.findall(nodes.image):
        if app.env.docname.startswith(f"{FOLDER}/") and not image.get("alt"):
            section: nodes.Node | None = image
            while section is not None and not isinstance(section, nodes.section):
                section = section.parent
            image["alt"] = f"Figure: {section[0].astext()}" if isinstance(section, nodes.section) else "Figure"


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", _on_start)
    app.connect("doctree-read", _describe_pictures)
    app.connect("doctree-resolved", _add_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
