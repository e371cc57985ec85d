"""What click says of a wrong command line, in the form of every other error: what was got, what is allowed, the remedy."""

from __future__ import annotations

import difflib

import click

from qtheory.errors import InvalidInput


def usage_error(error: click.ClickException) -> InvalidInput:
    """The error as one of ours.

    >>> print(usage_error(click.NoSuchOption("--alfa", possibilities=["--alpha"])))
    no such option '--alfa'
      remedy:  did you mean --alpha?
    """
    return InvalidInput(_problem(error), allowed=_allowed(error), remedy=_remedy(error))


def _problem(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return f"no such option '{error.option_name}'"
    text = error.format_message().strip().removesuffix(".")
    return text[:1].lower() + text[1:]


def _allowed(error: click.ClickException) -> str:
    kind = error.param.type if isinstance(error, click.BadParameter) and error.param is not None else None
    if isinstance(kind, click.IntRange):
        return f"a whole number from {kind.min} to {kind.max}"
    if isinstance(kind, click.Choice):
        return ", ".join(map(str, kind.choices))
    return "a whole number" if kind is click.INT else ""


def _remedy(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        for close in difflib.get_close_matches(error.option_name, error.possibilities or (), 1):
            return f"did you mean {close}?"
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path} --help`" if context is not None else "see `qtheory --help`"
