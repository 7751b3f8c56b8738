"""Assertions: what a program says itself of the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.evaluate.havoc import targets, walk
from padlint.evaluate.machine import Machine, Raised, Signal
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Call, Function, Scope, Tensor, Value
from padlint.layers.base import Refusal
from padlint.syntax import ir


def assert_(machine: Machine, node: ir.Assert, scope: Scope) -> Signal | None:
    """What is asserted holds from here on. Sizes that are proved to be others are recorded as refused."""
    before = len(machine.record.ops)
    value = machine.evaluate(node.test, scope)
    if machine.known_truth(value) is False:
        for comparison in _compared(node.test):
            tensors = tuple(_measured(machine, comparison, scope, before))
            if tensors and machine.known_truth(machine.evaluate(comparison, scope)) is False:
                refusal = Refusal("PAD203", "does not hold")
                machine.function("assert", tensors, refusal, Call((), {}, scope.place(comparison)))
        raise Raised("AssertionError", scope.place(node))
    machine.suppose(value, True)
    return None


def _compared(test: ir.Expression) -> Iterator[ir.Compare]:
    """The comparisons for equality that must all hold."""
    if isinstance(test, ir.Boolean) and test.op == "and":
        yield from _compared(test.left)
        yield from _compared(test.right)
    elif isinstance(test, ir.Compare) and [op for op, _ in test.rest] == ["=="]:
        yield test


def _measured(machine: Machine, comparison: ir.Compare, scope: Scope, before: int) -> Iterator[Tensor]:
    """The tensors whose sizes are compared. A model that is called in the comparison itself was so just before."""
    for node in walk((comparison.left, comparison.rest[0][1])):
        measured = _measures(node)
        if isinstance(node, ir.Name):
            made: Value = _unpacked(machine, node.id, scope)
        elif measured is None:
            continue
        elif any(isinstance(inner, ir.Call) for inner in walk(measured)):
            made = machine.record.ops[-1].output if len(machine.record.ops) > before else None
        else:
            made = settled(machine.evaluate(measured, scope))
        if isinstance(made, Tensor):
            yield made


def _measures(node: ir.Node) -> ir.Expression | None:
    """What `x.shape` or `x.size(...)` is asked of."""
    read = node.func if isinstance(node, ir.Call) else node
    wanted = "size" if isinstance(node, ir.Call) else "shape"
    return read.value if isinstance(read, ir.Attribute) and read.attr == wanted else None


def _unpacked(machine: Machine, name: str, scope: Scope) -> Tensor | None:
    """The tensor that a name is a size of: `b, c, h, w = x.size()` alone binds it in the function, and `x` still has it."""
    callee = machine.frames[-1].callee if machine.frames else None
    if not isinstance(callee, Function) or not isinstance(callee.node, ir.Function):
        return None
    if list(targets((callee.node.body,))).count(name) != 1:
        return None
    for node in walk(callee.node.body):
        measured = _measures(node.value) if isinstance(node, ir.Assign) else None
        if not isinstance(node, ir.Assign) or not isinstance(measured, ir.Name):
            continue
        for target in node.targets:
            elements = target.elements if isinstance(target, ir.Display) else ()
            index = next((i for i, each in enumerate(elements) if isinstance(each, ir.Name) and each.id == name), None)
            made = settled(machine.evaluate(measured, scope)) if index is not None else None
            if isinstance(made, Tensor) and index is not None and len(made.shape) == len(elements):
                return made if made.shape[index] == scope.names.get(name) else None
    return None
