"""Copies of what a call made: each object once, with tensors numbered as the calls of the new record are."""

from __future__ import annotations

from collections.abc import Mapping

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.annotations import UnknownSequence
from padlint.evaluate.machine import Machine
from padlint.evaluate.memo_keys import NotPlain
from padlint.evaluate.values import (
    BoundMethod,
    Builtin,
    Call,
    ClassValue,
    Condition,
    Data,
    DictValue,
    External,
    Function,
    Instance,
    IteratorValue,
    ListValue,
    Many,
    ModuleValue,
    Number,
    Part,
    Partial,
    SetValue,
    Tensor,
    TorchClass,
    Value,
    ViewValue,
    Whole,
)

_CONSTANT = frozenset({
    type(None), bool, int, float, complex, str, bytes, range, type(...), Expr, Unknown, Part, UnknownSequence, Number, TorchClass,
    External, ClassValue, Builtin, Data, ModuleValue,
})  # fmt: skip


class Copy:
    """Copies what was made after the moment `start`; what is older is shared, but for the objects that `known` replaces.

    Tensors made by the call numbered `first` or a later one are numbered `shift` higher, older ones as `origins` says.
    """

    __slots__ = ("done", "first", "machine", "origins", "shift", "start")

    def __init__(
        self,
        machine: Machine,
        start: int,
        first: int,
        shift: int,
        known: dict[int, Value],
        origins: Mapping[int, int],
    ) -> None:
        self.machine = machine
        self.start = start
        self.first = first
        self.shift = shift
        self.done = known
        self.origins = origins

    def of(self, value: Value) -> Value:
        """A value with all its parts. Raises NotPlain for closures and other things that know where they were made."""
        kind = type(value)
        if kind is Tensor or kind is Whole:
            return self.tensor(value)  # type: ignore[arg-type]
        if kind in _CONSTANT:
            return value
        if isinstance(value, Instance):
            return self.instance(value)
        if isinstance(value, tuple):
            if id(value) not in self.done:  # a tuple may come again and again within another
                self.done[id(value)] = tuple([self.of(item) for item in value])
            return self.done[id(value)]
        if isinstance(value, (ListValue, DictValue, SetValue)) and not isinstance(value, (IteratorValue, ViewValue)):
            return self._container(value)
        return self._other(value)

    def _other(self, value: Value) -> Value:
        if isinstance(value, Function):
            if value.born >= 0:
                raise NotPlain
            return value
        if isinstance(value, Many):
            return Many(self.of(value.value))
        if isinstance(value, Condition):
            return Condition(value.op, self.of(value.left), self.of(value.right))
        if isinstance(value, Partial):
            keywords = tuple([(name, self.of(each)) for name, each in value.keywords])
            return Partial(self.of(value.func), tuple([self.of(each) for each in value.args]), keywords)
        if isinstance(value, BoundMethod):
            return BoundMethod(value.function, self.of(value.receiver))
        raise NotPlain

    def tensor(self, value: Tensor) -> Tensor:
        origin = value.origin
        if origin is None:
            return value
        moved = origin + self.shift if origin >= self.first else self.origins.get(origin)
        if moved is None:  # it came neither with the arguments nor from the call
            raise NotPlain
        return value if moved == origin else type(value)(value.shape, moved)

    def call(self, call: Call) -> Call:
        keywords = {name: self.of(value) for name, value in call.keywords.items()} if call.keywords else call.keywords
        return Call(tuple([self.of(value) for value in call.args]), keywords, call.place, call.rest)

    def instance(self, value: Instance) -> Instance:
        """The copy of an object, or the object where it is older."""
        found = self.done.get(id(value))
        if found is not None:
            assert isinstance(found, Instance)
            return found
        if value.born <= self.start:
            return value
        made = Instance(
            value.cls, value.place, self.machine.tick(), args=value.args, refusal=value.refusal, open=value.open
        )
        made.said, made.among = value.said, value.among
        self.done[id(value)] = made
        if value.attrs:
            made.attrs = {name: self.of(part) for name, part in value.attrs.items()}
        if value.children:
            made.children = {name: self.of(part) for name, part in value.children.items()}
        if value.fields is not None:
            made.fields = tuple([self.of(part) for part in value.fields])
        return made

    def _container(self, value: ListValue | DictValue | SetValue) -> Value:
        if id(value) in self.done:
            return self.done[id(value)]
        if value.born <= self.start:
            return value
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
