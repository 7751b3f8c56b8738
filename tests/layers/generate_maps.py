"""Generated convolutions, pools and pads: layers over maps."""

from __future__ import annotations

from padlint.layers.base import Value

from .choose import Choose
from .judge import Case


def axes_of(name: str) -> int:
    return int(name[-2])


def convolution(choose: Choose, name: str) -> Case:
    axes, transposed = axes_of(name), "Transpose" in name
    groups = choose.of(1, 1, 2, 3, rare=(0, -1))
    channels = abs(groups) * choose.number(1, 2) or 1
    arguments: dict[str, Value] = {
        "in_channels": choose.of(channels, rare=(channels + 1, -1)),
        "out_channels": choose.of(groups, 2 * groups, rare=(0, 5)),
        "kernel_size": choose.per_axis(axes, 1, 4, (0, -1)),
        "stride": choose.per_axis(axes, 1, 3, (0, -1)),
        "dilation": choose.per_axis(axes, 1, 2, (0, -1)),
        "padding": choose.per_axis(axes, 0, 3, (-1,)),
        "groups": groups,
        "bias": choose.flag(),
    }
    if transposed:
        arguments["output_padding"] = choose.of(0, choose.per_axis(axes, 0, 2, (-1,)))
    else:
        arguments["padding_mode"] = choose.of("zeros", "zeros", "reflect", "replicate", "circular", rare=("mirror",))
    text = (
        choose.of("", rare=("same", "valid")) if transposed else choose.of("", "", "", "same", "valid", rare=("SAME",))
    )
    if text:
        arguments["padding"] = text
        arguments["stride"] = 1 if text == "same" and choose.of(True, rare=(False,)) else arguments["stride"]
    if name.startswith("Lazy"):
        del arguments["in_channels"]
    shape = choose.shape(channels, axes, high=9 if axes < 3 else 6, empty=not transposed)
    if name.startswith("LazyConvT"):  # torch forgets to check it there
        arguments["out_channels"] = abs(groups)
    if 0 in shape:  # torch then skips some checks of the arguments
        arguments["dilation"] = 1
    return Case(name, arguments, (shape,))


def pool(choose: Choose, name: str) -> Case:
    axes = axes_of(name)
    arguments: dict[str, Value] = {
        "kernel_size": choose.per_axis(axes, 1, 4, (0, -1)),
        "stride": choose.of(None, choose.per_axis(axes, 1, 4, (0, -1))),
        "ceil_mode": choose.of(False, True, True),
    }
    if name.startswith("LP"):
        arguments["norm_type"] = choose.of(1, 2, 3.5, rare=(0, float("inf")))
    else:
        arguments["padding"] = choose.per_axis(axes, 0, 1, (2, -1, 3))
    if name.startswith("Max"):
        arguments |= {"dilation": choose.per_axis(axes, 1, 3, (0,)), "return_indices": choose.flag()}
    if name in ("AvgPool2d", "AvgPool3d"):
        arguments["divisor_override"] = choose.of(None, 2, rare=(0, -1))
    return Case(name, arguments, (choose.shape(3, axes, high=9 if axes < 3 else 7),))


def unpool(choose: Choose, name: str) -> Case:
    axes = axes_of(name)
    arguments: dict[str, Value] = {
        "kernel_size": choose.per_axis(axes, 2, 4),
        "stride": choose.of(None, choose.number(2, 4)),
        "padding": choose.of(0, 0, 1),
    }
    shape = choose.shape(2, axes, high=4, empty=False)
    return Case(name, arguments, (shape, choose.of(shape, rare=(shape[1:], (*shape[:-1], shape[-1] + 1)))))


def adaptive(choose: Choose, name: str) -> Case:
    axes = axes_of(name)
    wanted = choose.of(choose.number(1, 6, (0, -1)), tuple(choose.of(1, 2, 5, None) for _ in range(axes)))
    arguments: dict[str, Value] = {"output_size": choose.of(wanted, rare=((2,) * (axes + 1), (2,), None, 2.0))}
    if "Max" in name:
        arguments["return_indices"] = choose.flag()
    return Case(name, arguments, (choose.shape(2, axes, high=6),))


def fractional(choose: Choose, name: str) -> Case:
    axes = axes_of(name)
    arguments: dict[str, Value] = {"kernel_size": choose.per_axis(axes, 1, 3), "return_indices": choose.flag()}
    if choose.flag():
        arguments["output_size"] = choose.per_axis(axes, 1, 4, (7,))
    else:
        arguments["output_ratio"] = choose.of(0.5, 0.7, (0.5,) * axes, rare=((0.3,), 1.0, 0.0, -0.5, 2))
    return Case(name, arguments, (choose.shape(2, axes, low=4, high=9),))


def pad(choose: Choose, name: str) -> Case:
    axes = axes_of(name)
    pairs = choose.of(axes, axes, axes, rare=(1, axes + 1, 0))
    least = 0 if name.startswith("Circular") else -1  # what it makes of both depends on the memory layout
    sides = tuple(choose.number(least, 3, (4 * least, 6)) for _ in range(2 * pairs))
    arguments: dict[str, Value] = {"padding": choose.of(choose.number(0, 3, (-1, 8)), sides, rare=(sides[1:], "same"))}
    if name.startswith("Constant"):
        arguments["value"] = choose.of(0.0, 1, rare=("a",))
    return Case(name, arguments, (choose.shape(2, axes, high=6),))
