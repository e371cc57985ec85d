"""Ctrl-C: the command ends within a second, and says how to go on."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click

from qtheory.cli.main import EXIT_INTERRUPTED

_GRACE = 0.6  # seconds that the main thread has to end by itself
_PATIENCE = 3.0  # seconds that an orderly end may take before a Ctrl-C counts as lost


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
    ended = threading.Event()
    with _woken_by_signals(ended, partial(_end_it, ended, last_words)), _said(last_words):
        yield


@contextmanager
def heard() -> Iterator[None]:
    """Give a Ctrl-C again that was lost: Python drops one that falls into a callback of its garbage collector."""
    ended = threading.Event()
    with _woken_by_signals(ended, partial(_give_again, ended)):
        yield


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


@contextmanager
def _woken_by_signals(ended: threading.Event, interrupted: Callable[[], None]) -> Iterator[None]:
    """Call a function in a thread of its own on each Ctrl-C, where that can be done; `ended` is set on the way out."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    watch = threading.Thread(target=_watch, args=(reading, interrupted), daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        signal.set_wakeup_fd(before)
        os.close(writing)
        watch.join()
        os.close(reading)


def _watch(reading: int, interrupted: Callable[[], None]) -> None:
    while signals := os.read(reading, 1):
        if signals[0] == signal.SIGINT:
            interrupted()


def _end_it(ended: threading.Event, last_words: Callable[[], str]) -> None:
    if ended.wait(_GRACE):
        return
    try:
        sys.stderr.write(f"\nqtheory: {last_words()}\n")
        sys.stderr.flush()
    finally:
        os._exit(EXIT_INTERRUPTED)


def _give_again(ended: threading.Event) -> None:
    if not ended.wait(_PATIENCE):
        os.kill(os.getpid(), signal.SIGINT)
