"""einops: what its patterns do to shapes. Patterns as documented at einops.rocks; whatever else is written is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal
from padlint.evaluate.library.torch_tensors import whole
from padlint.evaluate.machine import Machine
from padlint.evaluate.modules import build
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import free_shape, resolve, tensor_of
from padlint.evaluate.values import Call, Fresh, Tensor, TorchClass, Value, Whole
from padlint.layers.base import Arguments, Layer, Output, Parameter, Shape
from padlint.layers.reshape import product

FUNCTIONS = Table()

REST, PACKED = "...", "(...)"
_TOKENS = re.compile(r"\.\.\.|[A-Za-z_]\w*|\d+|[()]|\S")
_REDUCTIONS = frozenset({"min", "max", "sum", "mean", "prod", "any", "all"})
_ODD = Unknown("a pattern of einops that is not understood")

Group = tuple[str, ...]
"""The names that make one axis together; () is an axis of size 1. A number is a name of its own, with its place: `3@<4`."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`left -> right`, one group for each axis; the group (REST,) stands for any number of axes, and PACKED for their product."""

    left: tuple[Group, ...]
    right: tuple[Group, ...]

    @property
    def rank(self) -> int | None:
        """How many axes the input has; None for any number."""
        return None if (REST,) in self.left else len(self.left)


@lru_cache(maxsize=1024)
def parsed(text: str, operation: str) -> Pattern | None:
    """A pattern of `rearrange`, `reduce` or `repeat`; None for what einops would refuse and for what is not known here."""
    sides = text.split("->")
    if len(sides) != 2:
        return None
    left, right = _groups(sides[0], "<"), _groups(sides[1], ">")
    if left is None or right is None or any(PACKED in group for group in left):
        return None
    before, after = _names(left), _names(right)
    if operation == "rearrange" and (before != after or any("@" in name for name in before)):
        return None
    if operation == "reduce" and not after <= before:
        return None
    if operation == "repeat" and not before <= after:
        return None
    return Pattern(left, right)


def _groups(side: str, mark: str) -> tuple[Group, ...] | None:
    groups: list[Group] = []
    inner: list[str] | None = None
    for place, token in enumerate(_TOKENS.findall(side)):
        if token == "(" and inner is None:
            inner = []
        elif token == ")" and inner is not None:
            groups.append(tuple(inner))
            inner = None
        elif token == REST or token.isdigit() or (token.isidentifier() and token.strip("_") == token):
            names = [] if token == "1" else [f"{token}@{mark}{place}" if token.isdigit() else token]
            if inner is None:
                groups.append(tuple(names))
            else:
                inner += [PACKED] if token == REST else names
        else:
            return None
    names_of_all = [_plain(name) for group in groups for name in group]
    if inner is not None or len(set(names_of_all)) != len(names_of_all) or any(n.startswith("0") for n in names_of_all):
        return None
    return tuple(groups)


def _names(groups: Iterable[Group]) -> frozenset[str]:
    return frozenset(_plain(name) for group in groups for name in group)


def _plain(name: str) -> str:
    return REST if name == PACKED else name


def applied(pattern: Pattern, shape: Shape, lengths: Mapping[str, Dim]) -> Shape | Unknown:
    """The shape after the pattern. `lengths`: the sizes that the call gives for names.

    A name without a length has what the others of its group leave: size // product, as einops refuses a remainder.
    """
    rest = len(shape) - len(pattern.left) + 1 if pattern.rank is None else 0
    if rest < 0 or pattern.rank not in (None, len(shape)) or not lengths.keys() <= _names(pattern.left + pattern.right):
        return Unknown("a tensor whose axes do not fit the pattern")
    sizes: dict[str, Dim] = {name: int(name.partition("@")[0]) for name in _numbers(pattern)} | dict(lengths)
    others: Shape = ()
    axis = 0
    for group in pattern.left:
        if group == (REST,):
            others = shape[axis : axis + rest]
            axis += rest
            continue
        if not _divide(group, shape[axis], sizes):
            return Unknown("a size that does not fit the pattern, or two that are not given")
        axis += 1
    if any(name not in sizes for name in _names(pattern.right) - {REST}):
        return Unknown("an axis is repeated, and how often is not known")
    result: list[Dim] = []
    for group in pattern.right:
        if group == (REST,):
            result += others
        else:
            parts = [others if name == PACKED else (sizes[name],) for name in group]
            result.append(product(tuple(size for part in parts for size in part)))
    return tuple(result)


def _numbers(pattern: Pattern) -> frozenset[str]:
    return frozenset(name for name in _names(pattern.left) | _names(pattern.right) if "@" in name)


def _divide(group: Group, size: Dim, sizes: dict[str, Dim]) -> bool:
    """Give the one name of a group that has no length its size; False where there are two, or where the lengths do not fit."""
    free = [name for name in group if name not in sizes]
    known = product(tuple(sizes[name] for name in group if name in sizes))
    if len(free) > 1 or equal(known, 0) is True:
        return False
    if not free:
        return equal(known, size) is not False
    if equal(size % known, 0) is False:
        return False
    sizes[free[0]] = size // known
    return True


def _length(value: Value) -> Dim:
    if isinstance(value, (int, Expr)) and not isinstance(value, bool):
        return value
    return value if isinstance(value, Unknown) else Unknown("a length that is no number")


# ---------------------------------------------------------------- functions


def _run(machine: Machine, call: Call, operation: str) -> Value:
    text = call.get(1, "pattern")
    tensor = tensor_of(call.get(0, "tensor"))
    pattern = parsed(text, operation) if isinstance(text, str) else None
    if pattern is None:
        return Unknown(_ODD.reason, call.place)
    if isinstance(tensor, Fresh) and pattern.rank is not None:
        tensor = resolve(tensor, pattern.rank)
    if not isinstance(tensor, Tensor):
        return tensor if isinstance(tensor, Unknown) else Unknown("a tensor of unknown shape", call.place)
    own = ("tensor", "pattern", "reduction")
    lengths = {name: _length(value) for name, value in call.keywords.items() if name not in own}
    output = applied(pattern, tensor.shape, lengths)
    if isinstance(output, Unknown):
        return Unknown(output.reason, call.place)
    result = whole(Tensor(output)) if isinstance(tensor, Whole) and operation != "reduce" else Tensor(output)
    return machine.function(operation, (tensor,), result, call)


@FUNCTIONS.knows("einops.rearrange")
def rearrange(machine: Machine, call: Call) -> Value:
    return _run(machine, call, "rearrange")


@FUNCTIONS.knows("einops.repeat")
def repeat(machine: Machine, call: Call) -> Value:
    return _run(machine, call, "repeat")


@FUNCTIONS.knows("einops.reduce")
def reduce(machine: Machine, call: Call) -> Value:
    if call.get(2, "reduction") not in _REDUCTIONS:
        return Unknown("a reduction that is not known", call.place)
    return _run(machine, call, "reduce")


# ---------------------------------------------------------------- layers


def _shape(arguments: Arguments, operation: str, tensors: tuple[Tensor, ...]) -> Output:
    pattern = _pattern(arguments, operation)
    if pattern is None or len(tensors) != 1:
        return _ODD
    lengths = {n: _length(v) for n, v in arguments.items() if n not in ("pattern", "reduction")}
    output = applied(pattern, tensors[0].shape, lengths)
    return output if isinstance(output, Unknown) else Tensor(output)


def _pattern(arguments: Arguments, operation: str) -> Pattern | None:
    text = arguments["pattern"]
    known = operation == "rearrange" or arguments["reduction"] in _REDUCTIONS
    return parsed(text, operation) if isinstance(text, str) and known else None


def _accepts(arguments: Arguments, operation: str) -> Shape | None:
    pattern = _pattern(arguments, operation)
    return free_shape(pattern.rank) if pattern is not None and pattern.rank is not None else None


@lru_cache(maxsize=256)
def _layer(name: str, lengths: tuple[str, ...]) -> TorchClass:
    """The class for one set of names: they are parameters of its own, as einops takes them by name."""
    operation = name.lower()
    own = ("pattern",) if operation == "rearrange" else ("pattern", "reduction")
    parameters = [Parameter(each, required=True) for each in own]
    parameters += [Parameter(each, kind="keyword") for each in lengths]
    declared = Layer(
        name,
        tuple(parameters),
        shape=lambda arguments, tensors: _shape(arguments, operation, tensors),
        accepts=lambda arguments: _accepts(arguments, operation),
    )
    return TorchClass(name, declared, "einops.layers.torch")


def _made(name: str, machine: Machine, call: Call) -> Value:
    if call.rest is not None:
        return Unknown(f"{name} is made with any number of arguments", call.place)
    lengths = tuple(sorted(set(call.keywords) - {"pattern", "reduction"}))
    return build(machine, _layer(name, lengths), call)


@FUNCTIONS.knows("einops.layers.torch.Rearrange")
def rearrange_layer(machine: Machine, call: Call) -> Value:
    return _made("Rearrange", machine, call)


@FUNCTIONS.knows("einops.layers.torch.Reduce")
def reduce_layer(machine: Machine, call: Call) -> Value:
    return _made("Reduce", machine, call)
