"""CosineSimilarity and PairwiseDistance (torch.nn.modules.distance): two tensors, broadcast, one axis reduced."""

from __future__ import annotations

from padlint.arithmetic.broadcast import Clash, broadcast
from padlint.arithmetic.dims import Unknown
from padlint.layers.activation import axis
from padlint.layers.arguments import check_flag, check_number, check_real, size, truth
from padlint.layers.base import Arguments, Output, Refusal, Shape, Tensor
from padlint.layers.declare import many_inputs
from padlint.layers.inputs import by


def _together(inputs: tuple[Tensor, ...]) -> Shape | Refusal:
    one, other = (tensor.shape for tensor in inputs[:2])
    shape = broadcast(one, other)
    if isinstance(shape, Clash):
        return Refusal("PAD306", f"gets {by(one)} and {by(other)}, which do not broadcast")
    return shape


def _check_dim(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "dim")


def _check_distance(arguments: Arguments) -> Refusal | None:
    return check_real(arguments, "p") or check_flag(arguments, "keepdim")


def _cosine(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    shape = _together(inputs)
    if isinstance(shape, Refusal):
        return shape
    found = axis(size(arguments, "dim"), len(shape), "dim")
    return Tensor(shape[:found] + shape[found + 1 :]) if isinstance(found, int) else found


def _distance(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    shape = _together(inputs)
    if isinstance(shape, Refusal):
        return shape
    kept = truth(arguments["keepdim"])
    if isinstance(kept, Unknown):
        return kept
    return Tensor((*shape[:-1], 1) if kept else shape[:-1])


LAYERS = (
    many_inputs("CosineSimilarity", "dim=1, eps=1e-08", _cosine, (2,), _check_dim),
    many_inputs("PairwiseDistance", "p=2.0, eps=1e-06, keepdim=False", _distance, (2,), _check_distance),
)
