"""Ctrl-C: the command ends within a second, and says how to go on."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from qtheory.cli.main import EXIT_INTERRUPTED

_GRACE = 0.6  # seconds that the main thread has to end by itself
_AGAIN = 0.05  # seconds until a Ctrl-C that was dropped is given again


class Interrupted(click.ClickException):
    """Ctrl-C, with what to say about it."""

    exit_code = EXIT_INTERRUPTED

    def show(self, file: object = None) -> None:
        click.echo(f"qtheory: {self.message}", err=True)


@contextmanager
def prompt_end(last_words: Callable[[], str]) -> Iterator[None]:
    """Turn Ctrl-C into `Interrupted`; if the main thread is deep in compiled code and does not hear it, end all the same.

    Python's handlers run only between steps of the main thread, and a step may be a compilation, or a user's function
    that takes minutes. A thread of its own is woken by the signal itself.

    Args:
        last_words: saves what is to be saved, and says what to tell the user.
    """
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        with _said(last_words):
            yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before, ended = signal.set_wakeup_fd(writing, warn_on_full_buffer=False), threading.Event()
    watch = threading.Thread(target=_watch, args=(reading, ended, last_words), daemon=True)
    watch.start()
    try:
        with _said(last_words):
            yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        os.close(writing)
        watch.join()
        os.close(reading)


@contextmanager
def heard() -> Iterator[None]:
    """Give a Ctrl-C again that Python drops, as it does with one that falls into a callback of its garbage collector."""
    before = sys.unraisablehook

    def give_again(dropped: sys.UnraisableHookArgs) -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            return before(dropped)
        # a moment later, when the callback is over
        later = threading.Timer(_AGAIN, os.kill, (os.getpid(), signal.SIGINT))
        later.daemon = True
        return later.start()

    sys.unraisablehook = give_again
    try:
        yield
    finally:
        sys.unraisablehook = before


def the_same_command(arguments: list[str] | None) -> str:
    """What to type to run a command again.

    >>> the_same_command(["simulate", "--base", "normal(0,1)"])
    "qtheory simulate --base 'normal(0,1)'"
    """
    return "the same command" if arguments is None else shlex.join(["qtheory", *arguments])


@contextmanager
def _said(last_words: Callable[[], str]) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted(last_words()) from error


def _watch(reading: int, ended: threading.Event, last_words: Callable[[], str]) -> None:
    while True:
        signals = os.read(reading, 1)
        if not signals:
            return
        if signals[0] == signal.SIGINT and not ended.wait(_GRACE):
            break
    try:
        sys.stderr.write(f"\nqtheory: {last_words()}\n")
        sys.stderr.flush()
    finally:
        os._exit(EXIT_INTERRUPTED)
