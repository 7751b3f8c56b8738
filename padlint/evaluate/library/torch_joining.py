"""Functions of torch that make one tensor of several."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.evaluate.library.basics import exact
from padlint.evaluate.library.torch_tensors import axis_of, whole
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import LOSSES, compared, tensor_of
from padlint.evaluate.values import Call, Tensor, Value, Whole
from padlint.layers.base import Refusal, Shape

FUNCTIONS = Table()


@FUNCTIONS.knows("torch.cat", "torch.concat", "torch.concatenate")
def cat(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.get(0, "tensors", ()), call.place), call)
    tensors = items if isinstance(items, Unknown) else [tensor_of(item) for item in items]
    if isinstance(tensors, Unknown) or not tensors or not all(isinstance(item, Tensor) for item in tensors):
        unknown = next((i for i in tensors if isinstance(i, Unknown)), None) if isinstance(tensors, list) else tensors
        return unknown or Unknown("tensors of unknown shape are joined", call.place)
    known = tuple(item for item in tensors if isinstance(item, Tensor))
    at = axis_of(call.get(1, "dim", call.keywords.get("axis", 0)), len(known[0].shape))
    if at is None:
        return Unknown("tensors are joined along an axis that is not known", call.place)
    output: Value | Refusal = joined([tensor.shape for tensor in known], at)
    if all(isinstance(tensor, Whole) for tensor in known):
        output = whole(output)
    return machine.function("cat", known, output, call)


def joined(parts: list[Shape], at: int) -> Tensor | Refusal:
    """The shape of tensors joined along an axis; all other axes must agree."""
    first = parts[0]
    shape: list[Dim] = list(first)
    for other in parts[1:]:
        if len(other) != len(first):
            return Refusal("PAD208", f"tensors of {len(first)} and of {len(other)} axes are joined")
        for axis, (a, b) in enumerate(zip(first, other, strict=True)):
            if axis == at:
                shape[at] = shape[at] + b
            elif equal(a, b) is False:
                return Refusal("PAD208", f"sizes {a} and {b} do not agree in axis {axis}")
            elif isinstance(b, int):
                shape[axis] = b
    return Tensor(tuple(shape))


@FUNCTIONS.knows("torch.stack")
def stack(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.get(0, "tensors", ()), call.place), call)
    if isinstance(items, Unknown):
        return items
    tensors = [tensor_of(item) for item in items]
    first = tensors[0] if tensors else None
    if not isinstance(first, Tensor) or not all(isinstance(item, Tensor) for item in tensors):
        lost = next((item for item in tensors if isinstance(item, Unknown)), None)
        return lost or Unknown("tensors of unknown shape are stacked", call.place)
    at = axis_of(call.get(1, "dim", 0), len(first.shape) + 1)
    if at is None:
        return Unknown("tensors are stacked along an axis that is not known", call.place)
    kind = Whole if all(isinstance(item, Whole) for item in tensors) else Tensor
    return machine.function("stack", tuple(tensors), kind((*first.shape[:at], len(tensors), *first.shape[at:])), call)


def _loss(name: str) -> None:
    @FUNCTIONS.knows(f"torch.nn.functional.{name}")
    def run(machine: Machine, call: Call) -> Value:
        return compared(machine, name, call)


for _name in LOSSES.values():
    _loss(_name)
