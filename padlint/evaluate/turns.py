"""One turn of a loop that stands for any number of them.

What a loop's text says that it changes is made unknown before (`havoc`). What it changes elsewhere, by what it calls, is
seen when it was done: then it is taken back, made unknown, and the turn made again, as what the turns before may have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from padlint.arithmetic.dims import Unknown
from padlint.evaluate import either
from padlint.evaluate.journal import Before, Journal, before, parts_of
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import container_kind, unsettle
from padlint.evaluate.values import MISSING, DictValue, Instance, ListValue, Many, SetValue, Value

T = TypeVar("T")
K = TypeVar("K")
_Container = ListValue | SetValue | DictValue | Instance


def any_turn(machine: Machine, growing: Iterable[Value], reason: Unknown, turn: Callable[[], T]) -> T:
    """The turn that stands for all. `growing`: what it is known to put something into."""
    record, start = machine.record, either.now(machine)
    marks = [mark for value in growing if (mark := _mark(machine, value, reason)) is not None]
    journal, changes = Journal(machine.clock), _Changes()
    machine.journals.append(journal)
    try:
        result = turn()
        if not changes.found(journal):
            return result
        journal.undo()
        del record.built[start.built :], record.ops[start.ops :], record.keras[start.keras :]
        del machine.walked[start.walked :]
        changes.blur(reason)
        marks += [mark for value in changes.grown if (mark := _mark(machine, value, reason)) is not None]
        result = turn()
        changes.found(journal)
    finally:
        machine.journals.remove(journal)
        for unmark in reversed(marks):
            unmark()
    changes.blur(reason)
    return result


def _mark(machine: Machine, value: Value, reason: Unknown) -> Callable[[], object] | None:
    """Say that more may be in a container already, until what is given back is called; None where that is known."""
    machine.touch(value)
    if isinstance(value, ListValue):
        more = Many(reason)
        value.append(more)

        def shorten() -> None:
            value[:] = [item for item in value if item is not more]

        return shorten
    if isinstance(value, SetValue):
        value[Many(reason)] = None
        return lambda: value.pop(Many(reason), None)
    if isinstance(value, DictValue) and value.rest is None:
        value.rest = reason

        def settle() -> None:
            value.rest = None if value.rest is reason else value.rest

        return settle
    if isinstance(value, Instance) and container_kind(value) is not None and value.open is None:
        value.open = reason

        def close() -> None:
            value.open = None if value.open is reason else value.open

        return close
    return None


@dataclass(slots=True)
class _Changes:
    """What a turn changes that was known before: names with those that hold them, objects' attributes, items and children
    likewise; containers that `grown`, and of which what they hold is `lost`."""

    names: list[tuple[dict[str, Value], str]] = field(default_factory=list)
    children: list[tuple[dict[str, Value], str]] = field(default_factory=list)
    parts: list[tuple[dict[Value, Value], Value]] = field(default_factory=list)
    grown: list[Value] = field(default_factory=list)
    lost: list[_Container] = field(default_factory=list)

    def found(self, journal: Journal) -> bool:
        """Is there anything, so far?"""
        self.names.extend(journal.changed_names())
        for old in journal.objects.values():
            self._compare(old, before(old.value))
        return bool(self.names or self.children or self.parts or self.grown or self.lost)

    def _compare(self, old: Before, new: Before) -> None:
        value = old.value
        if isinstance(value, (ListValue, SetValue)):
            known = not any(isinstance(item, Many) for item in (*old.parts, *old.parts.values()))
            self._walked(value, list(old.parts.items()), list(new.parts.items()), known)
            return
        if isinstance(value, DictValue) and not old.parts.keys() <= new.parts.keys():
            self.lost.append(value)
            return
        self.parts += [(parts_of(value), key) for key in _other(old.parts, new.parts)]
        if isinstance(value, DictValue):
            self.grown += [value] if old.rest is None and new.rest is not None else []
        elif isinstance(value, Instance) and container_kind(value) is None:
            self.children += [(value.children, name) for name in _other(old.children, new.children)]
        elif isinstance(value, Instance):
            self._walked(value, list(old.children.items()), list(new.children.items()), old.rest is None)

    def _walked(self, value: _Container, old: list[tuple[K, Value]], new: list[tuple[K, Value]], known: bool) -> None:
        """`known`: was it, how many it holds?"""
        changed = (a for a, b in zip(old, new, strict=False) if a != b and not isinstance(a[1], Unknown))
        if len(new) < len(old) or any(True for _ in changed):
            self.lost.append(value)
        elif len(new) > len(old) and known:
            self.grown.append(value)

    def blur(self, reason: Unknown) -> None:
        """Make it unknown, but for what has grown."""
        for names, name in (*self.names, *self.children):
            names[name] = reason
        for parts, key in self.parts:
            parts[key] = reason
        for value in self.lost:
            unsettle(value, reason)


def _other(old: Mapping[K, Value], new: Mapping[K, Value]) -> list[K]:
    """The keys of what was known, and is something else now."""
    changed = [(key, part, new.get(key, MISSING)) for key, part in old.items() if not isinstance(part, Unknown)]
    return [key for key, part, now in changed if now is not part and now != part]
