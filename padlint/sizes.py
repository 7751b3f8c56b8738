"""What a Linear says of the inputs of its model where their sizes are not known: which it can take, if any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from padlint.arithmetic.accepts import Box, boxes, describe, meet
from padlint.arithmetic.dims import Dim, Expr, Unknown, equal, evaluate, symbols
from padlint.evaluate.modules import plain, torch_layer
from padlint.evaluate.record import Op, Record
from padlint.layers.base import Refusal, Shape, Tensor
from padlint.layers.reshape import product

_FLATTENING = frozenset({"Flatten", "flatten", "view", "reshape"})


@dataclass(frozen=True, slots=True)
class Demand:
    """A Linear that takes `wanted` features and gets the product of `factors`; `boxes`: where they are equal."""

    op: Op
    factors: Shape
    wanted: int
    boxes: tuple[Box, ...]


def demand(op: Op, record: Record) -> Demand | None:
    """What a call of a Linear asks of sizes that are not known; None where it asks nothing, or that is not known."""
    if op.name != "Linear" or op.instance is None or not op.inputs:
        return None
    tensor, wanted = op.inputs[0], (op.instance.args or {}).get("in_features")
    if not isinstance(tensor, Tensor) or not tensor.shape or not isinstance(wanted, int):
        return None
    features = tensor.shape[-1]
    if not isinstance(features, Expr) or equal(features, wanted):
        return None
    factors = _factors(tensor, record)
    found = boxes(factors, wanted) if factors is not None else None
    return Demand(op, factors or (), wanted, found) if found is not None else None


def _factors(tensor: Tensor, record: Record) -> Shape | None:
    """The sizes whose product is the last axis of a tensor: those that a Flatten before it joined."""
    features = tensor.shape[-1]
    if len(symbols(features)) == 1:
        return (features,)
    leading = len(tensor.shape) - 1
    for op in _makers(tensor, record):
        before = op.inputs[0] if op.inputs else None
        if op.name in _FLATTENING and isinstance(before, Tensor) and len(before.shape) > leading:
            joined = before.shape[leading:]
            return joined if equal(product(joined), features) is True else None
    return None


def _makers(tensor: Tensor, record: Record) -> Iterator[Op]:
    """The calls that made a tensor, as far as each hands on what it got first with its last axis unchanged."""
    op = record.maker(tensor)
    while op is not None:
        yield op
        given = op.inputs[0] if op.inputs else None
        if not isinstance(given, Tensor) or equal(given.shape[-1], tensor.shape[-1]) is not True:
            return
        op = record.maker(given)


# ---------------------------------------------------------------- what is accepted


def accepted(whole: Op, record: Record) -> str | None:
    """The input sizes of a module, called as `whole`, that every Linear behind it can take: `28..31 x 28..31`."""
    tensor = whole.inputs[0] if whole.inputs else None
    if not isinstance(tensor, Tensor) or len(tensor.shape) < 3 or not any(map(symbols, tensor.shape[2:])):
        return None
    found: tuple[Box, ...] | None = None
    for op in _together(whole, record):
        asked = demand(op, record)
        if asked is not None:
            found = asked.boxes if found is None else meet(found, asked.boxes)
    if found is None or not all(isinstance(size, int) or _is_symbol(size) for size in tensor.shape[2:]):
        return None
    possible = [box for each in found if (box := _possible(each, whole, record)) is not None]
    return describe(possible, tensor.shape[2:]) if possible else None


def _is_symbol(size: Dim) -> bool:
    return isinstance(size, Expr) and str(size) in symbols(size)


def _together(whole: Op, record: Record) -> Iterator[Op]:
    """The calls that share their symbols with a call: those inside the outermost one around it."""
    root = whole.within[0] if whole.within else whole.number
    return (op for op in record.ops if op.within[:1] == (root,))


def _possible(box: Box, whole: Op, record: Record) -> Box | None:
    """A box without the sizes at which a layer on the way would raise; None if nothing is left."""
    shapes = [value.shape for op in _together(whole, record) if isinstance(value := op.output, Tensor)]
    sizes = [size for shape in shapes for size in shape if isinstance(size, Expr)]
    left = {
        name: tuple(n for n in numbers if all(_value(size, name, n) for size in sizes)) for name, numbers in box.items()
    }
    for _ in range(2):
        if not all(left.values()):
            return None
        corners = [{name: numbers[end] for name, numbers in left.items()} for end in (0, -1)]
        if not any(_raises(corner, whole, record) for corner in corners):
            return left
        left = {  # each size by itself, the others as large as they may be
            name: tuple(n for n in numbers if not _raises({**corners[1], name: n}, whole, record))
            for name, numbers in left.items()
        }
    return None


def _value(size: Dim, name: str, number: int) -> bool:
    """Is there anything left of a size of this one symbol?"""
    return symbols(size) != {name} or evaluate(size, {name: number}) >= 1


def _raises(binding: dict[str, int], whole: Op, record: Record) -> bool:
    """Would a layer refuse the sizes that come to it?"""
    for op in _together(whole, record):
        layer = torch_layer(op.instance) if op.kind == "layer" and op.instance is not None else None
        if layer is None or op.instance is None or op.instance.args is None:
            continue
        inputs = tuple(_bound(value.shape, binding) for value in op.inputs if isinstance(value, Tensor))
        arguments = {name: plain(value) for name, value in op.instance.args.items()}
        if len(inputs) == len(op.inputs) and isinstance(layer.shape(arguments, inputs), Refusal):
            return True
    return False


def _bound(shape: Iterable[Dim], binding: dict[str, int]) -> Tensor:
    return Tensor(tuple(_number(size, binding) for size in shape))


def _number(size: Dim, binding: dict[str, int]) -> Dim:
    if isinstance(size, Expr) and symbols(size) <= set(binding):
        return evaluate(size, binding)
    return size if not isinstance(size, Unknown) else Unknown("any size")
