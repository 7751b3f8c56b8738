"""Loops: turn by turn where the items are known; else once, for any number of turns."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import Unknown
from padlint.errors import BoundExceeded
from padlint.evaluate.havoc import forget, growing, walk
from padlint.evaluate.machine import Machine, Signal
from padlint.evaluate.protocols import iterate
from padlint.evaluate.scopes import assign
from padlint.evaluate.turns import any_turn
from padlint.evaluate.values import IteratorValue, Many, Scope, Value
from padlint.evaluate.weight import LOOK, MOST
from padlint.evaluate.weights import passed_over
from padlint.finding import Place
from padlint.syntax import ir

LOOPS = 20_000


def while_(machine: Machine, node: ir.While, scope: Scope) -> Signal | None:
    for _ in range(LOOPS):
        known = machine.known_truth(machine.evaluate(node.test, scope))
        if known is None:
            signal = repeat(machine, node.body, None, scope, scope.place(node))
            return signal or _otherwise(machine, node, scope)
        if not known:
            return machine.execute(node.orelse, scope)
        signal = machine.execute(node.body, scope)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind == "return":
            return signal
    raise BoundExceeded("a loop takes too many turns")


def for_(machine: Machine, node: ir.For, scope: Scope) -> Signal | None:
    if passed_over(machine, node, scope):
        return None
    unsure = False
    for item in _drawn(machine, machine.evaluate(node.iterable, scope), scope.place(node.iterable)):
        if isinstance(item, Many):
            unsure = True
            repeat(machine, node.body, (node.target, item.value), scope, scope.place(node))
            continue
        assign(machine, node.target, item, scope)
        signal = machine.execute(node.body, scope)
        if signal is not None and signal.kind == "break":
            return None
        if signal is not None and signal.kind == "return":
            return signal
    return _otherwise(machine, node, scope) if unsure else machine.execute(node.orelse, scope)


def _drawn(machine: Machine, walked: Value, place: Place) -> Iterator[Value]:
    """The items, one by one: of an iterator, others may take some meanwhile, and what a `break` leaves stays in it."""
    if isinstance(walked, IteratorValue) and not machine.existed_before_loop(walked.born):
        while walked:
            machine.touch(walked)
            machine.look(len(walked) // LOOK)
            yield walked.pop(0)
    elif isinstance(walked, range) and len(walked) <= MOST:
        yield from walked
    else:
        items = iterate(machine, walked, place)
        yield from [Many(items)] if isinstance(items, Unknown) else items


def _otherwise(machine: Machine, node: ir.For | ir.While, scope: Scope) -> Signal | None:
    """The `else` of a loop of unknown length: runs for sure only where nothing breaks the loop."""
    if not node.orelse or not any(isinstance(each, ir.Jump) and each.kind == "break" for each in walk(node.body)):
        return machine.execute(node.orelse, scope)
    reason = Unknown("whether a loop of unknown length is broken", scope.place(node))
    known = machine.truth(reason)
    if known is None:
        forget(machine, (node.orelse,), scope, reason)
    return machine.execute(node.orelse, scope) if known else None


def repeat(
    machine: Machine, body: ir.Block, element: tuple[ir.Expression, Value] | None, scope: Scope, place: Place
) -> Signal | None:
    """A body that runs any number of times: what it carries from turn to turn is unknown, what it appends comes as Many."""
    reason = Unknown("changes in a loop of unknown length", place)

    def turn() -> Signal | None:
        forget(machine, (body,), scope, reason, growth=False)
        if element is not None:
            assign(machine, *element, scope)
        machine.loops.append(machine.clock)
        try:
            return machine.execute(body, scope)
        finally:
            machine.loops.pop()

    signal = any_turn(machine, growing(machine, body, scope), reason, turn)
    forget(machine, (body,), scope, reason, growth=False)
    if signal is not None and signal.kind == "return":
        scope.uncertain = reason
    return None
