"""What becomes unknown when it is not known whether, or how often, statements run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import container_kind, unsettle
from padlint.evaluate.scopes import bind, holder
from padlint.evaluate.values import MISSING, DictValue, Instance, ListValue, Many, Scope, Value
from padlint.syntax import ir

GROWING = frozenset({"append", "extend", "add_module", "register_module", "update", "add", "setdefault"})
REORDERING = frozenset({
    "insert", "appendleft", "extendleft", "pop", "popleft", "popitem", "remove", "discard", "clear", "reverse", "sort",
    "rotate", "move_to_end", "difference_update", "intersection_update", "symmetric_difference_update",
})  # fmt: skip
"""Methods after which what was there before may not be there any more, or elsewhere."""
_CHANGING = GROWING | REORDERING


def walk(nodes: ir.Node | tuple[object, ...]) -> Iterator[ir.Node]:
    """Every node below, but not the bodies of functions and classes, which do not run here."""
    pending: list[object] = [nodes]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(reversed(node))
        elif isinstance(node, ir.Node):
            yield node
            if not isinstance(node, (ir.Function, ir.Class, ir.Lambda)):
                pending.extend(reversed(ir.children(node)))


def targets(blocks: tuple[ir.Block, ...]) -> Iterator[ir.Expression | str]:
    """What the statements assign: names as text, attributes and items as expressions."""
    for node in walk(blocks):
        if isinstance(node, ir.Assign):
            yield from _leaves(node.targets)
        elif isinstance(node, (ir.AugmentedAssign, ir.AnnotatedAssign, ir.For, ir.Clause)):
            yield from _leaves((node.target,))
        elif isinstance(node, ir.With):
            yield from _leaves(tuple(target for _, target in node.items if target is not None))
        elif isinstance(node, (ir.Function, ir.Class, ir.Walrus)):
            yield node.name
        elif isinstance(node, (ir.Import, ir.ImportFrom)):
            yield from (alias or dotted.partition(".")[0] for dotted, alias in node.names)


def _leaves(nodes: tuple[ir.Expression, ...]) -> Iterator[ir.Expression | str]:
    for node in nodes:
        if isinstance(node, ir.Name):
            yield node.id
        elif isinstance(node, ir.Display):
            yield from _leaves(node.elements)
        elif isinstance(node, ir.Starred):
            yield from _leaves((node.value,))
        else:
            yield node


@dataclass(frozen=True, slots=True)
class Deeds:
    """What statements may do to what was there before: what they assign, the methods by which they change it and what they
    delete, in their order, whether they may return."""

    targets: tuple[ir.Expression | str, ...]
    changes: tuple[ir.Attribute | ir.Delete, ...]
    returns: bool


def _deeds(machine: Machine, block: ir.Block) -> Deeds:
    """Looked at once: the body of a loop of unknown length in another such loop comes again and again."""
    known = machine.world.deeds
    if id(block) not in known:
        changes = tuple(change for node in walk(block) if (change := _change(node)) is not None)
        returns = any(isinstance(node, ir.Return) for node in walk(block))
        known[id(block)] = block, Deeds(tuple(targets((block,))), changes, returns)
    return known[id(block)][1]


def _change(node: ir.Node) -> ir.Attribute | ir.Delete | None:
    """A deletion, or the method that a call changes something by."""
    if isinstance(node, ir.Delete):
        return node
    method = node.func if isinstance(node, ir.Call) else None
    return method if isinstance(method, ir.Attribute) and method.attr in _CHANGING else None


def forget(machine: Machine, blocks: tuple[ir.Block, ...], scope: Scope, reason: Unknown, growth: bool = True) -> None:
    """Make unknown all that these statements may change. `growth`: also what they may put into lists and containers."""
    deeds = [_deeds(machine, block) for block in blocks]
    for target in chain.from_iterable(each.targets for each in deeds):
        if isinstance(target, str):
            if not isinstance(scope.names.get(target), (ListValue, DictValue)):
                bind(machine, scope, target, reason)
            elif growth:
                _open(machine, scope.names[target], reason)
        elif isinstance(target, (ir.Attribute, ir.Subscript)):
            _forget_part(machine, _quiet(machine, target.value, scope), target, reason)
    for change in chain.from_iterable(each.changes for each in deeds) if growth else ():
        if isinstance(change, ir.Delete):
            _forget_deleted(machine, change.targets, scope, reason)
        else:
            forgotten = _open if change.attr in GROWING else _unsettle
            forgotten(machine, _quiet(machine, change.value, scope), reason)
    if any(each.returns for each in deeds):
        scope.uncertain = reason


def _unsettle(machine: Machine, value: Value, reason: Unknown) -> None:
    machine.touch(value)
    if not isinstance(value, Instance) or container_kind(value) is not None:
        unsettle(value, reason)


def _forget_deleted(machine: Machine, targets: tuple[ir.Expression, ...], scope: Scope, reason: Unknown) -> None:
    for target in targets:
        if isinstance(target, ir.Name):
            bind(machine, scope, target.id, reason)
        elif isinstance(target, ir.Attribute):
            _forget_part(machine, _quiet(machine, target.value, scope), target, reason)
        elif isinstance(target, ir.Subscript):
            _unsettle(machine, _quiet(machine, target.value, scope), reason)


def _quiet(machine: Machine, node: ir.Expression, scope: Scope) -> Value:
    """The value of a chain of names and attributes; nothing is called."""
    if isinstance(node, ir.Name):
        at = holder(node.id, scope)
        if at is not None:
            return at.names[node.id]
        found = machine.world.own_name(machine, scope.module, node.id)
        return None if found is MISSING else found
    if isinstance(node, ir.Attribute):
        owner = _quiet(machine, node.value, scope)
        if isinstance(owner, Instance):
            return owner.children.get(node.attr) or owner.attrs.get(node.attr)
    return None


def _forget_part(machine: Machine, owner: Value, target: ir.Attribute | ir.Subscript, reason: Unknown) -> None:
    machine.touch(owner)
    if isinstance(owner, Instance) and isinstance(target, ir.Attribute):
        current = owner.attrs.get(target.attr)
        if isinstance(current, (ListValue, DictValue)):
            _open(machine, current, reason)
        elif target.attr in owner.children:
            owner.children[target.attr] = reason
        else:
            owner.attrs[target.attr] = reason
    else:
        _open(machine, owner, reason)


def _open(machine: Machine, value: Value, reason: Unknown) -> None:
    """Say that unknown items may be in a container."""
    machine.touch(value)
    if isinstance(value, ListValue):
        value.append(Many(reason))
    elif isinstance(value, DictValue):
        value.rest = value.rest or reason
    elif isinstance(value, Instance) and container_kind(value) is not None:
        value.open = value.open or reason
