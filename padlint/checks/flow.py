"""How tensors flow from call to call: what a call's input was made from, and what becomes of its output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import ListValue, Value


def upstream(op: Op, record: Record) -> list[Op]:
    """The calls whose results went into a call, itself included."""
    seen: dict[int, Op] = {}
    waiting = [op, *_makers((op.output,), record)] if op.kind == "module" else [op]
    while waiting:
        each = waiting.pop()
        if each.number not in seen:
            seen[each.number] = each
            waiting.extend(_makers(each.inputs, record))
    return [seen[number] for number in sorted(seen)]


def _makers(values: Iterable[Value], record: Record) -> Iterator[Op]:
    """The calls that gave these tensors, and those in tuples and lists."""
    for value in values:
        if isinstance(value, tuple | ListValue):
            yield from _makers(value, record)
        elif (maker := record.maker(value)) is not None:
            yield maker


def before(wanted: Callable[[Op], bool], record: Record) -> set[int]:
    """The numbers of the calls whose output goes, directly or through others, into a call of a layer or a function that is
    wanted. One pass from the end on: what takes a tensor stands behind what gave it."""
    found: set[int] = set()
    for op in reversed(record.ops):
        if op.kind != "module" and (op.number in found or wanted(op)):
            found.update(maker.number for maker in _makers(op.inputs, record))
    return found


def users(number: int, record: Record) -> list[Op]:
    """The calls of layers and functions that take what a call gave, in order. Asked for when the run is over: the index
    is made once, a loop over epochs makes many calls."""
    for op in record.ops[record.indexed :]:
        if op.kind != "module":
            for origin in dict.fromkeys(maker.number for maker in _makers(op.inputs, record)):
                record.users.setdefault(origin, []).append(op)
    record.indexed = len(record.ops)
    return record.users.get(number, [])
