"""Small tensors of known numbers: `torch.linspace(0, rate, depth)` and what programs compute with it before they build layers.

Values are rounded to float32 after every step, as torch does. A rounding that lies too near to a half is not known.
"""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Callable

from padlint.arithmetic.dims import Expr, Unknown, is_size
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Builtin, Call, Data, External, ListValue, Tensor, Value, Whole
from padlint.evaluate.weight import LOOK

FUNCTIONS = Table()
METHOD = Table()
METHODS = {Data: METHOD}
LONGEST = 4096
DEEPEST = 8
"""Lists within lists that become one tensor."""


def single(number: float) -> float:
    """The nearest float32. Raises OverflowError."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def data(numbers: list[float], whole: bool = False) -> Value:
    """A tensor of these numbers."""
    if len(numbers) > LONGEST:
        return Unknown("a tensor with too many numbers")
    try:
        return Data(tuple(int(n) for n in numbers) if whole else tuple(single(n) for n in numbers), whole)
    except (OverflowError, ValueError):
        return Unknown("a number that float32 cannot hold")


def numbers_of(call: Call, count: int) -> list[float] | None:
    given = call.args[:count]
    return (
        [n for n in given if isinstance(n, (int, float))] if all(isinstance(n, (int, float)) for n in given) else None
    )


@FUNCTIONS.knows("torch.linspace", "numpy.linspace")
def linspace(machine: Machine, call: Call) -> Value:
    start, end, steps = (
        call.get(0, "start"),
        call.get(1, "end", call.keywords.get("stop")),
        call.get(2, "steps", call.keywords.get("num")),
    )
    if not isinstance(start, (int, float)) or not isinstance(end, (int, float)) or not isinstance(steps, int):
        return Unknown("a linspace with unknown bounds", call.place)
    if not 0 <= steps <= LONGEST:
        return Unknown("a tensor with too many numbers", call.place)
    if steps < 2:
        return data([start] * steps)
    try:
        first, last = single(start), single(end)
        step = single(single(last - first) / (steps - 1))
        # torch counts the second half from the end
        return data([first + step * i if i < steps // 2 else last - step * (steps - i - 1) for i in range(steps)])
    except OverflowError:
        return Unknown("a number that float32 cannot hold", call.place)


def arange(machine: Machine, call: Call) -> Value:
    bounds = numbers_of(call, 3)
    if (
        not bounds
        or len(bounds) != len(call.args)
        or not all(isinstance(n, int) for n in bounds)
        or (len(bounds) > 2 and not bounds[2])
    ):
        return Unknown("a range with unknown bounds", call.place)
    walked = range(*[int(n) for n in bounds])
    dtype = call.keywords.get("dtype")
    whole = is_whole(dtype)
    if dtype is not None and whole is None:
        return Unknown("a range of another type", call.place)
    return (
        data([float(n) for n in walked] if whole is False else list(walked), whole=whole is not False)
        if len(walked) <= LONGEST
        else Unknown("a tensor with too many numbers", call.place)
    )


@FUNCTIONS.knows("torch.tensor", "torch.as_tensor", "numpy.array", "numpy.asarray")
def tensor(machine: Machine, call: Call) -> Value:
    if isinstance(call.get(0, "data"), Data):
        return call.arg(0)
    given, whole = call.get(0, "data"), is_whole(call.keywords.get("dtype"))
    if isinstance(given, (tuple, ListValue)) and all(type(item) in (int, float) for item in given):
        known = [item for item in given if isinstance(item, (int, float))]
        if whole is not None or call.keywords.get("dtype") is None:
            integers = all(isinstance(item, int) for item in known) if whole is None else whole
            return data([float(n) for n in known] if not integers else [math.trunc(n) for n in known], integers)
    shape, integers = _Nested(machine).of(given)
    if shape is None:
        return given if isinstance(given, Tensor) else Unknown("a tensor of values that are not known", call.place)
    integers = integers and call.keywords.get("dtype") is None
    return (Whole if whole or integers else Tensor)(shape)


def is_whole(dtype: Value) -> bool | None:
    """Is this an integer type? None where it is not known."""
    if not isinstance(dtype, (External, Builtin)):
        return None
    name = (dtype.name if isinstance(dtype, Builtin) else dtype.dotted).rpartition(".")[2]
    return True if name in _INTEGERS else False if name in ("float", "float32") else None


_INTEGERS = frozenset({"long", "int", "short", "int64", "int32", "int16"})


class _Nested:
    """Nested lists as a tensor is made of them; a list that comes again is looked at once."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[tuple[int, int], tuple[tuple[int, ...] | None, bool]] = {}

    def of(self, value: Value, depth: int = 0) -> tuple[tuple[int, ...] | None, bool]:
        """The shape, None where there is none, and whether there are only integers."""
        if not isinstance(value, (tuple, ListValue)):
            number = isinstance(value, (int, float)) or (isinstance(value, Expr) and is_size(value))
            return () if number else None, isinstance(value, (int, Expr)) and not isinstance(value, bool)
        if depth > DEEPEST:
            return None, False
        key = id(value), depth
        if key not in self._known:
            self._machine.look(LOOK * len(value))
            self._known[key] = None, False  # while it is looked at: it may hold itself
            inner = [self.of(item, depth + 1) for item in value]
            shapes = {shape for shape, _ in inner}
            only = shapes.pop() if len(shapes) == 1 else None if value else ()
            shape = None if only is None else (len(value), *only)
            self._known[key] = shape, bool(value) and all(integers for _, integers in inner)
        return self._known[key]


def _each(name: str, function: Callable[[float], float]) -> None:
    def run(machine: Machine, call: Call) -> Value:
        own = call.get(0, "input")
        if not isinstance(own, Data):
            return Unknown(f"{name}() of something unknown", call.place)
        try:
            return data([function(n) for n in own.numbers], own.whole and name in ("round", "abs", "neg"))
        except (ValueError, OverflowError, ZeroDivisionError) as problem:
            return Unknown(f"{problem}", call.place)

    METHOD[name] = Builtin(name, run)


def _rounded(number: float) -> float:
    if (
        abs(abs(number - math.floor(number)) - 0.5) < 1e-4 * max(1.0, abs(number))
        and number != math.floor(number) + 0.5
    ):
        raise ValueError("a rounding that float32 may decide otherwise")
    return float(round(number))


for _name, _function in {"log": math.log, "log2": math.log2, "exp": math.exp, "sqrt": math.sqrt, "round": _rounded,
    "abs": math.fabs,
                         "floor": math.floor, "ceil": math.ceil, "neg": lambda n: -n}.items():  # fmt: skip
    _each(_name, _function)


@METHOD.knows("int", "long")
def whole(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    return data([math.trunc(n) for n in own.numbers], whole=True) if isinstance(own, Data) else own


@METHOD.knows("float", "double", "to", "cpu", "clone", "detach", "numpy")
def same(machine: Machine, call: Call) -> Value:
    return call.arg(0)


@METHOD.knows("tolist")
def tolist(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    return machine.list(list(own.numbers)) if isinstance(own, Data) else own


@METHOD.knows("item")
def item(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    return (
        own.numbers[0] if isinstance(own, Data) and len(own.numbers) == 1 else Unknown("item() of several", call.place)
    )


@METHOD.knows("sum")
def total(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    return (
        data([sum(own.numbers)], own.whole)
        if isinstance(own, Data) and own.whole
        else Unknown("a sum of floats", call.place)
    )


@METHOD.knows("diff")
def differences(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    if not isinstance(own, Data) or len(call.args) > 1:
        return Unknown("differences of something unknown", call.place)
    return data([b - a for a, b in zip(own.numbers, own.numbers[1:], strict=False)], own.whole)


@METHOD.knows("flip")
def flip(machine: Machine, call: Call) -> Value:
    own = call.arg(0)
    return Data(own.numbers[::-1], own.whole) if isinstance(own, Data) else own


def _extreme(name: str, choose: Callable[[tuple[float, ...]], float]) -> None:
    def run(machine: Machine, call: Call) -> Value:
        own = call.get(0, "input")
        if not isinstance(own, Data) or len(call.args) > 1 or call.keywords or not own.numbers:
            return own if isinstance(own, Unknown) else Unknown(f"{name}() of something unknown", call.place)
        return Data((choose(own.numbers),), own.whole)

    METHOD[name] = Builtin(name, run)


_extreme("max", max)
_extreme("min", min)


@METHOD.knows("unique")
@FUNCTIONS.knows("torch.unique")
def unique(machine: Machine, call: Call) -> Value:
    """The numbers in order, each once; with `return_counts` also how often each was there."""
    own = call.get(0, "input")
    asked = {name: call.keywords.get(name) for name in call.keywords if name != "input"}
    if not isinstance(own, Data) or len(call.args) > 1 or set(asked) - {"return_counts", "sorted"}:
        return own if isinstance(own, Unknown) else Unknown("which numbers a tensor has", call.place)
    counts = Counter(own.numbers)
    different = sorted(counts)
    found = Data(tuple(different), own.whole)
    if asked.get("return_counts") is not True:
        return found
    return (found, Data(tuple(counts[number] for number in different), True))


@METHOD.knows("split")
def split(machine: Machine, call: Call) -> Value:
    own, sizes = call.arg(0), call.get(1, "split_size_or_sections")
    if isinstance(own, Data) and isinstance(sizes, int) and sizes > 0:
        parts = [own.numbers[at : at + sizes] for at in range(0, len(own.numbers), sizes)]
        return tuple(Data(part, own.whole) for part in parts)
    items = exact(iterate(machine, sizes, call.place), call)
    if not isinstance(own, Data) or isinstance(items, Unknown) or not all(isinstance(n, int) for n in items):
        return Unknown("a split into parts that are not known", call.place)
    result: list[Value] = []
    at = 0
    for length in items:
        if isinstance(length, int):
            result.append(Data(own.numbers[at : at + length], own.whole))
            at += length
    return tuple(result)


def elementwise(op: str, left: Value, right: Value) -> Value:
    """`left op right` where one is a tensor of numbers and the other one too, or a number."""
    columns = [side.numbers if isinstance(side, Data) else None for side in (left, right)]
    length = max(len(column) for column in columns if column is not None)
    rows: list[list[float]] = []
    for side, column in zip((left, right), columns, strict=True):
        if column is None:
            if not isinstance(side, (int, float)):
                return Unknown("a tensor of numbers with something unknown")
            column = (side,)
        if len(column) not in (1, length):
            return Unknown("tensors of numbers of different lengths")
        rows.append(list(column) * (length if len(column) == 1 else 1))
    whole_numbers = all(side.whole if isinstance(side, Data) else isinstance(side, int) for side in (left, right))
    try:
        return data([_OPERATIONS[op](a, b) for a, b in zip(*rows, strict=True)], whole_numbers and op in "+-*//%**")
    except (KeyError, ZeroDivisionError, OverflowError, ValueError, TypeError) as problem:
        return Unknown(f"{problem} in a tensor of numbers")


_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": lambda a, b: math.pow(a, b),
}  # fmt: skip


def _overload(name: str, op: str) -> None:
    """The operator as a method or function of two."""

    def run(machine: Machine, call: Call) -> Value:
        named = {"input", "other", "exponent"}
        if set(call.keywords) - named:  # alpha, rounding_mode
            return Unknown(f"{name}() with another argument", call.place)
        second = call.get(1, "exponent" if name == "pow" else "other")
        if isinstance(second, (Tensor, Unknown)):
            return second if isinstance(second, Unknown) else Unknown(f"{name}() with a tensor", call.place)
        return elementwise(op, call.get(0, "input"), second)

    METHOD[name] = Builtin(name, run)


OVERLOADS = {"pow": "**", "mul": "*", "add": "+", "sub": "-", "div": "/", "divide": "/"}
for _name, _op in OVERLOADS.items():
    _overload(_name, _op)
