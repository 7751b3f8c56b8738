"""The lines of PyTorch that compute what one layer of Keras computes, and how its weights are copied.

Maps are channels first in the port, whatever they are in Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from padlint.arithmetic.dims import Unknown
from padlint.arithmetic.windows import effective_kernel, pooled, same_padding
from padlint.checks.layer import text
from padlint.errors import PadlintError
from padlint.evaluate.values import KerasObject
from padlint.layers.base import Refusal, Shape, Value
from padlint.layers.keras.base import Given, axes_of, channels_first, channels_of, spatial_sizes
from padlint.layers.keras.borders import pairs
from padlint.layers.keras.normalisation import axes as normalised_axes
from padlint.layers.keras.pooling import strides_of

Sides = list[tuple[int, int]]


class CannotPort(PadlintError):
    """A layer that no line of PyTorch is known for; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One layer of the port, `call` without `nn.`. `copies`: for each weight of Keras, in its order, what of the module it
    becomes and how it is turned (`"weight", ".permute(3, 2, 0, 1)"`)."""

    call: str
    comment: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A layer with the shapes that go in and out, in Keras's order of axes, all but the batch known where they must be."""

    layer: KerasObject
    before: Shape
    after: Shape
    args: dict[str, Value] = field(default_factory=dict)

    @property
    def axes(self) -> int:
        return len(self.before) - 2


def lines(layer: KerasObject, before: Shape, after: Given) -> Iterator[Line]:
    """The lines for a layer, its activation included. Raises CannotPort."""
    if isinstance(after, Refusal | Unknown):
        raise CannotPort(after.message if isinstance(after, Refusal) else after.reason)
    at = Place(layer, before, after, dict(layer.args))
    kind = layer.kind
    if kind == "InputLayer":
        return
    writer = next((write for start, write in _WRITERS if kind.startswith(start)), None)
    if writer is None:
        raise CannotPort(f"no layer of torch is known for {kind}")
    yield from writer(at)
    if kind != "Activation" and at.args.get("activation") not in (None, "linear"):
        inner = layer.parts.get("activation")
        if inner is not None:
            yield from lines(inner, after, after)
        else:
            yield activation(at.args["activation"])


# ---------------------------------------------------------------- helpers


def _known(sizes: Sequence[object], what: str) -> tuple[int, ...]:
    found = tuple(each for each in sizes if isinstance(each, int))
    if len(found) < len(sizes):
        raise CannotPort(f"{what} is not known")
    return found


def _whole(value: object, what: str) -> int:
    return _known([value], what)[0]


def short(values: Sequence[int]) -> str:
    """One number where all agree."""
    return str(values[0]) if len(set(values)) == 1 else text(tuple(values))


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
            found.append((_whole(lo, "the size that comes in"), _whole(hi, "the size that comes in")))
    return found


def _is_even(sides: Sides) -> bool:
    return all(lo == hi for lo, hi in sides)


def _pad(sides: Sides, value: str, comment: str) -> Line:
    amounts = ", ".join(f"{lo}, {hi}" for lo, hi in reversed(sides))
    if len(sides) == 2 and value == "0.0":
        return Line(f"ZeroPad2d(({amounts}))", comment)
    return Line(f"ConstantPad{len(sides)}d(({amounts}), {value})", comment)


def permute(*dims: int) -> Line:
    return Line(f"Permute({', '.join(map(str, dims))})", own=True)


def to_last(rank: int) -> Line:
    return permute(0, *range(2, rank), 1)


def to_first(rank: int) -> Line:
    return permute(0, rank - 1, *range(1, rank - 1))


def _turned(dims: Sequence[int]) -> str:
    return f".permute({', '.join(map(str, dims))})"


# ---------------------------------------------------------------- convolutions


def _convolution(at: Place) -> Iterator[Line]:
    args, kind = at.args, at.layer.kind
    if "Transpose" in kind:
        yield from _transposed(at)
        return
    kernels = _known(axes_of(args, "kernel_size", at.axes), "kernel_size")
    strides, spreads = (
        _known(axes_of(args, "strides", at.axes), "strides"),
        _known(axes_of(args, "dilation_rate", at.axes), "dilation_rate"),
    )
    channels = _whole(channels_of(args, at.before), "the number of channels")
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
        filters, groups = _whole(args["filters"], "filters"), _whole(args["groups"], "groups")
        rest += f", groups={groups}" if groups != 1 else ""
        turned = _turned((at.axes + 1, at.axes, *axes))
        yield Line(f"Conv{at.axes}d({channels}, {filters}, {rest}{last})", "", (("weight", turned), *copied))
        return
    wide = channels * _whole(args["depth_multiplier"], "depth_multiplier")
    deep = f"{_turned((at.axes, at.axes + 1, *axes))}.reshape({wide}, 1, {', '.join(map(str, kernels))})"
    head = f"Conv{at.axes}d({channels}, {wide}, {rest}, groups={channels}"
    if kind.startswith("Depthwise"):
        yield Line(f"{head}{last})", "", (("weight", deep), *copied))
        return
    yield Line(f"{head}, bias=False)", "depthwise, then pointwise", (("weight", deep),))
    turned = _turned((at.axes + 1, at.axes, *axes))
    filters = _whole(args["filters"], "filters")
    yield Line(f"Conv{at.axes}d({wide}, {filters}, kernel_size=1{last})", "", (("weight", turned), *copied))


def _transposed(at: Place) -> Iterator[Line]:
    args = at.args
    kernels = _known(axes_of(args, "kernel_size", at.axes), "kernel_size")
    strides, spreads = (
        _known(axes_of(args, "strides", at.axes), "strides"),
        _known(axes_of(args, "dilation_rate", at.axes), "dilation_rate"),
    )
    if args["output_padding"] is not None:
        raise CannotPort("Keras's output_padding means different things on its backends")
    channels, filters = (
        _whole(channels_of(args, at.before), "the number of channels"),
        _whole(args["filters"], "filters"),
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
    copies = (("weight", _turned((at.axes + 1, at.axes, *range(at.axes)))), *((("bias", ""),) if bias else ()))
    yield Line(f"ConvTranspose{at.axes}d({channels}, {filters}, {rest}{'' if bias else ', bias=False'})", "", copies)
    if any(hi for _, hi in odd):
        yield _pad(odd, "0.0", "Keras crops the end more; its torch backend crops the beginning")


# ---------------------------------------------------------------- pools, borders


def _pool(at: Place) -> Iterator[Line]:
    sizes = _known(axes_of(at.args, "pool_size", at.axes), "pool_size")
    strides = _known(strides_of(at.args, at.axes), "strides")
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
    sides = [(sign * _whole(lo, "a border"), sign * _whole(hi, "a border")) for lo, hi in found]
    yield _pad(sides, "0.0", "" if sign == 1 else "a negative padding crops")


def _upsampling(at: Place) -> Iterator[Line]:
    times = _known(axes_of(at.args, "size", at.axes), "size")
    mode = at.args.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        raise CannotPort(f"interpolation={mode!r}")
    said = "" if mode == "nearest" else ', mode="bilinear"'
    yield Line(f"Upsample(scale_factor={short(times)}{said})")


# ---------------------------------------------------------------- core


def _dense(at: Place) -> Iterator[Line]:
    rank, bias = len(at.before), at.args["use_bias"] is True
    features, units = _whole(at.before[-1], "the number of features"), _whole(at.args["units"], "units")
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
    if rank > 2 and not channels_first(at.args) and at.before[-1] != 1 and len(many) > 1:
        line = to_last(rank)
        yield Line(line.call, "Keras flattens channels last", own=True)


def _reshape(at: Place) -> Iterator[Line]:
    sizes = _known(at.after[1:], "the new shape")
    yield from _as_in_keras(at)
    if len(at.before) > 2:
        yield Line("Flatten()")
    if len(sizes) > 1:
        yield Line(f"Unflatten(1, {text(sizes)})")
        yield to_first(len(sizes) + 1)


def _permute_layer(at: Place) -> Iterator[Line]:
    dims = at.args["dims"]
    rank = len(at.before)
    keras = (0, *_known(dims if isinstance(dims, tuple) else (dims,), "dims"))
    first = (0, rank - 1, *range(1, rank - 1))  # where torch's axes lie in Keras's
    yield permute(*(first.index(keras[each]) for each in first))


def _embedding(at: Place) -> Iterator[Line]:
    sizes = _whole(at.args["input_dim"], "input_dim"), _whole(at.args["output_dim"], "output_dim")
    yield Line(f"Embedding({sizes[0]}, {sizes[1]})", "", (("weight", ""),))
    yield to_first(len(at.after))


# ---------------------------------------------------------------- normalisation


def _batch_norm(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if not isinstance(axes, tuple) or len(axes) != 1:
        raise CannotPort("it normalises over several axes")
    features = _whole(at.before[axes[0]], "the size of the normalised axis")
    momentum, epsilon = at.args["momentum"], at.args["epsilon"]
    if not isinstance(momentum, int | float) or not isinstance(epsilon, int | float):
        raise CannotPort("momentum or epsilon is not known")
    first = (0, rank - 1, *range(1, rank - 1))
    moved = first.index(axes[0])
    swap = [moved if each == 1 else 1 if each == moved else each for each in range(rank)]
    copies = (*_affine(at), ("running_mean", ""), ("running_var", ""))
    off = "" if len(copies) > 2 else ", affine=False"
    line = f"BatchNorm{max(rank - 2, 1)}d({features}, eps={epsilon}, momentum={round(1 - momentum, 12)}{off})"
    if rank > 2 and moved != 1:
        yield Line(permute(*swap).call, f"Keras normalises axis {axes[0]}", own=True)
    yield Line(line, "", copies)
    if rank > 2 and moved != 1:
        yield permute(*swap)


def _affine(at: Place) -> tuple[tuple[str, str], ...]:
    scale, center = at.args["scale"] is True, at.args["center"] is True
    return tuple((name, "") for name, wanted in (("weight", scale), ("bias", center)) if wanted)


def _layer_norm(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if axes != (rank - 1,) or len(_affine(at)) == 1:
        raise CannotPort("it normalises over other axes than the last, or has only one of scale and center")
    off = "" if _affine(at) else ", elementwise_affine=False"
    if rank > 2:
        yield to_last(rank)
    yield Line(
        f"LayerNorm({_whole(at.before[-1], 'the number of features')}, eps={at.args['epsilon']}{off})", "", _affine(at)
    )
    if rank > 2:
        yield to_first(rank)


def _group_norm(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if axes != (rank - 1,) or len(_affine(at)) == 1:
        raise CannotPort("it normalises over other axes than the last, or has only one of scale and center")
    channels = _whole(at.before[-1], "the number of channels")
    groups = channels if at.args["groups"] == -1 else _whole(at.args["groups"], "groups")
    off = "" if _affine(at) else ", affine=False"
    yield Line(f"GroupNorm({groups}, {channels}, eps={at.args['epsilon']}{off})", "", _affine(at))


# ---------------------------------------------------------------- activations

_NAMED = {
    "relu": "ReLU()", "sigmoid": "Sigmoid()", "tanh": "Tanh()", "selu": "SELU()", "elu": "ELU()", "gelu": "GELU()",
    "softplus": "Softplus()", "softsign": "Softsign()", "swish": "SiLU()", "silu": "SiLU()", "mish": "Mish()",
    "relu6": "ReLU6()", "hard_sigmoid": "Hardsigmoid()", "leaky_relu": "LeakyReLU(0.2)", "softmax": "Softmax(dim=1)",
    "log_softmax": "LogSoftmax(dim=1)", "hard_swish": "Hardswish()", "hard_silu": "Hardswish()",
}  # fmt: skip


def activation(name: Value) -> Line:
    """An activation by its name in Keras."""
    if not isinstance(name, str) or name not in _NAMED:
        raise CannotPort(
            f"no activation of torch is known for {name!r}"
            if isinstance(name, str)
            else "an activation that is not known"
        )
    return Line(_NAMED[name])


def _activation(at: Place) -> Iterator[Line]:
    if at.args["activation"] != "linear":
        yield activation(at.args["activation"])


def _relu(at: Place) -> Iterator[Line]:
    top, slope, start = at.args["max_value"], at.args["negative_slope"], at.args["threshold"]
    if start == 0 and slope == 0 and isinstance(top, int | float | None):
        yield Line("ReLU()" if top is None else "ReLU6()" if top == 6 else f"Hardtanh(0.0, {float(top)})")
    elif start == 0 and top is None:
        yield Line(f"LeakyReLU({slope})")
    else:
        raise CannotPort("a ReLU with a threshold, or with both a slope and a largest value")


def _prelu(at: Place) -> Iterator[Line]:
    shared, rank = at.args["shared_axes"], len(at.before)
    axes = shared if isinstance(shared, tuple) else () if shared is None else (shared,)
    if set(axes) != set(range(1, rank - 1)):
        raise CannotPort("a slope for each element; torch's PReLU has one for each channel")
    yield Line(f"PReLU({_whole(at.before[-1], 'the number of channels')})", "", (("weight", ".flatten()"),))


def _softmax(at: Place) -> Iterator[Line]:
    axis, rank = at.args["axis"], len(at.before)
    if not isinstance(axis, int):
        raise CannotPort("its axis is not known")
    yield Line(f"Softmax(dim={(0, rank - 1, *range(1, rank - 1)).index(axis % rank)})")


def _dropout(at: Place) -> Iterator[Line]:
    rate = at.args["rate"]
    if not isinstance(rate, int | float):
        raise CannotPort("its rate is not known")
    spatial = f"{at.layer.kind[-2]}d" if at.layer.kind.startswith("Spatial") else ""
    yield Line(f"Dropout{spatial}({rate})")


_WRITERS: tuple[tuple[str, Callable[[Place], Iterator[Line]]], ...] = (
    ("Conv", _convolution), ("DepthwiseConv", _convolution), ("SeparableConv", _convolution),
    ("MaxPooling", _pool), ("AveragePooling", _pool), ("Global", _global), ("ZeroPadding", _border),
    ("Cropping", _border), ("UpSampling", _upsampling), ("Dense", _dense), ("Flatten", _flatten),
    ("Reshape", _reshape), ("Permute", _permute_layer), ("Embedding", _embedding), ("BatchNormalization", _batch_norm),
    ("LayerNormalization", _layer_norm), ("GroupNormalization", _group_norm), ("Activation", _activation),
    ("ReLU", _relu), ("PReLU", _prelu), ("Softmax", _softmax), ("Dropout", _dropout), ("SpatialDropout", _dropout),
    ("LeakyReLU", lambda at: iter([Line(f"LeakyReLU({at.args['negative_slope']})")])),
    ("ELU", lambda at: iter([Line("ELU()" if at.args["alpha"] == 1 else f"ELU({at.args['alpha']})")])),
    ("Identity", lambda at: iter(())),
)  # fmt: skip
