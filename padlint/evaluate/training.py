"""Conditions on training mode that only choose numbers: no reason to follow two paths.

`p = self.p if self.training else 0.0` and `if self.training: factor = ...` are in every layer of many models, and no shape
depends on them. Both sides are evaluated; where they give the same, or numbers that are no sizes, the program goes on once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.effects import effect_of
from padlint.evaluate.havoc import walk
from padlint.evaluate.machine import Decisions, Machine, Raised
from padlint.evaluate.values import MISSING, Condition, Number, Scope, Value
from padlint.finding import Place
from padlint.syntax import ir


def asks(machine: Machine, node: ir.If | ir.Conditional, scope: Scope) -> bool:
    """Is this a condition on training mode, on whose sides nothing happens but that local names are bound?"""
    known = machine.world.verdicts.training
    if id(node) not in known:
        found = any(isinstance(each, ir.Attribute) and each.attr == "training" for each in walk(node.test))
        known[id(node)] = (node, found)
    if not known[id(node)][1] or machine.in_module_body or scope.globals or scope.nonlocals:
        return False
    return not effect_of(machine, node, scope).acts


def either(machine: Machine, node: ir.Conditional, scope: Scope) -> Value:
    """The value of a conditional expression whichever way it goes, MISSING where it must be known which."""
    with _unasked(machine):
        test = machine.known_truth(machine.evaluate(node.test, scope))
        if test is not None:
            return machine.evaluate(node.body if test else node.orelse, scope)
        return _joined(machine.evaluate(node.body, scope), machine.evaluate(node.orelse, scope), scope.place(node))


def both(machine: Machine, node: ir.If, scope: Scope) -> bool:
    """Run an `if` whichever way it goes; False, and nothing has happened, where it must be known which."""
    before = dict(scope.names)
    calls = len(machine.record.ops)
    with _unasked(machine):
        test = machine.known_truth(machine.evaluate(node.test, scope))
        names = [
            _names_after(machine, block, scope, before)
            for block in ((node.body, node.orelse) if test is None else (node.body if test else node.orelse,))
        ]
    joined = _joined_names(names[0], names[-1], scope.place(node)) if None not in names else None
    kept = joined is not None and len(machine.record.ops) == calls
    scope.names.clear()
    scope.names.update(joined if joined is not None and kept else before)
    del machine.record.ops[calls:]
    return kept


def _names_after(machine: Machine, block: ir.Block, scope: Scope, before: dict[str, Value]) -> dict[str, Value] | None:
    """The local names after a block; None where it does not run to its end."""
    scope.names.clear()
    scope.names.update(before)
    try:
        signal = machine.execute(block, scope)
    except Raised:
        return None
    return dict(scope.names) if signal is None else None


def _joined_names(
    one: dict[str, Value] | None, other: dict[str, Value] | None, place: Place
) -> dict[str, Value] | None:
    if one is None or other is None:
        return None
    joined = {name: _joined(one.get(name, MISSING), other.get(name, MISSING), place) for name in {**one, **other}}
    return None if any(value is MISSING for value in joined.values()) else joined


def _joined(one: Value, other: Value, place: Place) -> Value:
    """What is one of two values; MISSING where a shape may depend on which."""
    if one is other or (type(one) is type(other) and isinstance(one, (bool, int, float, str)) and one == other):
        return one
    if isinstance(one, (float, Number)) and isinstance(other, (float, Number)):
        return Number("a number that depends on training mode", place)
    plain = all(value is MISSING or isinstance(value, (bool, float, Unknown, Condition)) for value in (one, other))
    return Unknown("depends on training mode", place) if plain else MISSING


@contextmanager
def _unasked(machine: Machine) -> Iterator[None]:
    """Nothing that is not known is decided in here."""
    decisions, oldest = machine.decisions, machine.oldest
    machine.decisions = Decisions(assumed=decisions.assumed)
    try:
        yield
    finally:
        machine.decisions, machine.oldest = decisions, oldest
