"""Linear algebra and distances of torch: shapes as documented at pytorch.org/docs, "torch.linalg" and "torch.nn.functional"."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.library.torch_products import unknown_among
from padlint.evaluate.library.torch_tensors import axis_of, register, shapes
from padlint.evaluate.library.torch_views import norm
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import broadcast, tensor_of
from padlint.evaluate.values import Call, Tensor, Value
from padlint.layers.base import Refusal, Shape

FUNCTIONS = Table()


def dot(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    return Tensor(())


def mv(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """A matrix with a vector: one number a row."""
    return Tensor(shape[:1]) if len(shape) == 2 else Unknown("a product with a vector")


def det(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    return Tensor(shape[:-2])


def diag(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """A vector becomes a matrix; of a matrix, the diagonal, which is as long as its shorter side."""
    if call.get(1, "diagonal", 0) != 0 or len(shape) not in (1, 2):
        return Unknown("another diagonal")
    if len(shape) == 1:
        return Tensor((*shape, *shape))
    known = [size for size in shape if isinstance(size, int)]
    return Tensor((min(known),)) if len(known) == 2 else Unknown("a diagonal of unknown length")


for _name, _run in {"dot": dot, "mv": mv, "det": det, "trace": dot, "diag": diag}.items():
    register(_name, shapes(_run))
FUNCTIONS.knows("torch.linalg.vector_norm", "torch.linalg.norm")(shapes(norm))


def _pair(machine: Machine, call: Call, one: str, other: str) -> tuple[Shape, Shape] | Unknown:
    sides = [tensor_of(call.get(0, one)), tensor_of(call.get(1, other))]
    known = [side.shape for side in sides if isinstance(side, Tensor)]
    if len(known) == 2:
        return known[0], known[1]
    return unknown_among(tuple(sides), call, "a distance to something unknown")


@FUNCTIONS.knows("torch.cosine_similarity", "torch.nn.functional.cosine_similarity")
def cosine_similarity(machine: Machine, call: Call) -> Value:
    """Both broadcast, without the axis along which they are compared."""
    pair = _pair(machine, call, "x1", "x2")
    joined = pair if isinstance(pair, Unknown) else broadcast(*pair)
    at = axis_of(call.get(2, "dim", 1), len(joined)) if isinstance(joined, tuple) else None
    if not isinstance(joined, tuple) or at is None:
        return pair if isinstance(pair, Unknown) else Unknown("vectors that cannot be compared", call.place)
    return Tensor((*joined[:at], *joined[at + 1 :]))


@FUNCTIONS.knows("torch.pairwise_distance", "torch.nn.functional.pairwise_distance")
def pairwise_distance(machine: Machine, call: Call) -> Value:
    pair, keep = _pair(machine, call, "x1", "x2"), call.get(4, "keepdim", False)
    joined = pair if isinstance(pair, Unknown) else broadcast(*pair)
    if not isinstance(joined, tuple) or not isinstance(keep, bool):
        return pair if isinstance(pair, Unknown) else Unknown("vectors that cannot be compared", call.place)
    return Tensor((*joined[:-1], *([1] if keep else [])))


@FUNCTIONS.knows("torch.cdist")
def cdist(machine: Machine, call: Call) -> Value:
    """(..., P, M) and (..., R, M) give (..., P, R)."""
    pair = _pair(machine, call, "x1", "x2")
    if isinstance(pair, Unknown) or min(map(len, pair)) < 2:
        return pair if isinstance(pair, Unknown) else Unknown("distances of something that is no matrix", call.place)
    batch = broadcast(pair[0][:-2], pair[1][:-2])
    if isinstance(batch, Refusal):
        return Unknown("vectors that cannot be compared", call.place)
    return Tensor((*batch, pair[0][-2], pair[1][-2]))
