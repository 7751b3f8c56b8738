"""Python's built-in functions on values."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.operators import binary
from padlint.evaluate.protocols import container_kind, defines, iterate, members, text_of, unsettled
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import (
    DEVICE,
    Call,
    Condition,
    Data,
    DictValue,
    Instance,
    IteratorValue,
    ListValue,
    Many,
    MissingArgument,
    SetValue,
    Tensor,
    Value,
    ViewValue,
)
from padlint.evaluate.weight import LOOK

FUNCTIONS = Table()
knows = FUNCTIONS.knows
DIGITS = 400
"""More than a float has, or an integer that is computed with."""


def items_of(machine: Machine, call: Call, index: int = 0) -> list[Value] | Unknown:
    return iterate(machine, call.get(index, "iterable", ()), call.place)


def exact(items: list[Value] | Unknown, call: Call) -> list[Value] | Unknown:
    """The items, Unknown if their number is not known."""
    if isinstance(items, Unknown):
        return items
    return Unknown("a list of unknown length", call.place) if any(isinstance(i, Many) for i in items) else items


@knows("builtins.len")
def length(machine: Machine, call: Call) -> Value:
    value = settled(call.get(0, "obj"))
    if isinstance(value, Data):
        return len(value.numbers)
    if isinstance(value, Tensor):
        return value.shape[0] if value.shape else Unknown("the length of a scalar", call.place)
    if (isinstance(value, DictValue) and value.rest is None) or isinstance(value, (str, bytes, range)):
        return len(value)
    if isinstance(value, SetValue):
        sure = not any(isinstance(item, (Many, Unknown, Condition, Expr)) for item in value)
        return len(value) if sure else Unknown("the length of a set of which not all items are known", call.place)
    if isinstance(value, (tuple, ListValue)) and not isinstance(value, (IteratorValue, ViewValue)):
        return _counted(machine, value, call)
    if defines(value, "__len__"):
        return machine.call(machine.attribute(value, "__len__", call.place), place=call.place)
    if isinstance(value, Instance) and container_kind(value) is not None:
        counted = exact(list(value.children.values()), call) if value.open is None else value.open
    else:
        counted = exact(iterate(machine, value, call.place), call)
    return counted if isinstance(counted, Unknown) else len(counted)


def _counted(machine: Machine, items: Sequence[Value], call: Call) -> Value:
    machine.look(len(items) // LOOK)
    many = any(isinstance(item, Many) for item in items)
    return Unknown("a list of unknown length", call.place) if many else len(items)


@knows("builtins.range")
def range_(machine: Machine, call: Call) -> Value:
    numbers = [value for value in call.args if isinstance(value, int)]
    if len(numbers) != len(call.args) or not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and numbers[2] == 0):
        unknown = next((value for value in call.args if isinstance(value, Unknown)), None)
        return unknown or Unknown("a range with unknown bounds", call.place)
    if any(abs(number) > sys.maxsize // 4 for number in numbers):  # Python cannot count what is in it
        return Unknown("a range too long to follow", call.place)
    return range(*numbers)


@knows("builtins.enumerate")
def enumerate_(machine: Machine, call: Call) -> Value:
    items, start = items_of(machine, call), call.get(1, "start", 0)
    if isinstance(items, Unknown):
        return machine.iterator([Many((Unknown("an index", call.place), items))])
    result: list[Value] = []
    index: Value = start
    for item in items:
        if isinstance(item, Many):
            index = Unknown("an index behind items of unknown number", call.place)
            result.append(Many((index, item.value)))
            continue
        result.append((index, item))
        index = binary(machine, "+", index, 1, call.place)
    return machine.iterator(result)


@knows("builtins.zip")
def zip_(machine: Machine, call: Call) -> Value:
    if len(call.args) > 1 and len({id(each) for each in call.args}) == 1 and isinstance(call.arg(0), IteratorValue):
        items = iterate(machine, call.arg(0), call.place)  # in groups: each column takes from the same iterator
        known = exact(items, call)
        rows: list[Value] = [Many(known)] if isinstance(known, Unknown) else _groups(known, len(call.args))
        return machine.iterator(rows)
    return zipped(machine, call, longest=None)


@knows("itertools.zip_longest")
def zip_longest(machine: Machine, call: Call) -> Value:
    return zipped(machine, call, longest=(call.keywords.get("fillvalue"),))


def zipped(machine: Machine, call: Call, longest: tuple[Value] | None) -> Value:
    """Rows of what each iterable gives; `longest`: what fills those that end early, else the shortest ends all."""
    columns = [iterate(machine, value, call.place) for value in call.args]
    if any(isinstance(column, Unknown) or any(isinstance(i, Many) for i in column) for column in columns):
        unsure = tuple(_any_of(column) for column in columns)
        return machine.iterator([Many(unsure)])
    known = [column for column in columns if not isinstance(column, Unknown)]
    machine.charge(len(known) * (min if longest is None else max)(map(len, known), default=0))
    rows = zip(*known, strict=False) if longest is None else itertools.zip_longest(*known, fillvalue=longest[0])
    return machine.iterator([tuple(row) for row in rows])


def _groups(items: list[Value], size: int) -> list[Value]:
    return [tuple(items[at : at + size]) for at in range(0, len(items) - size + 1, size)]


def _any_of(column: list[Value] | Unknown) -> Value:
    """One item of a column of which it is not known which."""
    if isinstance(column, Unknown):
        return column
    first = column[0] if column else Unknown("an item of an empty list")
    inner = first.value if isinstance(first, Many) else first
    alike = all((i.value if isinstance(i, Many) else i) is inner for i in column)
    return inner if alike else Unknown("one of several items")


@knows("builtins.map")
def map_(machine: Machine, call: Call) -> Value:
    rows = zip_(machine, Call(call.args[1:], {}, call.place))
    result = []
    for row in iterate_list(rows):
        inner = row.value if isinstance(row, Many) else row
        value = machine.invoke(call.arg(0), Call(inner if isinstance(inner, tuple) else (inner,), {}, call.place))
        result.append(Many(value) if isinstance(row, Many) else value)
    return machine.iterator(result)


def iterate_list(value: Value) -> list[Value]:
    return list(value) if isinstance(value, ListValue) else []


@knows("builtins.filter")
def filter_(machine: Machine, call: Call) -> Value:
    items = items_of(machine, call, 1)
    result: list[Value] = []
    for item in [Many(items)] if isinstance(items, Unknown) else items:
        inner = item.value if isinstance(item, Many) else item
        kept = machine.truth(inner if call.arg(0) is None else machine.call(call.arg(0), inner, place=call.place))
        if kept is not False:
            result.append(item if kept or isinstance(item, Many) else Many(item))
    return machine.iterator(result)


@knows("builtins.iter")
def iter_(machine: Machine, call: Call) -> Value:
    if len(call.args) > 1 or isinstance(call.arg(0), IteratorValue):
        return Unknown("iter() of a function", call.place) if len(call.args) > 1 else call.arg(0)
    items = items_of(machine, call)
    return machine.iterator([Many(items)] if isinstance(items, Unknown) else items)


@knows("builtins.list", "collections.deque")
def list_(machine: Machine, call: Call) -> Value:
    items = items_of(machine, call)
    return machine.list([Many(items)] if isinstance(items, Unknown) else items)


@knows("builtins.reversed")
def reversed_(machine: Machine, call: Call) -> Value:
    items = items_of(machine, call)
    return machine.iterator([Many(items)] if isinstance(items, Unknown) else items[::-1])


@knows("builtins.next")
def next_(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    if not isinstance(own, IteratorValue):
        return Unknown("the next item of something unknown", call.place)
    machine.touch(own)
    if (lost := unsettled(machine, own, call.place)) is not None:
        return lost
    if not own:
        if len(call.args) < 2:
            raise Raised("StopIteration", call.place)
        return call.arg(1)
    if isinstance(own[0], Many):  # of any number of equals, there is a next one or an error
        sure = len(own) == 1 and len(call.args) == 1
        return own[0].value if sure else Unknown("the next item of something unknown", call.place)
    machine.look(len(own) // LOOK)
    return own.pop(0)


@knows("builtins.tuple", "torch.Size")
def tuple_(machine: Machine, call: Call) -> Value:
    items = items_of(machine, call)
    return items if isinstance(items, Unknown) else tuple(items)


@knows("builtins.set", "builtins.frozenset")
def set_(machine: Machine, call: Call) -> Value:
    items = exact(members(machine, call.get(0, "iterable", ()), call.place), call)
    try:
        return items if isinstance(items, Unknown) else machine.set(items)
    except TypeError:
        return Unknown("a set of unhashable values", call.place)


@knows("builtins.dict", "collections.OrderedDict")
def dict_(machine: Machine, call: Call) -> Value:
    result = machine.dict()
    source = call.get(0, "", None)
    if isinstance(source, DictValue):
        machine.grow(result, len(source))
        result.update(source)
        result.rest = source.rest
    elif source is not None:
        for pair in exact_or_many(iterate(machine, source, call.place)):
            pair_items = iterate(machine, pair, call.place)
            try:
                if isinstance(pair_items, list) and len(pair_items) == 2:
                    machine.grow(result, 1)
                    result[pair_items[0]] = pair_items[1]
                    continue
            except TypeError:
                pass
            result.rest = Unknown("items of an unknown list of pairs", call.place)
    result.update(call.keywords)
    result.rest = result.rest or call.rest
    return result


@knows("builtins.dict.fromkeys", "collections.OrderedDict.fromkeys")
def fromkeys(machine: Machine, call: Call) -> Value:
    result = machine.dict()
    keys = exact_or_many(exact(iterate(machine, call.arg(0), call.place), call))
    machine.grow(result, len(keys))
    for key in keys:
        if isinstance(key, (Many, Unknown, Expr)):
            result.rest = Unknown("items under keys that are not known", call.place)
        else:
            result[key] = call.get(1, "value")
    return result


def exact_or_many(items: list[Value] | Unknown) -> list[Value]:
    return [Many(items)] if isinstance(items, Unknown) else items


def _rounding(name: str, number: float) -> Value:
    try:
        match name:
            case "int" | "trunc":
                return int(number)
            case "floor":
                return math.floor(number)
            case "ceil":
                return math.ceil(number)
            case _:
                return float(number)
    except (OverflowError, ValueError) as problem:
        return Unknown(f"{problem}")


def _converter(name: str) -> None:
    @knows(f"builtins.{name}" if name in ("int", "float") else f"math.{name}")
    def convert(machine: Machine, call: Call) -> Value:
        value = call.get(0, "x", 0)
        if isinstance(value, Data) and len(value.numbers) == 1:
            value = value.numbers[0]
        if isinstance(value, (bool, int, float)):
            return _rounding(name, value)
        if isinstance(value, str) and name in ("int", "float") and len(value) < 400 and len(call.args) == 1:
            try:
                return int(value) if name == "int" else float(value)
            except ValueError:
                raise Raised("ValueError", call.place) from None
        if isinstance(value, (Expr, Unknown)):
            return value
        return Unknown(f"{name}() of a value that is not known", call.place)


for _name in ("int", "float", "floor", "ceil", "trunc"):
    _converter(_name)


@knows("builtins.bool")
def bool_(machine: Machine, call: Call) -> Value:
    known = machine.known_truth(call.get(0, "x", False))
    return Condition("truth", call.arg(0)) if known is None else known


@knows("builtins.str", "builtins.repr", "builtins.format")
def str_(machine: Machine, call: Call) -> Value:
    if call.get(0, "object") == DEVICE:
        return DEVICE  # as a key it is as good as its name
    text = text_of(call.get(0, "object", ""), "")
    return Unknown("the text of a value that is not known", call.place) if text is None else text


@knows("builtins.abs")
def abs_(machine: Machine, call: Call) -> Value:
    value = call.get(0, "x")
    return (
        abs(value)
        if isinstance(value, (int, float))
        else value
        if isinstance(value, Tensor)
        else _unknown("abs", value, call)
    )


@knows("builtins.round")
def round_(machine: Machine, call: Call) -> Value:
    value, digits = call.get(0, "number"), call.get(1, "ndigits")
    if isinstance(digits, int) and abs(digits) > DIGITS:  # Python makes a power of ten of it
        return Unknown("a number rounded to too many digits", call.place)
    if isinstance(value, (int, float)) and (digits is None or isinstance(digits, int)):
        try:
            return round(value, digits)
        except (OverflowError, ValueError) as problem:
            return Unknown(f"{problem}", call.place)
    return value if isinstance(value, Expr) and digits is None else _unknown("round", value, call)


def _unknown(name: str, value: Value, call: Call) -> Unknown:
    return value if isinstance(value, Unknown) else Unknown(f"{name}() of a value that is not known", call.place)


@knows("builtins.sum", "math.fsum")
def sum_(machine: Machine, call: Call) -> Value:
    items = exact(members(machine, call.get(0, "iterable", ()), call.place), call)
    if isinstance(items, Unknown):
        return items
    total = call.get(1, "start", 0)
    for item in items:
        total = binary(machine, "+", total, item, call.place)
    return total


def _quantifier(name: str, stop: bool) -> None:
    @knows(f"builtins.{name}")
    def run(machine: Machine, call: Call) -> Value:
        items = members(machine, call.get(0, "iterable", ()), call.place)
        if isinstance(items, Unknown):
            return items
        verdicts = [machine.known_truth(i.value) if isinstance(i, Many) else machine.known_truth(i) for i in items]
        sure = [v for v, i in zip(verdicts, items, strict=True) if not isinstance(i, Many)]
        if stop in sure:
            return stop
        return (
            Unknown(f"{name}() of values that are not known", call.place) if {None, stop} & set(verdicts) else not stop
        )


_quantifier("any", True)
_quantifier("all", False)


@knows("builtins.print", "warnings.warn", "builtins.id", "builtins.hash")
def nothing(machine: Machine, call: Call) -> Value:
    return None


@knows("builtins.divmod")
def divmod_(machine: Machine, call: Call) -> Value:
    a, b = call.arg(0), call.arg(1)
    return (binary(machine, "//", a, b, call.place), binary(machine, "%", a, b, call.place))


@knows("builtins.pow")
def pow_(machine: Machine, call: Call) -> Value:
    power = binary(machine, "**", call.arg(0), call.arg(1), call.place)
    return power if len(call.args) < 3 else binary(machine, "%", power, call.arg(2), call.place)


@knows("math.pow")
def real_power(machine: Machine, call: Call) -> Value:
    power = pow_(machine, call)
    return float(power) if isinstance(power, int) else power


@knows("builtins.slice")
def slice_(machine: Machine, call: Call) -> Value:
    if not 1 <= len(call.args) <= 3:
        raise MissingArgument
    return slice(*call.args)
