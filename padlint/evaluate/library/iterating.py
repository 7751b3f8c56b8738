"""itertools."""

from __future__ import annotations

import itertools

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.operators import binary
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Call, IteratorValue, ListValue, Many, Value
from padlint.evaluate.weight import MOST

FUNCTIONS = Table()
knows = FUNCTIONS.knows


@knows("itertools.chain")
def chain(machine: Machine, call: Call) -> Value:
    result: list[Value] = []
    for part in call.args:
        items = iterate(machine, part, call.place)
        result.extend([Many(items)] if isinstance(items, Unknown) else items)
    return machine.iterator(result)


@knows("itertools.chain.from_iterable")
def chain_from(machine: Machine, call: Call) -> Value:
    parts = iterate(machine, call.arg(0), call.place)
    return chain(machine, Call(tuple([parts] if isinstance(parts, Unknown) else parts), {}, call.place))


@knows("itertools.islice")
def islice(machine: Machine, call: Call) -> Value:
    bounds = [each for each in call.args[1:] if isinstance(each, int) or each is None]
    source = call.arg(0)
    items = exact(list(source) if isinstance(source, ListValue) else iterate(machine, source, call.place), call)
    if isinstance(items, Unknown) or not bounds or len(bounds) + 1 != len(call.args) or machine.loops:
        return Unknown("a part of what an iterator gives", call.place)
    end = bounds[0] if len(bounds) == 1 else bounds[1]
    if isinstance(source, IteratorValue):
        machine.touch(source)
        del source[:end]
    return machine.iterator(list(itertools.islice(items, *bounds)))


@knows("itertools.starmap")
def starmap(machine: Machine, call: Call) -> Value:
    rows = exact(iterate(machine, call.arg(1), call.place), call)
    if isinstance(rows, Unknown):
        return rows
    given = [iterate(machine, row, call.place) for row in rows]
    results = [
        each if isinstance(each, Unknown) else machine.call(call.arg(0), *each, place=call.place) for each in given
    ]
    return machine.iterator(results)


@knows("itertools.repeat")
def repeat(machine: Machine, call: Call) -> Value:
    times = call.get(1, "times")
    if isinstance(times, int) and times <= MOST:
        return machine.iterator([call.arg(0)] * times)
    return machine.list([Many(call.arg(0))])


@knows("itertools.product")
def cartesian(machine: Machine, call: Call) -> Value:
    rows: list[tuple[Value, ...]] = [()]
    for part in call.args:
        items = exact(iterate(machine, part, call.place), call)
        if isinstance(items, Unknown) or len(rows) * len(items) > MOST:
            return Unknown("a product of unknown length", call.place)
        machine.charge(len(rows) * len(items) * (len(rows[0]) + 1 if rows else 0))
        rows = [(*row, item) for row in rows for item in items]
    return machine.iterator(list[Value](rows))


@knows("itertools.accumulate")
def accumulate(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(0), call.place), call)
    if isinstance(items, Unknown) or len(call.args) > 1:
        return items if isinstance(items, Unknown) else Unknown("accumulate() with a function", call.place)
    result: list[Value] = []
    for item in items:
        result.append(binary(machine, "+", result[-1], item, call.place) if result else item)
    return machine.iterator(result)


@knows("numpy.cumsum")
def cumulated(machine: Machine, call: Call) -> Value:
    items = accumulate(machine, call)
    return machine.list(items) if isinstance(items, ListValue) else items


@knows("itertools.pairwise")
def pairwise(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(0), call.place), call)
    return items if isinstance(items, Unknown) else machine.iterator(list[Value](itertools.pairwise(items)))
