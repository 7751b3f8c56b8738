"""Where remembered calls are kept; see `memo`."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from padlint.evaluate.record import Built
from padlint.evaluate.values import Call, Instance, Value

ROOM = 150_000


@dataclass(frozen=True, slots=True)
class Replay:
    """What one call did. `before` counts the frames that were around it; `pinned` keeps alive what the key knows by identity."""

    result: Value
    built: tuple[Built, ...]
    unchained: tuple[Instance, ...]
    before: int
    height: int
    steps: int
    start: int
    pinned: Call


@dataclass(eq=False, slots=True)
class Memory:
    """The remembered calls of a world. Only what comes a second time is kept; `room` is what may still be kept."""

    enabled: bool = True
    seen: set[Hashable] = field(default_factory=set)
    replays: dict[Hashable, Replay] = field(default_factory=dict)
    room: int = ROOM

    def forget(self) -> None:
        self.seen.clear()
        self.replays.clear()
        self.room = ROOM
