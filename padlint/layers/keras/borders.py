"""ZeroPadding, Cropping, UpSampling (keras.src.layers.reshaping)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown
from padlint.layers.arguments import number, numbers, show
from padlint.layers.base import Arguments, Shape, Value
from padlint.layers.keras.base import (
    Given,
    KerasLayer,
    assembled,
    axes_of,
    channels_of,
    keras_layer,
    spatial_sizes,
    wrong_rank,
)
from padlint.layers.keras.convolution import check_left

Pair = tuple[Dim, Dim]


def pairs(value: Value, axes: int) -> tuple[Pair, ...] | Unknown:
    """(before, after) for each spatial axis: one number, one for each axis, or a pair for each axis. A pair alone is for
    both sides where there is one axis."""
    if isinstance(value, Unknown):
        return value
    single = number(value)
    if single is not None:
        return ((single, single),) * axes
    if not isinstance(value, tuple) or len(value) != (2 if axes == 1 else axes):
        return Unknown(f"{show(value)} for {axes} axes")
    if axes == 1:
        both = numbers(value)
        return ((both[0], both[1]),) if both is not None else Unknown(f"{show(value)} for one axis")
    found = tuple(_pair(each) for each in value)
    known = tuple(each for each in found if each is not None)
    return known if len(known) == axes else Unknown(f"{show(value)} for {axes} axes")


def _pair(value: Value) -> Pair | None:
    single = number(value)
    if single is not None:
        return single, single
    both = numbers(value) if isinstance(value, tuple) and len(value) == 2 else None
    return (both[0], both[1]) if both is not None else None


def border(name: str, argument: str, parameters: str, axes: int, sign: int) -> KerasLayer:
    """A layer that adds rows (sign 1) or takes rows away (sign -1)."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, axes + 2):
            return refusal
        sides = pairs(arguments[argument], axes)
        if isinstance(sides, Unknown):
            return sides
        rows = zip(spatial_sizes(arguments, given), sides, strict=True)
        after = tuple(n + sign * lo + sign * hi for n, (lo, hi) in rows)
        return check_left(given, after) or assembled(arguments, given[0], after, channels_of(arguments, given))

    return keras_layer(name, parameters, shape)


def upsampling(axes: int, parameters: str) -> KerasLayer:
    """Every element several times."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, axes + 2):
            return refusal
        rows = zip(spatial_sizes(arguments, given), axes_of(arguments, "size", axes), strict=True)
        return assembled(arguments, given[0], tuple(n * times for n, times in rows), channels_of(arguments, given))

    return keras_layer(f"UpSampling{axes}D", parameters, shape)


LAYERS = (
    border("ZeroPadding1D", "padding", "padding=1, data_format=None", 1, 1),
    border("ZeroPadding2D", "padding", "padding=(1, 1), data_format=None", 2, 1),
    border("ZeroPadding3D", "padding", "padding=((1, 1), (1, 1), (1, 1)), data_format=None", 3, 1),
    border("Cropping1D", "cropping", "cropping=(1, 1)", 1, -1),
    border("Cropping2D", "cropping", "cropping=((0, 0), (0, 0)), data_format=None", 2, -1),
    border("Cropping3D", "cropping", "cropping=((1, 1), (1, 1), (1, 1)), data_format=None", 3, -1),
    upsampling(1, "size=2"),
    upsampling(2, "size=(2, 2), data_format=None, interpolation='nearest'"),
    upsampling(3, "size=(2, 2, 2), data_format=None"),
)
