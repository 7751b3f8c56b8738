"""`--watch`: the same again whenever something changed that it depends on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from padlint.disk import Disk
from padlint.errors import PadlintError
from padlint.output import complain, crashed, emit

INTERVAL = 0.4
"""Seconds between two looks; looking itself takes at most a tenth of the time."""

_CLEAR = "\x1b[2J\x1b[H"


def watch(check: Callable[[Disk], object], others: Callable[[], object]) -> int:
    """Check until the user interrupts it. `check` asks a disk for all that it depends on there; `others` gives what else
    it depends on, and is compared by `==`.

    A mistake in the configuration is said, and so is an error in padlint; watching goes on.
    """
    try:
        while True:
            disk, before = Disk(), _quietly(others)
            _told(check, disk)
            complain("watching for changes; Ctrl-C ends it")
            looked = 0.0
            while True:
                time.sleep(pause(looked))
                began = time.monotonic()
                if not Disk().agrees(disk.facts) or before != _quietly(others):
                    break
                looked = time.monotonic() - began
            if sys.stdout.isatty():
                emit(_CLEAR)
    except KeyboardInterrupt:
        return 0


def pause(looked: float) -> float:
    """How long to wait after a look that took so long."""
    return max(INTERVAL, 10 * looked)


def _quietly(others: Callable[[], object]) -> object:
    try:
        return others()
    except PadlintError as problem:
        return str(problem)


def _told(check: Callable[[Disk], object], disk: Disk) -> None:
    try:
        check(disk)
    except PadlintError as problem:
        complain(str(problem))
    except Exception as error:
        crashed(error)
