"""Python's operators on values: exact on what is known, three-valued in comparisons, unknown otherwise."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal, is_size, less
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.protocols import container_kind, defines, mixed, reach
from padlint.evaluate.tensors import as_tensor, elementwise, tensor_of
from padlint.evaluate.values import (
    DEVICE,
    MISSING,
    BoundMethod,
    ClassValue,
    Condition,
    Data,
    DictValue,
    External,
    Fresh,
    Function,
    Instance,
    ListValue,
    Many,
    Number,
    SetValue,
    Tensor,
    Value,
    ViewValue,
    Whole,
    part,
)
from padlint.evaluate.weight import BITS, integer, weight, words
from padlint.finding import Place

NUMBERS = (bool, int, float)

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod,
}  # fmt: skip
_BITWISE: Mapping[str, Callable[[int, int], int]] = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
DUNDER = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip


def binary(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """`left op right`; who makes something pays for it."""
    result = _binary(machine, op, left, right, place)
    kind = type(result)
    if kind is int:
        integer(result)  # type: ignore[arg-type]
    elif kind in _PAID:
        machine.charge(weight(result))
    return result


_PAID = frozenset({str, tuple, Data, Tensor, Whole})


def _binary(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    left, right = mixed(left), mixed(right)
    if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
        return _numbers(op, left, right, place)
    if isinstance(left, Data) or isinstance(right, Data):
        return _data(machine, op, left, right, place)
    if isinstance(left, (Unknown, Fresh)) or isinstance(right, (Unknown, Fresh)):
        machine.record.passed.append(place)
    if isinstance(left, (Tensor, Fresh)) or isinstance(right, (Tensor, Fresh)):
        return elementwise(machine, op, left, right, place)
    if isinstance(left, (Expr, Unknown)) or isinstance(right, (Expr, Unknown)):
        return _symbolic(op, left, right, place)
    method = _overloaded(machine, op, left, right, place)
    if method is not None:
        return method
    if isinstance(left, str) and op == "%":
        return _percent(machine, left, right, place)
    return _containers(machine, op, left, right, place)


def _data(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    from padlint.evaluate.library.numeric import elementwise as compute

    if all(isinstance(side, (Data, int, float)) for side in (left, right)):
        return compute(op, left, right)
    shapes = [as_tensor(side) if isinstance(side, Data) else side for side in (left, right)]
    return elementwise(machine, op, shapes[0], shapes[1], place)


def _numbers(op: str, left: float, right: float, place: Place) -> Value:
    try:
        if op in _ARITHMETIC:
            if op in ("/", "//", "%") and right == 0:
                raise Raised("ZeroDivisionError", place)
            return _ARITHMETIC[op](left, right)
        if op == "**":
            return _power(left, right, place)
        if isinstance(left, int) and isinstance(right, int):
            if op in _BITWISE:
                return _BITWISE[op](left, right)
            if op == ">>" and right >= 0:
                return left >> min(right, BITS)
            if op == "<<" and right >= 0:
                return left << right if right <= BITS else Unknown("an integer too large to compute with", place)
    except (ZeroDivisionError, OverflowError, ValueError) as problem:
        return Unknown(f"{problem}", place)
    return Unknown(f"numbers have no operator {op!r} here", place)


def _power(left: float, right: float, place: Place) -> Value:
    if isinstance(left, int) and isinstance(right, int) and abs(left).bit_length() * abs(right) > BITS:
        return Unknown("a power too large to compute", place)
    result = left**right
    return result if isinstance(result, NUMBERS) else Unknown("a complex power", place)


def _symbolic(op: str, left: Value, right: Value, place: Place) -> Value:
    if isinstance(left, Unknown) and isinstance(right, NUMBERS):
        return part(left, f"{op}{right!r}")
    if isinstance(right, Unknown) and isinstance(left, NUMBERS):
        return part(right, f"{op}~{left!r}")
    if isinstance(left, Unknown) and not (isinstance(left, Number) and isinstance(right, Unknown)):
        return left if not isinstance(left, Number) or is_number(right) else Unknown(left.reason, left.place)
    if isinstance(right, Unknown):
        return right if not isinstance(right, Number) or is_number(left) else Unknown(right.reason, right.place)
    if isinstance(left, (int, Expr)) and isinstance(right, (int, Expr)):
        if op == "+":
            return left + right
        if op == "-":
            return left - right
        if op == "*":
            return left * right
        if op == "//":
            return left // right
        if op == "%":
            return left % right
        if op == "/" and equal(left % right, 0) is True:
            return left // right
        if op == "**" and isinstance(right, int) and 0 <= right <= 4:
            result: Dim = 1
            for _ in range(right):
                result = result * left
            return result
    kind = Number if is_number(left) and is_number(right) else Unknown
    return kind(f"the operator {op!r} on a value that is not known", place)


def is_number(value: Value) -> bool:
    """Is this a number for sure, known or not?"""
    return isinstance(value, (int, float, Number)) or (isinstance(value, Expr) and is_size(value))


def _overloaded(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value | None:
    """An operator that a class of the program defines, or a container of torch, else None."""
    dunder = DUNDER.get(op, "")
    for value, other, name in ((left, right, f"__{dunder}__"), (right, left, f"__r{dunder}__")):
        if defines(value, name) or container_kind(value) is not None:
            method = machine.attribute(value, name, place)
            return method if isinstance(method, Unknown) else machine.call(method, other, place=place)
    return None


def _percent(machine: Machine, left: str, right: Value, place: Place) -> Value:
    items = right if isinstance(right, tuple) else (right,)
    most = reach(left)
    if most is None or "*" in left:
        return Unknown("a format that asks for too much", place)
    if all(isinstance(item, (str, int, float)) for item in items):
        machine.hold(words(most + sum(len(item) for item in items if isinstance(item, str))))
        try:
            return left % items
        except (TypeError, ValueError) as problem:
            return Unknown(f"{problem}", place)
    return Unknown("a string with an unknown part", place)


def _containers(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    if op == "+":
        if isinstance(left, str) and isinstance(right, str):
            return left + right
        if isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        if isinstance(left, ListValue) and isinstance(right, ListValue):
            machine.hold(len(left) + len(right))
            return machine.list([*left, *right])
    if op == "*":
        for value, times in ((left, right), (right, left)):
            if isinstance(times, int) and isinstance(value, (str, tuple, ListValue)):
                machine.hold((words(len(value)) + 1 if isinstance(value, str) else len(value)) * max(times, 0))
                return machine.list(list(value) * times) if isinstance(value, ListValue) else value * times
    if op == "|" and isinstance(left, DictValue) and isinstance(right, DictValue):
        machine.hold(len(left) + len(right))
        result = machine.dict({**left, **right})
        result.rest = left.rest or right.rest
        return result
    if isinstance(left, SetValue) and isinstance(right, SetValue):
        machine.look(len(left) + len(right))
        if op == "|":
            return machine.set([*left, *right])
        if op in "&-":
            return machine.set([item for item in left if (item in right) == (op == "&")])
    return Unknown(f"the operator {op!r} on these values", place)


def unary(op: str, operand: Value, place: Place) -> Value:
    if isinstance(operand, NUMBERS):
        if op == "-":
            return -operand
        if op == "+":
            return +operand
        return ~operand if isinstance(operand, int) else Unknown("~ of a float", place)
    if isinstance(operand, Expr) and op in "+-":
        return -operand if op == "-" else operand
    if isinstance(operand, (Tensor, Fresh, Unknown)):
        return operand
    return Unknown(f"the operator {op!r} on this value", place)


def negate(machine: Machine, value: Value) -> Value:
    """`not value`, kept as a question where the answer is unknown."""
    known = machine.known_truth(value)
    if known is not None:
        return not known
    if isinstance(value, Condition) and value.op == "not":
        return value.left
    return Condition("not", value)


def compare(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """One comparison: True, False or a Condition; of a tensor, each of its numbers."""
    if op not in _OF_OBJECTS and (mask := _mask(machine, left, right, place)) is not None:
        return mask
    if op in ("==", "!=") and left is not right and (asked := _own_equality(machine, left, right, place)) is not None:
        return asked if op == "==" else negate(machine, asked)
    if op in ("==", "!=", "is", "is not"):
        verdict = identical(machine, left, right) if op.startswith("is") else equals(machine, left, right)
        positive = op in ("==", "is")
        if verdict is not None:
            return verdict is positive
        condition = Condition("is" if op.startswith("is") else "==", left, right)
        return condition if positive else Condition("not", condition)
    if op in ("in", "not in"):
        return _membership(machine, left, right, op == "in", place)
    return _ordered(op, left, right, place)


def _mask(machine: Machine, left: Value, right: Value, place: Place) -> Value:
    """A tensor of truths, one for each number of a tensor; None where there is no tensor with axes."""
    sides = tensor_of(left), tensor_of(right)
    axes = [len(side.shape) for side in sides if isinstance(side, Tensor)]
    if not any(axes) or not all(isinstance(side, (Tensor, int, float, Expr)) for side in sides):
        return None
    return elementwise(machine, "==", *sides, place)


_OF_OBJECTS = frozenset({"is", "is not", "in", "not in"})


def _own_equality(machine: Machine, left: Value, right: Value, place: Place) -> Value:
    """What a class's own `__eq__` says; None where it has none."""
    for one, other in ((left, right), (right, left)):
        if defines(one, "__eq__"):
            return machine.call(machine.attribute(one, "__eq__", place), other, place=place)
    return None


def _ordered(op: str, left: Value, right: Value, place: Place) -> Value:
    left, right = mixed(left), mixed(right)
    if isinstance(left, (int, Expr)) and isinstance(right, (int, Expr)):
        first, second = (left, right) if op in ("<", ">=") else (right, left)
        below = less(first, second)
        positive = op in ("<", ">")
        if below is not None:
            return below is positive
        condition = Condition("<", first, second)
        return condition if positive else Condition("not", condition)
    for kind in (float | int, str, tuple):
        if isinstance(left, kind) and isinstance(right, kind):
            try:
                return bool(_ORDER[op](left, right))
            except TypeError as problem:
                return Unknown(f"{problem}", place)
    if isinstance(left, Unknown):
        return Condition(op, left, right)
    return Condition(op, left, right) if isinstance(right, Unknown) else Unknown("a comparison of these values", place)


_ORDER = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


def _membership(machine: Machine, item: Value, container: Value, positive: bool, place: Place) -> Value:
    found: bool | None = None
    if isinstance(container, ViewValue):
        container = tuple(container.look())
    if isinstance(container, str) and isinstance(item, str):
        found = item in container
    elif isinstance(container, range):
        found = _in_range(item, container)
    elif isinstance(container, (DictValue, SetValue, ListValue, tuple)):
        machine.look(len(item) if isinstance(item, tuple) else 0)
        found = False
        by_hash = isinstance(container, (DictValue, SetValue)) and _is_plain(item)
        if by_hash and item in container:
            return positive
        machine.look(len(container)) if by_hash else machine.charge(len(container))
        for candidate in container:
            if by_hash and _is_plain(candidate):
                continue
            verdict = None if isinstance(candidate, Many) else equals(machine, item, candidate)
            if verdict is True:
                found = True
                break
            found = None if verdict is None else found
        if found is False and isinstance(container, DictValue) and container.rest is not None:
            found = None
    elif container == External("os.environ"):
        found = False  # as the program runs where nobody has set anything
    elif isinstance(container, Instance):
        if isinstance(container.cls, ClassValue) and any(
            isinstance(base, ClassValue) and "__contains__" in base.namespace for base in container.cls.mro
        ):
            method = machine.attribute(container, "__contains__", place)
            found = machine.known_truth(machine.call(method, item, place=place))
        elif container.args is None and isinstance(item, str) and not container.open:
            found = item in container.children
    if found is not None:
        return found is positive
    among = tuple(container) if isinstance(container, (ListValue, DictValue, SetValue)) else container
    condition = Condition("in", item, among)
    return condition if positive else Condition("not", condition)


def _in_range(item: Value, container: range) -> bool | None:
    """Python walks over a range for what is no integer."""
    if isinstance(item, float):
        return item.is_integer() and int(item) in container
    if isinstance(item, int):
        return item in container
    return None if isinstance(item, (Unknown, Expr, Condition, Data, Tensor, Fresh)) else False


def identical(machine: Machine, left: Value, right: Value) -> bool | None:
    """`left is right`."""
    if isinstance(left, (Unknown, Condition, Expr)) or isinstance(right, (Unknown, Condition, Expr)):
        return None
    if left is right:
        return True
    if isinstance(left, bool | None) or isinstance(right, bool | None):
        return left is right
    return False if isinstance(left, _OBJECTS) and isinstance(right, _OBJECTS) else equals(machine, left, right)


_OBJECTS = (ListValue, DictValue, SetValue, Instance)


def equals(machine: Machine, left: Value, right: Value) -> bool | None:
    """`left == right`, three-valued; it is paid for where what is compared holds more."""
    left, right = mixed(left), mixed(right)
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    return _same(machine, left, right, set())


_HOLDING = (tuple, ListValue, DictValue, Instance)
_Pairs = set[tuple[int, int]]
"""What is compared, or was: two that hold each other, or come again, are looked at once. All must be equal in the end."""


def _same(machine: Machine, left: Value, right: Value, seen: _Pairs) -> bool | None:
    left, right = mixed(left), mixed(right)
    if type(left) is type(right) and type(left) in _PLAIN:
        return bool(left == right)
    if isinstance(left, (int, Expr)) and isinstance(right, (int, Expr)):
        return equal(left, right)
    if left is right:
        return True
    if isinstance(left, (Unknown, Condition, Expr, Tensor, Fresh, Many, Data)):
        return None
    if isinstance(right, (Unknown, Condition, Expr, Tensor, Fresh, Many, Data)):
        return None
    if isinstance(left, _HOLDING):
        pair = id(left), id(right)
        if pair in seen:
            return True
        seen.add(pair)
    if (isinstance(left, tuple) and isinstance(right, tuple)) or (
        isinstance(left, ListValue) and isinstance(right, ListValue)
    ):
        return _all_same(machine, left, right, seen)
    if isinstance(left, External) or isinstance(right, External):
        if DEVICE in (left, right):
            return True if left == right else None
        return (
            True if left == right else (None if isinstance(left, External) and isinstance(right, External) else False)
        )
    if isinstance(left, Instance) and isinstance(right, Instance):
        return _same_objects(machine, left, right, seen)
    if isinstance(left, DictValue) and isinstance(right, DictValue):
        return _same_dicts(machine, left, right, seen)
    if isinstance(left, SetValue) and isinstance(right, SetValue):
        return left.keys() == right.keys() if all(map(_is_plain, (*left, *right))) else None
    if isinstance(left, BoundMethod) and isinstance(right, BoundMethod):
        return left.function is right.function and left.receiver is right.receiver
    if isinstance(left, (Instance, ClassValue, Function, DictValue, SetValue)) or left is MISSING:
        return False
    return bool(left == right)


def _same_objects(machine: Machine, left: Instance, right: Instance, seen: _Pairs) -> bool | None:
    """Two objects: named tuples and data classes are equal where what they hold is."""
    if left.fields and right.fields:
        return _all_same(machine, left.fields, right.fields, seen)
    if defines(left, "__eq__") or defines(right, "__eq__"):
        return None
    cls = left.cls
    if cls is right.cls and isinstance(cls, ClassValue) and cls.kind == "data" and cls.fields is not None:
        mine, theirs = ([each.attrs.get(name, MISSING) for name, _ in cls.fields] for each in (left, right))
        return _all_same(machine, mine, theirs, seen)
    return False


def _same_dicts(machine: Machine, left: DictValue, right: DictValue, seen: _Pairs) -> bool | None:
    if left.rest is not None or right.rest is not None or not all(map(_is_plain, (*left, *right))):
        return None
    if left.keys() != right.keys():
        return False
    return _all_same(machine, list(left.values()), [right[key] for key in left], seen)


_PLAIN = frozenset({int, str, bool, float})


def _is_plain(value: Value) -> bool:
    """Is this a number or text, or a tuple of them: equal where Python says so?"""
    if type(value) is tuple:
        return all(type(item) in _PLAIN for item in value)
    return type(value) in _PLAIN


def _all_same(machine: Machine, left: Sequence[Value], right: Sequence[Value], seen: _Pairs) -> bool | None:
    machine.charge(len(left) + len(right))
    if any(isinstance(item, Many) for item in (*left, *right)):
        return None
    if len(left) != len(right):
        return False
    verdicts = [_same(machine, a, b, seen) for a, b in zip(left, right, strict=True)]
    return False if False in verdicts else None if None in verdicts else True
