"""A Keras model as a list of steps in torch's terms, to be laid beside those of its port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from padlint.arithmetic.dims import Dim, Unknown, less
from padlint.arithmetic.windows import effective_kernel, same_padding
from padlint.evaluate.keras_rules import through
from padlint.evaluate.values import KerasObject
from padlint.finding import Place
from padlint.layers.arguments import truth
from padlint.layers.base import Shape, Value, Window
from padlint.layers.keras.base import axes_of, channels_first, channels_of, spatial_sizes
from padlint.layers.keras.borders import pairs
from padlint.layers.keras.convolution import cropped
from padlint.layers.keras.normalisation import axes as normalised_axes
from padlint.layers.keras.pooling import strides_of

Facts = Mapping[str, Value]

ACTIVATIONS: Mapping[str, tuple[str, Facts]] = {
    "relu": ("relu", {}), "sigmoid": ("sigmoid", {}), "tanh": ("tanh", {}), "selu": ("selu", {}),
    "softplus": ("softplus", {}), "softsign": ("softsign", {}), "swish": ("silu", {}), "silu": ("silu", {}),
    "mish": ("mish", {}), "relu6": ("relu6", {}), "hard_sigmoid": ("hard_sigmoid", {}), "elu": ("elu", {"alpha": 1.0}),
    "gelu": ("gelu", {}), "leaky_relu": ("leaky_relu", {"negative_slope": 0.2}), "softmax": ("softmax", {}),
    "log_softmax": ("log_softmax", {}), "hard_swish": ("hard_swish", {}), "hard_silu": ("hard_swish", {}),
}  # fmt: skip
"""By Keras's name: the kind of activation, and what torch calls its numbers."""


_NOTHING = frozenset({
    "InputLayer", "Identity", "ActivityRegularization", "Dropout", "AlphaDropout",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
})  # fmt: skip
"""Layers that are no step, like torch's Identity and dropouts: pads in front of them still belong to what follows."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a model does. `kind` says what, "other" what is not compared, "permutation" that axes move, "own" what
    may do anything; `facts`
    what of it can be compared, by torch's argument names, tuples for each axis; `windows` how it slides and `before` over
    which sizes."""

    kind: str
    label: str
    place: Place
    facts: Facts = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    before: Shape = ()


def steps(model: KerasObject) -> list[Step]:
    """Every step of a model; pad layers are part of the windows of the layer behind them."""
    found: list[Step] = []
    shape = model.shape
    for each in model.layers:
        if not isinstance(each, KerasObject) or shape is None:
            return [*found, Step("own", "?", model.place)]
        if each.layer is None:
            found.extend(steps(replace(each, shape=shape)))
        else:
            found.extend(_steps(each, shape))
        after = through(each, shape)
        shape = after if isinstance(after, tuple) else None
    return folded(found)


def folded(found: Sequence[Step]) -> list[Step]:
    """Pads in front of windows become a part of them, and crops behind a transposed convolution a part of its own."""
    result: list[Step] = []
    for step in found:
        last = result[-1] if result else None
        fits = last is not None and step.windows and len(last.windows) == len(step.windows)
        rows = list(zip(step.windows, last.windows, strict=True)) if last is not None and fits else []
        if last is not None and rows and last.kind == "pad" and step.kind != "transposed":
            windows = tuple(replace(own, lo=own.lo + pad.lo, hi=own.hi + pad.hi) for own, pad in rows)
            facts = (
                {**step.facts, "counted": step.facts.get("counted", True) or None}
                if step.kind == "avg_pool"
                else step.facts
            )
            result[-1] = replace(step, facts=facts, windows=windows, before=last.before)
        elif last is not None and rows and last.kind == "transposed" and step.kind == "pad" and _crops(step):
            windows = tuple(replace(own, lo=own.lo - pad.lo, hi=own.hi - pad.hi) for pad, own in rows)
            result[-1] = replace(last, windows=windows)
        else:
            result.append(step)
    return result


def _crops(pad: Step) -> bool:
    return all(less(0, side) is False for each in pad.windows for side in (each.lo, each.hi))


def _steps(layer: KerasObject, shape: Shape) -> Iterator[Step]:
    kind, args = layer.kind, layer.args
    own = Step("other", f"Keras's {kind} {layer.name!r}", layer.place)
    inner = layer.parts.get("layer")
    if inner is not None:
        same = kind == "TimeDistributed" and inner.kind == "Dense"  # at each step what it does to all of them at once
        yield from _steps(inner, shape) if same else [replace(own, kind="own")]
        return
    if kind.startswith(("Conv", "DepthwiseConv", "SeparableConv")):
        yield from _convolutions(own, layer, shape)
    elif kind == "Dense":
        yield replace(own, kind="linear", facts={"out_features": args["units"], "bias": truth(args["use_bias"])})
    elif kind.startswith(("MaxPooling", "AveragePooling")):
        yield _pool(own, layer, shape)
    elif kind.startswith("Global"):
        yield replace(own, kind="global_max" if "Max" in kind else "global_avg")
    elif kind == "BatchNormalization":
        yield _norm(own, layer, shape)
    elif kind.startswith(("ZeroPadding", "Cropping")):
        yield _pad(own, layer, shape)
    elif kind in ("LayerNormalization", "GroupNormalization"):
        yield replace(own, kind=kind, facts={"eps": args["epsilon"]})
    elif kind in ("Permute", "Reshape"):
        yield replace(own, kind="permutation")
    elif kind == "Flatten":
        yield replace(own, kind="flatten", facts={"order": _order(args, shape)})
    elif kind not in _NOTHING:
        yield from _activation_layer(own, layer)
    if kind not in ("Activation", "LSTM", "GRU", "SimpleRNN") and args.get("activation") not in (None, "linear"):
        yield from _named(own, args["activation"], layer)


def _order(args: Facts, shape: Shape) -> Value:
    """Whether channels-last maps are flattened in an order that differs from torch's."""
    whole = [each for each in shape[1:] if each != 1]
    if len(shape) < 3 or channels_first(args) or any(isinstance(each, Unknown) for each in shape[1:]):
        return None
    return "channels last" if len(whole) > 1 and shape[-1] != 1 else None


def _named(own: Step, name: Value, layer: KerasObject) -> Iterator[Step]:
    inner = layer.parts.get("activation")
    if inner is not None:
        yield from _activation_layer(own, inner)
    elif isinstance(name, str) and name in ACTIVATIONS:
        kind, facts = ACTIVATIONS[name]
        yield replace(own, kind="activation", facts={"activation": kind, **facts})
    elif name != "linear":
        yield replace(own, kind="own")


def _activation_layer(own: Step, layer: KerasObject) -> Iterator[Step]:
    kind, args = layer.kind, layer.args
    facts: dict[str, Value] = {}
    if kind == "Activation":
        yield from _named(own, args["activation"], layer)
        return
    if kind == "ReLU":
        facts = _relu(args)
    elif kind == "LeakyReLU":
        facts = {"activation": "leaky_relu", "negative_slope": args["negative_slope"]}
    elif kind == "ELU":
        facts = {"activation": "elu", "alpha": args["alpha"]}
    elif kind in ("Softmax", "PReLU"):
        facts = {"activation": kind.lower()}
    known = own if kind != "ReLU" else replace(own, kind="own")
    yield replace(own, kind="activation", facts=facts) if facts else known


def _relu(args: Facts) -> dict[str, Value]:
    """A ReLU as what torch calls it; nothing where it is none of torch's."""
    top, slope = args["max_value"], args["negative_slope"]
    if args["threshold"] not in (0, None) or (top is not None and slope != 0):
        return {}
    if top is None:
        return {"activation": "relu"} if slope == 0 else {"activation": "leaky_relu", "negative_slope": slope}
    return {"activation": "relu6"} if top == 6 else {}


def _convolutions(own: Step, layer: KerasObject, shape: Shape) -> Iterator[Step]:
    args, axes = layer.args, len(shape) - 2
    channels, before = channels_of(args, shape), spatial_sizes(args, shape)
    kernels, strides = axes_of(args, "kernel_size", axes), axes_of(args, "strides", axes)
    spreads = axes_of(args, "dilation_rate", axes)
    geometry: dict[str, Value] = {"kernel_size": kernels, "stride": strides, "dilation": spreads}
    bias = truth(args["use_bias"])
    if "Transpose" in layer.kind:
        rows = cropped(args, axes)
        found = [] if isinstance(rows, Unknown) else zip(kernels, strides, spreads, rows, strict=True)
        windows = tuple(Window(k, s, d, lo, hi, transposed=True) for k, s, d, (lo, hi) in found)
        facts = {**geometry, "out_channels": args["filters"], "bias": bias}
        yield replace(own, kind="transposed", facts=facts, windows=windows, before=before)
        return
    windows = tuple(
        Window(k, s, d, *_sides(args["padding"], n, k, s, d))
        for n, k, s, d in zip(before, kernels, strides, spreads, strict=True)
    )
    if layer.kind.startswith("Conv"):
        facts = {**geometry, "groups": args["groups"], "out_channels": args["filters"], "bias": bias}
        yield replace(own, kind="convolution", facts=facts, windows=windows, before=before)
        return
    wide = channels * multiplier if isinstance(multiplier := args["depth_multiplier"], int) else Unknown("a multiplier")
    alone = layer.kind.startswith("Depthwise")
    facts = {**geometry, "groups": channels, "out_channels": wide, "bias": bias if alone else False}
    yield replace(own, kind="convolution", facts=facts, windows=windows, before=before)
    if not alone:
        ones: dict[str, Value] = {"kernel_size": (1,) * axes, "stride": (1,) * axes, "groups": 1}
        facts = {**ones, "out_channels": args["filters"], "bias": bias}
        yield replace(own, kind="convolution", facts=facts)


def _sides(padding: Value, n: Dim, kernel: Dim, stride: Dim, dilation: Dim) -> tuple[Dim, Dim]:
    word = padding.lower() if isinstance(padding, str) else ""
    reach = effective_kernel(kernel, dilation) - 1
    if word == "valid":
        return 0, 0
    if word == "causal":
        return reach, 0
    if word != "same":
        unknown = Unknown("a padding that is not known")
        return unknown, unknown
    return (reach // 2, reach - reach // 2) if stride == 1 else same_padding(n, kernel, stride, dilation)


def _pool(own: Step, layer: KerasObject, shape: Shape) -> Step:
    args, axes = layer.args, len(shape) - 2
    before, sizes, strides = spatial_sizes(args, shape), axes_of(args, "pool_size", axes), strides_of(args, axes)
    windows = tuple(
        Window(k, s, 1, *_sides(args["padding"], n, k, s, 1)) for n, k, s in zip(before, sizes, strides, strict=True)
    )
    facts: dict[str, Value] = {"kernel_size": sizes, "stride": strides}
    if layer.kind.startswith("Max"):
        return replace(own, kind="max_pool", facts=facts, windows=windows, before=before)
    if any(each.lo != 0 or each.hi != 0 for each in windows):
        facts["counted"] = False
    return replace(own, kind="avg_pool", facts=facts, windows=windows, before=before)


def _pad(own: Step, layer: KerasObject, shape: Shape) -> Step:
    crops = layer.kind.startswith("Cropping")
    sides = pairs(layer.args["cropping" if crops else "padding"], len(shape) - 2)
    if isinstance(sides, Unknown):
        return own
    windows = tuple(Window(1, 1, 1, -lo if crops else lo, -hi if crops else hi) for lo, hi in sides)
    return replace(own, kind="pad", windows=windows, before=spatial_sizes(layer.args, shape))


def _norm(own: Step, layer: KerasObject, shape: Shape) -> Step:
    args = layer.args
    axes = normalised_axes(args, len(shape))
    momentum = args["momentum"]
    center, scale = truth(args["center"]), truth(args["scale"])
    facts: dict[str, Value] = {
        "axis": axes if isinstance(axes, tuple) else None,
        "eps": args["epsilon"],
        "momentum": round(1 - momentum, 12) if isinstance(momentum, float | int) else None,
        "affine": center if center == scale else None,
    }
    return replace(own, kind="batch_norm", facts=facts, before=shape)
