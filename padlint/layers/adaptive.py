"""Pools that are told their output: adaptive and fractional pooling (torch.nn.modules.pooling)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal, less
from padlint.layers.arguments import check_sizes, filled, given, numbers, per_axis, show, sizes
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Tensor, Value
from padlint.layers.declare import layer
from padlint.layers.inputs import by, check_not_empty, check_output, check_rank, maps, spatial
from padlint.layers.pooling import indexed

_INDICES = ", return_indices=False"


def adaptive(name: str, axes: int, parameters: str) -> Layer:
    """Gives `output_size` whatever comes in; None keeps an axis where there are several."""
    averages = name in ("AdaptiveAvgPool2d", "AdaptiveAvgPool3d")

    def construct(arguments: Arguments) -> Refusal | None:
        value = arguments["output_size"]
        if isinstance(value, tuple) and len(value) == axes > 1:
            arguments = {"output_size": tuple(0 if one is None else one for one in value)}
        return check_sizes(arguments, "output_size", axes, 0, one=False)

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        if refusal := check_rank(tensor, (axes + 1, axes + 2)):
            return _mean(arguments, tensor, axes) if averages else refusal
        batch, channels, before = spatial(tensor, axes)
        after = _adapted(arguments["output_size"], before)
        # the average over one or two axes takes maps without channels
        needed = before if name in ("AdaptiveAvgPool1d", "AdaptiveAvgPool2d") else (channels, *before)
        if not batch and name not in ("AdaptiveAvgPool1d", "AdaptiveAvgPool2d"):
            needed = before
        mean = "Avg" in name and _is_mean(arguments, axes)
        refusal = None if mean else check_not_empty(tensor, needed)
        output = refusal or check_output(before, after) or Tensor((*batch, channels, *after))
        return indexed(arguments, output) if "return_indices" in arguments else output

    return layer(name, parameters, shape, construct, accepts=lambda arguments: maps(None, axes))


def _is_mean(arguments: Arguments, axes: int) -> bool:
    """Whether torch takes the mean of the last axes, of whatever tensor, instead of pooling."""
    wanted = per_axis(arguments["output_size"], axes)
    return wanted is not None and all(equal(one, 1) for one in wanted)


def _mean(arguments: Arguments, tensor: Tensor, axes: int) -> Output:
    """The output for a tensor of another rank than a pool takes."""
    kept = len(tensor.shape) - axes
    least = 1 if isinstance(arguments["output_size"], tuple) else 0  # torch counts the axes only for a tuple
    after = _adapted(arguments["output_size"], tensor.shape[kept:]) if kept >= least else (0,)
    if any(equal(one, 1) is False for one in after):
        return check_rank(tensor, (axes + 1, axes + 2)) or tensor
    if all(equal(one, 1) for one in after):
        return Tensor((*tensor.shape[:kept], *after))
    return Unknown("the mean of all, or a pool that takes another rank")


def _adapted(value: Value, before: Shape) -> Shape:
    if not isinstance(value, tuple):
        return per_axis(value, len(before)) or (Unknown(f"output_size={show(value)}"),) * len(before)
    given_sizes = numbers(tuple(0 if one is None else one for one in value)) or ()
    return tuple(n if one is None else size for n, one, size in zip(before, value, given_sizes, strict=False))


def fractional(name: str, axes: int) -> Layer:
    """Windows of random strides that give output_size, or output_ratio of the input."""

    def construct(arguments: Arguments) -> Refusal | None:
        return _check_fractional(arguments, axes)

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        return indexed(arguments, _fractional(arguments, tensor, axes))

    def kept(arguments: Arguments) -> Arguments:
        given = {name: arguments[name] for name in ("kernel_size", "output_size", "output_ratio")}
        return {name: None if value is None else filled(value, axes) for name, value in given.items()}

    parameters = "kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None"
    return layer(name, parameters, shape, construct, accepts=lambda arguments: maps(None, axes), kept=kept)


def _check_fractional(arguments: Arguments, axes: int) -> Refusal | None:
    by_size, by_ratio = given(arguments["output_size"]), given(arguments["output_ratio"])
    if by_size is False and by_ratio is False:
        return Refusal("PAD106", "needs output_size or output_ratio", "output_size")
    if by_size is True and by_ratio is True:
        return Refusal("PAD106", "takes output_size or output_ratio, not both", "output_ratio")
    refusal = check_sizes(arguments, "kernel_size", axes, 1 if axes == 3 else None, one=False)
    if by_size is True and not refusal:
        return check_sizes(arguments, "output_size", axes, 0, one=False)
    if refusal or by_ratio is False:
        return refusal
    return _check_ratio(arguments["output_ratio"], axes)


def _check_ratio(value: Value, axes: int) -> Refusal | None:
    ratios = value if isinstance(value, tuple) else (value,)
    if isinstance(value, tuple) and len(value) != axes:
        return Refusal("PAD104", f"output_ratio={show(value)} has {len(value)} elements, {axes} wanted", "output_ratio")
    for ratio in ratios:
        if not isinstance(ratio, Unknown) and not (isinstance(ratio, float) and 0 < ratio < 1):
            return Refusal("PAD106", f"output_ratio={show(value)} is not between 0 and 1", "output_ratio")
    return None


def _fractional(arguments: Arguments, tensor: Tensor, axes: int) -> Output:
    if refusal := check_rank(tensor, (axes + 1, axes + 2)):
        return refusal
    batch, channels, before = spatial(tensor, axes)
    ratio = arguments["output_ratio"]
    if arguments["output_size"] is not None:
        after = sizes(arguments, "output_size", axes)
    else:
        ratios = ratio if isinstance(ratio, tuple) else (ratio,) * axes
        after = tuple(_part(n, one) for n, one in zip(before, ratios, strict=False))
    for n, wanted, kernel in zip(before, after, sizes(arguments, "kernel_size", axes), strict=False):
        if less(n, wanted + kernel - (1 if axes == 2 else 0)):
            message = f"gives {by(after)} from {by(before)}: kernel_size={kernel} is too large"
            return Refusal("PAD304", message, "kernel_size")
    needed = (channels, *before) if batch else before
    refusal = check_not_empty(tensor, needed) or check_output(before, after)
    return refusal or Tensor((*batch, channels, *after))


def _part(n: Dim, ratio: Value) -> Dim:
    """int(n * ratio), in double precision as Python computes it."""
    if not isinstance(ratio, float) or not isinstance(n, int):
        return n if isinstance(n, Unknown) else Unknown(f"{show(ratio)} of {n}")
    return int(n * ratio)


LAYERS = (
    *(adaptive(f"AdaptiveAvgPool{axes}d", axes, "output_size") for axes in (1, 2, 3)),
    *(adaptive(f"AdaptiveMaxPool{axes}d", axes, "output_size" + _INDICES) for axes in (1, 2, 3)),
    *(fractional(f"FractionalMaxPool{axes}d", axes) for axes in (2, 3)),
)
