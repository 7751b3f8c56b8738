"""Max, average and power-average pooling, and MaxUnpool (torch.nn.modules.pooling, ATen's pool_shape_check)."""

from __future__ import annotations

from collections.abc import Callable
from math import isinf

from padlint.arithmetic.dims import Unknown, equal, less
from padlint.arithmetic.windows import transposed
from padlint.layers.arguments import (
    INT32,
    INT64,
    check_flag,
    check_number,
    check_real,
    check_sizes,
    filled,
    numeric,
    show,
    size,
    sizes,
    truth,
)
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Tensor, Value, Window
from padlint.layers.declare import layer, many_inputs
from padlint.layers.inputs import by, check_not_empty, check_output, check_rank, maps, spatial
from padlint.layers.sliding import slid

_MAX = "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False"
_AVERAGE_1D = "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True"
_AVERAGE = _AVERAGE_1D + ", divisor_override=None"
_POWER = "norm_type, kernel_size, stride=None, ceil_mode=False"


def pool(name: str, axes: int, parameters: str, construct: Callable[[Arguments], Refusal | None]) -> Layer:
    """A pool over `axes` spatial axes; `construct` refuses what only this kind of pool does."""

    def build(arguments: Arguments) -> Refusal | None:
        # max_pool1d without indices counts in 64 bits, all others in 32
        below = INT64 if name == "MaxPool1d" and truth(arguments["return_indices"]) is False else INT32
        return _construct(arguments, axes, below) or construct(arguments)

    def windows(arguments: Arguments) -> tuple[Window, ...]:
        return _windows(arguments, axes)

    def accepts(arguments: Arguments) -> Shape | None:
        return maps(None, axes)

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        output = _shape(tensor, _windows(arguments, axes), whole=axes == 3 and _averages(arguments))
        return indexed(arguments, output) if "return_indices" in arguments else output

    def kept(arguments: Arguments) -> Arguments:
        if name == "AvgPool1d":
            return _kept_tuples(arguments, 1)
        return {} if "norm_type" in arguments else {"stride": _stride(arguments)}

    return layer(name, parameters, shape, build, windows, accepts=accepts, kept=kept)


def _stride(arguments: Arguments) -> Value:
    return arguments["kernel_size"] if arguments["stride"] is None else arguments["stride"]


def _kept_tuples(arguments: Arguments, axes: int) -> Arguments:
    given = {"kernel_size": arguments["kernel_size"], "stride": _stride(arguments), "padding": arguments["padding"]}
    return {name: filled(value, axes) for name, value in given.items()}


def _averages(arguments: Arguments) -> bool:
    """Whether ATen's average pool does the work: LPPool with an infinite norm is a max pool."""
    norm = arguments.get("norm_type")
    return "count_include_pad" in arguments or (isinstance(norm, (int, float)) and not isinf(norm))


def indexed(arguments: Arguments, output: Output) -> Output:
    """With return_indices the indices come along, in the shape of the output."""
    wanted = truth(arguments["return_indices"])
    if isinstance(wanted, Unknown):
        return output if isinstance(output, Refusal) else wanted
    return (output, output) if wanted and isinstance(output, Tensor) else output


def _construct(arguments: Arguments, axes: int, below: int) -> Refusal | None:
    default = arguments["stride"] in (None, ())
    return (
        check_sizes(arguments, "kernel_size", axes, 1, INT32)  # max_pool1d loops for ever beyond
        or (_check_number_kernel(arguments, axes) if "norm_type" in arguments else None)
        or (None if default else check_sizes(arguments, "stride", axes, 1, below))
        or check_flag(arguments, "ceil_mode")
        or (_check_padding(arguments, axes, below) if "padding" in arguments else None)
    )


def _check_number_kernel(arguments: Arguments, axes: int) -> Refusal | None:
    """LPPool takes no tuple of one element: it multiplies with kernel_size, unless the norm is infinite."""
    value, norm = arguments["kernel_size"], arguments["norm_type"]
    finite = isinstance(norm, (int, float)) and not isinf(norm)
    if isinstance(value, tuple) and len(value) == 1 and (axes > 1 or finite):
        return Refusal("PAD104", f"kernel_size={show(value)}: takes {axes} numbers, no tuple of one", "kernel_size")
    return None


def _check_padding(arguments: Arguments, axes: int, below: int) -> Refusal | None:
    """At most half of kernel_size, whatever the dilation."""
    if refusal := check_sizes(arguments, "padding", axes, 0, below):
        return refusal
    for padding, kernel in zip(sizes(arguments, "padding", axes), sizes(arguments, "kernel_size", axes), strict=False):
        if less(kernel, 2 * padding):
            return Refusal("PAD103", f"padding={padding} is more than half of kernel_size={kernel}", "padding")
    return None


def _windows(arguments: Arguments, axes: int) -> tuple[Window, ...]:
    kernels = sizes(arguments, "kernel_size", axes)
    strides = kernels if arguments["stride"] in (None, ()) else sizes(arguments, "stride", axes)
    paddings = sizes(arguments, "padding", axes) if "padding" in arguments else (0,) * axes
    dilations = sizes(arguments, "dilation", axes) if "dilation" in arguments else (1,) * axes
    ceil_mode = truth(arguments["ceil_mode"])
    return tuple(
        Window(kernel, stride, dilation, padding, padding, ceil_mode)
        for kernel, stride, dilation, padding in zip(kernels, strides, dilations, paddings, strict=False)
    )


def _shape(tensor: Tensor, windows: tuple[Window, ...], whole: bool) -> Output:
    """`whole`: the input itself must hold a window, as ATen's avg_pool3d asks."""
    axes = len(windows)
    if refusal := check_rank(tensor, (axes + 1, axes + 2)):
        return refusal
    batch, channels, before = spatial(tensor, axes)
    after = slid(before, windows)
    small = whole and any(less(n, window.kernel) for n, window in zip(before, windows, strict=False))
    if small:
        kernel = by([window.kernel for window in windows])
        return Refusal("PAD304", f"gets {by(before)}, smaller than kernel_size={kernel}", "kernel_size")
    refusal = check_not_empty(tensor, (channels, *before)) or check_output(before, after)
    return refusal or Tensor((*batch, channels, *after))


def _check_max(axes: int) -> Callable[[Arguments], Refusal | None]:
    return lambda arguments: check_sizes(arguments, "dilation", axes, 1, INT64 if axes == 1 else INT32)


def _check_average(arguments: Arguments) -> Refusal | None:
    if refusal := check_flag(arguments, "count_include_pad"):
        return refusal
    if arguments.get("divisor_override") is None:
        return None
    if refusal := check_number(arguments, "divisor_override"):
        return refusal
    if equal(size(arguments, "divisor_override"), 0):
        return Refusal("PAD106", "divisor_override=0", "divisor_override")
    return None


def _check_power(arguments: Arguments) -> Refusal | None:
    if arguments["norm_type"] == 0:
        return Refusal("PAD106", "norm_type=0", "norm_type")
    text = arguments["norm_type"]
    return None if isinstance(text, str) and numeric(text) else check_real(arguments, "norm_type")


def unpool(name: str, axes: int) -> Layer:
    """MaxUnpool takes the pooled tensor and its indices."""

    def build(arguments: Arguments) -> Refusal | None:
        least = 1 if axes == 3 else None
        return (
            check_sizes(arguments, "kernel_size", axes, one=False)
            or (None if arguments["stride"] is None else check_sizes(arguments, "stride", axes, least, one=False))
            or check_sizes(arguments, "padding", axes, one=False)
        )

    def shape(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        return _unpooled(arguments, inputs[0], inputs[1], axes)

    return many_inputs(
        name,
        "kernel_size, stride=None, padding=0",
        shape,
        (2,),
        build,
        kept=lambda arguments: _kept_tuples(arguments, axes),
    )


def _unpooled(arguments: Arguments, tensor: Tensor, indices: Tensor, axes: int) -> Output:
    """(n - 1)*stride + kernel_size - 2*padding"""
    if refusal := check_rank(tensor, (axes + 1, axes + 2)):
        return refusal
    if len(indices.shape) != len(tensor.shape) or any(
        equal(one, other) is False for one, other in zip(tensor.shape, indices.shape, strict=False)
    ):
        return Refusal("PAD306", f"gets {by(tensor.shape)} with indices of {by(indices.shape)}")
    batch, channels, before = spatial(tensor, axes)
    kernels = sizes(arguments, "kernel_size", axes)
    strides = kernels if arguments["stride"] is None else sizes(arguments, "stride", axes)
    paddings = sizes(arguments, "padding", axes)
    rows = zip(before, kernels, strides, paddings, strict=False)
    after = tuple(transposed(n, kernel, stride, padding, padding) for n, kernel, stride, padding in rows)
    refusal = check_not_empty(tensor, (channels, *before)) or check_output(before, after)
    return refusal or Tensor((*batch, channels, *after))


LAYERS = (
    *(pool(f"MaxPool{axes}d", axes, _MAX, _check_max(axes)) for axes in (1, 2, 3)),
    pool("AvgPool1d", 1, _AVERAGE_1D, _check_average),
    *(pool(f"AvgPool{axes}d", axes, _AVERAGE, _check_average) for axes in (2, 3)),
    *(pool(f"LPPool{axes}d", axes, _POWER, _check_power) for axes in (1, 2, 3)),
    *(unpool(f"MaxUnpool{axes}d", axes) for axes in (1, 2, 3)),
)
