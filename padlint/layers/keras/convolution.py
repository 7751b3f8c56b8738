"""Conv1D-3D, Conv1DTranspose-3DTranspose, SeparableConv, DepthwiseConv (keras.src.layers.convolutional)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal, floor_divide, less
from padlint.arithmetic.windows import convolved, effective_kernel, same_size, transposed_same, transposed_valid
from padlint.layers.arguments import show, size, truth
from padlint.layers.base import Arguments, Refusal, Shape, Slot
from padlint.layers.keras.base import (
    Given,
    KerasLayer,
    Weights,
    assembled,
    axes_of,
    channels_of,
    keras_layer,
    spatial_sizes,
    text_of,
    wrong_rank,
)

_REST = (
    "kernel_initializer='glorot_uniform', bias_initializer='zeros', kernel_regularizer=None, bias_regularizer=None, "
    "activity_regularizer=None, kernel_constraint=None, bias_constraint=None"
)
_DEPTHWISE = (
    "depthwise_initializer='glorot_uniform', bias_initializer='zeros', depthwise_regularizer=None, "
    "bias_regularizer=None, activity_regularizer=None, depthwise_constraint=None, bias_constraint=None"
)
_SEPARABLE = (
    "depthwise_initializer='glorot_uniform', pointwise_initializer='glorot_uniform', bias_initializer='zeros', "
    "depthwise_regularizer=None, pointwise_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "depthwise_constraint=None, pointwise_constraint=None, bias_constraint=None"
)


def _one(axes: int) -> str:
    return "1" if axes == 1 else f"({', '.join(['1'] * axes)})"


def convolution(axes: int) -> KerasLayer:
    """A convolution; channels and groups must divide as in torch."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        refused = wrong_rank(given, axes + 2) or _check_strides(arguments, axes) or _check_groups(arguments, given)
        return refused or _slid(arguments, given, axes, size(arguments, "filters"))

    def weights(arguments: Arguments, given: Shape) -> Weights:
        inner = floor_divide(channels_of(arguments, given), size(arguments, "groups"))
        kernel = (*axes_of(arguments, "kernel_size", axes), inner, size(arguments, "filters"))
        return _with_bias(arguments, (Slot("kernel", kernel),), size(arguments, "filters"))

    parameters = (
        f"filters, kernel_size, strides={_one(axes)}, padding='valid', data_format=None, dilation_rate={_one(axes)}, "
        f"groups=1, activation=None, use_bias=True, {_REST}"
    )
    return keras_layer(f"Conv{axes}D", parameters, shape, weights)


def _check_strides(arguments: Arguments, axes: int) -> Refusal | None:
    strides, spreads = axes_of(arguments, "strides", axes), axes_of(arguments, "dilation_rate", axes)
    if any(less(1, each) is True for each in strides) and any(less(1, each) is True for each in spreads):
        return Refusal(
            "PAD106", f"strides={show(arguments['strides'])} and dilation_rate={show(arguments['dilation_rate'])}"
        )
    return None


def _check_groups(arguments: Arguments, given: Shape) -> Refusal | None:
    groups = size(arguments, "groups")
    for noun, found in (("input channels", channels_of(arguments, given)), ("filters", size(arguments, "filters"))):
        if equal(found % groups, 0) is False:
            return Refusal("PAD105", f"{found} {noun} are not divisible by groups={groups}", "groups")
    return None


def _slid(arguments: Arguments, given: Shape, axes: int, channels: Dim) -> Given:
    """`valid` as torch without padding, `same` and `causal` ceil(n/s)."""
    before = spatial_sizes(arguments, given)
    kernels, strides = axes_of(arguments, "kernel_size", axes), axes_of(arguments, "strides", axes)
    spreads = axes_of(arguments, "dilation_rate", axes)
    padding = padding_of(arguments, causal=axes == 1)
    if not isinstance(padding, str):
        return padding
    if padding == "valid":
        rows = zip(before, kernels, strides, spreads, strict=True)
        after = tuple(convolved(n, k, s, dilation=d) for n, k, s, d in rows)
    else:
        after = tuple(same_size(n, s) for n, s in zip(before, strides, strict=True))
    return check_left(given, after) or assembled(arguments, given[0], after, channels)


def padding_of(arguments: Arguments, causal: bool = False) -> str | Refusal | Unknown:
    """The word, in small letters as Keras takes it."""
    value = arguments["padding"]
    if isinstance(value, Unknown):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if word in ("valid", "same") or (causal and word == "causal"):
        return word
    return Refusal("PAD102", f"padding={show(value)} is neither 'valid' nor 'same'", "padding")


def check_left(before: Shape, after: Shape) -> Refusal | None:
    """A Refusal where nothing of the map is left."""
    if any(less(each, 1) is True for each in after):
        return Refusal("PAD304", f"leaves nothing of {text_of(before)}")
    return None


def _with_bias(arguments: Arguments, slots: tuple[Slot, ...], channels: Dim) -> Weights:
    bias = truth(arguments["use_bias"])
    if isinstance(bias, Unknown):
        return bias
    return (*slots, Slot("bias", (channels,))) if bias else slots


def transposed(axes: int) -> KerasLayer:
    """A transposed convolution: same gives n*s, valid n*s + max(e - s, 0), or what output_padding says."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, axes + 2) or _check_strides(arguments, axes):
            return refusal
        padding = padding_of(arguments)
        if not isinstance(padding, str):
            return padding
        after = _widened(arguments, spatial_sizes(arguments, given), padding, axes)
        return check_left(given, after) or assembled(arguments, given[0], after, size(arguments, "filters"))

    def weights(arguments: Arguments, given: Shape) -> Weights:
        filters = size(arguments, "filters")
        kernel = (*axes_of(arguments, "kernel_size", axes), filters, channels_of(arguments, given))
        return _with_bias(arguments, (Slot("kernel", kernel),), filters)

    format_, extra = "data_format=None", "output_padding=None"
    middle = f"{format_}, {extra}" if axes == 3 else f"{extra}, {format_}"
    parameters = (
        f"filters, kernel_size, strides={_one(axes)}, padding='valid', {middle}, dilation_rate={_one(axes)}, "
        f"activation=None, use_bias=True, {_REST}"
    )
    return keras_layer(f"Conv{axes}DTranspose", parameters, shape, weights)


def _widened(arguments: Arguments, before: Shape, padding: str, axes: int) -> Shape:
    kernels, strides = axes_of(arguments, "kernel_size", axes), axes_of(arguments, "strides", axes)
    spreads = axes_of(arguments, "dilation_rate", axes)
    if arguments["output_padding"] is None:
        rows = zip(before, kernels, strides, spreads, strict=True)
        if padding == "same":
            return tuple(transposed_same(n, s) for n, _, s, _ in rows)
        return tuple(transposed_valid(n, k, s, d) for n, k, s, d in rows)
    extras = axes_of(arguments, "output_padding", axes)
    reaches = [effective_kernel(k, d) for k, d in zip(kernels, spreads, strict=True)]
    kept = [e % 2 for e in reaches] if padding == "same" else reaches
    return tuple((n - 1) * s + e + x for n, s, e, x in zip(before, strides, kept, extras, strict=True))


def cropped(arguments: Arguments, axes: int) -> tuple[tuple[int, int], ...] | Unknown:
    """What a transposed convolution takes away before and after on each axis, from (n - 1)*s + e; after: less than nothing
    where it adds. `same` takes more from the end (keras.src.backend.common.backend_utils)."""
    padding = padding_of(arguments)
    kernels, strides = axes_of(arguments, "kernel_size", axes), axes_of(arguments, "strides", axes)
    spreads, said = axes_of(arguments, "dilation_rate", axes), arguments["output_padding"] is not None
    extras = axes_of(arguments, "output_padding", axes) if said else (0,) * axes
    found: list[tuple[int, int]] = []
    for k, s, d, extra in zip(kernels, strides, spreads, extras, strict=True):
        reach = effective_kernel(k, d)
        if not isinstance(reach, int) or not isinstance(s, int) or not isinstance(extra, int):
            return Unknown("a transposed convolution that is not known")
        if padding == "valid":
            found.append((0, -extra if said else min(reach - s, 0)))
        elif padding == "same":
            total = reach - reach % 2 - extra if said else reach - s
            found.append((max(total, 0) // 2, total - max(total, 0) // 2))
        else:
            return Unknown("a padding that is not known")
    return tuple(found)


def depthwise(axes: int) -> KerasLayer:
    """depth_multiplier filters for each channel."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        return wrong_rank(given, axes + 2) or _slid(arguments, given, axes, _spread(arguments, given))

    def weights(arguments: Arguments, given: Shape) -> Weights:
        return _with_bias(arguments, (_depth_kernel(arguments, given, axes),), _spread(arguments, given))

    parameters = (
        f"kernel_size, strides={_one(axes)}, padding='valid', depth_multiplier=1, data_format=None, "
        f"dilation_rate={_one(axes)}, activation=None, use_bias=True, {_DEPTHWISE}"
    )
    return keras_layer(f"DepthwiseConv{axes}D", parameters, shape, weights)


def _spread(arguments: Arguments, given: Shape) -> Dim:
    return channels_of(arguments, given) * size(arguments, "depth_multiplier")


def _depth_kernel(arguments: Arguments, given: Shape, axes: int) -> Slot:
    kernel = axes_of(arguments, "kernel_size", axes)
    return Slot("kernel", (*kernel, channels_of(arguments, given), size(arguments, "depth_multiplier")))


def separable(axes: int) -> KerasLayer:
    """A depthwise convolution, then a 1x1 convolution to `filters`."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        return wrong_rank(given, axes + 2) or _slid(arguments, given, axes, size(arguments, "filters"))

    def weights(arguments: Arguments, given: Shape) -> Weights:
        filters = size(arguments, "filters")
        point = Slot("pointwise_kernel", (*([1] * axes), _spread(arguments, given), filters))
        return _with_bias(arguments, (_depth_kernel(arguments, given, axes), point), filters)

    parameters = (
        f"filters, kernel_size, strides={_one(axes)}, padding='valid', data_format=None, dilation_rate={_one(axes)}, "
        f"depth_multiplier=1, activation=None, use_bias=True, {_SEPARABLE}"
    )
    return keras_layer(f"SeparableConv{axes}D", parameters, shape, weights)


LAYERS = (
    *(convolution(axes) for axes in (1, 2, 3)),
    *(transposed(axes) for axes in (1, 2, 3)),
    *(depthwise(axes) for axes in (1, 2)),
    *(separable(axes) for axes in (1, 2)),
)
