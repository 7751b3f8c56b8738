"""What expressions give. One function a node type; `EXPRESSIONS` is the table that the machine dispatches on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from padlint.arithmetic.dims import Unknown
from padlint.evaluate import training
from padlint.evaluate.machine import Machine
from padlint.evaluate.operators import binary, compare, negate, unary
from padlint.evaluate.protocols import iterate, subscript, text_of
from padlint.evaluate.said import hear
from padlint.evaluate.scopes import assign, bind, lookup, replace
from padlint.evaluate.turns import any_turn
from padlint.evaluate.values import (
    MISSING,
    BoundMethod,
    Call,
    Condition,
    Data,
    Fresh,
    Function,
    Many,
    Scope,
    Super,
    Tensor,
    Value,
)
from padlint.evaluate.weight import weight, words
from padlint.syntax import ir

RESHAPED_IN_PLACE = frozenset({
    "resize_", "resize_as_", "unsqueeze_", "squeeze_", "transpose_", "t_", "swapaxes_", "swapdims_", "set_", "as_strided_",
})  # fmt: skip


def constant(machine: Machine, node: ir.Constant, scope: Scope) -> Value:
    return node.value


def name(machine: Machine, node: ir.Name, scope: Scope) -> Value:
    return lookup(machine, node.id, scope, node)


def attribute(machine: Machine, node: ir.Attribute, scope: Scope) -> Value:
    return machine.attribute(machine.evaluate(node.value, scope), node.attr, scope.place(node))


def slice_(machine: Machine, node: ir.Slice, scope: Scope) -> Value:
    parts = (None if part is None else machine.evaluate(part, scope) for part in (node.lower, node.upper, node.step))
    return slice(*parts)


def subscription(machine: Machine, node: ir.Subscript, scope: Scope) -> Value:
    value = machine.evaluate(node.value, scope)
    return subscript(machine, value, machine.evaluate(node.index, scope), scope.place(node))


def starred(machine: Machine, node: ir.Starred, scope: Scope) -> Value:
    return Unknown("a starred expression stands where none can", scope.place(node))


def elements(machine: Machine, nodes: tuple[ir.Expression, ...], scope: Scope) -> list[Value]:
    """The items of a display, with `*parts` spread out; an unknown part gives any number of unknowns."""
    items: list[Value] = []
    for node in nodes:
        if isinstance(node, ir.Starred):
            spread = iterate(machine, machine.evaluate(node.value, scope), scope.place(node))
            items.extend([Many(spread)] if isinstance(spread, Unknown) else spread)
        else:
            items.append(machine.evaluate(node, scope))
    return items


def display(machine: Machine, node: ir.Display, scope: Scope) -> Value:
    items = elements(machine, node.elements, scope)
    if node.kind == "list":
        return machine.list(items)
    if node.kind == "set":
        try:
            return machine.set(items)
        except TypeError:
            return Unknown("a set of unhashable values", scope.place(node))
    made = tuple(items)
    machine.charge(weight(made))
    return made


def dict_display(machine: Machine, node: ir.DictDisplay, scope: Scope) -> Value:
    result = machine.dict()
    for key_node, value_node in node.items:
        value = machine.evaluate(value_node, scope)
        if key_node is None:
            if isinstance(value, dict):
                machine.grow(result, len(value))
                result.update(value)
                result.rest = result.rest or getattr(value, "rest", None)
            else:
                result.rest = Unknown("more items of an unknown dict", scope.place(value_node))
            continue
        try:
            result[machine.evaluate(key_node, scope)] = value
        except TypeError:
            result.rest = Unknown("an unhashable key", scope.place(key_node))
    return result


def unary_operation(machine: Machine, node: ir.Unary, scope: Scope) -> Value:
    operand = machine.evaluate(node.operand, scope)
    if node.op == "not":
        return negate(machine, operand)
    return unary(node.op, operand, scope.place(node))


def binary_operation(machine: Machine, node: ir.Binary, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    right = machine.evaluate(node.right, scope)
    return binary(machine, node.op, left, right, scope.place(node))


def boolean(machine: Machine, node: ir.Boolean, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    known = machine.truth(left)
    if known is None:
        right = machine.evaluate(node.right, scope)
        if machine.known_truth(right) is (node.op == "or"):
            return right
        return Unknown(f"the {node.op!r} of something unknown", scope.place(node))
    return left if known is (node.op == "or") else machine.evaluate(node.right, scope)


def comparison(machine: Machine, node: ir.Compare, scope: Scope) -> Value:
    left = machine.evaluate(node.left, scope)
    result: Value = True
    for index, (op, right_node) in enumerate(node.rest):
        right = machine.evaluate(right_node, scope)
        result = compare(machine, op, left, right, scope.place(node))
        if isinstance(result, Condition):
            machine.charge(weight(result))
        if index < len(node.rest) - 1 and machine.truth(result) is not True:
            return result
        left = right
    return result


def conditional(machine: Machine, node: ir.Conditional, scope: Scope) -> Value:
    if training.asks(machine, node, scope) and (value := training.either(machine, node, scope)) is not MISSING:
        return value
    known = machine.truth(machine.evaluate(node.test, scope))
    if known is None:
        return Unknown("depends on a condition that is not known", scope.place(node))
    return machine.evaluate(node.body if known else node.orelse, scope)


def arguments(machine: Machine, nodes: tuple[ir.Argument, ...], scope: Scope, call: ir.Node) -> Call:
    """Evaluate the arguments of a call, with `*` and `**` spread out."""
    args: list[Value] = []
    keywords: dict[str, Value] = {}
    rest: Unknown | None = None
    for argument in nodes:
        value = machine.evaluate(argument.value, scope)
        if not argument.star:
            if argument.keyword is None:
                args.append(value)
            else:
                keywords[argument.keyword] = value
        elif argument.star == "*":
            spread = iterate(machine, value, scope.place(argument))
            args.extend([Many(spread)] if isinstance(spread, Unknown) else spread)
        elif isinstance(value, dict):
            machine.look(len(value))
            keywords.update({key: item for key, item in value.items() if isinstance(key, str)})
            rest = rest or getattr(value, "rest", None)
        else:
            rest = Unknown("keyword arguments of an unknown dict", scope.place(argument))
    return Call(tuple(args), keywords, scope.place(call), rest)


def call(machine: Machine, node: ir.Call, scope: Scope) -> Value:
    if isinstance(node.func, ir.Name) and node.func.id == "super" and not node.args:
        return zero_argument_super(scope, node)
    if isinstance(node.func, ir.Name) and node.func.id == "locals" and scope.parent is not None:
        return machine.dict(scope.names)
    func = machine.evaluate(node.func, scope)
    given = arguments(machine, node.args, scope, node)
    if not isinstance(node.func, ir.Attribute) or node.func.attr not in RESHAPED_IN_PLACE:
        value = machine.invoke(func, given)
        if given.place in scope.module.marked:
            hear(machine.world, given.place, value, given.args)
        return value
    before = func.receiver if isinstance(func, BoundMethod) else machine.evaluate(node.func.value, scope)
    after = machine.invoke(func, given)
    if isinstance(before, (Tensor, Fresh, Data, Unknown)):
        known = isinstance(after, Tensor)
        after = after if known else Unknown("a tensor whose shape was changed in place", scope.place(node))
        replace(machine, node.func.value, before, after, scope)
    return after


def zero_argument_super(scope: Scope, node: ir.Call) -> Value:
    at: Scope | None = scope
    while at is not None:
        if at.owner is not None and at.receiver is not None:
            return Super(at.owner, at.receiver)
        at = at.parent
    return Unknown("super() outside of a method", scope.place(node))


def comprehension(machine: Machine, node: ir.Comprehension, scope: Scope) -> Value:
    inner = Scope(scope.module, scope.statement, {}, scope, scope.qualname, is_comprehension=True)
    if node.kind == "dict":
        return _dict_comprehension(machine, node, inner)
    items = machine.list()

    def make() -> None:
        item = machine.evaluate(node.element, inner)
        machine.touch(items)
        items.append(Many(item) if machine.existed_before_loop(items.born) else item)

    turns(machine, node.clauses, inner, items, make)
    if node.kind == "set":
        try:
            return machine.set(items)
        except TypeError:
            return Unknown("a set of unhashable values", scope.place(node))
    return machine.iterator(items) if node.kind == "generator" else items


def _dict_comprehension(machine: Machine, node: ir.Comprehension, scope: Scope) -> Value:
    result = machine.dict()

    def make() -> None:
        value = machine.evaluate(node.value, scope) if node.value is not None else None
        key = machine.evaluate(node.element, scope)
        machine.touch(result)
        if machine.loops and machine.existed_before_loop(result.born):
            result.rest = Unknown("items of a comprehension over something unknown", scope.place(node))
            return
        try:
            result[key] = value
        except TypeError:
            result.rest = Unknown("an unhashable key", scope.place(node))

    turns(machine, node.clauses, scope, result, make)
    return result


def turns(
    machine: Machine, clauses: tuple[ir.Clause, ...], scope: Scope, result: Value, make: Callable[[], None]
) -> None:
    """Run the clauses of a comprehension: `make` puts one element into its `result`."""
    if not clauses:
        make()
        return
    clause = clauses[0]
    reason = Unknown("changes in a comprehension over something unknown", scope.place(clause))
    items = iterate(machine, machine.evaluate(clause.iterable, scope), scope.place(clause))
    for item in [Many(items)] if isinstance(items, Unknown) else items:
        turn = partial(_turn, machine, clauses, scope, item, result, make)
        if isinstance(item, Many):
            any_turn(machine, (result,), reason, turn)
        else:
            turn()


def _turn(
    machine: Machine,
    clauses: tuple[ir.Clause, ...],
    scope: Scope,
    item: Value,
    result: Value,
    make: Callable[[], None],
) -> None:
    """What a clause does with one item, which may stand for any number of them."""
    clause, repeated = clauses[0], isinstance(item, Many)
    if repeated:
        machine.loops.append(machine.clock)
    assign(machine, clause.target, item.value if isinstance(item, Many) else item, scope)
    admitted = [machine.truth(machine.evaluate(condition, scope)) for condition in clause.conditions]
    if False not in admitted:
        unsure = None in admitted and not repeated
        if unsure:
            machine.loops.append(machine.clock)
        turns(machine, clauses[1:], scope, result, make)
        if unsure:
            machine.loops.pop()
    if repeated:
        machine.loops.pop()


def format_string(machine: Machine, node: ir.FormatString, scope: Scope) -> Value:
    pieces: list[str] = []
    for part in node.parts:
        if isinstance(part, str):
            pieces.append(part)
            continue
        value = machine.evaluate(part.value, scope)
        spec = format_string(machine, part.spec, scope) if part.spec is not None else ""
        piece = text_of(value, spec if isinstance(spec, str) else None, part.conversion)
        if piece is None:
            return Unknown("a string with an unknown part", scope.place(node))
        pieces.append(piece)
    machine.hold(words(sum(map(len, pieces))))
    return "".join(pieces)


def walrus(machine: Machine, node: ir.Walrus, scope: Scope) -> Value:
    """In a comprehension, it binds a name of what is around."""
    value = machine.evaluate(node.value, scope)
    while scope.is_comprehension and scope.parent is not None:
        scope = scope.parent
    bind(machine, scope, node.name, value)
    return value


def yield_(machine: Machine, node: ir.Yield, scope: Scope) -> Value:
    """A generator is run to its end at once; what it yields is collected in `scope.yields`."""
    value = machine.evaluate(node.value, scope) if node.value is not None else None
    if scope.resume is not None:
        scope.resume(value)
        return None
    if scope.yields is None:
        return Unknown("yield outside of a function", scope.place(node))
    items = iterate(machine, value, scope.place(node)) if node.delegate else [value]
    many = isinstance(items, Unknown) or machine.existed_before_loop(scope.yields.born)
    for item in [items] if isinstance(items, Unknown) else items:
        scope.yields.append(Many(item) if many and not isinstance(item, Many) else item)
    return None


def await_(machine: Machine, node: ir.Await, scope: Scope) -> Value:
    machine.evaluate(node.value, scope)
    return Unknown("the result of an await", scope.place(node))


def lambda_(machine: Machine, node: ir.Lambda, scope: Scope) -> Value:
    defaults = {p.name: machine.evaluate(p.default, scope) for p in node.parameters if p.default is not None}
    return Function(node, scope, f"{scope.qualname}.<lambda>".lstrip("."), defaults, machine.tick())


def opaque(machine: Machine, node: ir.Opaque, scope: Scope) -> Value:
    return Unknown(node.reason, scope.place(node))


def _table() -> dict[type, Callable[[Machine, ir.Node, Scope], Value]]:
    handlers = {
        ir.Constant: constant,
        ir.Name: name,
        ir.Attribute: attribute,
        ir.Slice: slice_,
        ir.Subscript: subscription,
        ir.Starred: starred,
        ir.Display: display,
        ir.DictDisplay: dict_display,
        ir.Unary: unary_operation,
        ir.Binary: binary_operation,
        ir.Boolean: boolean,
        ir.Compare: comparison,
        ir.Conditional: conditional,
        ir.Call: call,
        ir.Comprehension: comprehension,
        ir.FormatString: format_string,
        ir.Walrus: walrus,
        ir.Yield: yield_,
        ir.Await: await_,
        ir.Lambda: lambda_,
        ir.Opaque: opaque,
    }
    return cast("dict[type, Callable[[Machine, ir.Node, Scope], Value]]", handlers)


EXPRESSIONS = _table()
__all__ = ["EXPRESSIONS", "arguments"]
