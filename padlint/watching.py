"""`--watch`: the same again whenever something changed that it depends on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping

from padlint.errors import PadlintError
from padlint.output import complain, emit

INTERVAL = 0.4
"""Seconds between two looks; looking itself takes at most a tenth of the time."""

Stamp = tuple[int, int]

_CLEAR = "\x1b[2J\x1b[H"


def watch(check: Callable[[], Iterable[str]], state: Callable[[], object]) -> int:
    """Check until the user interrupts it. `check` gives the files that it read, `state` is compared by `==`.

    A mistake in the configuration is said, and watching goes on.
    """
    try:
        while True:
            before = _quietly(state)
            read = _told(check)
            stamps = stamps_of(read)
            complain("watching for changes; Ctrl-C ends it")
            looked = 0.0
            while True:
                time.sleep(max(INTERVAL, 10 * looked))
                began = time.monotonic()
                if before != _quietly(state) or stamps != stamps_of(read):
                    break
                looked = time.monotonic() - began
            if sys.stdout.isatty():
                emit(_CLEAR)
    except KeyboardInterrupt:
        return 0


def stamps_of(paths: Iterable[str]) -> Mapping[str, Stamp | None]:
    """When each file was changed, and its size; None where there is none."""
    return {path: _stamp(path) for path in paths}


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _quietly(state: Callable[[], object]) -> object:
    try:
        return state()
    except PadlintError as problem:
        return str(problem)


def _told(check: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    try:
        return tuple(check())
    except PadlintError as problem:
        complain(str(problem))
        return ()
