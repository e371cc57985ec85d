"""`qtheory new-claim`: a file with a claim to start from."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

import click

from qtheory.errors import InvalidInput

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 60
# Names that the file itself uses; the claim would hide them.
_TAKEN = ("qt", "derive")

TEMPLATE = '''r"""Claims of mine. Run them with

    qtheory verify {file}
    qtheory falsify {file}
    qtheory show {file}
    pytest {file}
"""

import qtheory as qt
from qtheory.symbols import E, c, q, w


def derive(d):
    """Each step is checked, for every base at once; leave it out while the claim is a conjecture."""
    local = d.pointwise(w * c <= c / q, "no action is played more than 1/q times as often as under the base")
    d.conclude(d.integrate(local))


@qt.claim(
    "A q-quantilizer multiplies no expected cost by more than 1/q",
    policy=qt.Quantilizer(q=q),  # whose density ratio w is
    given=[c >= 0],  # what else is assumed; outside of E it holds for almost every action
    derivation=derive,
)
def {name}():
    """What is claimed, in words."""
    return E(w * c) <= E(c) / q
'''


@click.command(name="new-claim")
@click.argument("name")
@click.option("--file", "target", default="my_claims.py", show_default=True, help="The file to write.")
def command(name: str, target: str) -> None:
    """Write a file with a claim called NAME, which runs as it is; then make it say what you claim.

    Nothing is ever overwritten.
    """
    slug, file = _checked_name(name), Path(target)
    if file.suffix != ".py":
        raise InvalidInput("not the name of a Python file", got=target, allowed="a name that ends in .py")
    if not file.parent.is_dir():
        said = "is not a folder" if file.parent.exists() else "does not exist"
        remedy = "make it first, or give another with --file"
        raise InvalidInput(f"the folder {file.parent} {said}; nothing was written", got=target, remedy=remedy)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(name=slug, file=file.name))
    except FileExistsError as error:
        remedy = "add the claim to it by hand, or give another file with --file"
        raise InvalidInput("there is such a file already; nothing was written", got=target, remedy=remedy) from error
    except OSError as error:
        problem = f"the file cannot be written: {error.strerror or error}"
        raise InvalidInput(problem, got=target, remedy="give another with --file") from error
    click.echo(f"{target} is written; now: qtheory verify {target}")


def _checked_name(name: str) -> str:
    """The name of a function, from a name with hyphens or underscores."""
    from qtheory.claims.registry import slugs

    found = name.replace("-", "_")
    known = len(found) <= _LONGEST and _NAME.fullmatch(found) is not None
    if not known or keyword.iskeyword(found) or found in (*_TAKEN, "c", "q", "w"):
        allowed = f"small letters, digits and hyphens, a letter first, at most {_LONGEST}; no word of Python's"
        raise InvalidInput("not a name for a claim", got=name, allowed=allowed)
    if found.replace("_", "-") in slugs():
        remedy = f"choose another, such as my-{found.replace('_', '-')}"
        raise InvalidInput("a built-in claim has this name", got=name, remedy=remedy)
    return found
