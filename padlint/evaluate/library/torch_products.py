"""Functions of torch that multiply, choose or repeat: shapes as documented at pytorch.org/docs, "torch" and "torch.Tensor"."""

from __future__ import annotations

import itertools

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal
from padlint.evaluate.library.basics import exact
from padlint.evaluate.library.torch_tensors import axis_of, dims_of, product, register, shapes
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import broadcast, elementwise, sliced, tensor_of
from padlint.evaluate.values import Call, ListValue, Tensor, Value, Whole
from padlint.layers.base import Refusal, Shape

FUNCTIONS = Table()


def unknown_among(values: tuple[Value, ...], call: Call, otherwise: str) -> Unknown:
    """The reason that one of the values carries, else this one."""
    found = next((value for value in values if isinstance(value, Unknown)), None)
    return found or Unknown(otherwise, call.place)


# ---------------------------------------------------------------- products


@FUNCTIONS.knows("torch.einsum")
def einsum(machine: Machine, call: Call) -> Value:
    """`einsum("bhid,bhjd->bhij", q, k)`, also with `...`; where the result is not written, letters that occur once."""
    equation = call.get(0, "equation")
    given = call.args[1:]
    if len(given) == 1 and isinstance(given[0], (tuple, ListValue)):
        given = tuple(given[0])
    operands = tuple(tensor_of(value) for value in given)
    tensors = [value for value in operands if isinstance(value, Tensor)]
    if not isinstance(equation, str) or len(tensors) < len(operands) or not operands:
        return unknown_among(operands, call, "an einsum of something unknown")
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(tensors):
        return Unknown("an einsum whose equation does not fit", call.place)
    sizes: dict[str, Dim] = {}
    dots: Shape = ()
    for term, tensor in zip(terms, tensors, strict=True):
        read = _labelled(term, tensor.shape, sizes)
        joined = read if isinstance(read, Refusal) else broadcast(dots, read)
        if isinstance(joined, Refusal):
            return machine.function("einsum", tuple(tensors), joined, call)
        dots = joined
    if not arrow:
        letters = left.replace(",", "").replace(".", "")
        right = ("..." if dots else "") + "".join(sorted({each for each in letters if letters.count(each) == 1}))
    before, spread, after = right.partition("...")
    if any(letter not in sizes for letter in before + after):
        return Unknown("an einsum whose equation does not fit", call.place)
    shape = (*[sizes[x] for x in before], *(dots if spread else ()), *[sizes[x] for x in after])
    return machine.function("einsum", tuple(tensors), Tensor(shape), call)


def _labelled(term: str, shape: Shape, sizes: dict[str, Dim]) -> Shape | Refusal:
    """Learn the sizes of the letters of one operand; gives the axes that `...` stands for."""
    before, spread, after = term.partition("...")
    named = len(before) + len(after)
    if named > len(shape) or (not spread and named < len(shape)):
        return Refusal("PAD306", f"einsum names {named} axes of a tensor of {len(shape)}")
    middle = len(shape) - len(after)
    for letter, size in zip(before + after, (*shape[: len(before)], *shape[middle:]), strict=True):
        known = sizes.get(letter)
        if known is not None and equal(known, size) is False and 1 not in (known, size):
            return Refusal("PAD303", f"einsum multiplies {known} and {size} along {letter!r}")
        if known is None or known == 1 or isinstance(known, Unknown) or (isinstance(size, int) and size != 1):
            sizes[letter] = size
    return shape[len(before) : middle]


@FUNCTIONS.knows("torch.nn.functional.scaled_dot_product_attention")
def attention(machine: Machine, call: Call) -> Value:
    """Queries (N, ..., L, E) and values (N, ..., S, Ev) give (N, ..., L, Ev)."""
    named = [tensor_of(call.get(index, name)) for index, name in enumerate(("query", "key", "value"))]
    query, value = named[0], named[2]
    if not isinstance(query, Tensor) or not isinstance(value, Tensor) or not query.shape or not value.shape:
        return unknown_among(tuple(named), call, "an attention of something unknown")
    return machine.function("attention", (query, value), Tensor((*query.shape[:-1], value.shape[-1])), call)


def _added_product(machine: Machine, call: Call) -> Value:
    """`addcmul(input, a, b)`: all three broadcast."""
    inner = elementwise(machine, "*", call.get(1, "tensor1"), call.get(2, "tensor2"), call.place)
    return elementwise(machine, "+", call.get(0, "input"), inner, call.place)


def _added_matrices(machine: Machine, call: Call) -> Value:
    """`baddbmm(input, a, b)`: the shape of the product, to which the input is broadcast."""
    return elementwise(machine, "@", call.get(1, "batch1"), call.get(2, "batch2"), call.place)


for _name in ("addcmul", "addcdiv"):
    register(_name, _added_product)
for _name in ("addmm", "baddbmm"):
    register(_name, _added_matrices)


def outer(machine: Machine, call: Call) -> Value:
    sides = [tensor_of(call.get(0, "input")), tensor_of(call.get(1, "vec2"))]
    tensors = [side for side in sides if isinstance(side, Tensor) and len(side.shape) == 1]
    if len(tensors) < 2:
        return unknown_among(tuple(sides), call, "an outer product of something unknown")
    return Tensor((tensors[0].shape[0], tensors[1].shape[0]))


register("outer", outer)


# ---------------------------------------------------------------- parts


def tensor_split(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """Into a number of parts, the first ones longer by one; or before the indices that are given."""
    wanted, at = call.get(1, "indices_or_sections"), axis_of(call.get(2, "dim", 0), len(shape))
    if at is None:
        return Unknown("an axis that is not known")
    size = shape[at]
    lengths: list[Dim]
    if isinstance(wanted, int) and 1 <= wanted <= 64 and isinstance(size, int):
        lengths = [size // wanted + (part < size % wanted) for part in range(wanted)]
    elif isinstance(wanted, (tuple, ListValue)) and all(isinstance(index, int) for index in wanted):
        edges = [None, *wanted, None]
        lengths = [sliced(size, slice(start, end), call.place) for start, end in itertools.pairwise(edges)]
    else:
        return Unknown("splits into parts that are not known")
    return tuple(Tensor((*shape[:at], length, *shape[at + 1 :])) for length in lengths)


def repeat_interleave(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    times, axis = call.get(1, "repeats"), call.get(2, "dim")
    if not isinstance(times, (int, Expr, Unknown)):
        return Unknown("repeats by numbers that are not known")
    if axis is None:
        return Tensor((product(shape) * times,))
    at = axis_of(axis, len(shape))
    return Unknown("an axis that is not known") if at is None else _with(shape, at, shape[at] * times)


def _with(shape: Shape, at: int, size: Dim) -> Tensor:
    return Tensor((*shape[:at], size, *shape[at + 1 :]))


def narrow(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at, length = axis_of(call.get(1, "dim"), len(shape)), call.get(3, "length")
    if at is None or not isinstance(length, (int, Expr)):
        return Unknown("a part of unknown length")
    return _with(shape, at, length)


def select(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at = axis_of(call.get(1, "dim"), len(shape))
    return Unknown("an axis that is not known") if at is None else Tensor((*shape[:at], *shape[at + 1 :]))


def index_select(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at, index = axis_of(call.get(1, "dim"), len(shape)), tensor_of(call.get(2, "index"))
    if at is None or not isinstance(index, Tensor) or len(index.shape) > 1:
        return index if isinstance(index, Unknown) else Unknown("items that are not known are selected")
    return _with(shape, at, index.shape[0] if index.shape else 1)


def gather(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    index = tensor_of(call.get(2, "index"))
    return Tensor(index.shape) if isinstance(index, Tensor) else Unknown("an index of unknown shape")


def topk(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at, count = axis_of(call.get(2, "dim", -1), len(shape)), call.get(1, "k")
    if at is None or not isinstance(count, (int, Expr)):
        return Unknown("a number of greatest items that is not known")
    return (_with(shape, at, count), _with(shape, at, count))


def movedim(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sides = [call.get(1, "source"), call.get(2, "destination")]
    lists = [list(side) if isinstance(side, (tuple, ListValue)) else [side] for side in sides]
    source, goal = ([axis_of(axis, len(shape)) for axis in side] for side in lists)
    if None in source or None in goal or len(set(source)) != len(goal) or len(set(goal)) != len(source):
        return Unknown("axes that are not known")
    rest = iter([size for axis, size in enumerate(shape) if axis not in source])
    moved = {at: shape[axis] for at, axis in zip(goal, source, strict=True) if axis is not None}
    return Tensor(tuple(moved[axis] if axis in moved else next(rest) for axis in range(len(shape))))


def unfold(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """`tensor.unfold(dim, size, step)`: windows along an axis, which come last."""
    at, size, step = axis_of(call.get(1, "dimension"), len(shape)), call.get(2, "size"), call.get(3, "step")
    if at is None or not isinstance(size, (int, Expr)) or not isinstance(step, int) or step < 1:
        return Unknown("windows that are not known")
    count = (shape[at] - size) // step + 1
    return Tensor((*shape[:at], count, *shape[at + 1 :], size))


def tile(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    times = dims_of(machine, call.args[1:] or (call.keywords.get("dims", ()),), call)
    if isinstance(times, Unknown):
        return times
    rank = max(len(times), len(shape))
    sizes: list[Dim] = [1] * (rank - len(shape)) + list(shape)
    counts: list[Dim] = [1] * (rank - len(times)) + times
    return Tensor(tuple(size * count for size, count in zip(sizes, counts, strict=True)))


def broadcast_to(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sizes = dims_of(machine, (call.get(1, "size"),), call)
    return sizes if isinstance(sizes, Unknown) else Tensor(tuple(sizes))


for _name, _run in {
    "tensor_split": tensor_split, "repeat_interleave": repeat_interleave, "narrow": narrow, "select": select,
    "index_select": index_select, "gather": gather, "topk": topk, "movedim": movedim, "moveaxis": movedim, "tile": tile,
    "broadcast_to": broadcast_to,
}.items():  # fmt: skip
    register(_name, shapes(_run))

TENSOR = Table()
TENSOR.knows("unfold")(shapes(unfold))
METHODS = {Tensor: TENSOR}


@FUNCTIONS.knows("torch.where")
def where(machine: Machine, call: Call) -> Value:
    if len(call.args) < 3:
        return Unknown("the places where something holds", call.place)
    sides = [tensor_of(value) for value in call.args[:3]]
    shape: Shape = ()
    for side in sides:
        if isinstance(side, (int, float)):
            continue
        if not isinstance(side, Tensor):
            return unknown_among(tuple(sides), call, "a choice between tensors of unknown shape")
        joined = broadcast(shape, side.shape)
        if isinstance(joined, Refusal):
            return machine.function("where", tuple(sides), joined, call)
        shape = joined
    return Tensor(shape)


@TENSOR.knows("where")
def chosen(machine: Machine, call: Call) -> Value:
    """`x.where(condition, other)`"""
    return where(machine, Call((call.arg(1), call.arg(0), call.arg(2)), {}, call.place))


@FUNCTIONS.knows("torch.meshgrid")
def meshgrid(machine: Machine, call: Call) -> Value:
    """One tensor an axis, each of the shape of the whole grid; `indexing="xy"` changes the first two."""
    given = call.args
    if len(given) == 1 and isinstance(given[0], (tuple, ListValue)):
        listed = exact(iterate(machine, given[0], call.place), call)
        given = () if isinstance(listed, Unknown) else tuple(listed)
    tensors = [tensor_of(value) for value in given]
    lengths: list[Dim] = []
    for tensor in tensors:
        if not isinstance(tensor, Tensor) or len(tensor.shape) > 1:
            return unknown_among(given, call, "a grid of something unknown")
        lengths.append(tensor.shape[0] if tensor.shape else 1)
    indexing = call.keywords.get("indexing", "ij")
    if not isinstance(indexing, str) or not lengths:
        return Unknown("a grid of something unknown", call.place)
    if indexing == "xy" and len(lengths) > 1:
        lengths[:2] = lengths[1::-1]
    kind = Whole if all(isinstance(tensor, Whole) for tensor in tensors) else Tensor
    return (kind(tuple(lengths)),) * len(lengths)


@FUNCTIONS.knows("torch.nn.functional.one_hot")
def one_hot(machine: Machine, call: Call) -> Value:
    tensor, classes = tensor_of(call.get(0, "tensor")), call.get(1, "num_classes", -1)
    if not isinstance(tensor, Tensor) or not isinstance(classes, (int, Expr)) or equal(classes, -1) is not False:
        return unknown_among((tensor,), call, "a number of classes that is not known")
    return Tensor((*tensor.shape, classes))


@FUNCTIONS.knows("torch.nn.functional.embedding")
def embedding(machine: Machine, call: Call) -> Value:
    index, weight = tensor_of(call.get(0, "input")), tensor_of(call.get(1, "weight"))
    if not isinstance(index, Tensor) or not isinstance(weight, Tensor) or len(weight.shape) != 2:
        return unknown_among((index, weight), call, "an embedding of something unknown")
    return Tensor((*index.shape, weight.shape[1]))


@FUNCTIONS.knows("torch.jit.annotate")
def annotate(machine: Machine, call: Call) -> Value:
    return call.get(1, "the_value")
