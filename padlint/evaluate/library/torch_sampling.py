"""Functions of torch that sample: maps at the points of a grid, and numbers at random."""

from __future__ import annotations

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.library.torch_products import unknown_among
from padlint.evaluate.library.torch_tensors import FUNCTIONS as MAKERS
from padlint.evaluate.library.torch_tensors import dims_of, register, shapes
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import tensor_of
from padlint.evaluate.values import Call, Tensor, Value, Whole
from padlint.layers.base import Refusal, Shape

FUNCTIONS = Table()


@FUNCTIONS.knows("torch.nn.functional.grid_sample", "torch.grid_sampler")
def grid_sample(machine: Machine, call: Call) -> Value:
    """Maps (N, C, ...) at the points of a grid (N, H, W, 2) or (N, D, H, W, 3) give (N, C, H, W) or (N, C, D, H, W)."""
    maps, grid = tensor_of(call.get(0, "input")), tensor_of(call.get(1, "grid"))
    if not isinstance(grid, Tensor) or len(grid.shape) not in (4, 5):
        return unknown_among((grid,), call, "a grid of unknown shape")
    channels = maps.shape[1] if isinstance(maps, Tensor) and len(maps.shape) == len(grid.shape) else None
    if channels is None:
        return unknown_among((maps,), call, "maps of unknown shape are sampled")
    return machine.function("grid_sample", (maps, grid), Tensor((grid.shape[0], channels, *grid.shape[1:-1])), call)


@FUNCTIONS.knows("torch.nn.functional.affine_grid")
def affine_grid(machine: Machine, call: Call) -> Value:
    """Matrices for maps of the size (N, C, H, W) or (N, C, D, H, W) give a grid (N, H, W, 2) or (N, D, H, W, 3)."""
    sizes = dims_of(machine, (call.get(1, "size"),), call)
    if isinstance(sizes, Unknown) or len(sizes) not in (4, 5):
        return sizes if isinstance(sizes, Unknown) else Unknown("a grid of unknown size", call.place)
    return Tensor((sizes[0], *sizes[2:], len(sizes) - 2))


def multinomial(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    count = call.get(1, "num_samples")
    if not isinstance(count, (int, Expr)):
        return Unknown("a number of samples that is not known")
    return Whole((*shape[:-1], count))


register("multinomial", shapes(multinomial))


@FUNCTIONS.knows("torch.normal")
def normal(machine: Machine, call: Call) -> Value:
    """`normal(mean, std)` where one is a tensor, or `normal(0.0, 1.0, size)`."""
    size = call.get(2, "size")
    if size is not None:
        return machine.invoke(MAKERS["torch.zeros"], Call((size,), {}, call.place))
    sides = (tensor_of(call.get(0, "mean")), tensor_of(call.get(1, "std", 1.0)))
    tensors = [side for side in sides if isinstance(side, Tensor)]
    others = [side for side in sides if isinstance(side, (int, float))]
    if len(tensors) == 1 and len(others) == 1:
        return Tensor(tensors[0].shape)
    return unknown_among(sides, call, "numbers around something unknown")
