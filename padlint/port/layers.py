"""The lines of PyTorch that compute what one layer of Keras computes, and how its weights are copied.

Maps are channels first in the port, whatever they are in Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from padlint.arithmetic.dims import Unknown
from padlint.arithmetic.windows import effective_kernel, pooled, same_padding
from padlint.checks.layer import text
from padlint.evaluate.values import KerasObject
from padlint.layers.base import Refusal, Shape
from padlint.layers.keras.base import Given, axes_of, channels_of, spatial_sizes
from padlint.layers.keras.borders import pairs
from padlint.layers.keras.pooling import strides_of
from padlint.port.elements import (
    activation,
    activation_lines,
    batch_norm_lines,
    dropout_lines,
    group_norm_lines,
    layer_norm_lines,
    prelu_lines,
    relu_lines,
    softmax_lines,
)
from padlint.port.line import CannotPort, Line, Place, known, permute, short, to_first, to_last, turned_by, whole

Sides = list[tuple[int, int]]


def lines(layer: KerasObject, before: Shape, after: Given, first: bool) -> Iterator[Line]:
    """The lines for a layer, its activation included. `first`: the data are channels first in Keras too. Raises
    CannotPort."""
    if isinstance(after, Refusal | Unknown):
        raise CannotPort(after.message if isinstance(after, Refusal) else after.reason)
    at = Place(layer, before, after, dict(layer.args), first)
    kind = layer.kind
    if kind == "InputLayer":
        return
    writer = next((write for start, write in _WRITERS if kind.startswith(start)), None)
    if first and len(before) > 2 and kind in _LAST_ONLY:
        raise CannotPort("it works on the last axis of channels-first data")
    if writer is None:
        raise CannotPort(f"no layer of torch is known for {kind}")
    yield from writer(at)
    if kind != "Activation" and at.args.get("activation") not in (None, "linear"):
        inner = layer.parts.get("activation")
        if inner is not None:
            yield from lines(inner, after, after, first)
        else:
            yield activation(at.args["activation"], first)


def _word(at: Place) -> str:
    padding = at.args["padding"]
    if not isinstance(padding, str):
        raise CannotPort("its padding is not known")
    return padding.lower()


def _sides(at: Place, kernels: Sequence[int], strides: Sequence[int], spreads: Sequence[int]) -> Sides:
    """What Keras pads before and after on each axis."""
    word, found = _word(at), []
    for n, k, s, d in zip(spatial_sizes(at.args, at.before), kernels, strides, spreads, strict=True):
        reach = effective_kernel(k, d)
        assert isinstance(reach, int)
        if word == "valid":
            found.append((0, 0))
        elif word == "causal":
            found.append((reach - 1, 0))
        elif s == 1:
            found.append(((reach - 1) // 2, reach - 1 - (reach - 1) // 2))
        else:
            lo, hi = same_padding(n, k, s, d)
            found.append((whole(lo, "the size that comes in"), whole(hi, "the size that comes in")))
    return found


def _is_even(sides: Sides) -> bool:
    return all(lo == hi for lo, hi in sides)


def _pad(sides: Sides, value: str, comment: str) -> Line:
    amounts = ", ".join(f"{lo}, {hi}" for lo, hi in reversed(sides))
    if len(sides) == 2 and value == "0.0":
        return Line(f"ZeroPad2d(({amounts}))", comment)
    return Line(f"ConstantPad{len(sides)}d(({amounts}), {value})", comment)


# ---------------------------------------------------------------- convolutions


def _convolution(at: Place) -> Iterator[Line]:
    args, kind = at.args, at.layer.kind
    if "Transpose" in kind:
        yield from _transposed(at)
        return
    kernels = known(axes_of(args, "kernel_size", at.axes), "kernel_size")
    strides, spreads = (
        known(axes_of(args, "strides", at.axes), "strides"),
        known(axes_of(args, "dilation_rate", at.axes), "dilation_rate"),
    )
    channels = whole(channels_of(args, at.before), "the number of channels")
    sides = _sides(at, kernels, strides, spreads)
    padding = ""
    if _is_even(sides):
        padding = f", padding={short([lo for lo, _ in sides])}" if any(lo for lo, _ in sides) else ""
    elif _word(at) == "same" and set(strides) == {1}:
        padding = ", padding='same'".replace("'", '"')
    else:
        yield _pad(sides, "0.0", "Keras pads the end more" if _word(at) == "same" else "causal: only the past")
    rest = f"kernel_size={short(kernels)}"
    rest += f", stride={short(strides)}" if set(strides) != {1} else ""
    rest += padding
    rest += f", dilation={short(spreads)}" if set(spreads) != {1} else ""
    bias = args["use_bias"] is True
    axes = range(at.axes)
    copied = (("bias", ""),) if bias else ()
    last = "" if bias else ", bias=False"
    if kind.startswith("Conv"):
        filters, groups = whole(args["filters"], "filters"), whole(args["groups"], "groups")
        rest += f", groups={groups}" if groups != 1 else ""
        turned = turned_by((at.axes + 1, at.axes, *axes))
        yield Line(f"Conv{at.axes}d({channels}, {filters}, {rest}{last})", "", (("weight", turned), *copied))
        return
    wide = channels * whole(args["depth_multiplier"], "depth_multiplier")
    deep = f"{turned_by((at.axes, at.axes + 1, *axes))}.reshape({wide}, 1, {', '.join(map(str, kernels))})"
    head = f"Conv{at.axes}d({channels}, {wide}, {rest}, groups={channels}"
    if kind.startswith("Depthwise"):
        yield Line(f"{head}{last})", "", (("weight", deep), *copied))
        return
    yield Line(f"{head}, bias=False)", "depthwise, then pointwise", (("weight", deep),))
    turned = turned_by((at.axes + 1, at.axes, *axes))
    filters = whole(args["filters"], "filters")
    yield Line(f"Conv{at.axes}d({wide}, {filters}, kernel_size=1{last})", "", (("weight", turned), *copied))


def _transposed(at: Place) -> Iterator[Line]:
    args = at.args
    kernels = known(axes_of(args, "kernel_size", at.axes), "kernel_size")
    strides, spreads = (
        known(axes_of(args, "strides", at.axes), "strides"),
        known(axes_of(args, "dilation_rate", at.axes), "dilation_rate"),
    )
    if args["output_padding"] is not None:
        raise CannotPort("Keras's output_padding means different things on its backends")
    channels, filters = (
        whole(channels_of(args, at.before), "the number of channels"),
        whole(args["filters"], "filters"),
    )
    pads, extras, odd = [], [], []
    for k, s, d in zip(kernels, strides, spreads, strict=True):
        surplus = d * (k - 1) + 1 - s
        pads.append(max(surplus, 0) // 2 if _word(at) == "same" else 0)
        extras.append(max(-surplus, 0))
        odd.append((0, -(surplus % 2) if _word(at) == "same" and surplus > 0 else 0))
    rest = f"kernel_size={short(kernels)}"
    rest += f", stride={short(strides)}" if set(strides) != {1} else ""
    rest += f", padding={short(pads)}" if any(pads) else ""
    rest += f", output_padding={short(extras)}" if any(extras) else ""
    rest += f", dilation={short(spreads)}" if set(spreads) != {1} else ""
    bias = args["use_bias"] is True
    copies = (("weight", turned_by((at.axes + 1, at.axes, *range(at.axes)))), *((("bias", ""),) if bias else ()))
    yield Line(f"ConvTranspose{at.axes}d({channels}, {filters}, {rest}{'' if bias else ', bias=False'})", "", copies)
    if any(hi for _, hi in odd):
        yield _pad(odd, "0.0", "Keras crops the end more; its torch backend crops the beginning")


# ---------------------------------------------------------------- pools, borders


def _pool(at: Place) -> Iterator[Line]:
    sizes = known(axes_of(at.args, "pool_size", at.axes), "pool_size")
    strides = known(strides_of(at.args, at.axes), "strides")
    sides = _sides(at, sizes, strides, [1] * at.axes)
    rest = f"kernel_size={short(sizes)}" + (f", stride={short(strides)}" if strides != sizes else "")
    kind = "Max" if at.layer.kind.startswith("Max") else "Avg"
    fits = all(lo <= k // 2 for (lo, _), k in zip(sides, sizes, strict=True))
    pads = f", padding={short([lo for lo, _ in sides])}" if any(lo for lo, _ in sides) else ""
    uncounted = ", count_include_pad=False" if pads and kind == "Avg" else ""
    if _is_even(sides) and fits:
        yield Line(
            f"{kind}Pool{at.axes}d({rest}{pads}{uncounted})",
            "Keras leaves padding out of the mean" if uncounted else "",
        )
    elif kind == "Max":
        yield _pad(sides, 'float("-inf")', "Keras pads the end more")
        yield Line(f"MaxPool{at.axes}d({rest})")
    elif fits and _rounds_up(at, sides, sizes, strides):
        yield Line(
            f"AvgPool{at.axes}d({rest}{pads}, ceil_mode=True{uncounted})", "the last window hangs over, as in Keras"
        )
    else:
        raise CannotPort("an average over windows that no padding of torch's gives")


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


def _border(at: Place) -> Iterator[Line]:
    sign = 1 if at.layer.kind.startswith("Zero") else -1
    found = pairs(at.args["padding" if sign == 1 else "cropping"], at.axes)
    if isinstance(found, Unknown):
        raise CannotPort(found.reason)
    sides = [(sign * whole(lo, "a border"), sign * whole(hi, "a border")) for lo, hi in found]
    yield _pad(sides, "0.0", "" if sign == 1 else "a negative padding crops")


def _upsampling(at: Place) -> Iterator[Line]:
    times = known(axes_of(at.args, "size", at.axes), "size")
    mode = at.args.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        raise CannotPort(f"interpolation={mode!r}")
    said = "" if mode == "nearest" else ', mode="bilinear"'
    yield Line(f"Upsample(scale_factor={short(times)}{said})")


# ---------------------------------------------------------------- core


def _dense(at: Place) -> Iterator[Line]:
    rank, bias = len(at.before), at.args["use_bias"] is True
    features, units = whole(at.before[-1], "the number of features"), whole(at.args["units"], "units")
    copies = (("weight", ".T"), *((("bias", ""),) if bias else ()))
    if rank > 2:
        yield to_last(rank)
    yield Line(f"Linear({features}, {units}{'' if bias else ', bias=False'})", "", copies)
    if rank > 2:
        yield to_first(rank)


def _flatten(at: Place) -> Iterator[Line]:
    yield from _as_in_keras(at)
    yield Line("Flatten()")


def _as_in_keras(at: Place) -> Iterator[Line]:
    """The permutation to Keras's order of axes, where it moves anything."""
    rank = len(at.before)
    many = [size for size in at.before[1:] if size != 1]
    if rank > 2 and not at.first and at.before[-1] != 1 and len(many) > 1:
        line = to_last(rank)
        yield Line(line.call, "Keras flattens channels last", own=True)


def _reshape(at: Place) -> Iterator[Line]:
    sizes = known(at.after[1:], "the new shape")
    yield from _as_in_keras(at)
    if len(at.before) > 2:
        yield Line("Flatten()")
    if len(sizes) > 1:
        yield Line(f"Unflatten(1, {text(sizes)})")
        yield to_first(len(sizes) + 1)


def _permute_layer(at: Place) -> Iterator[Line]:
    dims = at.args["dims"]
    keras = (0, *known(dims if isinstance(dims, tuple) else (dims,), "dims"))
    yield permute(*(at.order.index(keras[each]) for each in at.order))


def _embedding(at: Place) -> Iterator[Line]:
    sizes = whole(at.args["input_dim"], "input_dim"), whole(at.args["output_dim"], "output_dim")
    yield Line(f"Embedding({sizes[0]}, {sizes[1]})", "", (("weight", ""),))
    yield to_first(len(at.after))


_LAST_ONLY = frozenset({"Dense", "LayerNormalization", "GroupNormalization", "PReLU", "Reshape"})
_WRITERS: tuple[tuple[str, Callable[[Place], Iterator[Line]]], ...] = (
    ("Conv", _convolution), ("DepthwiseConv", _convolution), ("SeparableConv", _convolution),
    ("MaxPooling", _pool), ("AveragePooling", _pool), ("Global", _global), ("ZeroPadding", _border),
    ("Cropping", _border), ("UpSampling", _upsampling), ("Dense", _dense), ("Flatten", _flatten),
    ("Reshape", _reshape), ("Permute", _permute_layer), ("Embedding", _embedding),
    ("BatchNormalization", batch_norm_lines),
    ("LayerNormalization", layer_norm_lines), ("GroupNormalization", group_norm_lines), ("Activation", activation_lines),
    ("ReLU", relu_lines), ("PReLU", prelu_lines), ("Softmax", softmax_lines), ("Dropout", dropout_lines),
    ("SpatialDropout", dropout_lines),
    ("LeakyReLU", lambda at: iter([Line(f"LeakyReLU({at.args['negative_slope']})")])),
    ("ELU", lambda at: iter([Line("ELU()" if at.args["alpha"] == 1 else f"ELU({at.args['alpha']})")])),
    ("Identity", lambda at: iter(())),
)  # fmt: skip
