"""What a module's own code says of the tensors that its forward takes and gives: annotations and Lightning's example."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal, substitute, symbol, symbols
from padlint.arithmetic.notation import parse_size
from padlint.errors import UsageError
from padlint.evaluate.attributes import lookup
from padlint.evaluate.machine import Machine
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import (
    MISSING,
    Call,
    DictValue,
    Function,
    Instance,
    ListValue,
    Value,
    in_mro,
    linearised,
)
from padlint.finding import Place
from padlint.layers.base import Shape, Tensor
from padlint.syntax import ir

_JAXTYPING = frozenset({
    "Shaped", "Num", "Inexact", "Real", "Float", "BFloat16", "Float16", "Float32", "Float64", "Int", "Integer", "Int8",
    "Int16", "Int32", "Int64", "UInt", "UInt8", "Bool", "Complex",
})  # fmt: skip
_ANY = Unknown("any size")


def annotated_shape(annotation: ir.Expression | None) -> Shape | None:
    """The shape in an annotation of a parameter; None where it has none, or leaves the rank open.

    jaxtyping's `Float[Tensor, "b 3 32 32"]`, `Annotated[Tensor, Shape("b", 3, 32, 32)]`, torchtyping's
    `TensorType["b", 3, 32, 32]`. Names are symbols.
    """
    if not isinstance(annotation, ir.Subscript):
        return None
    name = ir.last_name(annotation.value)
    parts = annotation.index.elements if isinstance(annotation.index, ir.Display) else (annotation.index,)
    if name == "TensorType":
        return _from_items(parts)
    if len(parts) != 2 or ir.last_name(parts[0]) != "Tensor":
        return None
    said = parts[1]
    if name in _JAXTYPING and isinstance(said, ir.Constant) and isinstance(said.value, str):
        return _from_text(said.value)
    if name == "Annotated" and isinstance(said, ir.Call) and ir.last_name(said.func) == "Shape":
        return _from_items(tuple(each.value for each in said.args if not each.keyword and not each.star))
    return None


def annotated_output(module: Instance, call: Call) -> tuple[Shape, Place] | None:
    """The shape that forward is annotated to return, and where; its names are the sizes that this call has for them.

    None where the parameters are annotated with other tensors than those that come in: then nothing is said of this call.
    """
    forward = in_mro(linearised(module.cls), "forward")
    if not isinstance(forward, Function) or not isinstance(forward.node, ir.Function) or forward.node.returns is None:
        return None
    shape = annotated_shape(forward.node.returns)
    sizes: dict[str, Dim] = {}
    for index, parameter in enumerate(forward.node.parameters[1:]):
        said, given = annotated_shape(parameter.annotation), settled(call.get(index, parameter.name))
        if said is not None and isinstance(given, Tensor) and not _bind(said, given.shape, sizes):
            return None
    if shape is None:
        return None
    known = tuple(substitute(size, sizes) if symbols(size) <= sizes.keys() else _ANY for size in shape)
    return known, forward.scope.place(forward.node.returns)


def _bind(said: Shape, given: Shape, sizes: dict[str, Dim]) -> bool:
    """Note what the names of an annotation are; False where it does not speak of this tensor for sure."""
    if len(said) != len(given):
        return False
    for word, size in zip(said, given, strict=True):
        name = next(iter(symbols(word)), None)
        if name is None or equal(word, symbol(name, minimum=1)) is not True:
            if isinstance(word, int) and equal(word, size) is not True:
                return False
        elif equal(sizes.setdefault(name, size), size) is not True:
            return False
    return True


def _from_text(text: str) -> Shape | None:
    """`"b 3 h=32 _ h*2"`; `...` and `*names` stand for any number of axes."""
    shape: list[Dim] = []
    for word in text.split():
        if word.startswith("*") or word == "...":
            return None
        if word.startswith(("_", "#", "?")):
            shape.append(_ANY)
            continue
        try:
            shape.append(parse_size(word.rpartition("=")[2]))
        except UsageError:
            return None
    return tuple(shape) or None


def _from_items(items: tuple[ir.Expression, ...]) -> Shape | None:
    """`"b", 3, 32, 32`; a single text is read as jaxtyping's."""
    shape: list[Dim] = []
    for item in items:
        value = item.value if isinstance(item, ir.Constant) else None
        if isinstance(value, str) and value.isidentifier():
            shape.append(symbol(value, minimum=1))
        elif isinstance(value, int) and not isinstance(value, bool):
            shape.append(value)
        elif isinstance(value, str) and len(items) == 1:
            return _from_text(value)
        else:
            return None
    return tuple(shape) or None


def example_inputs(machine: Machine, module: Instance) -> tuple[tuple[Value, ...], dict[str, Value]] | None:
    """What Lightning's `example_input_array` gives forward: a tensor, a tuple of arguments, or named ones."""
    example = lookup(machine, module, "example_input_array", module.place)
    if example is MISSING:
        return None
    if isinstance(example, Tensor):
        return (Tensor(example.shape),), {}
    if isinstance(example, (tuple, ListValue)) and all(isinstance(each, Tensor) for each in example):
        return tuple(Tensor(each.shape) for each in example if isinstance(each, Tensor)), {}
    if isinstance(example, DictValue) and example.rest is None:
        named = {key: Tensor(value.shape) for key, value in example.items() if isinstance(value, Tensor)}
        keywords = {key: value for key, value in named.items() if isinstance(key, str)}
        return ((), dict(keywords)) if len(keywords) == len(example) else None
    return None
