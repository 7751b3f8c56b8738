"""Assertions: what a program says itself of the shapes of its tensors."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.evaluate.havoc import walk
from padlint.evaluate.machine import Machine, Raised, Signal
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Call, Scope, Tensor
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
        read = node.func if isinstance(node, ir.Call) else node
        if not isinstance(read, ir.Attribute) or read.attr != ("size" if isinstance(node, ir.Call) else "shape"):
            continue
        if any(isinstance(inner, ir.Call) for inner in walk(read.value)):
            made = machine.record.ops[-1].output if len(machine.record.ops) > before else None
        else:
            made = settled(machine.evaluate(read.value, scope))
        if isinstance(made, Tensor):
            yield made
