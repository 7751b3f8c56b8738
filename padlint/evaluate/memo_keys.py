"""What tells the arguments of one call from those of another, so that equal calls need not be evaluated twice.

Objects count by what they hold, not by their identity; the key says where the same object, or a tensor of the same origin,
comes again. The objects are listed in the order in which they are met: equal keys list them at equal places.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import cast

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.annotations import UnknownSequence
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
    Whole,
)

OBJECTS = 3_000
PARTS = 50_000
DEPTH = 60


class NotPlain(Exception):
    """A value of which no key can be made, or whose copy would not be the same."""


class TooLarge(NotPlain):
    """A value of which too much would have to be looked at."""


class Key:
    """The key of one call, `text`, with what it was made from.

    `objects`: all that has identity and may change; `origins`: the numbers of the calls that made the tensors; `pins`: what
    the key knows by its address, to be kept alive with it.
    """

    __slots__ = ("_depth", "_parts", "_seen", "objects", "origins", "pins", "text")

    def __init__(self, func: Value, call: Call) -> None:
        """Raises NotPlain."""
        self.objects: list[Value] = []
        self.origins: dict[int, int] = {}
        self.pins: list[object] = [call, func]
        self._seen: dict[int, int] = {}
        self._depth = self._parts = 0
        self.text: Hashable = (
            self.of(func),
            call.place,
            tuple([self.of(value) for value in call.args]),
            tuple([(name, self.of(value)) for name, value in call.keywords.items()]),
            call.rest,
        )

    def of(self, value: Value) -> Hashable:
        kind = type(value)
        if kind in _THEMSELVES:
            return value  # type: ignore[return-value]
        make = _KEYS.get(kind)
        if make is None:
            raise NotPlain
        self._depth += 1
        self._parts += 1
        if self._depth > DEPTH or self._parts > PARTS:
            raise TooLarge
        made = make(self, value)
        self._depth -= 1
        return made

    def _object(self, value: Value) -> int | None:
        """The number of an object that was met before; None, and a number from now on, for another."""
        found = self._seen.get(id(value))
        if found is None:
            if len(self.objects) >= OBJECTS:
                raise TooLarge
            self._seen[id(value)] = len(self.objects)
            self.objects.append(value)
        return found

    # ------------------------------------------------------------ one kind of value each

    def of_scalar(self, value: Value) -> Hashable:
        return type(value), repr(value)

    def of_tuple(self, value: tuple[Value, ...]) -> Hashable:
        return ("tuple", *[self.of(item) for item in value])

    def of_tensor(self, value: Tensor) -> Hashable:
        if value.origin is None:
            return type(value), value.shape
        return type(value), value.shape, self.origins.setdefault(value.origin, len(self.origins))

    def of_data(self, value: Data) -> Hashable:
        return "data", repr(value.numbers), value.whole

    def of_cls(self, value: ClassValue) -> Hashable:
        if value.local:
            raise NotPlain
        return "class", id(value)

    def of_function(self, value: Function) -> Hashable:
        if value.born >= 0:  # it may close over anything
            raise NotPlain
        return "function", id(value)

    def of_builtin(self, value: Builtin) -> Hashable:
        self.pins.append(value)
        return "builtin", id(value)

    def of_module(self, value: ModuleValue) -> Hashable:
        return "module", id(value.module)

    def of_partial(self, value: Partial) -> Hashable:
        keywords = tuple([(name, self.of(each)) for name, each in value.keywords])
        return "partial", self.of(value.func), self.of(value.args), keywords

    def of_bound(self, value: BoundMethod) -> Hashable:
        return "bound", self.of(value.function), self.of(value.receiver)

    def of_many(self, value: Many) -> Hashable:
        return "many", self.of(value.value)

    def of_condition(self, value: Condition) -> Hashable:
        return "condition", value.op, self.of(value.left), self.of(value.right)

    def of_list(self, value: ListValue | SetValue) -> Hashable:
        again = self._object(value)
        return ("again", again) if again is not None else ("items", type(value), *[self.of(item) for item in value])

    def of_dict(self, value: DictValue) -> Hashable:
        again = self._object(value)
        if again is not None:
            return "again", again
        items = [(self.of(key), self.of(item)) for key, item in value.items()]
        return ("dict", value.rest, self.of(value.default), *items)

    def of_instance(self, value: Instance) -> Hashable:
        cls = value.cls
        if isinstance(cls, ClassValue) and cls.kind == "enum":
            return "member", id(value)
        again = self._object(value)
        if again is not None:
            return "again", again
        if value.args is not None:
            self.pins.append(value.args)
        if isinstance(cls, TorchClass) and value.refusal is None and not (value.children or value.attrs):
            if value.args is not None:
                return cls.name, id(value.args)
            if value.open is None:
                return (cls.name,)
        return (
            self.of(cls),
            id(value.args) if value.args is not None else None,
            value.open,
            (value.place, id(value)) if value.refusal is not None else None,
            tuple([(name, self.of(part)) for name, part in value.children.items()]),
            tuple([(name, self.of(part)) for name, part in value.attrs.items()]),
            self.of_tuple(value.fields) if value.fields is not None else None,
        )


_THEMSELVES = frozenset(
    {type(None), int, str, Expr, Unknown, Part, UnknownSequence, Number, TorchClass, External, range, type(...)}
)
_TABLE = {
    bool: Key.of_scalar,
    float: Key.of_scalar,
    complex: Key.of_scalar,
    bytes: Key.of_scalar,
    tuple: Key.of_tuple,
    Tensor: Key.of_tensor,
    Whole: Key.of_tensor,
    Data: Key.of_data,
    ClassValue: Key.of_cls,
    Function: Key.of_function,
    Builtin: Key.of_builtin,
    ModuleValue: Key.of_module,
    Partial: Key.of_partial,
    BoundMethod: Key.of_bound,
    Many: Key.of_many,
    Condition: Key.of_condition,
    ListValue: Key.of_list,
    SetValue: Key.of_list,
    DictValue: Key.of_dict,
    Instance: Key.of_instance,
}
_KEYS = cast("dict[type, Callable[[Key, Value], Hashable]]", _TABLE)
