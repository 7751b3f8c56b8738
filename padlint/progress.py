"""How far a long run is, on a terminal and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

PATIENCE = 1.0
"""Seconds until anything is shown."""

EVERY = 0.1
"""Seconds between two drawings."""

_WIDTH = 30
_CLEAR = "\r\x1b[K"

T = TypeVar("T")


class Progress:
    """A bar on a stream; without a stream it is silent."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()

    def over(self, done: Iterable[T], files: int) -> Iterator[T]:
        """The same items, one of them about every so many files; how far they are is shown."""
        if self._stream is None or files < 2:
            yield from done
            return
        drawn = self._began + PATIENCE - EVERY
        try:
            for number, each in enumerate(done, 1):
                yield each
                if self._clock() - drawn >= EVERY:
                    drawn = self._clock()
                    self._draw(min(number / files, 1.0), files)
        finally:
            if drawn > self._began + PATIENCE - EVERY:
                self._write(_CLEAR)

    def _draw(self, share: float, files: int) -> None:
        full = int(share * _WIDTH)
        bar = "#" * full + "-" * (_WIDTH - full)
        self._write(f"{_CLEAR}padlint: [{bar}] {share:4.0%} of {files} {'file' if files == 1 else 'files'}")

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()


SILENT = Progress()
