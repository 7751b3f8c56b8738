"""The lines of a port for pools and borders, and how they and convolutions write what Keras pads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from padlint.arithmetic.dims import Unknown, less
from padlint.arithmetic.windows import effective_kernel, pooled, same_padding
from padlint.layers.keras.base import axes_of, spatial_sizes
from padlint.layers.keras.borders import pairs
from padlint.layers.keras.pooling import strides_of
from padlint.port.line import (
    CannotPort,
    Line,
    Order,
    Place,
    Writer,
    Writers,
    channels_second,
    in_keras,
    known,
    short,
    whole,
)

Sides = list[tuple[int, int]]


def word(at: Place) -> str:
    padding = at.args["padding"]
    if not isinstance(padding, str):
        raise CannotPort("its padding is not known")
    return padding.lower()


def sides_of(at: Place, kernels: Sequence[int], strides: Sequence[int], spreads: Sequence[int]) -> Sides:
    """What Keras pads before and after on each axis."""
    found: Sides = []
    for n, k, s, d in zip(spatial_sizes(at.args, at.before), kernels, strides, spreads, strict=True):
        reach = effective_kernel(k, d)
        assert isinstance(reach, int)
        if word(at) == "valid":
            found.append((0, 0))
        elif word(at) == "causal":
            found.append((reach - 1, 0))
        elif s == 1:
            found.append(((reach - 1) // 2, reach - 1 - (reach - 1) // 2))
        else:
            lo, hi = same_padding(n, k, s, d)
            found.append((whole(lo, "the size that comes in"), whole(hi, "the size that comes in")))
    return found


def is_even(sides: Sides) -> bool:
    return all(lo == hi for lo, hi in sides)


def amounts(sides: Sides) -> str:
    """As torch writes pads: the last axis first."""
    return f"({', '.join(f'{lo}, {hi}' for lo, hi in reversed(sides))})"


def pad(sides: Sides, value: str, comment: str) -> Line:
    if len(sides) == 2 and value == "0.0":
        return Line(f"ZeroPad2d({amounts(sides)})", comment)
    return Line(f"ConstantPad{len(sides)}d({amounts(sides)}, {value})", comment)


# ---------------------------------------------------------------- pools


def _pool(at: Place) -> Iterator[Line]:
    sizes = known(axes_of(at.args, "pool_size", at.axes), "pool_size")
    strides = known(strides_of(at.args, at.axes), "strides")
    sides = sides_of(at, sizes, strides, [1] * at.axes)
    rest = f"kernel_size={short(sizes)}" + (f", stride={short(strides)}" if strides != sizes else "")
    kind = "Max" if at.layer.kind.startswith("Max") else "Avg"
    fits = all(lo <= k // 2 for (lo, _), k in zip(sides, sizes, strict=True))
    if kind == "Avg" and at.axes == 3:  # which torch refuses for maps smaller than the window
        fits = fits and all(less(n, k) is False for n, k in zip(spatial_sizes(at.args, at.before), sizes, strict=True))
    pads = f", padding={short([lo for lo, _ in sides])}" if any(lo for lo, _ in sides) else ""
    uncounted = ", count_include_pad=False" if pads and kind == "Avg" else ""
    plain = f"{kind}Pool{at.axes}d({rest})"
    if is_even(sides) and (fits or not pads):
        comment = "Keras leaves padding out of the mean" if uncounted else ""
        yield Line(f"{kind}Pool{at.axes}d({rest}{pads}{uncounted})", comment)
    elif kind == "Max":
        yield pad(sides, 'float("-inf")', "Keras pads the end more")
        yield Line(plain)
    elif fits and _rounds_up(at, sides, sizes, strides):
        comment = "the last window hangs over, as in Keras"
        yield Line(f"AvgPool{at.axes}d({rest}{pads}, ceil_mode=True{uncounted})", comment)
    else:
        yield Line(f"Average(nn.{plain}, {amounts(sides)})", "Keras pads the end more", helper="Average")


def _rounds_up(at: Place, sides: Sides, sizes: Sequence[int], strides: Sequence[int]) -> bool:
    """Does ceil_mode give the same windows?"""
    before, after = spatial_sizes(at.args, at.before), spatial_sizes(at.args, at.after)
    rows = zip(before, after, sizes, strides, sides, strict=True)
    return all(pooled(n, k, s, lo, lo, ceil_mode=True) == out for n, out, k, s, (lo, _) in rows)


def _global(at: Place) -> Iterator[Line]:
    kind = "Max" if "Max" in at.layer.kind else "Avg"
    yield Line(f"Adaptive{kind}Pool{at.axes}d(1)")
    if at.args["keepdims"] is not True:
        yield Line("Flatten()")


def _left(at: Place) -> Order:
    return at.order if at.args["keepdims"] is True else in_keras(2)


# ---------------------------------------------------------------- borders


def _border(at: Place) -> Iterator[Line]:
    sign = 1 if at.layer.kind.startswith("Zero") else -1
    found = pairs(at.args["padding" if sign == 1 else "cropping"], at.axes)
    if isinstance(found, Unknown):
        raise CannotPort(found.reason)
    sides = [(sign * whole(lo, "a border"), sign * whole(hi, "a border")) for lo, hi in found]
    yield pad(sides, "0.0", "" if sign == 1 else "a negative padding crops")


def _upsampling(at: Place) -> Iterator[Line]:
    times = known(axes_of(at.args, "size", at.axes), "size")
    mode = at.args.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        raise CannotPort(f"interpolation={mode!r}")
    said = "" if mode == "nearest" else ', mode="bilinear"'
    yield Line(f"Upsample(scale_factor={short(times)}{said})")


WRITERS: Writers = {
    **{f"{kind}Pooling{n}D": Writer(_pool, channels_second) for kind in ("Max", "Average") for n in (1, 2, 3)},
    **{
        f"Global{kind}Pooling{n}D": Writer(_global, channels_second, _left)
        for kind in ("Max", "Average")
        for n in (1, 2, 3)
    },
    **{f"{kind}{n}D": Writer(_border, channels_second) for kind in ("ZeroPadding", "Cropping") for n in (1, 2, 3)},
    **{f"UpSampling{n}D": Writer(_upsampling, channels_second) for n in (1, 2, 3)},
}
