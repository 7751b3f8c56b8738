"""How tensors flow from call to call: what a call's input was made from, and what becomes of its output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import ListValue, Value
from padlint.layers.base import Tensor


def upstream(op: Op, record: Record) -> list[Op]:
    """The calls whose results went into a call, itself included."""
    seen: dict[int, Op] = {}
    waiting = [op, *(record.ops[n] for n in origins((op.output,)))] if op.kind == "module" else [op]
    while waiting:
        each = waiting.pop()
        if each.number not in seen:
            seen[each.number] = each
            waiting.extend(record.ops[number] for number in origins(each.inputs) if number < len(record.ops))
    return [seen[number] for number in sorted(seen)]


def origins(values: Iterable[Value]) -> Iterator[int]:
    for value in values:
        if isinstance(value, Tensor) and value.origin is not None:
            yield value.origin
        elif isinstance(value, tuple | ListValue):
            yield from origins(value)


def downstream(op: Op, record: Record) -> Iterator[Op]:
    """The calls of layers and functions that an output goes into, directly or through others."""
    waiting, seen = [op.number], set[int]()
    while waiting:
        number = waiting.pop()
        for user in users(number, record):
            if user.number not in seen:
                seen.add(user.number)
                waiting.append(user.number)
                yield user


def users(number: int, record: Record) -> list[Op]:
    """The calls of layers and functions that take what a call gave, in order. Asked for when the run is over: the index
    is made once, a loop over epochs makes many calls."""
    for op in record.ops[record.indexed :]:
        if op.kind != "module":
            for origin in dict.fromkeys(origins(op.inputs)):
                record.users.setdefault(origin, []).append(op)
    record.indexed = len(record.ops)
    return record.users.get(number, [])
