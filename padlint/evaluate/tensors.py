"""Tensors in expressions: inputs of unknown rank, broadcasting, indexing."""

from __future__ import annotations

from padlint.arithmetic.broadcast import Clash, aligned
from padlint.arithmetic.broadcast import broadcast as stretched
from padlint.arithmetic.dims import Dim, Expr, Unknown, at_least, equal, is_size, maximum, minimum, symbol
from padlint.evaluate.machine import Machine
from padlint.evaluate.values import Call, Data, Fresh, ListValue, Number, Tensor, Value, Whole
from padlint.finding import Place
from padlint.layers.base import Refusal, Shape

AXES = {1: ("N",), 2: ("N", "C"), 3: ("N", "C", "L"), 4: ("N", "C", "H", "W"), 5: ("N", "C", "D", "H", "W")}
_KEEP_WHOLE = frozenset({"+", "-", "*", "//", "%"})
_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "@": "matmul"}


def resolve(fresh: Fresh, rank: int) -> Tensor:
    """Say that an input has this many axes; they get the field's names, all free."""
    if fresh.tensor is None:
        fresh.tensor = Tensor(free_shape(rank, fresh.suffix))
    return fresh.tensor


def free_shape(rank: int, suffix: str = "") -> Shape:
    """As many axes with the field's names, all free."""
    names = AXES.get(rank, tuple(f"d{axis}" for axis in range(rank)))
    return tuple(symbol(name + suffix, minimum=1) for name in names)


def settled(value: Value) -> Value:
    """The tensor behind an input whose shape is known by now; everything else as it is."""
    return value.tensor if isinstance(value, Fresh) and value.tensor is not None else value


def broadcast(left: Shape, right: Shape, added: bool = False) -> Shape | Refusal:
    """torch's broadcasting; a Refusal where it raises.

    `added`: the tensors are added. Sizes such as H and H - 2, which would stretch for one H alone, then do not fit: nobody
    adds a map to one row of it by a padding.
    """
    result = stretched(left, right)
    if added and not isinstance(result, Clash):
        result = next((Clash(*pair) for pair in aligned(left, right) if _shifted(*pair[1:])), result)
    if isinstance(result, Clash):
        return Refusal("PAD207", f"sizes {result.left} and {result.right} do not agree in axis {result.axis}")
    return result


def _shifted(a: Dim, b: Dim) -> bool:
    """Do two sizes that are not known differ by a number that is?"""
    return isinstance(a, Expr) and isinstance(b, Expr) and isinstance(a - b, int) and equal(a, b) is False


LOSSES = {
    "MSELoss": "mse_loss", "L1Loss": "l1_loss", "SmoothL1Loss": "smooth_l1_loss", "HuberLoss": "huber_loss",
    "BCELoss": "binary_cross_entropy", "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
}  # fmt: skip
"""The losses that compare a tensor with one of its size, element by element: the modules and their functions."""


def compared(machine: Machine, name: str, call: Call) -> Value:
    """Such a loss, a number that is not known; torch refuses shapes that do not even broadcast."""
    given, target = settled(call.get(0, "input")), settled(call.get(1, "target"))
    joined = broadcast(given.shape, target.shape) if isinstance(given, Tensor) and isinstance(target, Tensor) else None
    if isinstance(joined, Refusal):
        return machine.function(name, (given, target), joined, call)
    return Unknown(f"{name} gives no shape", call.place)


def elementwise(machine: Machine, op: str, left: Value, right: Value, place: Place) -> Value:
    """`left op right` where at least one is a tensor."""
    left, right = settled(left), settled(right)
    name = _OPERATORS.get(op, op)
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        joined = matmul(left, right) if op == "@" else broadcast(left.shape, right.shape, op in "+-")
        integers = isinstance(left, Whole) and isinstance(right, Whole) and op in _KEEP_WHOLE
        output = (Whole if integers else Tensor)(joined) if isinstance(joined, tuple) else joined
        return machine.function(name, (left, right), output, Call((left, right), {}, place))
    lost = next((side for side in (left, right) if isinstance(side, Unknown)), None)
    if op == "@":
        return lost or Unknown("a matrix product with something unknown", place)
    for tensor, other in ((left, right), (right, left)):
        if isinstance(tensor, Fresh) and isinstance(other, (bool, int, float)):
            return tensor
        if isinstance(tensor, Tensor) and isinstance(other, Number):
            return Tensor(tensor.shape, tensor.origin)
        if isinstance(tensor, Tensor) and (isinstance(other, (bool, int, float, Expr))):
            if isinstance(other, Expr) and not is_size(other):
                continue
            integers = isinstance(tensor, Whole) and op in _KEEP_WHOLE and not isinstance(other, (bool, float))
            return tensor if integers or type(tensor) is Tensor else Tensor(tensor.shape, tensor.origin)
    if left is right:
        return left
    return lost or Unknown("an operation with a tensor of unknown shape", place)


def matmul(left: Tensor, right: Tensor) -> Shape | Refusal | Unknown:
    """`left @ right` for matrices and batches of them."""
    if len(left.shape) < 2 or len(right.shape) < 2:
        return Unknown("a matrix product with a vector")
    if equal(left.shape[-1], right.shape[-2]) is False:
        message = f"{left.shape[-1]} columns are multiplied with {right.shape[-2]} rows"
        return Refusal("PAD303", message)
    batch = broadcast(left.shape[:-2], right.shape[:-2])
    return batch if isinstance(batch, Refusal) else (*batch, left.shape[-2], right.shape[-1])


def index_tensor(machine: Machine, value: Tensor | Fresh, index: Value, place: Place) -> Value:
    """`tensor[index]` for integers, slices, None and `...`; anything else gives an unknown tensor."""
    tensor = settled(value)
    if not isinstance(tensor, Tensor):
        return Unknown("an item of a tensor of unknown rank", place)
    parts: list[Value] = list(index) if isinstance(index, tuple) else [index]
    if any(part is ... for part in parts):
        at = parts.index(...)
        used = sum(part is not None for part in parts) - 1
        parts[at : at + 1] = [slice(None)] * (len(tensor.shape) - used)
    shape = _indexed(tensor.shape, parts, place)
    if isinstance(shape, Unknown):
        return shape
    call = Call((tensor,), {}, place)
    return machine.function("index", (tensor,), (Whole if isinstance(tensor, Whole) else Tensor)(shape), call)


def _indexed(sizes: Shape, parts: list[Value], place: Place) -> Shape | Unknown:
    """The shape of an item. Tensors of integers take the place of their axes, or come first where other parts separate them."""
    shape: list[Dim] = []
    chosen: Shape | None = None
    at, end = 0, 0
    axis = 0
    for part in parts:
        if part is None:
            shape.append(1)
            continue
        if axis >= len(sizes):
            return Unknown("more indices than axes", place)
        if isinstance(part, slice):
            shape.append(sliced(sizes[axis], part, place))
        elif not isinstance(part, int) or isinstance(part, bool):
            taken = index_shape(part)
            if taken == ():  # as an integer
                axis += 1
                continue
            joined = None if taken is None else broadcast(chosen or (), taken)
            if not isinstance(joined, tuple):
                return part if isinstance(part, Unknown) else Unknown("a tensor indexed by something unknown", place)
            if chosen is None:
                at = len(shape)
            elif end != len(shape):
                at = 0
            chosen, end = joined, len(shape)
        axis += 1
    return (*shape[:at], *(chosen or ()), *shape[at:], *sizes[axis:])


def index_shape(value: Value) -> Shape | None:
    """The shape of a tensor or list of integers that is an index; None for a mask and for what is not known."""
    value = settled(value)
    if isinstance(value, Whole):
        return value.shape
    if isinstance(value, Data) and value.whole:
        return (len(value.numbers),)
    if isinstance(value, ListValue) and all(type(item) is int for item in value):
        return (len(value),)
    return None


def sizes_of(tensor: Tensor) -> tuple[Value, ...]:
    """The shape as the program reads it: also what is not known is a number."""
    return tuple([Number(size.reason, size.place) if isinstance(size, Unknown) else size for size in tensor.shape])


def as_tensor(value: Data) -> Tensor:
    """A tensor of known numbers as one of which only the shape is known."""
    return (Whole if value.whole else Tensor)((len(value.numbers),))


def tensor_of(value: Value) -> Value:
    """A tensor of known numbers as one with a shape, an input as what it turned out to be."""
    return as_tensor(value) if isinstance(value, Data) else settled(value)


def sliced(size: Dim, part: slice, place: Place) -> Dim:
    """How many elements `[lower:upper:step]` takes of `size`."""
    if all(bound is None or isinstance(bound, int) for bound in (part.start, part.stop, part.step)) and isinstance(
        size, int
    ):
        return len(range(*part.indices(size))) if part.step != 0 and size < 1 << 62 else Unknown("a slice", place)
    step = 1 if part.step is None else part.step
    if not isinstance(step, int) or step < 1:
        return Unknown("a slice with an unknown step", place)
    ends = [_bound(size, bound, default) for bound, default in ((part.start, 0), (part.stop, size))]
    length = maximum(ends[1] - ends[0], 0)
    return length if step == 1 else -(-length // step)


def _bound(size: Dim, bound: Value, default: Dim) -> Dim:
    """Where a slice begins or ends, counted from the front."""
    if bound is None:
        return default
    if isinstance(bound, int):
        return minimum(size, bound) if bound >= 0 else maximum(size + bound, 0)
    if isinstance(bound, Expr) and at_least(bound, 0):
        return minimum(size, bound)
    return Unknown("a slice with an unknown bound")
