r"""What a marker asks for: a few words, then settings `name=value`. Nothing of it is ever executed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from qtheory.errors import MarkerError

MAX_LENGTH = 2000
_SETTING = re.compile(r"([a-z][a-z0-9-]*)=(.+)", re.DOTALL)
_NEEDS_QUOTES = re.compile(r"[\s'\"\\]")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Query:
    """A question in a closed language.

    Attributes:
        words: the name of the quantity, or `claim`, the claim's slug and what of it.
        settings: by name, as text that is read later by the part it belongs to.
    """

    words: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What is asked for, without its settings."""
        return " ".join(self.words)

    def __str__(self) -> str:
        """As it may be written in a marker."""
        settings = (f"{name}={value}" for name, value in self.settings.items())
        return " ".join([*self.words, *(shlex.quote(x) if _NEEDS_QUOTES.search(x) else x for x in settings)])

    def require(self, name: str) -> str:
        """A setting without which the question makes no sense.

        Raises:
            MarkerError: it is missing.
        """
        if name not in self.settings:
            raise MarkerError(f"{self.name} needs {name}=, which is missing", got=str(self))
        return self.settings[name]

    def only(self, *names: str) -> None:
        """Refuses a setting that would not be looked at.

        Raises:
            MarkerError: there is one.
        """
        idle = [name for name in self.settings if name not in names]
        if idle:
            raise MarkerError(f"{self.name} has no setting {idle[0]}", got=idle[0], allowed=", ".join(names))


def parse_query(text: str) -> Query:
    """Reads a question.

    Args:
        text: such as `value base=normal(0,1) q=1/10`; a value with spaces stands between quotes.

    Raises:
        MarkerError: it is empty, too long, or not made of words and settings.

    >>> parse_query("value base=normal(0,1) q=1/10")
    Query(words=('value',), settings={'base': 'normal(0,1)', 'q': '1/10'})
    """
    if len(text) > MAX_LENGTH:
        raise MarkerError("a marker is too long", got=len(text), allowed=f"{MAX_LENGTH} characters")
    try:
        tokens = shlex.split(text)
    except ValueError as error:
        raise MarkerError("a quote is not closed", got=text) from error
    words = [token for token in tokens if "=" not in token]
    if not words or tokens[: len(words)] != words or not all(map(_WORD.fullmatch, words)):
        allowed = "words, then name=value: value base=normal(0,1) q=1/10"
        raise MarkerError("a marker does not begin with the name of a quantity", got=text, allowed=allowed)
    return Query(tuple(words), _settings(tokens[len(words) :]))


def _settings(tokens: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for token in tokens:
        match = _SETTING.fullmatch(token)
        if match is None:
            raise MarkerError("not a setting", got=token, allowed="name=value, with no space around the sign")
        if match.group(1) in found:
            raise MarkerError(f"{match.group(1)} is given twice", got=token)
        found[match.group(1)] = match.group(2)
    return found
