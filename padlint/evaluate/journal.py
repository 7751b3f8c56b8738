"""What objects held before they changed, so that it can be taken back.

Every path through a root begins with what the modules' own statements made: what one path does to a list, class or global
name of a module is not there for the next. Python runs the paths in processes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar, cast

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.values import (
    MISSING,
    ClassValue,
    DictValue,
    Function,
    Instance,
    ListValue,
    Namespace,
    SetValue,
    Value,
)
from padlint.layers.base import Value as LayerValue

Changing = ListValue | DictValue | SetValue | Instance | Namespace | ClassValue | Function
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Before:
    """What an object held: its names or keys, or the items of a list under their places; the children of a module."""

    value: Changing
    parts: dict[Value, Value]
    children: dict[str, Value]
    rest: Unknown | None
    args: dict[str, LayerValue] | None

    def restore(self) -> None:
        value = self.value
        if isinstance(value, ListValue):
            value[:] = self.parts.values()
            return
        _refill(parts_of(value), self.parts)
        if isinstance(value, DictValue):
            value.rest = self.rest
        elif isinstance(value, Instance):
            _refill(value.children, self.children)
            value.open, value.args = self.rest, self.args


def before(value: Changing) -> Before:
    """What an object holds now."""
    if isinstance(value, ListValue):
        return Before(value, dict(enumerate(value)), {}, None, None)
    parts = dict(parts_of(value))
    if isinstance(value, Instance):
        return Before(value, parts, dict(value.children), value.open, value.args)
    return Before(value, parts, {}, value.rest if isinstance(value, DictValue) else None, None)


def parts_of(value: Changing) -> dict[Value, Value]:
    """What an object that is no list holds, itself: not a copy."""
    assert not isinstance(value, ListValue)
    if isinstance(value, (DictValue, SetValue)):
        return cast("dict[Value, Value]", value)
    return cast("dict[Value, Value]", value.namespace if isinstance(value, ClassValue) else value.attrs)


def _refill(target: dict[K, V], items: dict[K, V]) -> None:
    target.clear()
    target.update(items)


@dataclass(eq=False, slots=True)
class Journal:
    """What was made at the moment `since` or before, as it was before it changed: objects by their ids, names of scopes and
    modules."""

    since: int
    objects: dict[int, Before] = field(default_factory=dict)
    names: dict[tuple[int, str], tuple[dict[str, Value], str, Value]] = field(default_factory=dict)

    def keep(self, value: Changing) -> int:
        """To be called before an object changes; how much had to be written down for it."""
        if id(value) in self.objects:
            return 0
        self.objects[id(value)] = kept = before(value)
        return len(kept.parts) + len(kept.children)

    def keep_name(self, names: dict[str, Value], name: str) -> None:
        """To be called before a name is bound in these names."""
        self.names.setdefault((id(names), name), (names, name, names.get(name, MISSING)))

    def lasts(self, value: Changing) -> None:
        """What is done to this object is not to be taken back."""
        self.objects.pop(id(value), None)

    def name_lasts(self, names: dict[str, Value], name: str) -> None:
        """What is bound here is not to be taken back."""

    def changed_names(self) -> Iterator[tuple[dict[str, Value], str]]:
        """The names that mean something else now."""
        for names, name, value in self.names.values():
            if not isinstance(value, Unknown) and names.get(name, MISSING) is not value:
                yield names, name

    def undo(self) -> bool:
        """Take all back. Was there anything?"""
        anything = bool(self.objects or self.names)
        for kept in self.objects.values():
            kept.restore()
        for names, name, value in self.names.values():
            if value is MISSING:
                names.pop(name, None)
            else:
                names[name] = value
        self.objects.clear()
        self.names.clear()
        return anything


@dataclass(eq=False, slots=True)
class Lasting(Journal):
    """What a module's own statement changes for good."""

    changed: dict[int, Changing] = field(default_factory=dict)
    bound: list[tuple[dict[str, Value], str]] = field(default_factory=list)

    def lasts(self, value: Changing) -> None:
        self.changed[id(value)] = value

    def name_lasts(self, names: dict[str, Value], name: str) -> None:
        self.bound.append((names, name))
