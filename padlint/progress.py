"""How far a long run is, on a terminal and nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from padlint.evaluate.roots import Run

PATIENCE = 1.0
"""Seconds until anything is shown."""

EVERY = 0.1
"""Seconds between two drawings."""

_WIDTH = 30
_CLEAR = "\r\x1b[K"
_PASSES = 2
"""Of each file the statements are run first, then its models."""


class Progress:
    """A bar on a stream; without a stream it is silent."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()

    def over(self, runs: Iterable[Run], files: int) -> Iterator[Run]:
        """The same runs; how many of several files they have come to is shown."""
        if self._stream is None or files < 2:
            yield from runs
            return
        roots: dict[str, set[str]] = {}
        done, drawn = 0, self._began + PATIENCE - EVERY
        try:
            for run in runs:
                yield run
                known = roots.setdefault(run.place.path, set())
                done += len(known) < _PASSES and run.root not in known
                known.add(run.root)
                if self._clock() - drawn >= EVERY:
                    drawn = self._clock()
                    self._draw(min(done / (_PASSES * files), 1.0), files)
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
