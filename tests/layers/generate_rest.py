"""Generated layers of all other families."""

from __future__ import annotations

from padlint.layers.base import Value

from .choose import Choose, Shape
from .generate_maps import axes_of
from .judge import Case


def running_norm(choose: Choose, name: str) -> Case:
    affine, tracked = choose.flag(), choose.flag()
    axes = choose.number(0, 3) if name == "SyncBatchNorm" else axes_of(name)
    arguments: dict[str, Value] = {"num_features": choose.of(3, rare=(4, 1, -1)), "affine": affine}
    arguments |= {"track_running_stats": tracked, "bias": choose.flag()}
    if name.startswith("Lazy"):
        del arguments["num_features"]
    if name.endswith("1d") and choose.flag():
        axes = 0 if "Batch" in name else 1
    low = choose.of(2, rare=(1,)) if affine or tracked else 1
    return Case(name, arguments, (choose.shape(3, axes, low=low, high=4, empty=False),))


def group_norm(choose: Choose, name: str) -> Case:
    groups = choose.of(1, 2, 3, rare=(0, -1))
    channels = max(groups, 1) * choose.number(1, 2)
    arguments: dict[str, Value] = {"num_groups": groups, "num_channels": choose.of(channels, rare=(5, 0))}
    arguments |= {"affine": choose.flag(), "bias": choose.flag()}
    return Case(name, arguments, (choose.shape(channels, choose.number(0, 3), high=4, empty=False),))


def layer_norm(choose: Choose, name: str) -> Case:
    shape = choose.any_shape(1, 4)
    count = choose.number(1, len(shape), (5,))
    wanted: Value = choose.of(shape[-count:], rare=((4,), (1, 4), (), (0,)))
    if choose.flag() and wanted and isinstance(wanted, tuple):
        wanted = wanted[-1]
    arguments: dict[str, Value] = {"normalized_shape": wanted, "elementwise_affine": choose.flag()}
    if name == "LayerNorm":
        arguments["bias"] = choose.flag()
    return Case(name, arguments, (shape,))


def response_norm(choose: Choose, name: str) -> Case:
    shape = choose.shape(3, choose.number(1, 3), high=4, empty=False)
    return Case(name, {"size": choose.number(1, 5, (0, -1))}, (shape,))


def cross_map(choose: Choose, name: str) -> Case:
    return Case(name, {"size": choose.number(1, 3)}, (choose.shape(3, 2, high=4, empty=False),))


def linear(choose: Choose, name: str) -> Case:
    shape = choose.any_shape(0, 4)
    features = shape[-1] if shape else 3
    arguments: dict[str, Value] = {"in_features": choose.of(features, rare=(7, -1)), "bias": choose.flag()}
    arguments["out_features"] = choose.number(1, 5, (0, -1))
    if name.startswith("Lazy"):
        del arguments["in_features"]
    return Case(name, arguments, (shape,))


def bilinear(choose: Choose, name: str) -> Case:
    leading = choose.of((), (2,), (2, 3))
    other = choose.of(leading, rare=((5,), (2,)))
    arguments: dict[str, Value] = {"in1_features": choose.number(1, 3, (0, -1)), "in2_features": choose.number(1, 3)}
    arguments |= {"out_features": choose.number(1, 3), "bias": choose.flag()}
    shapes = ((*leading, choose.of(2, 3, 1)), (*other, choose.of(2, 3, 1)))
    if choose.of(True, True, False):
        shapes = (
            (*leading, max(int(str(arguments["in1_features"])), 1)),
            (*other, int(str(arguments["in2_features"]))),
        )
    return Case(name, arguments, shapes)


def flatten(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {"start_dim": choose.number(-3, 3), "end_dim": choose.of(-1, -2, 0, 1, 2, 3, 4)}
    return Case(name, choose.of(arguments, {}), (choose.any_shape(),))


def unflatten(choose: Choose, name: str) -> Case:
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


def shuffle(choose: Choose, name: str) -> Case:
    parameter = {"PixelShuffle": "upscale_factor", "PixelUnshuffle": "downscale_factor"}.get(name, "groups")
    channels = choose.of(4, 8, 9, 18, 5)
    arguments: dict[str, Value] = {parameter: choose.number(1, 3, (0, -1))}
    return Case(name, arguments, (choose.shape(channels, choose.of(2, 2, 2, 1, 3), high=6, empty=False),))


def upsample(choose: Choose, name: str) -> Case:
    axes = 2 if name != "Upsample" else choose.number(1, 3)
    scale = choose.of(2, 2.0, 0.5, 1.5, 2.3, (2.0,) * axes, rare=(0, -1.0, (2.0,) * (axes + 1), 0.01))
    size = choose.of(3, (4,) * axes, rare=(0, (3,) * (axes + 1)))
    arguments: dict[str, Value] = choose.of({"size": size}, {"scale_factor": scale}, {"scale_factor": scale})
    if name == "Upsample":
        exact = {1: "linear", 2: choose.of("bilinear", "bicubic"), 3: "trilinear"}[axes]
        arguments["mode"] = choose.of(
            "nearest", "nearest-exact", "area", exact, exact, rare=("bilinear", "linear", "foo")
        )
        arguments["align_corners"] = choose.of(None, None, True, False)
        arguments["recompute_scale_factor"] = choose.of(None, None, None, True)
    arguments |= choose.of({}, rare=({"size": 2, "scale_factor": 2.0},))
    leading = choose.of((1, 2), rare=((2,), (0, 2), (2, 0)))
    return Case(name, arguments, ((*leading, *(choose.number(1, 5, (0,)) for _ in range(axes))),))


def unfold(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {
        "kernel_size": choose.per_axis(2, 1, 3, (0,)),
        "dilation": choose.per_axis(2, 1, 2, (0,)),
        "padding": choose.per_axis(2, 0, 2, (-1,)),
        "stride": choose.per_axis(2, 1, 2, (0,)),
    }
    return Case(name, arguments, (choose.shape(2, 2, high=6),))


def fold(choose: Choose, name: str) -> Case:
    kernel, stride, padding, dilation = (choose.number(*pair) for pair in ((1, 3), (1, 2), (0, 1), (1, 2)))
    height, width = choose.number(2, 6, (0,)), choose.number(2, 6)
    windows = [(n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1 for n in (height, width)]
    columns = max(windows[0] * windows[1], 0)
    arguments: dict[str, Value] = {"output_size": (height, width), "kernel_size": choose.of(kernel, (kernel, kernel))}
    arguments |= {"dilation": dilation, "padding": padding, "stride": choose.of(stride, rare=(0, (1,)))}
    rows = choose.of(kernel * kernel, 2 * kernel * kernel, rare=(5,))
    leading = choose.of((), (2,), rare=((2, 2),))
    return Case(name, arguments, ((*leading, rows, choose.of(columns, rare=(columns + 1, 3))),))


def activation(choose: Choose, name: str) -> Case:
    return Case(name, {}, (choose.any_shape(0, 6),))


def dropout(choose: Choose, name: str) -> Case:
    return Case(name, {"p": choose.of(0.5, 0, 1, 0.3, rare=(-0.1, 1.5, "a"))}, (choose.any_shape(0, 5),))


def threshold(choose: Choose, name: str) -> Case:
    return Case(name, {"threshold": 0.5, "value": choose.of(0, 1.5, rare=("a",))}, (choose.any_shape(),))


def along(choose: Choose, name: str) -> Case:
    shape = tuple(choose.of(1, 2, 3, 4, rare=(0,)) for _ in range(choose.number(0, 4)))
    return Case(name, choose.of({}, {"dim": choose.number(-3, 3)}), (shape,))


def prelu(choose: Choose, name: str) -> Case:
    return Case(name, {"num_parameters": choose.of(1, 2, 3, rare=(0, -1))}, (choose.any_shape(0, 4),))


def _hidden(choose: Choose, shape: Shape, count: int) -> tuple[Shape, ...]:
    """No hidden state, the right one, or seldom a wrong one."""
    wrong = (shape[1:], (*shape[:-1], shape[-1] + 1))
    return choose.of((), tuple(choose.of(shape, rare=wrong) for _ in range(count)))


def recurrent(choose: Choose, name: str) -> Case:
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
        arguments["proj_size"] = choose.of(0, 1, rare=(hidden, -1))
        out = int(str(arguments["proj_size"])) or hidden
    steps, batch = choose.number(1, 3), choose.number(1, 3)
    sequence = choose.of((steps, batch, features), (steps, features), rare=((features,), (1, 1, steps, features)))
    width = layers * (2 if arguments["bidirectional"] else 1)
    at = (0 if arguments["batch_first"] else 1,) if len(sequence) == 3 else ()
    states = _hidden(choose, (width, *(sequence[one] for one in at), out), 2 if name == "LSTM" else 1)
    if name == "LSTM" and states:
        states = (states[0], (*states[1][:-1], hidden))
    return Case(name, arguments, (sequence, *states))


def cell(choose: Choose, name: str) -> Case:
    features, hidden = choose.number(1, 4), choose.number(1, 4)
    arguments: dict[str, Value] = {"input_size": choose.of(features, rare=(5, -1)), "hidden_size": hidden}
    arguments["bias"] = choose.flag()
    if name == "RNNCell":
        arguments["nonlinearity"] = choose.of("tanh", "relu", rare=("gelu",))
    leading = choose.of((2,), (), rare=((2, 2),))
    states = _hidden(choose, (*leading, hidden), 2 if name == "LSTMCell" else 1)
    return Case(name, arguments, ((*leading, features), *states))


def attention(choose: Choose, name: str) -> Case:
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


def block(choose: Choose, name: str) -> Case:
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


def embedding(choose: Choose, name: str) -> Case:
    arguments: dict[str, Value] = {
        "num_embeddings": choose.number(1, 3, (-1,)),
        "embedding_dim": choose.number(1, 3, (-1,)),
    }
    arguments["padding_idx"] = choose.of(None, 0, -1, rare=(3, -4, 5))
    if name == "Embedding":
        return Case(name, arguments, (choose.any_shape(0, 3),))
    arguments |= {"mode": choose.of("mean", "sum", "max", rare=("min",)), "include_last_offset": False}
    shapes = choose.of(((2, 3),), ((4,), (1,)), rare=(((4,),), ((2, 3), (2,)), ((1, 2, 3),), ((3,), (1, 1))))
    return Case(name, arguments, shapes)


def distance(choose: Choose, name: str) -> Case:
    one = choose.any_shape(1, 4)
    other = tuple(choose.of(size, rare=(1, 2)) for size in choose.of(one, rare=(one[1:],)))
    arguments: dict[str, Value] = {"dim": choose.number(-2, 2)} if name == "CosineSimilarity" else {}
    if name == "PairwiseDistance":
        arguments["keepdim"] = choose.flag()
    return Case(name, arguments, (one, other))
