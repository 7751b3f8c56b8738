"""Max, average and global pools (keras.src.layers.pooling)."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.arithmetic.windows import convolved, same_size
from padlint.layers.arguments import truth
from padlint.layers.base import Arguments, Shape
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
from padlint.layers.keras.convolution import check_left, padding_of


def pool(kind: str, axes: int) -> KerasLayer:
    """A pool; its strides are its size where none are given."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, axes + 2):
            return refusal
        padding = padding_of(arguments)
        if not isinstance(padding, str):
            return padding
        sizes, strides = axes_of(arguments, "pool_size", axes), strides_of(arguments, axes)
        rows = zip(spatial_sizes(arguments, given), sizes, strides, strict=True)
        after = tuple(same_size(n, s) if padding == "same" else convolved(n, k, s) for n, k, s in rows)
        return check_left(given, after) or assembled(arguments, given[0], after, channels_of(arguments, given))

    default = "=2" if axes == 1 else f"=({', '.join(['2'] * axes)})"
    parameters = (
        f"pool_size{default if kind == 'Max' else ''}, strides=None, padding='valid', data_format=None, name=None"
    )
    return keras_layer(f"{kind}Pooling{axes}D", parameters, shape)


def strides_of(arguments: Arguments, axes: int) -> Shape:
    return axes_of(arguments, "pool_size" if arguments["strides"] is None else "strides", axes)


def global_pool(kind: str, axes: int) -> KerasLayer:
    """One number for each channel."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, axes + 2):
            return refusal
        kept = truth(arguments["keepdims"])
        if isinstance(kept, Unknown):
            return kept
        return assembled(arguments, given[0], (1,) * axes if kept else (), channels_of(arguments, given))

    return keras_layer(f"Global{kind}Pooling{axes}D", "data_format=None, keepdims=False", shape)


LAYERS = tuple(make(kind, axes) for make in (pool, global_pool) for kind in ("Max", "Average") for axes in (1, 2, 3))
