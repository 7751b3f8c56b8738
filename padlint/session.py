"""One request of a run: some files under one configuration, and what the cache remembers of them."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from padlint.cache import Cache, named, program
from padlint.config import Settings, show
from padlint.disk import Disk, Facts
from padlint.progress import SILENT, Progress

RECURSION = 10_000
OBJECTS = 500_000
FRAMES = 300_000
"""Words of memory, of which the frames of the deepest recursion take about as many."""
CALLERS = 10

T = TypeVar("T")
Overlay = Mapping[str, bytes]
"""Texts that lie over files, by the names of these."""


def make_room() -> None:
    """Let Python go as deep as programs that are evaluated ask for: their recursion is bounded elsewhere. And look for
    cycles of dead objects seldom: there are next to none, and looking at all the live ones takes a fifth of the time."""
    sys.setrecursionlimit(RECURSION)
    gc.set_threshold(OBJECTS, 20, 100)


def spacious(run: Callable[[], T]) -> T:
    """Call with memory for deep recursion at hand. Python takes the memory of frames in pieces of 16 KB and gives a piece
    back with its first frame: a loop of calls at an edge asks the system for one on every turn. A frame that wants much for
    itself makes the piece so large that no edge is met."""
    return run()


spacious.__code__ = spacious.__code__.replace(co_stacksize=FRAMES)


class Held:
    """What a run has found out, for as long as it lasts: what a cache on disk is for, where there is none."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Facts, object]] = {}

    def recall(self, key: str, disk: Disk, kind: type[T]) -> T | None:
        """What was kept under a key, if all files that it was made from are as they were."""
        facts, value = self._entries.get(named(key), ({}, None))
        if not isinstance(value, kind) or not disk.agrees(facts):
            return None
        disk.also(facts)
        return value

    def keep(self, key: str, facts: Facts, value: object) -> None:
        self._entries[named(key)] = facts, value


class Session:
    """The files with what they are looked at with. Texts that lie over files are never remembered, they may never be
    saved. `jobs`: how many processes may work. `callers`: how many files that import these, and were not named, are evaluated
    with them. `units` has what was found out about parts of them. `disk`: through which all of a command looks; texts that lie
    over files need another."""

    def __init__(
        self,
        paths: Sequence[str],
        settings: Settings,
        overlay: Overlay | None = None,
        progress: Progress = SILENT,
        cache: Cache | None = None,
        jobs: int = 1,
        callers: int = CALLERS,
        disk: Disk | None = None,
    ) -> None:
        self.paths, self.settings, self.overlay, self.progress = paths, settings, overlay or {}, progress
        self.cache, self.jobs, self.callers = cache, jobs, callers
        self.units: Cache | Held = cache or Held()
        self.disk = disk if disk is not None and not overlay else Disk(overlay)
        self._recalled: dict[str, object] = {}
        self._request = ""

    def over(self, overlay: Overlay) -> Session:
        """The same request with other texts over the files."""
        other = Session(self.paths, self.settings, overlay, self.progress, self.cache, self.jobs, self.callers)
        other.units = self.units
        return other

    def recall(self, what: str, kind: type[T]) -> T | None:
        """What is remembered, under a name, of these files as they are now."""
        if self.cache is None or self.overlay:
            return None
        if what not in self._recalled:
            self._recalled[what] = self.cache.recall(self._key(what), self.disk, kind)
        found = self._recalled[what]
        return found if isinstance(found, kind) else None

    def keep(self, what: str, value: object, facts: Facts) -> None:
        """Remember something for the next run."""
        if self.cache is not None and not self.overlay:
            self.cache.keep(self._key(what), facts, value)
            self.cache.trim()

    def _key(self, what: str) -> str:
        """All that an answer depends on beside the files: padlint itself, the settings, how and where files are named."""
        if not self._request:
            asked = [list(self.paths), self.callers]
            self._request = json.dumps([program(), os.getcwd(), show(self.settings), *asked])
        return f"{what}\n{self._request}"
