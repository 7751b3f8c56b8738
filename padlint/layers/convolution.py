"""Conv1d-3d, ConvTranspose1d-3d and their lazy twins (torch.nn.modules.conv)."""

from __future__ import annotations

from dataclasses import replace

from padlint.arithmetic.dims import Dim, Unknown, equal, floor_divide, less, maximum
from padlint.arithmetic.windows import effective_kernel
from padlint.layers.arguments import (
    INT32,
    check_choice,
    check_number,
    check_sizes,
    filled,
    show,
    size,
    sizes,
    truth,
)
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Slot, Tensor, Window
from padlint.layers.declare import layer
from padlint.layers.inputs import check_not_empty, check_output, check_rank, check_size, maps, spatial
from padlint.layers.padding import Sides, pad
from padlint.layers.sliding import slid

_MODES = ("zeros", "reflect", "replicate", "circular")
_CHANNELS = "in_channels, out_channels, kernel_size, "
_CONVOLUTION = "stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None"
_TRANSPOSED = (
    "stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', "
    "device=None, dtype=None"
)

_WINDOW = ("kernel_size", "stride", "padding", "dilation", "output_padding")


def convolution(name: str, axes: int, transposed: bool = False, lazy: bool = False) -> Layer:
    """A (transposed) convolution over `axes` spatial axes; a lazy one learns in_channels at its first call."""
    channels = _CHANNELS.removeprefix("in_channels, ") if lazy else _CHANNELS

    def build(arguments: Arguments) -> Refusal | None:
        return _construct_transposed(arguments, axes) if transposed else _construct(arguments, axes)

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        if refusal := check_rank(tensor, (axes + 1, axes + 2)):
            return refusal
        known = settle(arguments, (tensor,)) if lazy else arguments
        refusal = (_check_groups(known) if lazy else None) or _check_input(known, tensor, axes)
        return refusal or (_transposed_shape(known, tensor, axes) if transposed else _shape(known, tensor, axes))

    def windows(arguments: Arguments) -> tuple[Window, ...]:
        return _transposed_windows(arguments, axes) if transposed else _windows(arguments, axes)

    def state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
        return _state(arguments, axes, transposed)

    def settle(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Arguments:
        _, found, _ = spatial(inputs[0], axes)
        return {**arguments, "in_channels": found}

    def accepts(arguments: Arguments) -> Shape | None:
        return maps(None if lazy else size(arguments, "in_channels"), axes)

    def kept(arguments: Arguments) -> Arguments:
        return {name: filled(arguments[name], axes) for name in _WINDOW if name in arguments}

    parameters = channels + (_TRANSPOSED if transposed else _CONVOLUTION)
    return layer(name, parameters, shape, build, windows, state, settle if lazy else None, accepts=accepts, kept=kept)


def _construct(arguments: Arguments, axes: int) -> Refusal | None:
    padding = arguments["padding"]
    return (
        _check_channels(arguments)
        or check_choice(arguments, "padding_mode", _MODES)
        or check_sizes(arguments, "kernel_size", axes, 1, one=False)
        or check_sizes(arguments, "stride", axes, 1)
        or check_sizes(arguments, "dilation", axes, 1)
        or (_check_text(arguments, axes, padding) if isinstance(padding, str) else _check_padding(arguments, axes))
    )


def _check_channels(arguments: Arguments) -> Refusal | None:
    return (
        check_number(arguments, "groups", 1)
        or ("in_channels" in arguments and check_number(arguments, "in_channels", 0))
        or check_number(arguments, "out_channels", 1)
        or _check_groups(arguments)
    ) or None


def _check_groups(arguments: Arguments) -> Refusal | None:
    groups = size(arguments, "groups")
    for name in ("in_channels", "out_channels"):
        if equal(size(arguments, name) % groups, 0) is False:
            return Refusal("PAD105", f"{name}={size(arguments, name)} is not divisible by groups={groups}", "groups")
    return None


def _check_text(arguments: Arguments, axes: int, padding: str) -> Refusal | None:
    if padding not in ("same", "valid"):
        return Refusal("PAD102", f"padding={padding!r} is neither 'same' nor 'valid'", "padding")
    if padding == "valid":
        return None
    if any(equal(step, 1) is False for step in sizes(arguments, "stride", axes)):
        return Refusal("PAD101", f"padding='same' with stride={show(arguments['stride'])}: needs stride=1", "padding")
    return None


def _check_padding(arguments: Arguments, axes: int) -> Refusal | None:
    mode = arguments["padding_mode"]
    if mode == "zeros":
        return check_sizes(arguments, "padding", axes, 0)
    padding = arguments["padding"]
    if isinstance(padding, tuple) and abs(len(padding) - axes) == 1:
        return None  # F.pad may take it, depending on the input
    return check_sizes(arguments, "padding", axes, one=isinstance(mode, Unknown))


def _construct_transposed(arguments: Arguments, axes: int) -> Refusal | None:
    """ATen keeps these numbers in 32 bits."""
    return (
        check_choice(arguments, "padding_mode", ("zeros",))
        or _check_channels(arguments)
        or check_sizes(arguments, "kernel_size", axes, 1, INT32, one=False)
        or check_sizes(arguments, "stride", axes, 1)
        or check_sizes(arguments, "dilation", axes, 1)
        or check_sizes(arguments, "padding", axes, 0, INT32)
        or check_sizes(arguments, "output_padding", axes, 0, INT32)
        or _check_output_padding(arguments, axes)
    )


def _check_output_padding(arguments: Arguments, axes: int) -> Refusal | None:
    strides, dilations = sizes(arguments, "stride", axes), sizes(arguments, "dilation", axes)
    for extra, step, spread in zip(sizes(arguments, "output_padding", axes), strides, dilations, strict=False):
        if less(extra, maximum(step, spread)) is False:
            message = f"output_padding={extra} is not smaller than stride={step} or dilation={spread}"
            return Refusal("PAD106", message, "output_padding")
    return None


def _check_input(arguments: Arguments, tensor: Tensor, axes: int) -> Refusal | None:
    batch, channels, before = spatial(tensor, axes)
    refusal = check_size("PAD301", "channels", channels, size(arguments, "in_channels"), "in_channels")
    if refusal or (batch and equal(batch[0], 0) is not False):
        return refusal
    return check_not_empty(tensor, before)


def _shape(arguments: Arguments, tensor: Tensor, axes: int) -> Output:
    if equal(size(arguments, "in_channels"), 0):
        return Unknown("a convolution over no channels")
    mode = arguments["padding_mode"]
    windows = _windows(arguments, axes)
    if not isinstance(mode, str) and _names_fewer_axes(arguments, axes):
        return Unknown(
            "zeros are padded around every axis, but by another padding_mode only around those that are named"
        )
    if not isinstance(mode, str) or mode == "zeros":
        return _slide(arguments, tensor, windows)
    padded = pad(tensor, _mode_padding(arguments, axes), mode)
    if not isinstance(padded, Tensor):
        return padded
    bare = tuple(replace(window, lo=0, hi=0) for window in windows)
    return _check_input(arguments, padded, axes) or _slide(arguments, padded, bare)


def _names_fewer_axes(arguments: Arguments, axes: int) -> bool:
    padding, dilation = arguments["padding"], arguments["dilation"]
    named = dilation if padding == "same" else padding
    return isinstance(named, tuple) and len(named) < axes


def _slide(arguments: Arguments, tensor: Tensor, windows: tuple[Window, ...]) -> Output:
    batch, _, before = spatial(tensor, len(windows))
    after = slid(before, windows)
    return check_output(before, after) or Tensor((*batch, size(arguments, "out_channels"), *after))


def _mode_padding(arguments: Arguments, axes: int) -> Sides:
    """(lo, hi) of the last axes as torch hands them to F.pad: a tuple of one element is one axis here, and 'same' pads
    only the axes that dilation names."""
    padding, dilation = arguments["padding"], arguments["dilation"]
    if isinstance(padding, tuple):
        return tuple((side, side) for side in sizes(arguments, "padding", len(padding)))
    sides = tuple((window.lo, window.hi) for window in _windows(arguments, axes))
    if padding == "same" and isinstance(dilation, tuple):
        return sides[: len(dilation)] + ((0, 0),) * (axes - len(dilation))
    return sides


def _windows(arguments: Arguments, axes: int) -> tuple[Window, ...]:
    kernels, strides = sizes(arguments, "kernel_size", axes), sizes(arguments, "stride", axes)
    dilations = sizes(arguments, "dilation", axes)
    padding = arguments["padding"]
    if isinstance(padding, str):
        pads = tuple(_text_padding(padding, *numbers) for numbers in zip(kernels, dilations, strict=False))
    else:
        pads = tuple((side, side) for side in sizes(arguments, "padding", axes))
    rows = zip(kernels, strides, dilations, pads, strict=False)
    return tuple(Window(kernel, stride, dilation, lo, hi) for kernel, stride, dilation, (lo, hi) in rows)


def _text_padding(padding: str, kernel: Dim, dilation: Dim) -> tuple[Dim, Dim]:
    """torch's 'same' pads the surplus of an even effective kernel at the end."""
    if padding == "valid":
        return 0, 0
    total = effective_kernel(kernel, dilation) - 1
    lo = total // 2
    return lo, total - lo


def _transposed_windows(arguments: Arguments, axes: int) -> tuple[Window, ...]:
    names = ("kernel_size", "stride", "dilation", "padding", "output_padding")
    return tuple(
        Window(kernel, stride, dilation, padding, padding, transposed=True, output_padding=extra)
        for kernel, stride, dilation, padding, extra in zip(
            *(sizes(arguments, name, axes) for name in names), strict=False
        )
    )


def _transposed_shape(arguments: Arguments, tensor: Tensor, axes: int) -> Output:
    if equal(size(arguments, "in_channels"), 0):
        return Refusal("PAD106", "in_channels=0: takes no channels", "in_channels")
    windows = _transposed_windows(arguments, axes)
    if any(less(INT32, number) for window in windows for number in (window.stride, window.dilation)):
        return Unknown("a number beyond 32 bits, which some of torch's backends refuse")
    return _slide(arguments, tensor, windows)


def _state(arguments: Arguments, axes: int, transposed: bool) -> tuple[Slot, ...] | Unknown:
    channels, out, groups = (size(arguments, name) for name in ("in_channels", "out_channels", "groups"))
    kernel = sizes(arguments, "kernel_size", axes)
    shape = (channels, floor_divide(out, groups), *kernel)
    if not transposed:
        shape = (out, floor_divide(channels, groups), *kernel)
    weight = Slot("weight", shape)
    bias = truth(arguments["bias"])
    if isinstance(bias, Unknown):
        return bias
    return (weight, Slot("bias", (out,))) if bias else (weight,)


LAYERS = (
    convolution("Conv1d", axes=1),
    convolution("Conv2d", axes=2),
    convolution("Conv3d", axes=3),
    convolution("ConvTranspose1d", axes=1, transposed=True),
    convolution("ConvTranspose2d", axes=2, transposed=True),
    convolution("ConvTranspose3d", axes=3, transposed=True),
    convolution("LazyConv1d", axes=1, lazy=True),
    convolution("LazyConv2d", axes=2, lazy=True),
    convolution("LazyConv3d", axes=3, lazy=True),
    convolution("LazyConvTranspose1d", axes=1, transposed=True, lazy=True),
    convolution("LazyConvTranspose2d", axes=2, transposed=True, lazy=True),
    convolution("LazyConvTranspose3d", axes=3, transposed=True, lazy=True),
)
