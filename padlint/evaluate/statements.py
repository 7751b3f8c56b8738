"""What statements do. One function a node type; `STATEMENTS` is the table that the machine dispatches on."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import cast

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate import training
from padlint.evaluate.assertions import assert_
from padlint.evaluate.attributes import wholly_known
from padlint.evaluate.classes import define_class
from padlint.evaluate.contexts import with_
from padlint.evaluate.havoc import forget
from padlint.evaluate.installed import caught, surely_imported
from padlint.evaluate.loops import for_, while_
from padlint.evaluate.machine import Machine, Raised, Signal
from padlint.evaluate.operators import DUNDER, binary, compare
from padlint.evaluate.protocols import iterate, mixed, unsettle, unsettled
from padlint.evaluate.said import hear
from padlint.evaluate.scopes import assign, bind
from padlint.evaluate.values import (
    ClassValue,
    DictValue,
    External,
    Function,
    Instance,
    ListValue,
    Many,
    Scope,
    SetValue,
    Value,
    linearised,
)
from padlint.evaluate.weight import MOST
from padlint.evaluate.weights import assigns_weight, passed_over
from padlint.finding import Place
from padlint.syntax import ir
from padlint.syntax.index import for_types


def evaluate(machine: Machine, node: ir.Evaluate, scope: Scope) -> Signal | None:
    if not (isinstance(node.value, ir.Call) and passed_over(machine, node, scope)):
        machine.evaluate(node.value, scope)
    return None


def assignment(machine: Machine, node: ir.Assign, scope: Scope) -> Signal | None:
    if assigns_weight(node) and passed_over(machine, node, scope):
        return None
    value = machine.evaluate(node.value, scope)
    _hear(machine, node, value, scope)
    for target in node.targets:
        assign(machine, target, value, scope)
    return None


def _hear(
    machine: Machine, node: ir.Assign | ir.AnnotatedAssign | ir.AugmentedAssign, value: Value, scope: Scope
) -> None:
    if scope.module.marked and (place := scope.place(node)) in scope.module.marked:
        hear(machine.world, place, value)


def augmented(machine: Machine, node: ir.AugmentedAssign, scope: Scope) -> Signal | None:
    current = machine.evaluate(node.target, scope)
    value = machine.evaluate(node.value, scope)
    _hear(machine, node, value, scope)
    place = scope.place(node)
    if isinstance(current, ListValue) and node.op == "+":  # in place: every name of this list sees it
        items = iterate(machine, value, place)
        extend_list(machine, current, [Many(items)] if isinstance(items, Unknown) else items)
        return None
    if isinstance(current, (ListValue, DictValue, SetValue)):
        _in_place(machine, node, current, value, place)
        return None
    if isinstance(current, Instance):
        method = machine.attribute(current, f"__i{DUNDER.get(node.op, '')}__", place)
        if not isinstance(method, Unknown):
            assign(machine, node.target, machine.call(method, value, place=place), scope)
            return None
    assign(machine, node.target, binary(machine, node.op, current, value, place), scope)
    return None


def _in_place(
    machine: Machine, node: ir.AugmentedAssign, current: ListValue | DictValue | SetValue, value: Value, place: Place
) -> None:
    """`items *= 2`, `options |= more`: every name of this list, dict or set sees it."""
    result = binary(machine, node.op, current, value, place)
    machine.touch(current)
    if unsettled(machine, current, place) is not None:
        return
    if isinstance(result, ListValue) and isinstance(current, ListValue):
        current[:] = result
    elif isinstance(result, DictValue) and isinstance(current, DictValue):
        current.update(result)
        current.rest = result.rest
    elif isinstance(result, SetValue) and isinstance(current, SetValue):
        current.clear()
        current.update(result)
    else:
        unsettle(current, Unknown(f"changed by {node.op}= with something unknown", place))


def extend_list(machine: Machine, target: ListValue, items: list[Value]) -> None:
    """Append to a list; inside a loop of unknown length each item may come any number of times."""
    many = machine.existed_before_loop(target.born)
    machine.touch(target)
    if len(target) + len(items) > MOST:
        unsettle(target, Unknown("a list too long to follow"))
        return
    machine.hold(len(items))
    target.extend([item if isinstance(item, Many) or not many else Many(item) for item in items])


def annotated(machine: Machine, node: ir.AnnotatedAssign, scope: Scope) -> Signal | None:
    if node.value is not None:
        value = machine.evaluate(node.value, scope)
        _hear(machine, node, value, scope)
        assign(machine, node.target, value, scope)
    if scope.is_class and isinstance(node.target, ir.Name):
        scope.annotations[node.target.id] = node.annotation
    return None


def return_(machine: Machine, node: ir.Return, scope: Scope) -> Signal | None:
    return Signal("return", machine.evaluate(node.value, scope) if node.value is not None else None)


def raise_(machine: Machine, node: ir.Raise, scope: Scope) -> Signal | None:
    value = node.value.func if isinstance(node.value, ir.Call) else node.value
    name = value.id if isinstance(value, ir.Name) else value.attr if isinstance(value, ir.Attribute) else "Exception"
    found = machine.evaluate(value, scope) if isinstance(value, (ir.Name, ir.Attribute)) else None
    found = found.cls if isinstance(found, Instance) else found
    bases = [base for base in linearised(found) if isinstance(base, (ClassValue, External))]
    names = tuple(base.name if isinstance(base, ClassValue) else base.dotted.rpartition(".")[2] for base in bases)
    raise Raised(name, scope.place(node), names if isinstance(found, ClassValue) else ())


def delete(machine: Machine, node: ir.Delete, scope: Scope) -> Signal | None:
    for target in node.targets:
        if isinstance(target, ir.Name):
            scope.names.pop(target.id, None)
        elif isinstance(target, ir.Attribute):
            owner = machine.evaluate(target.value, scope)
            delete_attribute(machine, owner, target.attr, scope.place(target))
        elif isinstance(target, ir.Subscript):
            owner = machine.evaluate(target.value, scope)
            _delete_item(machine, owner, machine.evaluate(target.index, scope), scope.place(target))
    return None


def delete_attribute(machine: Machine, owner: Value, name: str, place: Place) -> None:
    """`del owner.name`"""
    machine.touch(owner)
    if isinstance(owner, Instance):
        if name not in owner.attrs and name not in owner.children and wholly_known(owner):
            raise Raised("AttributeError", place)
        owner.attrs.pop(name, None)
        owner.children.pop(name, None)


def _delete_item(machine: Machine, owner: Value, index: Value, place: Place) -> None:
    machine.touch(owner)
    if isinstance(owner, (ListValue, DictValue, Instance)) and unsettled(machine, owner, place) is not None:
        return
    if isinstance(owner, DictValue) and isinstance(index, (Unknown, Expr)):
        unsettle(owner, Unknown("an item deleted under an unknown key", place))
    elif isinstance(owner, dict):
        if mixed(index) not in owner and isinstance(owner, DictValue) and owner.rest is None:
            raise Raised("KeyError", place)
        owner.pop(mixed(index), None)
    elif (
        isinstance(owner, ListValue) and isinstance(index, (int, slice)) and not any(isinstance(i, Many) for i in owner)
    ):
        try:
            del owner[index]
        except IndexError:
            raise Raised("IndexError", place) from None
        except TypeError:
            unsettle(owner, Unknown("items deleted at unknown places", place))
    elif isinstance(owner, Instance):
        keys = list(owner.children)
        if isinstance(index, str):
            owner.children.pop(index, None)
        elif isinstance(index, int) and -len(keys) <= index < len(keys):
            del owner.children[keys[index]]
            kept = list(owner.children.values())
            owner.children = {str(n): child for n, child in enumerate(kept)}
        else:
            unsettle(owner, Unknown("a layer deleted at an unknown place"))


def jump(machine: Machine, node: ir.Jump, scope: Scope) -> Signal | None:
    return None if node.kind == "pass" else Signal(node.kind)


def scope_names(machine: Machine, node: ir.Scope, scope: Scope) -> Signal | None:
    if node.kind == "global":
        scope.globals |= frozenset(node.names)
    else:
        scope.nonlocals |= frozenset(node.names)
    return None


def if_(machine: Machine, node: ir.If, scope: Scope) -> Signal | None:
    if training.asks(machine, node, scope) and training.both(machine, node, scope):
        return None
    test = machine.evaluate(node.test, scope)
    known = machine.known_truth(test)
    if known is None and node.body and isinstance(node.body[-1], ir.Raise):
        machine.suppose(test, False)
    if known is None:
        known = machine.truth(test)
    if known is None:
        reason = Unknown("depends on a condition that is not known", scope.place(node))
        forget(machine, (node.body, node.orelse), scope, reason)
        return None
    return machine.execute(node.body if known else node.orelse, scope)


def try_(machine: Machine, node: ir.Try, scope: Scope) -> Signal | None:
    sure = surely_imported(machine.world, scope.module, node)
    if sure is not None:
        machine.execute(node.body[:sure], scope)
        reason = Unknown("depends on which packages are installed", scope.place(node))
        forget(machine, (node.body[sure:], *(handler.body for handler in node.handlers), node.orelse), scope, reason)
        return machine.execute(node.final, scope)
    guarded = bool(node.handlers)
    machine.record.guarded += guarded
    try:
        signal = machine.execute(node.body, scope)
    except Raised as raised:
        machine.record.guarded -= guarded
        guarded = False
        handler = next((h for h in node.handlers if _catches(machine, h, raised, scope)), None)
        if handler is None:
            machine.execute(node.final, scope)
            raise
        if handler.name is not None:
            bind(machine, scope, handler.name, Unknown("an exception", scope.place(handler)))
        signal = machine.execute(handler.body, scope)
    else:
        if signal is None:
            signal = machine.execute(node.orelse, scope)
    finally:
        machine.record.guarded -= guarded
    return machine.execute(node.final, scope) or signal


def _catches(machine: Machine, handler: ir.Handler, raised: Raised, scope: Scope) -> bool:
    if handler.type is None:
        return True
    names = caught(handler.type)
    ancestry = {raised.name, "BaseException"}
    for each in (raised.name, *raised.bases):
        thrown = getattr(builtins, each, None)
        ancestry |= {base.__name__ for base in thrown.__mro__} if isinstance(thrown, type) else {each, "Exception"}
    return bool(names & ancestry)


def function(machine: Machine, node: ir.Function, scope: Scope) -> Signal | None:
    defaults = {p.name: machine.evaluate(p.default, scope) for p in node.parameters if p.default is not None}
    qualname = f"{scope.qualname}.{node.name}" if scope.qualname else node.name
    made = Function(node, scope, qualname, defaults, machine.tick())
    bind(machine, scope, node.name, decorated(machine, made, node.decorators, scope))
    return None


def decorated(machine: Machine, value: Value, decorators: tuple[ir.Expression, ...], scope: Scope) -> Value:
    """Apply decorators. One from outside the project, or that gives nothing known, is taken to give back what it was given:
    registries and markers do, and what wraps arguments is rare."""
    for node in reversed(decorators):
        decorator = machine.evaluate(node, scope)
        if isinstance(decorator, (External, Unknown)):
            continue
        result = machine.call(decorator, value, place=scope.place(node))
        if not isinstance(result, Unknown) and result is not None:
            value = result
    return value


def class_(machine: Machine, node: ir.Class, scope: Scope) -> Signal | None:
    made = define_class(machine, node, scope)
    bind(machine, scope, node.name, decorated(machine, made, node.decorators, scope))
    return None


def import_(machine: Machine, node: ir.Import, scope: Scope) -> Signal | None:
    for dotted, alias in node.names:
        if alias is not None:
            bind(machine, scope, alias, machine.world.imported(scope.module, dotted))
        else:
            top = dotted.partition(".")[0]
            machine.world.imported(scope.module, dotted)
            bind(machine, scope, top, machine.world.imported(scope.module, top))
    return None


def import_from(machine: Machine, node: ir.ImportFrom, scope: Scope) -> Signal | None:
    """What is imported for type checkers alone is looked up when it is asked for: packages name all that they have so."""
    module, place = scope.module, scope.place(node)
    base = machine.world.absolute(module, node.module, node.level)
    later = scope.parent is None and for_types(module.source.statement_text(scope.statement))
    for name, alias in node.names:
        if name == "*":
            continue
        if later:
            module.names.pop(alias or name, None)
            module.promised[alias or name] = base, name, place
        else:
            bind(machine, scope, alias or name, machine.world.imported_name(machine, module, base, name, place))
    return None


def match(machine: Machine, node: ir.Match, scope: Scope) -> Signal | None:
    subject = machine.evaluate(node.subject, scope)
    for position, case in enumerate(node.cases):
        verdict = _matches(machine, case.pattern, subject, scope)
        if verdict is True and case.guard is not None:
            verdict = machine.truth(machine.evaluate(case.guard, scope))
        if verdict is True:
            return machine.execute(case.body, scope)
        if verdict is None:
            reason = Unknown("a match on something unknown", scope.place(node))
            forget(machine, tuple(c.body for c in node.cases[position:]), scope, reason)
            return None
    return None


def _matches(machine: Machine, pattern: ir.Pattern, subject: Value, scope: Scope) -> bool | None:
    if pattern.kind == "capture":
        if pattern.name is not None:
            bind(machine, scope, pattern.name, subject)
        return True
    if pattern.kind == "or":
        verdicts = [_matches(machine, part, subject, scope) for part in pattern.parts]
        return True if True in verdicts else None if None in verdicts else False
    if pattern.kind in ("value", "singleton") and pattern.value is not None:
        op = "is" if pattern.kind == "singleton" else "=="
        value = machine.evaluate(pattern.value, scope)
        return machine.known_truth(compare(machine, op, subject, value, scope.place(pattern)))
    return None


def _table() -> dict[type, Callable[[Machine, ir.Node, Scope], Signal | None]]:
    handlers = {
        ir.Evaluate: evaluate,
        ir.Assign: assignment,
        ir.AugmentedAssign: augmented,
        ir.AnnotatedAssign: annotated,
        ir.Return: return_,
        ir.Raise: raise_,
        ir.Assert: assert_,
        ir.Delete: delete,
        ir.Jump: jump,
        ir.Scope: scope_names,
        ir.If: if_,
        ir.While: while_,
        ir.For: for_,
        ir.With: with_,
        ir.Try: try_,
        ir.Function: function,
        ir.Class: class_,
        ir.Import: import_,
        ir.ImportFrom: import_from,
        ir.Match: match,
    }
    return cast("dict[type, Callable[[Machine, ir.Node, Scope], Signal | None]]", handlers)


STATEMENTS = _table()
