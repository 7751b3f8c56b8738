"""Iteration, items, attributes that are set, and text: what Python's protocols do on values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress

from padlint.arithmetic.dims import Expr, Unknown, symbol
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.tensors import index_tensor, resolve, settled
from padlint.evaluate.values import (
    ClassValue,
    Data,
    DictValue,
    External,
    Fresh,
    Instance,
    IteratorValue,
    ListValue,
    Many,
    ModuleValue,
    Namespace,
    SetValue,
    ShapeOf,
    Tensor,
    Value,
    ViewValue,
    is_brief,
    part,
    torch_base,
)
from padlint.evaluate.weight import LOOK, MOST, TooLarge, integer, words
from padlint.finding import Place
from padlint.layers.base import Value as LayerValue

NESTING = 4
PARTS = 10_000
"""Of an argument of a layer."""
SEQUENCES = {"Sequential", "ModuleList"}
CONTAINERS = SEQUENCES | {"ModuleDict"}


def container_kind(value: Value) -> str | None:
    """ "Sequential", "ModuleList" or "ModuleDict" for an instance of it or of a class derived from it."""
    if isinstance(value, Instance):
        base = torch_base(value.cls)
        if base is not None and base.name in CONTAINERS:
            return base.name
    return None


def defines(value: Value, name: str) -> bool:
    """Does a class of the program, not of torch, define this method for the instance?"""
    return (
        isinstance(value, Instance)
        and isinstance(value.cls, ClassValue)
        and any(isinstance(base, ClassValue) and name in base.namespace for base in value.cls.mro)
    )


_PLAIN_BASES = ("builtins.str", "builtins.int", "builtins.float", "enum.IntEnum", "enum.StrEnum")


def mixed(value: Value) -> Value:
    """The text or number that a member of an enumeration is, if it is one as well; everything else as it is."""
    if not (isinstance(value, Instance) and isinstance(value.cls, ClassValue) and value.cls.kind == "enum"):
        return value
    plain = any(isinstance(base, External) and base.dotted in _PLAIN_BASES for base in value.cls.mro)
    return value.attrs["value"] if plain else value


def own_key(machine: Machine, items: Mapping[Value, Value], key: Value) -> Value:
    """The key under which a dict has what it has under this one: a member of an enumeration may stand for its text."""
    wanted = mixed(key)
    with suppress(TypeError):  # an unhashable key
        machine.look(len(wanted) if isinstance(wanted, tuple) else 0)
        if wanted in items:
            return wanted
    machine.look(len(items))
    members = [own for own in items if isinstance(own, Instance) and mixed(own) is not own]
    return next((own for own in members if own is key or mixed(own) == wanted), wanted)


def iterate(machine: Machine, value: Value, place: Place | None, expected: int | None = None) -> list[Value] | Unknown:
    """The items of an iterable; Unknown where not even a list with `Many` can be given. `expected`: how many names take it.
    Who asks for them looks at all of them."""
    items = _items(machine, value, place, expected)
    if isinstance(items, list):
        machine.look(len(items))
    return items


def _items(machine: Machine, value: Value, place: Place | None, expected: int | None) -> list[Value] | Unknown:
    if isinstance(value, IteratorValue):
        return _drained(machine, value, place)
    if isinstance(value, ViewValue):
        return value.look()
    if isinstance(value, SetValue) and len(value) > 1:
        return [Many(Unknown("an item of a set, which has no order", place))]
    if isinstance(value, (tuple, ListValue, str, SetValue)):
        return list(value) if len(value) <= MOST else Unknown("a text too long to walk", place)
    if isinstance(value, Data):
        return [Data((number,), value.whole) for number in value.numbers]
    if isinstance(value, DictValue):
        return [*value, Many(value.rest)] if value.rest is not None else list(value)
    if isinstance(value, range):
        return list(value) if len(value) <= MOST else Unknown("a range too long to walk", place)
    if isinstance(value, ShapeOf):
        if expected is not None:
            tensor = resolve(value.fresh, expected)
            return list(tensor.shape)
        return Unknown("the rank of the input is not known", place)
    if isinstance(value, Tensor):
        if value.shape and isinstance(value.shape[0], int) and value.shape[0] <= 256:
            return [Tensor(value.shape[1:])] * value.shape[0]
        return Unknown("a tensor walked along an axis of unknown size", place)
    if isinstance(value, Instance):
        return _iterate_instance(machine, value, place)
    if isinstance(value, Namespace) and "__iter__" in value.attrs and place is not None:
        return iterate(machine, machine.call(value.attrs["__iter__"], place=place), place)
    if isinstance(value, ClassValue) and value.kind == "enum":
        members = [member for member in value.namespace.values() if isinstance(member, Instance)]
        return list({id(member): member for member in members}.values())  # an alias is no member of its own
    return value if isinstance(value, Unknown) else Unknown("walks over something that is not known", place)


def _drained(machine: Machine, value: IteratorValue, place: Place | None) -> list[Value]:
    """What is left in an iterator, which has nothing more to give then."""
    machine.touch(value)
    if machine.existed_before_loop(value.born):
        unsettle(value, Unknown("taken from an iterator in a loop of unknown length", place))
        return list(value)
    items = list(value)
    value.clear()
    return items


def members(machine: Machine, value: Value, place: Place | None) -> list[Value] | Unknown:
    """The items of an iterable for one whom their order does not concern."""
    if not isinstance(value, SetValue):
        return iterate(machine, value, place)
    machine.look(len(value))
    return list(value)


def _iterate_instance(machine: Machine, value: Instance, place: Place | None) -> list[Value] | Unknown:
    if value.fields is not None:
        return list(value.fields)
    if defines(value, "__iter__") and place is not None:
        return iterate(machine, machine.call(machine.attribute(value, "__iter__", place), place=place), place)
    kind = container_kind(value)
    if kind is not None:
        machine.walked.append(value)
        return [part_of(pair, 0 if kind == "ModuleDict" else 1) for pair in named_layers(value)]
    return Unknown(f"walks over an object of class {value.cls.name}", place)


def subscript(machine: Machine, value: Value, index: Value, place: Place) -> Value:
    """`value[index]`. Raises Raised where Python surely would."""
    if isinstance(value, Data):
        machine.look(len(value.numbers))
        taken = _sequence_item(machine, value.numbers, index, place)
        numbers = [n for n in (taken if isinstance(taken, tuple) else (taken,)) if isinstance(n, (int, float))]
        return taken if isinstance(taken, Unknown) else Data(tuple(numbers), value.whole)
    if isinstance(value, (Tensor, Fresh)):
        return index_tensor(machine, value, index, place)
    if isinstance(value, DictValue):
        return _dict_item(machine, value, index, place)
    if isinstance(value, (tuple, ListValue, str, range)):
        return _sequence_item(machine, value, index, place)
    if isinstance(value, ShapeOf):
        if value.fresh.tensor is not None:
            return _sequence_item(machine, value.fresh.tensor.shape, index, place)
        return symbol("N", minimum=1) if index == 0 else Unknown("the rank of the input is not known", place)
    if isinstance(value, Instance):
        return _instance_item(machine, value, index, place)
    if isinstance(value, Namespace) and "__getitem__" in value.attrs:
        return machine.call(value.attrs["__getitem__"], index, place=place)
    if isinstance(value, ClassValue):
        if value.kind == "enum":
            return value.namespace.get(index, Unknown("no such member", place)) if isinstance(index, str) else value
        return value  # a generic class with its parameters
    if value == External("sys.modules") and isinstance(index, str):
        asking = next((each for each in machine.world.modules.values() if each.path == place.path), None)
        module = machine.world.module(index, asking) if asking is not None else None
        return Unknown("a module outside of the project", place) if module is None else ModuleValue(module)
    if isinstance(value, External):
        return (
            value
            if value.dotted.startswith(("typing", "collections.abc"))
            else Unknown(f"an item of {value.dotted}", place)
        )
    if not isinstance(value, Unknown):
        return Unknown("an item of something that is not known", place)
    return part(value, f"[{index!r}]") if is_brief(index) else value


def _dict_item(machine: Machine, value: DictValue, index: Value, place: Place) -> Value:
    index = own_key(machine, value, index)
    try:
        if index in value:
            return value[index]
    except TypeError:
        return Unknown("an unhashable key", place)
    if (
        isinstance(index, (Unknown, Expr))
        or value.rest is not None
        or any(isinstance(key, (Unknown, Expr)) for key in value)
    ):
        return Unknown("an item under a key that is not known", place)
    if value.default is not None:
        machine.touch(value)
        item = machine.call(value.default, place=place)
        value[index] = item
        return item
    raise Raised("KeyError", place)


def _sequence_item(
    machine: Machine, value: tuple[Value, ...] | ListValue | str | range, index: Value, place: Place
) -> Value:
    if isinstance(index, slice):
        bounds = (index.start, index.stop, index.step)
        if not all(bound is None or isinstance(bound, int) for bound in bounds) or _has_many(value):
            return Unknown("a slice with unknown bounds", place)
        part = value[index]
        if not isinstance(part, list):
            machine.charge(words(len(part)) if isinstance(part, str) else len(part) if isinstance(part, tuple) else 0)
        return machine.list(part) if isinstance(part, list) else part
    if not isinstance(index, int):
        return Unknown("an item at a place that is not known", place)
    if isinstance(value, (tuple, ListValue)):
        machine.look(len(value) // LOOK)  # whether any is Many, which takes no time
    if _has_many(value):
        head = list(value)[: index + 1] if index >= 0 else list(value)[index:]
        exact = len(head) == (index + 1 if index >= 0 else -index) and not any(isinstance(item, Many) for item in head)
        return list(value)[index] if exact else Unknown("an item of a list of unknown length", place)
    if not -len(value) <= index < len(value):
        raise Raised("IndexError", place)
    return value[index]


def _has_many(value: tuple[Value, ...] | ListValue | str | range) -> bool:
    return isinstance(value, (tuple, ListValue)) and any(isinstance(item, Many) for item in value)


def _instance_item(machine: Machine, value: Instance, index: Value, place: Place) -> Value:
    if value.fields is not None:
        return _sequence_item(machine, value.fields, index, place)
    if defines(value, "__getitem__"):
        return machine.call(machine.attribute(value, "__getitem__", place), index, place=place)
    kind = container_kind(value)
    if kind is None:
        return Unknown(f"an item of an object of class {value.cls.name}", place)
    machine.walked.append(value)
    if value.open is not None:
        return value.open
    if kind == "ModuleDict":
        if not isinstance(index, str):
            return Unknown("an item under a key that is not known", place)
        if index not in value.children:
            raise Raised("KeyError", place)
        return value.children[index]
    if isinstance(index, slice):
        return _module_slice(machine, value, kind, index, place)
    return _sequence_item(machine, tuple(value.children.values()), index, place)


def _module_slice(machine: Machine, value: Instance, kind: str, index: slice, place: Place) -> Value:
    names = _sequence_item(machine, tuple(value.children), index, place)
    if not isinstance(names, tuple):
        return names
    items = [(name, value.children[name]) for name in names if isinstance(name, str)]
    base = torch_base(value.cls)
    assert base is not None
    children = dict(items) if kind == "Sequential" else {str(n): item[1] for n, item in enumerate(items)}
    return Instance(base, place, machine.tick(), children=children)


def child_name(module: Instance, name: Value, place: Place) -> str:
    """The name under which a module takes a child; one that is not known is made up. Raises Raised where torch refuses it."""
    if isinstance(name, str):
        if not name or "." in name:
            raise Raised("KeyError", place)
        return name
    if name is None or isinstance(name, (int, float, tuple)):
        raise Raised("TypeError", place)
    return f"?{len(module.children)}"


def set_item(machine: Machine, container: Value, index: Value, value: Value, place: Place) -> None:
    """`container[index] = value`."""
    machine.touch(container)
    if isinstance(container, (DictValue, ListValue, Instance)) and machine.existed_before_loop(container.born):
        value = Unknown("an item that changes in a loop of unknown length", place)
    if isinstance(container, DictValue):
        try:
            known = not isinstance(index, (Unknown, Expr))
            if known and (index in container or not machine.existed_before_loop(container.born)):
                container[index] = value
                return
        except TypeError:
            pass
        container.rest = Unknown("items under keys that are not known", place)
        if isinstance(index, (Unknown, Expr)):
            container.update(dict.fromkeys([*container], container.rest))
    elif isinstance(container, ListValue):
        if isinstance(index, int) and -len(container) <= index < len(container) and not _has_many(container):
            container[index] = value
        elif not (isinstance(index, slice) and _set_slice(machine, container, index, value, place)):
            container[:] = [Many(Unknown("a list changed at an unknown place", place))]
    elif isinstance(container, Instance):
        machine.grown.add(id(container))
        if defines(container, "__setitem__"):
            machine.call(machine.attribute(container, "__setitem__", place), index, value, place=place)
        elif isinstance(index, str):
            container.children[child_name(container, index, place)] = value
        elif isinstance(index, int) and -len(container.children) <= index < len(container.children):
            container.children[list(container.children)[index]] = value
        else:
            unsettle(container, Unknown("a layer replaced at an unknown place", place))


def unsettle(value: Value, reason: Unknown) -> None:
    """Say that something unknown was done to what a container holds: nothing is there, or at its place, for sure."""
    if isinstance(value, Instance):
        value.children = {n: child if isinstance(child, Many) else Many(child) for n, child in value.children.items()}
        value.open = value.open or reason
    elif isinstance(value, ListValue):
        value[:] = [Many(reason)]
    elif isinstance(value, DictValue):
        value.clear()
        value.rest = reason
    elif isinstance(value, SetValue):
        value.clear()
        value[Many(reason)] = None


def unsettled(machine: Machine, value: ListValue | DictValue | SetValue | Instance, place: Place) -> Unknown | None:
    """What is taken from a container in a loop of unknown length, and so is any number of times; None outside of one."""
    if not machine.existed_before_loop(value.born):
        return None
    reason = Unknown("changed in a loop of unknown length", place)
    unsettle(value, reason)
    return reason


def named_layers(module: Instance) -> list[Value]:
    """The children of a module with their names, pairs, and what else may be there."""
    pairs: list[Value] = [
        Many((name, child.value)) if isinstance(child, Many) else (name, child)
        for name, child in module.children.items()
    ]
    rest = module.open
    return [*pairs, Many((Unknown(rest.reason, rest.place), rest))] if rest is not None else pairs


def part_of(pair: Value, index: int) -> Value:
    """The name (0) or the child (1) of a pair of `named_layers`."""
    inner = pair.value if isinstance(pair, Many) else pair
    part = inner[index] if isinstance(inner, tuple) else inner
    return Many(part) if isinstance(pair, Many) else part


def _set_slice(machine: Machine, target: ListValue, index: slice, value: Value, place: Place) -> bool:
    """`items[a:b] = more`, where all of it is known."""
    items = iterate(machine, value, place)
    known = all(bound is None or isinstance(bound, int) for bound in (index.start, index.stop, index.step))
    if not known or isinstance(items, Unknown) or _has_many(target) or len(target) + len(items) > MOST:
        return False
    machine.hold(len(items))
    machine.look(len(target))
    try:
        target[index] = items
    except ValueError:
        raise Raised("ValueError", place) from None
    return True


def plain(value: Value) -> LayerValue:
    """A value as the catalogue takes it: lists become tuples, objects become Unknown, and so does what has more parts than
    any argument of a layer."""
    try:
        return _Plain().of(value, 0)
    except TooLarge as bound:
        return Unknown(str(bound))


class _Plain:
    """One value made plain. `parts`: how many values were looked at."""

    def __init__(self) -> None:
        self.parts = 0

    def of(self, value: Value, depth: int) -> LayerValue:
        self.parts += 1
        if self.parts > PARTS:
            raise TooLarge("an argument of too many parts")
        value = mixed(settled(value))
        if type(value) is int:
            integer(value)
        if isinstance(value, (bool, int, float, str, Expr, Unknown, Tensor)) or value is None:
            return value
        if isinstance(value, (tuple, ListValue)) and depth < NESTING:
            if any(isinstance(item, Many) for item in value):
                return Unknown("any number of values")
            return tuple([self.of(item, depth + 1) for item in value])
        return Unknown(f"a value of type {type(value).__name__.removesuffix('Value')}")


def reach(spec: str) -> int | None:
    """How many characters a format may add to what it is given; None where it asks for more than a line at one place."""
    numbers = re.findall(r"\d+", spec)
    return len(spec) + sum(map(int, numbers)) if all(len(number) < 4 for number in numbers) else None


def text_of(value: Value, spec: str | None, conversion: str | None = None) -> str | None:
    """The text of a value in an f-string or `str()`; None where it is not known."""
    if spec is None or not (isinstance(value, (bool, int, float, str)) or value is None):
        return None
    if reach(spec) is None:
        return None
    try:
        if conversion in ("r", "a"):
            return format(repr(value), spec)
        return format(str(value) if conversion == "s" else value, spec)
    except (TypeError, ValueError):
        return None
