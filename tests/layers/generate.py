"""Generated layers: for every layer of the catalogue a strategy of arguments and inputs, most of them valid, some not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from padlint.layers import catalogue
from padlint.layers.base import Value

from .judge import Case

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]
Generator = Callable[["Choose", str], Case]
Shape = tuple[int, ...]


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """Numbers from 0; one strategy for each count, since making them takes longer than drawing."""
    return st.integers(0, count - 1)


class Choose:
    """Draws values; what stands in `rare` comes once in about twenty times."""

    def __init__(self, draw: Draw[int]) -> None:
        self._draw = draw

    def of(self, *values: T, rare: Sequence[T] = ()) -> T:
        """One of the values."""
        usual = 19 * len(values) if rare else len(values)
        at = self._draw(below(usual + max(len(values), len(rare)) if rare else usual))
        return values[at % len(values)] if at < usual else rare[(at - usual) % len(rare)]

    def number(self, low: int, high: int, rare: Sequence[int] = ()) -> int:
        """A whole number."""
        return self.of(*range(low, high + 1), rare=rare)

    def per_axis(self, axes: int, low: int, high: int, rare: Sequence[int] = ()) -> Value:
        """A number, or a tuple for the axes; seldom of the wrong length."""
        count = self.of(0, axes, rare=(0, 1, axes + 1, max(axes - 1, 0)))
        if not count:
            return self.number(low, high, rare)
        return tuple(self.number(low, high, rare) for _ in range(count))

    def shape(self, channels: int, axes: int, low: int = 1, high: int = 8, empty: bool = True) -> Shape:
        """Batched or un-batched maps; seldom of another rank, of other channels, or without elements."""
        zero = (0,) if empty else ()
        sizes = tuple(self.number(low, high, zero) for _ in range(axes))
        found = self.of(channels, rare=(channels + 1, 1))
        leading = self.of((2,), (1,), (), rare=((2, 2), (0,) if empty else (3,)))
        return self.of((*leading, found, *sizes), rare=(sizes,))

    def any_shape(self, low: int = 0, high: int = 5) -> Shape:
        """A tensor of any rank."""
        return tuple(self.number(1, 5, (0,)) for _ in range(self.number(low, high)))

    def flag(self) -> bool:
        """True or False."""
        return self.of(False, True)


def _axes(name: str) -> int:
    return int(name[-2])


def _convolution(choose: Choose, name: str) -> Case:
    axes, transposed = _axes(name), "Transpose" in name
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
    text = choose.of("", rare=("same", "valid")) if transposed else choose.of("", "", "", "same", "valid", rare=("SAME",))
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


def _pool(choose: Choose, name: str) -> Case:
    axes = _axes(name)
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


def _unpool(choose: Choose, name: str) -> Case:
    axes = _axes(name)
    arguments: dict[str, Value] = {
        "kernel_size": choose.per_axis(axes, 2, 4),
        "stride": choose.of(None, choose.number(2, 4)),
        "padding": choose.of(0, 0, 1),
    }
    shape = choose.shape(2, axes, high=4, empty=False)
    return Case(name, arguments, (shape, choose.of(shape, rare=(shape[1:], (*shape[:-1], shape[-1] + 1)))))


def _adaptive(choose: Choose, name: str) -> Case:
    axes = _axes(name)
    wanted = choose.of(choose.number(1, 6, (0, -1)), tuple(choose.of(1, 2, 5, None) for _ in range(axes)))
    arguments: dict[str, Value] = {"output_size": choose.of(wanted, rare=((2,) * (axes + 1), (2,), None, 2.0))}
    if "Max" in name:
        arguments["return_indices"] = choose.flag()
    return Case(name, arguments, (choose.shape(2, axes, high=6),))


def _fractional(choose: Choose, name: str) -> Case:
    axes = _axes(name)
    arguments: dict[str, Value] = {"kernel_size": choose.per_axis(axes, 1, 3), "return_indices": choose.flag()}
    if choose.flag():
        arguments["output_size"] = choose.per_axis(axes, 1, 4, (7,))
    else:
        arguments["output_ratio"] = choose.of(0.5, 0.7, (0.5,) * axes, rare=((0.3,), 1.0, 0.0, -0.5, 2))
    return Case(name, arguments, (choose.shape(2, axes, low=4, high=9),))


def _pad(choose: Choose, name: str) -> Case:
    axes = _axes(name)
    pairs = choose.of(axes, axes, axes, rare=(1, axes + 1, 0))
    least = 0 if name.startswith("Circular") else -1  # what it makes of both depends on the memory layout
    sides = tuple(choose.number(least, 3, (4 * least, 6)) for _ in range(2 * pairs))
    arguments: dict[str, Value] = {"padding": choose.of(choose.number(0, 3, (-1, 8)), sides, rare=(sides[1:], "same"))}
    if name.startswith("Constant"):
        arguments["value"] = choose.of(0.0, 1, rare=("a",))
    return Case(name, arguments, (choose.shape(2, axes, high=6),))


def _running_norm(choose: Choose, name: str) -> Case:
    affine, tracked = choose.flag(), choose.flag()
    axes = choose.number(0, 3) if name == "SyncBatchNorm" else _axes(name)
    arguments: dict[str, Value] = {"num_features": choose.of(3, rare=(4, 1, -1)), "affine": affine}
    arguments |= {"track_running_stats": tracked, "bias": choose.flag()}
    if name.startswith("Lazy"):
        del arguments["num_features"]
    if name.endswith("1d") and choose.flag():
        axes = 0 if "Batch" in name else 1
    low = choose.of(2, rare=(1,)) if affine or tracked else 1
    return Case(name, arguments, (choose.shape(3, axes, low=low, high=4, empty=False),))


def _group_norm(choose: Choose, name: str) -> Case:
    groups = choose.of(1, 2, 3, rare=(0, -1))
    channels = max(groups, 1) * choose.number(1, 2)
    arguments: dict[str, Value] = {"num_groups": groups, "num_channels": choose.of(channels, rare=(5, 0))}
    arguments |= {"affine": choose.flag(), "bias": choose.flag()}
    return Case(name, arguments, (choose.shape(channels, choose.number(0, 3), high=4, empty=False),))


def _layer_norm(choose: Choose, name: str) -> Case:
    shape = choose.any_shape(1, 4)
    count = choose.number(1, len(shape), (5,))
    wanted: Value = choose.of(shape[-count:], rare=((4,), (1, 4), (), (0,)))
    if choose.flag() and wanted and isinstance(wanted, tuple):
        wanted = wanted[-1]
    arguments: dict[str, Value] = {"normalized_shape": wanted, "elementwise_affine": choose.flag()}
    if name == "LayerNorm":
        arguments["bias"] = choose.flag()
    return Case(name, arguments, (shape,))


def _response_norm(choose: Choose, name: str) -> Case:
    shape = choose.shape(3, choose.number(1, 3), high=4, empty=False)
    return Case(name, {"size": choose.number(1, 5, (0, -1))}, (shape,))


def _cross_map(choose: Choose, name: str) -> Case:
    return Case(name, {"size": choose.number(1, 3)}, (choose.shape(3, 2, high=4, empty=False),))


def _linear(choose: Choose, name: str) -> Case:
    shape = choose.any_shape(0, 4)
    features = shape[-1] if shape else 3
    arguments: dict[str, Value] = {"in_features": choose.of(features, rare=(7, -1)), "bias": choose.flag()}
    arguments["out_features"] = choose.number(1, 5, (0, -1))
    if name.startswith("Lazy"):
        del arguments["in_features"]
    return Case(name, arguments, (shape,))


def _bilinear(choose: Choose, name: str) -> Case:
    leading = choose.of((), (2,), (2, 3))
    other = choose.of(leading, rare=((5,), (2,)))
    arguments: dict[str, Value] = {"in1_features": choose.number(1, 3, (0, -1)), "in2_features": choose.number(1, 3)}
    arguments |= {"out_features": choose.number(1, 3), "bias": choose.flag()}
    shapes = ((*leading, choose.of(2, 3, 1)), (*other, choose.of(2, 3, 1)))
    if choose.of(True, True, False):
        shapes = ((*leading, max(int(str(arguments["in1_features"])), 1)), (*other, int(str(arguments["in2_features"]))))
    return Case(name, arguments, shapes)


def _flatten(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {"start_dim": choose.number(-3, 3), "end_dim": choose.of(-1, -2, 0, 1, 2, 3, 4)}
    return Case(name, choose.of(arguments, {}), (choose.any_shape(),))


def _unflatten(choose: Choose, name: str) -> Case:
    parts = tuple(choose.number(1, 3, (0, -2)) for _ in range(choose.number(1, 3)))
    whole = 1
    for one in parts:
        whole *= abs(one)
    wanted = choose.of(parts, (-1, *parts[1:]), (*parts, -1), rare=((-1, -1), (), 4, (2.0, 2), "ab"))
    shape = [choose.number(1, 3) for _ in range(choose.number(0, 3))]
    place = choose.number(0, max(len(shape) - 1, 0))
    if shape:
        shape[place] = choose.of(whole, 2 * whole, rare=(5, 0))
    dim = choose.of(place, place - len(shape), rare=(4, -4))
    return Case(name, {"dim": dim, "unflattened_size": wanted}, (tuple(shape),))


def _shuffle(choose: Choose, name: str) -> Case:
    parameter = {"PixelShuffle": "upscale_factor", "PixelUnshuffle": "downscale_factor"}.get(name, "groups")
    channels = choose.of(4, 8, 9, 18, 5)
    arguments: dict[str, Value] = {parameter: choose.number(1, 3, (0, -1))}
    return Case(name, arguments, (choose.shape(channels, choose.of(2, 2, 2, 1, 3), high=6, empty=False),))


def _upsample(choose: Choose, name: str) -> Case:
    axes = 2 if name != "Upsample" else choose.number(1, 3)
    scale = choose.of(2, 2.0, 0.5, 1.5, 2.3, (2.0,) * axes, rare=(0, -1.0, (2.0,) * (axes + 1), 0.01))
    size = choose.of(3, (4,) * axes, rare=(0, (3,) * (axes + 1)))
    arguments: dict[str, Value] = choose.of({"size": size}, {"scale_factor": scale}, {"scale_factor": scale})
    if name == "Upsample":
        exact = {1: "linear", 2: choose.of("bilinear", "bicubic"), 3: "trilinear"}[axes]
        arguments["mode"] = choose.of("nearest", "nearest-exact", "area", exact, exact, rare=("bilinear", "linear", "foo"))
        arguments["align_corners"] = choose.of(None, None, True, False)
        arguments["recompute_scale_factor"] = choose.of(None, None, None, True)
    arguments |= choose.of({}, rare=({"size": 2, "scale_factor": 2.0},))
    leading = choose.of((1, 2), rare=((2,), (0, 2), (2, 0)))
    return Case(name, arguments, ((*leading, *(choose.number(1, 5, (0,)) for _ in range(axes))),))


def _unfold(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {
        "kernel_size": choose.per_axis(2, 1, 3, (0,)),
        "dilation": choose.per_axis(2, 1, 2, (0,)),
        "padding": choose.per_axis(2, 0, 2, (-1,)),
        "stride": choose.per_axis(2, 1, 2, (0,)),
    }
    return Case(name, arguments, (choose.shape(2, 2, high=6),))


def _fold(choose: Choose, name: str) -> Case:
    kernel, stride, padding, dilation = (choose.number(*pair) for pair in ((1, 3), (1, 2), (0, 1), (1, 2)))
    height, width = choose.number(2, 6, (0,)), choose.number(2, 6)
    windows = [(n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1 for n in (height, width)]
    columns = max(windows[0] * windows[1], 0)
    arguments: dict[str, Value] = {"output_size": (height, width), "kernel_size": choose.of(kernel, (kernel, kernel))}
    arguments |= {"dilation": dilation, "padding": padding, "stride": choose.of(stride, rare=(0, (1,)))}
    rows = choose.of(kernel * kernel, 2 * kernel * kernel, rare=(5,))
    leading = choose.of((), (2,), rare=((2, 2),))
    return Case(name, arguments, ((*leading, rows, choose.of(columns, rare=(columns + 1, 3))),))


def _activation(choose: Choose, name: str) -> Case:
    return Case(name, {}, (choose.any_shape(0, 6),))


def _dropout(choose: Choose, name: str) -> Case:
    return Case(name, {"p": choose.of(0.5, 0, 1, 0.3, rare=(-0.1, 1.5, "a"))}, (choose.any_shape(0, 5),))


def _threshold(choose: Choose, name: str) -> Case:
    return Case(name, {"threshold": 0.5, "value": choose.of(0, 1.5, rare=("a",))}, (choose.any_shape(),))


def _along(choose: Choose, name: str) -> Case:
    shape = tuple(choose.of(1, 2, 3, 4, rare=(0,)) for _ in range(choose.number(0, 4)))
    return Case(name, choose.of({}, {"dim": choose.number(-3, 3)}), (shape,))


def _prelu(choose: Choose, name: str) -> Case:
    return Case(name, {"num_parameters": choose.of(1, 2, 3, rare=(0, -1))}, (choose.any_shape(0, 4),))


def _hidden(choose: Choose, shape: Shape, count: int) -> tuple[Shape, ...]:
    """No hidden state, the right one, or seldom a wrong one."""
    wrong = (shape[1:], (*shape[:-1], shape[-1] + 1))
    return choose.of((), tuple(choose.of(shape, rare=wrong) for _ in range(count)))


def _recurrent(choose: Choose, name: str) -> Case:
    features, hidden, layers = choose.number(1, 4), choose.number(2, 4, (0,)), choose.number(1, 3, (0,))
    arguments: dict[str, Value] = {
        "input_size": choose.of(features, rare=(5, 0, -1)),
        "hidden_size": hidden,
        "num_layers": layers,
        "bias": choose.flag(),
        "batch_first": choose.flag(),
        "bidirectional": choose.flag(),
        "dropout": choose.of(0.0, rare=(0.5, 2.0)),
    }
    out = hidden
    if name == "LSTM":
        arguments["proj_size"] = choose.of(0, 1, rare=(4, -1))
        out = int(str(arguments["proj_size"])) or hidden
    steps, batch = choose.number(1, 3), choose.number(1, 3)
    sequence = choose.of((steps, batch, features), (steps, features), rare=((features,), (1, 1, steps, features)))
    width = layers * (2 if arguments["bidirectional"] else 1)
    at = (0 if arguments["batch_first"] else 1,) if len(sequence) == 3 else ()
    states = _hidden(choose, (width, *(sequence[one] for one in at), out), 2 if name == "LSTM" else 1)
    if name == "LSTM" and states:
        states = (states[0], (*states[1][:-1], hidden))
    return Case(name, arguments, (sequence, *states))


def _cell(choose: Choose, name: str) -> Case:
    features, hidden = choose.number(1, 4), choose.number(1, 4)
    arguments: dict[str, Value] = {"input_size": choose.of(features, rare=(5, -1)), "hidden_size": hidden}
    arguments["bias"] = choose.flag()
    if name == "RNNCell":
        arguments["nonlinearity"] = choose.of("tanh", "relu", rare=("gelu",))
    leading = choose.of((2,), (), rare=((2, 2),))
    states = _hidden(choose, (*leading, hidden), 2 if name == "LSTMCell" else 1)
    return Case(name, arguments, ((*leading, features), *states))


def _attention(choose: Choose, name: str) -> Case:
    heads = choose.number(1, 3, (0,))
    embed = max(heads, 1) * choose.number(1, 3)
    keys, values = choose.of(None, None, 2, 3), choose.of(None, None, 2, 3)
    arguments: dict[str, Value] = {"embed_dim": choose.of(embed, rare=(embed + 1, 0)), "num_heads": heads}
    arguments |= {"kdim": keys, "vdim": values, "batch_first": choose.flag()}
    arguments |= {flag: choose.flag() for flag in ("bias", "add_bias_kv", "add_zero_attn")}
    steps, long, batch = choose.number(1, 3), choose.number(1, 3), choose.of(0, 1, 2)
    first = bool(arguments["batch_first"])

    def tensor(length: int, width: int) -> Shape:
        many = choose.of(batch, rare=(3,)) if batch else 0
        sizes = ((many, length) if first else (length, many)) if many else (length,)
        return (*sizes, choose.of(width, rare=(width + 1,)))

    shapes = (tensor(steps, embed), tensor(long, keys or embed), tensor(choose.of(long, rare=(4,)), values or embed))
    return Case(name, arguments, shapes)


def _block(choose: Choose, name: str) -> Case:
    heads = choose.number(1, 2)
    width = heads * choose.number(1, 2)
    arguments: dict[str, Value] = {"d_model": choose.of(width, rare=(5,)), "nhead": heads, "dim_feedforward": 3}
    arguments |= {"batch_first": choose.flag(), "norm_first": choose.flag(), "bias": choose.flag()}
    arguments["activation"] = choose.of("relu", "gelu", rare=("tanh",))
    if name == "Transformer":
        arguments |= {"num_encoder_layers": choose.number(1, 2, (0,)), "num_decoder_layers": choose.number(1, 2)}
    batch = choose.of(0, 1, 2)

    def tensor() -> Shape:
        steps, many = choose.number(1, 3), choose.of(batch, rare=(3,)) if batch else 0
        sizes = ((many, steps) if arguments["batch_first"] else (steps, many)) if many else (steps,)
        return choose.of((*sizes, choose.of(width, rare=(width + 1,))), rare=((width,),))

    count = 1 if name == "TransformerEncoderLayer" else 2
    return Case(name, arguments, tuple(tensor() for _ in range(count)))


def _embedding(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {"num_embeddings": choose.number(1, 3, (-1,)), "embedding_dim": choose.number(1, 3, (-1,))}
    arguments["padding_idx"] = choose.of(None, 0, -1, rare=(3, -4, 5))
    if name == "Embedding":
        return Case(name, arguments, (choose.any_shape(0, 3),))
    arguments |= {"mode": choose.of("mean", "sum", "max", rare=("min",)), "include_last_offset": False}
    shapes = choose.of(((2, 3),), ((4,), (1,)), rare=(((4,),), ((2, 3), (2,)), ((1, 2, 3),), ((3,), (1, 1))))
    return Case(name, arguments, shapes)


def _distance(choose: Choose, name: str) -> Case:
    one = choose.any_shape(1, 4)
    other = tuple(choose.of(size, rare=(1, 2)) for size in choose.of(one, rare=(one[1:],)))
    arguments: dict[str, Value] = {"dim": choose.number(-2, 2)} if name == "CosineSimilarity" else {}
    if name == "PairwiseDistance":
        arguments["keepdim"] = choose.flag()
    return Case(name, arguments, (one, other))


_BY_NAME: dict[str, Generator] = {
    "SyncBatchNorm": _running_norm,
    "GroupNorm": _group_norm,
    "LayerNorm": _layer_norm,
    "RMSNorm": _layer_norm,
    "LocalResponseNorm": _response_norm,
    "CrossMapLRN2d": _cross_map,
    "Bilinear": _bilinear,
    "Flatten": _flatten,
    "Unflatten": _unflatten,
    "PixelShuffle": _shuffle,
    "PixelUnshuffle": _shuffle,
    "ChannelShuffle": _shuffle,
    "Unfold": _unfold,
    "Fold": _fold,
    "PReLU": _prelu,
    "GLU": _along,
    "Threshold": _threshold,
    "MultiheadAttention": _attention,
    "CosineSimilarity": _distance,
    "PairwiseDistance": _distance,
}
_BY_PART: dict[str, Generator] = {
    "Conv": _convolution,
    "Adaptive": _adaptive,
    "Fractional": _fractional,
    "MaxUnpool": _unpool,
    "Pool": _pool,
    "Pad": _pad,
    "Norm": _running_norm,
    "Linear": _linear,
    "Upsampl": _upsample,
    "Softm": _along,
    "LogSoftmax": _along,
    "Dropout": _dropout,
    "Cell": _cell,
    "RNN": _recurrent,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "Transformer": _block,
    "Embedding": _embedding,
}


def generator(name: str) -> Generator:
    """The generator of a layer; activations and Identity share one that has no arguments."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((made for part, made in _BY_PART.items() if part in name and name != "Softmax2d"), _activation)


STACKS = ("TransformerEncoder", "TransformerDecoder")  # built from another layer: tested on their own
NAMES = tuple(name for name in sorted(catalogue.layers()) if name not in STACKS)


def cases(name: str) -> st.SearchStrategy[Case]:
    """Generated cases of one layer."""

    @st.composite
    def draw_case(draw: Draw[int]) -> Case:
        return generator(name)(Choose(draw), name)

    return draw_case()
