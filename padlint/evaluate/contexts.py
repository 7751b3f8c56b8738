"""The `with` statement."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.calls import call_function
from padlint.evaluate.machine import Machine, Raised, Signal
from padlint.evaluate.protocols import defines
from padlint.evaluate.scopes import assign
from padlint.evaluate.values import CONTEXT, Call, Function, Partial, Scope, Value
from padlint.syntax import ir


def with_(machine: Machine, node: ir.With, scope: Scope) -> Signal | None:
    return _enter(machine, node, scope, 0)


def _enter(machine: Machine, node: ir.With, scope: Scope, index: int) -> Signal | None:
    """Enter the contexts from this one on, and run the body in them."""
    if index == len(node.items):
        return machine.execute(node.body, scope)
    expression, target = node.items[index]
    value = machine.evaluate(expression, scope)
    if isinstance(value, Partial) and value.func == CONTEXT:
        return _around(machine, node, scope, index, value)
    entered = value
    if defines(value, "__enter__"):
        entered = machine.call(machine.attribute(value, "__enter__", scope.place(node)), place=scope.place(node))
    if target is not None:
        assign(machine, target, entered, scope)
    guarded = isinstance(value, Unknown) and isinstance(expression, ir.Call) and _expects_error(expression.func)
    machine.record.guarded += guarded
    try:
        return _enter(machine, node, scope, index + 1)
    except Raised:
        if not guarded:
            raise
        return None
    finally:
        machine.record.guarded -= guarded
        if defines(value, "__exit__"):
            leave = machine.attribute(value, "__exit__", scope.place(node))
            machine.call(leave, None, None, None, place=scope.place(node))


def _around(machine: Machine, node: ir.With, scope: Scope, index: int, context: Partial) -> Signal | None:
    """A context that is a generator: what comes after it runs where the generator yields."""
    target = node.items[index][1]
    ends: list[Signal | None] = []

    def resume(given: Value) -> None:
        if not ends:
            if target is not None:
                assign(machine, target, given, scope)
            ends.append(None)
            ends[0] = _enter(machine, node, scope, index + 1)

    generator = context.args[0]
    assert isinstance(generator, Function)
    machine.resume = resume
    try:
        call_function(machine, generator, Call(context.args[1:], dict(context.keywords), scope.place(node)))
    finally:
        machine.resume = None
    if not ends:  # it was not seen to yield
        if target is not None:
            assign(machine, target, Unknown("what a context gives", scope.place(node)), scope)
        return _enter(machine, node, scope, index + 1)
    return ends[0]


def _expects_error(func: ir.Expression) -> bool:
    """`pytest.raises(...)`, `self.assertRaises(...)`, `contextlib.suppress(...)`"""
    name = ir.last_name(func) or ""
    return name in {"raises", "suppress"} or name.startswith("assertRaises")
