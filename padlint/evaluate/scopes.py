"""Names: where they are looked up and how targets are assigned."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate, set_item
from padlint.evaluate.setting import set_attribute
from padlint.evaluate.values import MISSING, Data, Fresh, Many, Scope, Tensor, Value
from padlint.syntax import ir


def holder(name: str, scope: Scope | None) -> Scope | None:
    """The activation that has a name: this one, or that of a function around it (class bodies are skipped); None where the
    module has it, or nobody."""
    at = scope
    while at is not None and at.parent is not None:
        if name in at.names and not (at.is_class and at is not scope) and name not in at.globals:
            return at
        at = at.parent
    return None


def lookup(machine: Machine, name: str, scope: Scope, node: ir.Node) -> Value:
    """The value of a name: this activation, the functions around it, the module, builtins."""
    at = holder(name, scope)
    if at is not None:
        return at.names[name]
    found = machine.world.global_name(machine, scope.module, name)
    if found is MISSING:
        return Unknown(f"the name {name!r} is not defined in any file that was read", scope.place(node))
    return found


def bind(machine: Machine, scope: Scope, name: str, value: Value) -> None:
    """Bind a name where Python would: here, in the module (`global`) or in a function around this one (`nonlocal`)."""
    if name in scope.globals:
        machine.world.own_name(machine, scope.module, name)  # the module's own statements ran before
        machine.bind_outside(scope.module.names, name, value)
    elif name in scope.nonlocals and (at := _around(name, scope)) is not None:
        machine.bind_outside(at.names, name, value)
    else:
        scope.names[name] = value


def _around(name: str, scope: Scope) -> Scope | None:
    """The function around this activation that has a name."""
    at = scope.parent
    while at is not None and at.is_class:
        at = at.parent
    return holder(name, at)


def assign(machine: Machine, target: ir.Expression, value: Value, scope: Scope) -> None:
    """Assign a value to a name, attribute, item or a pattern of them."""
    if isinstance(target, ir.Name):
        bind(machine, scope, target.id, value)
    elif isinstance(target, ir.Attribute):
        owner = machine.evaluate(target.value, scope)
        if target.attr == "data" and isinstance(owner, (Tensor, Fresh, Data)):
            replace(machine, target.value, owner, value, scope)
        else:
            set_attribute(machine, owner, target.attr, value, scope.place(target))
    elif isinstance(target, ir.Subscript):
        container = machine.evaluate(target.value, scope)
        set_item(machine, container, machine.evaluate(target.index, scope), value, scope.place(target))
    elif isinstance(target, ir.Display):
        unpack(machine, target.elements, value, scope)
    elif isinstance(target, ir.Starred):
        assign(machine, target.value, value, scope)


def replace(machine: Machine, node: ir.Expression, tensor: Value, value: Value, scope: Scope) -> None:
    """What an expression names is another tensor from here on: it was given another shape in place. Other names of the
    same tensor may have been given it too."""
    if isinstance(node, ir.Attribute) and node.attr == "data":
        return  # a tensor of its own, though of the same numbers
    for name, each in scope.names.items():
        if each is tensor:
            scope.names[name] = Unknown("a tensor whose shape was changed in place", scope.place(node))
    if isinstance(node, (ir.Name, ir.Attribute, ir.Subscript)):
        assign(machine, node, value, scope)


def unpack(machine: Machine, targets: tuple[ir.Expression, ...], value: Value, scope: Scope) -> None:
    """`a, *b, c = value`; where the number of items is not known, every target is unknown."""
    place = scope.place(targets[0]) if targets else None
    stars = [index for index, target in enumerate(targets) if isinstance(target, ir.Starred)]
    items = iterate(machine, value, place, expected=None if stars else len(targets))
    if isinstance(items, Unknown) or any(isinstance(item, Many) for item in items):
        reason = items if isinstance(items, Unknown) else Unknown("unpacked from a list of unknown length", place)
        for target in targets:
            assign(machine, target, reason, scope)
        return
    if stars:
        star, after = stars[0], len(targets) - stars[0] - 1
        middle = machine.list(items[star : len(items) - after])
        items = [*items[:star], middle, *items[len(items) - after :]]
    if len(items) != len(targets):
        items = [Unknown(f"{len(items)} values for {len(targets)} names", place)] * len(targets)
    for target, item in zip(targets, items, strict=True):
        assign(machine, target, item, scope)
