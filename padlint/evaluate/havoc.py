"""What becomes unknown when it is not known whether, or how often, statements run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.journal import Lasting, parts_of
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import container_kind, unsettle
from padlint.evaluate.scopes import bind, holder
from padlint.evaluate.values import (
    MISSING,
    ClassValue,
    Descriptor,
    DictValue,
    Function,
    Instance,
    ListValue,
    Many,
    Namespace,
    Scope,
    Value,
)
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
        yield from _targets_of(node)


def _targets_of(node: ir.Node) -> Iterator[ir.Expression | str]:
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
    """What statements may do to what was there before: what they assign (True: by `+=` and its kin, in place
    where it is a list), the methods by which they change it and what they delete, in their order, whether they may return."""

    targets: tuple[tuple[ir.Expression | str, bool], ...]
    changes: tuple[ir.Attribute | ir.Delete, ...]
    returns: bool


def _deeds(machine: Machine, block: ir.Block) -> Deeds:
    """Looked at once: the body of a loop of unknown length in another such loop comes again and again."""
    known = machine.world.deeds
    if id(block) not in known:
        changes = tuple(change for node in walk(block) if (change := _change(node)) is not None)
        returns = any(isinstance(node, ir.Return) for node in walk(block))
        assigned = tuple(
            (target, isinstance(node, ir.AugmentedAssign)) for node in walk(block) for target in _targets_of(node)
        )
        known[id(block)] = block, Deeds(assigned, changes, returns)
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
    for target, increased in chain.from_iterable(each.targets for each in deeds):
        current = _quiet(machine, _named(target), scope) if increased else None
        if isinstance(current, (ListValue, DictValue)):
            if growth:
                _open(machine, current, reason)
        elif isinstance(target, str):
            bind(machine, scope, target, reason)
        elif isinstance(target, ir.Attribute):
            _forget_part(machine, _quiet(machine, target.value, scope), target.attr, reason)
        elif isinstance(target, ir.Subscript):
            _forget_item(machine, _quiet(machine, target.value, scope), target.index, reason)
    for change in chain.from_iterable(each.changes for each in deeds) if growth else ():
        if isinstance(change, ir.Delete):
            _forget_deleted(machine, change.targets, scope, reason)
        else:
            forgotten = _open if change.attr in GROWING else _unsettle
            forgotten(machine, _quiet(machine, change.value, scope), reason)
    if any(each.returns for each in deeds):
        scope.uncertain = reason


def growing(machine: Machine, block: ir.Block, scope: Scope) -> list[Value]:
    """What these statements put something into, as far as their text tells."""
    deeds = _deeds(machine, block)
    nodes = [each.value for each in deeds.changes if isinstance(each, ir.Attribute) and each.attr in GROWING]
    nodes += [_named(target) for target, increased in deeds.targets if increased]
    return [_quiet(machine, node, scope) for node in nodes]


def _named(target: ir.Expression | str) -> ir.Expression:
    return ir.Name(0, target) if isinstance(target, str) else target


def _unsettle(machine: Machine, value: Value, reason: Unknown) -> None:
    machine.touch(value)
    if not isinstance(value, Instance) or container_kind(value) is not None:
        unsettle(value, reason)


def _forget_deleted(machine: Machine, targets: tuple[ir.Expression, ...], scope: Scope, reason: Unknown) -> None:
    for target in targets:
        if isinstance(target, ir.Name):
            bind(machine, scope, target.id, reason)
        elif isinstance(target, ir.Attribute):
            _forget_part(machine, _quiet(machine, target.value, scope), target.attr, reason)
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


def _forget_part(machine: Machine, owner: Value, name: str, reason: Unknown) -> None:
    machine.touch(owner)
    if isinstance(owner, Instance):
        holder = owner.children if name in owner.children else owner.attrs
        holder[name] = reason
    else:
        _open(machine, owner, reason)


def _forget_item(machine: Machine, owner: Value, index: ir.Expression, reason: Unknown) -> None:
    """An item may be another; which one, only a constant tells."""
    key = index.value if isinstance(index, ir.Constant) else MISSING
    machine.touch(owner)
    if isinstance(owner, DictValue):
        owner.update(dict.fromkeys([each for each in owner if key in (MISSING, each)], reason))
        owner.rest = owner.rest or reason
    elif isinstance(owner, ListValue):
        if isinstance(key, int) and -len(owner) <= key < len(owner) and not any(isinstance(i, Many) for i in owner):
            owner[key] = reason
        else:
            unsettle(owner, reason)
    else:
        _unsettle(machine, owner, reason)


def _open(machine: Machine, value: Value, reason: Unknown) -> None:
    """Say that unknown items may be in a container."""
    machine.touch(value)
    if isinstance(value, ListValue):
        value.append(Many(reason))
    elif isinstance(value, DictValue):
        value.rest = value.rest or reason
    elif isinstance(value, Instance) and container_kind(value) is not None:
        value.open = value.open or reason


def lose(lasting: Lasting, reason: Unknown) -> None:
    """Make unknown all that a statement has changed which was given up on the way."""
    for names, name in lasting.bound:
        names[name] = reason
    for value in lasting.changed.values():
        if isinstance(value, (Instance, Namespace, ClassValue, Function)):
            parts = parts_of(value)
            known = [name for name, part in parts.items() if not isinstance(part, (Function, Descriptor, ClassValue))]
            parts.update(dict.fromkeys(known, reason))
        unsettle(value, reason)
