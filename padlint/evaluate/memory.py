"""Where remembered calls are kept; see `memo`."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from padlint.evaluate.memo_keys import Key
from padlint.evaluate.record import Built, Op
from padlint.evaluate.values import Instance, Value
from padlint.finding import Place

ROOM = 40_000
ANSWERS = 4


@dataclass(frozen=True, slots=True)
class Replay:
    """What one call did. `answers` are those to the unknown conditions that it asked about, `supposed` those that it took as
    given from then on; `around`, `before` and `first`
    count the frames, module calls and finished calls that were there before it; `key` keeps alive what it knows by address."""

    key: Key
    answers: tuple[tuple[Value, bool], ...]
    supposed: tuple[tuple[Value, bool], ...]
    result: Value
    built: tuple[Built, ...]
    ops: tuple[Op, ...]
    walked: tuple[Instance, ...]
    passed: tuple[Place, ...]
    grown: tuple[Instance, ...]
    before: int
    around: int
    first: int
    height: int
    steps: int
    start: int


@dataclass(eq=False, slots=True)
class Memory:
    """The remembered calls of a world, for each set of answers to what they ask. What is small is kept at once, what is not
    only when it comes a second time; `room` is what may still be kept; where it ends, all is forgotten: what is like what
    comes next came last. `wasted` counts the objects looked at for each line since what it calls was last told again; `vain`
    how often the ways through a call were compared for each line that did not come to the same. `age` counts how often all
    was forgotten."""

    enabled: bool = True
    seen: set[int] = field(default_factory=set)
    replays: dict[Hashable, list[Replay]] = field(default_factory=dict)
    wasted: dict[Place, int] = field(default_factory=dict)
    vain: dict[Place, int] = field(default_factory=dict)
    room: int = ROOM
    age: int = 0

    def forget(self) -> None:
        self.seen.clear()
        self.replays.clear()
        self.room = ROOM
        self.age += 1
