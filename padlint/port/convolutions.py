"""The lines of a port for convolutions of all kinds."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import Unknown
from padlint.layers.keras.base import axes_of, channels_of
from padlint.layers.keras.convolution import cropped
from padlint.port.line import (
    CannotPort,
    Copy,
    Line,
    Place,
    Writer,
    Writers,
    biased,
    channels_second,
    known,
    short,
    turned_by,
    whole,
)
from padlint.port.windows import is_even, pad, sides_of, word

Sizes = tuple[int, ...]


def _geometry(at: Place) -> tuple[Sizes, Sizes, Sizes]:
    """Kernel, stride and dilation on each axis."""
    return (
        known(axes_of(at.args, "kernel_size", at.axes), "kernel_size"),
        known(axes_of(at.args, "strides", at.axes), "strides"),
        known(axes_of(at.args, "dilation_rate", at.axes), "dilation_rate"),
    )


def _channels(at: Place) -> int:
    return whole(channels_of(at.args, at.before), "the number of channels")


def _off(at: Place) -> str:
    return "" if at.args["use_bias"] is True else ", bias=False"


def _slid(at: Place) -> tuple[list[Line], str]:
    """A pad layer where one is needed, and the arguments of a convolution from `kernel_size` to `dilation`."""
    kernels, strides, spreads = _geometry(at)
    sides = sides_of(at, kernels, strides, spreads)
    pads, padding = [], ""
    if is_even(sides):
        padding = f", padding={short([lo for lo, _ in sides])}" if any(lo for lo, _ in sides) else ""
    elif word(at) == "same" and set(strides) == {1}:
        padding = ', padding="same"'
    else:
        pads = [pad(sides, "0.0", "Keras pads the end more" if word(at) == "same" else "causal: only the past")]
    stride = f", stride={short(strides)}" if set(strides) != {1} else ""
    dilation = f", dilation={short(spreads)}" if set(spreads) != {1} else ""
    return pads, f"kernel_size={short(kernels)}{stride}{padding}{dilation}"


def _convolution(at: Place) -> Iterator[Line]:
    pads, rest = _slid(at)
    yield from pads
    filters, groups = whole(at.args["filters"], "filters"), whole(at.args["groups"], "groups")
    rest += f", groups={groups}" if groups != 1 else ""
    copies = (Copy("weight", 0, _from_last(at)), *biased(at, 1))
    yield Line(f"Conv{at.axes}d({_channels(at)}, {filters}, {rest}{_off(at)})", "", copies)


def _from_last(at: Place) -> str:
    """Keras's kernels are (sizes, in, out), torch's (out, in, sizes)."""
    return turned_by((at.axes + 1, at.axes, *range(at.axes)))


def _depthwise(at: Place) -> Iterator[Line]:
    yield from _deep(at, _off(at), "", *biased(at, 1))


def _deep(at: Place, off: str, comment: str, *more: Copy) -> Iterator[Line]:
    pads, rest = _slid(at)
    yield from pads
    channels, kernels = _channels(at), _geometry(at)[0]
    wide = channels * whole(at.args["depth_multiplier"], "depth_multiplier")
    turned = f"{turned_by((at.axes, at.axes + 1, *range(at.axes)))}.reshape({wide}, 1, {', '.join(map(str, kernels))})"
    call = f"Conv{at.axes}d({channels}, {wide}, {rest}, groups={channels}{off})"
    yield Line(call, comment, (Copy("weight", 0, turned), *more))


def _separable(at: Place) -> Iterator[Line]:
    yield from _deep(at, ", bias=False", "depthwise, then pointwise")
    wide = _channels(at) * whole(at.args["depth_multiplier"], "depth_multiplier")
    copies = (Copy("weight", 0, _from_last(at)), *biased(at, 1))
    yield Line(f"Conv{at.axes}d({wide}, {whole(at.args['filters'], 'filters')}, kernel_size=1{_off(at)})", "", copies)


def _transposed(at: Place) -> Iterator[Line]:
    kernels, strides, spreads = _geometry(at)
    crops = cropped(at.args, at.axes)
    if isinstance(crops, Unknown):
        raise CannotPort(crops.reason)
    more = [max(lo - hi, 0) for lo, hi in crops]
    if any(each >= max(s, d) for each, s, d in zip(more, strides, spreads, strict=True) if each):
        raise CannotPort("torch's output_padding must be smaller than stride or dilation")
    rest = f"kernel_size={short(kernels)}"
    rest += f", stride={short(strides)}" if set(strides) != {1} else ""
    rest += f", padding={short([lo for lo, _ in crops])}" if any(lo for lo, _ in crops) else ""
    rest += f", output_padding={short(more)}" if any(more) else ""
    rest += f", dilation={short(spreads)}" if set(spreads) != {1} else ""
    copies = (Copy("weight", 0, _from_last(at)), *biased(at, 1))
    filters = whole(at.args["filters"], "filters")
    yield Line(f"ConvTranspose{at.axes}d({_channels(at)}, {filters}, {rest}{_off(at)})", "", copies)
    if any(hi > lo for lo, hi in crops):
        yield pad([(0, min(lo - hi, 0)) for lo, hi in crops], "0.0", "Keras crops the end more")


WRITERS: Writers = {
    **{f"Conv{n}D": Writer(_convolution, channels_second) for n in (1, 2, 3)},
    **{f"Conv{n}DTranspose": Writer(_transposed, channels_second) for n in (1, 2, 3)},
    **{f"DepthwiseConv{n}D": Writer(_depthwise, channels_second) for n in (1, 2)},
    **{f"SeparableConv{n}D": Writer(_separable, channels_second) for n in (1, 2)},
}
