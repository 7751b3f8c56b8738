"""Calls that need not be evaluated twice: what a pure call with the same arguments built is copied instead.

A call is remembered only if its arguments are values that cannot change, it took no decision, wrote to no object that existed
before it, and called no layer. What it reads besides is what the module's own statements made; a write to one of those
objects forgets everything. A copy has an identity of its own, and the events of the call are written down again for it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.classes import is_module_level
from padlint.evaluate.machine import DEPTH, Machine
from padlint.evaluate.memory import Memory, Replay
from padlint.evaluate.record import Built
from padlint.evaluate.values import (
    BoundMethod,
    Builtin,
    Call,
    ClassValue,
    Descriptor,
    DictValue,
    External,
    Fresh,
    Function,
    Instance,
    ListValue,
    Many,
    ModuleValue,
    Namespace,
    Partial,
    SetValue,
    ShapeOf,
    Super,
    TorchClass,
    Value,
)


class NotPlain(Exception):
    """A value that may change, or whose copy would not be the same."""


def remembered(machine: Machine, func: ClassValue | Function, call: Call, run: Callable[[], Value]) -> Value:
    """The value of a call: copied where it is remembered, else evaluated."""
    memory = machine.world.memory
    key = _key_of_call(func, call) if memory.enabled and not machine.in_module_body else None
    if key is None:
        return run()
    replay = memory.replays.get(key)
    if replay is not None and machine.depth + replay.height < DEPTH:
        return _again(machine, replay)
    if key not in memory.seen:
        memory.seen.add(key)
        return run()
    return _watched(machine, memory, key, call, run)


def _watched(machine: Machine, memory: Memory, key: Hashable, call: Call, run: Callable[[], Value]) -> Value:
    record, start, steps = machine.record, machine.world.clock, machine.steps
    built, ops, unchained = len(record.built), len(record.ops), set(machine.unchained)
    oldest, highest = machine.oldest, machine.highest
    machine.oldest, machine.highest = start + 1, machine.depth
    try:
        result = run()
        pure = machine.oldest > start and len(record.ops) == ops
        height = machine.highest - machine.depth
    finally:
        machine.oldest, machine.highest = min(machine.oldest, oldest), max(machine.highest, highest)
    made = record.built[built:]
    if pure and memory.room > len(made) and machine.world.memory.seen:
        try:
            copy = Copy(machine, start)
            kept = tuple(Built(copy.instance(b.instance), b.place, b.frames, b.qualname) for b in made)
            template = copy.of(result)
            walked = [
                b.instance for b in made if id(b.instance) in machine.unchained and id(b.instance) not in unchained
            ]
            loose = tuple(copy.instance(instance) for instance in walked)
        except NotPlain:
            return result
        memory.room -= len(made) + 1
        before = len(machine.frames)
        memory.replays[key] = Replay(template, kept, loose, before, height, steps - machine.steps, start, call)
    return result


def _again(machine: Machine, replay: Replay) -> Value:
    copy = Copy(machine, replay.start)
    frames, guarded = tuple(machine.frames), machine.record.guarded > 0
    for built in replay.built:
        around = frames + built.frames[replay.before :]
        machine.record.built.append(Built(copy.instance(built.instance), built.place, around, built.qualname, guarded))
    machine.unchained.update(id(copy.instance(instance)) for instance in replay.unchained)
    machine.steps -= replay.steps
    machine.highest = max(machine.highest, machine.depth + replay.height)
    return copy.of(replay.result)


# ---------------------------------------------------------------- keys


def _key_of_call(func: ClassValue | Function, call: Call) -> Hashable | None:
    try:
        return (
            key_of(func),
            call.place,
            tuple([key_of(value) for value in call.args]),
            tuple([(name, key_of(value)) for name, value in call.keywords.items()]),
            call.rest,
        )
    except NotPlain:
        return None


def key_of(value: Value, depth: int = 0) -> Hashable:
    """What tells a value that cannot change from every other. Raises NotPlain, also where tuples nest deeply."""
    if value is None or type(value) in (int, str):
        return value  # type: ignore[return-value]
    if isinstance(value, bool | int | float | complex | bytes):
        return type(value), repr(value)
    if isinstance(value, tuple):
        if depth > 4:
            raise NotPlain
        return ("tuple", *[key_of(item, depth + 1) for item in value])
    if isinstance(value, ClassValue):
        if value.local:
            raise NotPlain
        return "class", id(value)
    if isinstance(value, Function):
        if not is_module_level(value.scope):
            raise NotPlain
        return "function", id(value)
    if isinstance(value, TorchClass | External | Expr | Unknown | range):
        return value
    if isinstance(value, Builtin):
        return "builtin", id(value)
    if isinstance(value, Partial):
        keywords = tuple([(name, key_of(each)) for name, each in value.keywords])
        return "partial", key_of(value.func), key_of(value.args), keywords
    if isinstance(value, Instance) and isinstance(value.cls, ClassValue) and value.cls.kind == "enum":
        return "member", id(value)
    if isinstance(value, BoundMethod) and isinstance(value.receiver, ClassValue):
        return "bound", key_of(value.function), key_of(value.receiver)
    raise NotPlain


# ---------------------------------------------------------------- copies


class Copy:
    """Copies what was made after a moment, each object once; what is older is shared."""

    def __init__(self, machine: Machine, start: int) -> None:
        self.machine = machine
        self.start = start
        self.done: dict[int, Value] = {}

    def of(self, value: Value) -> Value:
        """A value with all its parts. Raises NotPlain for closures and other things that know where they were made."""
        if isinstance(value, Instance):
            return self.instance(value)
        if value is None or isinstance(
            value, bool | int | float | str | TorchClass | ClassValue | External | Unknown | Expr
        ):
            return value
        if isinstance(value, tuple):
            return tuple([self.of(item) for item in value])
        if isinstance(value, ListValue | DictValue | SetValue):
            return self._container(value)
        if isinstance(value, Function):
            if not is_module_level(value.scope):
                raise NotPlain
            return value
        if isinstance(value, Many):
            return Many(self.of(value.value))
        if isinstance(value, Partial):
            keywords = tuple([(name, self.of(each)) for name, each in value.keywords])
            return Partial(self.of(value.func), tuple([self.of(each) for each in value.args]), keywords)
        if isinstance(value, BoundMethod):
            return BoundMethod(value.function, self.of(value.receiver))
        if isinstance(value, Namespace | Fresh | ShapeOf | Super | Descriptor | slice | ModuleValue):
            raise NotPlain
        return value

    def instance(self, value: Instance) -> Instance:
        """The copy of an object, or the object where it is older."""
        if value.born <= self.start:
            return value
        found = self.done.get(id(value))
        if isinstance(found, Instance):
            return found
        made = Instance(
            value.cls, value.place, self.machine.tick(), args=value.args, refusal=value.refusal, open=value.open
        )
        self.done[id(value)] = made
        if value.attrs:
            made.attrs = {name: self.of(part) for name, part in value.attrs.items()}
        if value.children:
            made.children = {name: self.of(part) for name, part in value.children.items()}
        if value.fields is not None:
            made.fields = tuple([self.of(part) for part in value.fields])
        return made

    def _container(self, value: ListValue | DictValue | SetValue) -> Value:
        if value.born <= self.start:
            return value
        if id(value) in self.done:
            return self.done[id(value)]
        machine = self.machine
        if isinstance(value, ListValue):
            made = machine.list()
            self.done[id(value)] = made
            made.extend([self.of(item) for item in value])
            return made
        if isinstance(value, SetValue):
            return self.done.setdefault(id(value), machine.set([self.of(item) for item in value]))
        copied = machine.dict()
        self.done[id(value)] = copied
        copied.update({self.of(key): self.of(item) for key, item in value.items()})
        copied.rest, copied.default = value.rest, self.of(value.default)
        return copied
