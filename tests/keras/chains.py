"""Random chains of layers, as the source of Keras models. Keras itself says which layers fit one behind the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from . import real

layers = real.keras.layers

Shape = tuple[int | None, ...]
Draw = st.DrawFn
LARGEST = {2: 40, 3: 24, 4: 12, 5: 7}
"""The largest spatial size that a chain begins with, by rank; the most numbers a map may have are `MOST`."""
MOST = 6000


@dataclass(frozen=True)
class Chain:
    """`layers` as Python writes them, behind an Input of this shape (without its batch)."""

    shape: tuple[int, ...]
    layers: tuple[str, ...]
    tokens: int = 0

    @property
    def text(self) -> str:
        rows = "".join(f"        layers.{each},\n" for each in self.layers)
        head = "from keras import Sequential, layers\n\nmodel = Sequential(\n    [\n"
        return f"{head}        layers.Input({self.shape}),\n{rows}    ]\n)\n"


def call(name: str, *args: object, **keywords: object) -> str:
    """`Conv2D(3, 2, padding='same')`; arguments that are None are left out."""
    words = [f"{key}={value!r}" for key, value in keywords.items() if value is not None]
    return f"{name}({', '.join([*map(repr, args), *words])})"


def maybe(draw: Draw, *values: object) -> object:
    """One of these, or nothing."""
    return draw(st.sampled_from((None, *values)))


@dataclass(frozen=True)
class Spot:
    """Where a layer is to be drawn: the shape that comes in, and the format of the chain."""

    draw: Draw
    shape: Shape
    format: str | None

    @property
    def axes(self) -> int:
        return len(self.shape) - 2

    @property
    def channels(self) -> int:
        found = self.shape[1 if self.format == "channels_first" else -1]
        assert found is not None
        return found

    def size(self, most: int) -> object:
        """One number for all axes or one for each."""
        single = st.integers(1, most)
        return self.draw(st.one_of(single, st.tuples(*[single] * self.axes)) if self.axes > 1 else single)

    def data_format(self) -> str | None:
        """The chain's; now and then a layer forgets it, or says it though it is the default."""
        odd = self.draw(st.integers(0, 11)) == 0
        return (None if self.format else "channels_last") if odd else self.format


ACTIVATIONS = (
    "relu", "sigmoid", "tanh", "selu", "softplus", "softsign", "swish", "silu", "mish", "relu6", "hard_sigmoid", "elu",
    "gelu", "leaky_relu", "softmax", "log_softmax", "hard_swish", "linear", "exponential", "celu", "hard_tanh",
    "log_sigmoid", "tanh_shrink", "soft_shrink", "hard_shrink", "squareplus", "sparse_plus", "hard_silu",
)  # fmt: skip


def some_activation(at: Spot) -> object:
    return at.draw(st.sampled_from(ACTIVATIONS)) if at.draw(st.integers(0, 2)) == 0 else None


def flag(at: Spot) -> object:
    return maybe(at.draw, False)


# ---------------------------------------------------------------- one layer


def convolution(at: Spot) -> str:
    name, groups = f"Conv{at.axes}D", None
    filters = at.draw(st.integers(1, 6))
    format_ = at.data_format()
    if at.channels > 1 and format_ == at.format and at.draw(st.integers(0, 3)) == 0:
        groups = at.draw(st.sampled_from([each for each in range(2, at.channels + 1) if at.channels % each == 0]))
        filters = groups * at.draw(st.integers(1, 3))
    words = ("same", "valid", "causal") if at.axes == 1 and at.format is None else ("same", "valid")
    strided = at.draw(st.booleans())
    return call(
        name, filters, at.size(5),
        padding=maybe(at.draw, *words, "SAME"), data_format=format_, groups=groups, activation=some_activation(at),
        strides=at.size(3) if strided else None, dilation_rate=None if strided else maybe(at.draw, at.size(3)),
        use_bias=flag(at),
    )  # fmt: skip


def deep(at: Spot) -> str:
    """Depthwise and separable convolutions: Keras wants one stride for both axes."""
    strided = at.draw(st.booleans())
    kind = at.draw(st.sampled_from(("DepthwiseConv", "SeparableConv")))
    filters = [at.draw(st.integers(1, 5))] if kind == "SeparableConv" else []
    return call(
        f"{kind}{at.axes}D", *filters, at.size(4),
        padding=maybe(at.draw, "same", "valid"), data_format=at.data_format(), activation=some_activation(at),
        strides=at.draw(st.integers(1, 3)) if strided else None,
        dilation_rate=None if strided else maybe(at.draw, 2, 3),
        depth_multiplier=maybe(at.draw, 2, 3), use_bias=flag(at),
    )  # fmt: skip


def transposed(at: Spot) -> str:
    strided = at.draw(st.integers(0, 3)) > 0
    return call(
        f"Conv{at.axes}DTranspose", at.draw(st.integers(1, 4)), at.size(5),
        strides=at.size(4 if at.axes < 3 else 2) if strided else None, padding=maybe(at.draw, "same", "valid"),
        dilation_rate=None if strided else maybe(at.draw, 2, 3), data_format=at.data_format(),
        output_padding=at.draw(st.integers(0, 2)) if at.draw(st.integers(0, 5)) == 0 else None,
        activation=some_activation(at), use_bias=flag(at),
    )  # fmt: skip


def pool(at: Spot) -> str:
    kind = at.draw(st.sampled_from(("Max", "Average")))
    return call(
        f"{kind}Pooling{at.axes}D", at.size(4), strides=at.size(3) if at.draw(st.booleans()) else None,
        padding=maybe(at.draw, "same", "valid"), data_format=at.data_format(),
    )  # fmt: skip


def global_pool(at: Spot) -> str:
    name = f"Global{at.draw(st.sampled_from(('Max', 'Average')))}Pooling{at.axes}D"
    return call(name, keepdims=maybe(at.draw, True), data_format=at.data_format())


def sides(at: Spot, least: int = 0) -> object:
    """What borders take: a number, one for each axis, or a pair for each axis."""
    single = st.integers(least, 3)
    pair = st.tuples(single, single)
    choices = [single, pair] if at.axes == 1 else [single, st.tuples(*[single] * at.axes), st.tuples(*[pair] * at.axes)]
    return at.draw(st.one_of(choices))


def border(at: Spot) -> str:
    name = at.draw(st.sampled_from(("ZeroPadding", "Cropping")))
    # Cropping1D knows no format
    format_ = {} if name == "Cropping" and at.axes == 1 else {"data_format": at.data_format()}
    return call(f"{name}{at.axes}D", sides(at), **format_)


def upsampling(at: Spot) -> str:
    keywords: dict[str, object] = {} if at.axes == 1 else {"data_format": at.data_format()}
    if at.axes == 2:
        keywords["interpolation"] = maybe(at.draw, "nearest", "bilinear")
    return call(f"UpSampling{at.axes}D", at.size(2), **keywords)


def dense(at: Spot) -> str:
    return call("Dense", at.draw(st.integers(1, 8)), activation=some_activation(at), use_bias=flag(at))


def some_axis(at: Spot) -> object:
    return at.draw(st.sampled_from((*range(1, len(at.shape)), *range(-1, 1 - len(at.shape), -1))))


def batch_norm(at: Spot) -> str:
    usual = 1 if at.format else None
    return call(
        "BatchNormalization", axis=some_axis(at) if at.draw(st.integers(0, 3)) == 0 else usual,
        momentum=maybe(at.draw, 0.9), epsilon=maybe(at.draw, 1e-5), center=flag(at), scale=flag(at),
    )  # fmt: skip


def layer_norm(at: Spot) -> str:
    rank = len(at.shape)
    axes: list[object] = [tuple(range(start, rank)) for start in range(1, rank)]
    return call(
        "LayerNormalization", axis=maybe(at.draw, *axes, some_axis(at)), epsilon=maybe(at.draw, 1e-5),
        center=flag(at), scale=flag(at),
    )  # fmt: skip


def group_norm(at: Spot) -> str:
    axis = some_axis(at) if at.draw(st.integers(0, 3)) == 0 else 1 if at.format else -1
    assert isinstance(axis, int)
    size = at.shape[axis]
    assert size is not None
    groups = at.draw(st.sampled_from((-1, *(each for each in range(1, size + 1) if size % each == 0))))
    return call("GroupNormalization", groups, axis=axis, epsilon=maybe(at.draw, 1e-5), center=flag(at), scale=flag(at))


def plain_activation(at: Spot) -> str:
    spatial = list(range(2, len(at.shape)) if at.format else range(1, len(at.shape) - 1))
    shared = [each for each in (spatial, [1]) if each]
    alone: dict[str, Callable[[], str]] = {
        "Activation": lambda: call("Activation", at.draw(st.sampled_from(ACTIVATIONS))),
        "ReLU": lambda: call(
            "ReLU", max_value=maybe(at.draw, 6, 1.5), negative_slope=maybe(at.draw, 0.1), threshold=maybe(at.draw, 0.3)
        ),
        "LeakyReLU": lambda: call("LeakyReLU", negative_slope=maybe(at.draw, 0.2)),
        "ELU": lambda: call("ELU", alpha=maybe(at.draw, 0.5)),
        "PReLU": lambda: call("PReLU", shared_axes=maybe(at.draw, *shared)),
        "Softmax": lambda: call("Softmax", axis=maybe(at.draw, some_axis(at))),
    }
    return alone[at.draw(st.sampled_from(sorted(alone)))]()


def quiet(at: Spot) -> str:
    """What does nothing, or next to nothing, when a model predicts."""
    kinds = [
        call("Dropout", 0.3), call("GaussianDropout", 0.2), call("GaussianNoise", 0.1), call("AlphaDropout", 0.1),
        call("ActivityRegularization", 0.1), call("Identity"), call("Rescaling", 0.5, offset=maybe(at.draw, -1.0)),
        call("UnitNormalization", axis=maybe(at.draw, some_axis(at))),
        *([call(f"SpatialDropout{at.axes}D", 0.2)] if at.axes in (1, 2, 3) else []),
    ]  # fmt: skip
    return at.draw(st.sampled_from(kinds))


def moved(at: Spot) -> str:
    """What only moves elements."""
    count = 1
    for each in at.shape[1:]:
        assert each is not None
        count *= each
    kinds = ["Flatten", "Reshape"] + (["Permute"] if at.axes else ["RepeatVector"])
    kind = at.draw(st.sampled_from(kinds))
    if kind == "Flatten":
        return call("Flatten", data_format=at.data_format())
    if kind == "RepeatVector":
        return call("RepeatVector", at.draw(st.integers(1, 5)))
    if kind == "Permute":
        return call("Permute", tuple(at.draw(st.permutations(range(1, len(at.shape))))))
    target: list[int] = []
    for _ in range(at.draw(st.integers(0, 3))):
        rest = count
        for each in target:
            rest //= each
        target.append(at.draw(st.sampled_from([each for each in range(1, rest + 1) if rest % each == 0])))
    rest = count
    for each in target:
        rest //= each
    target.append(rest)
    target = at.draw(st.permutations(target))
    if at.draw(st.booleans()):
        target = [*target]
        target[at.draw(st.integers(0, len(target) - 1))] = -1
    return call("Reshape", tuple(target))


def recurrent(at: Spot) -> str:
    kind = at.draw(st.sampled_from(("LSTM", "GRU", "LSTM", "GRU", "SimpleRNN")))
    inner = call(
        kind, at.draw(st.integers(1, 5)), return_sequences=maybe(at.draw, True), use_bias=flag(at),
        go_backwards=True if at.draw(st.integers(0, 5)) == 0 else None,
        reset_after=flag(at) if kind == "GRU" else None,
        activation=maybe(at.draw, "relu") if at.draw(st.integers(0, 5)) == 0 else None,
    )  # fmt: skip
    if at.draw(st.integers(0, 3)):
        return inner
    modes = ("sum", "mul", "ave", "concat")
    return f"Bidirectional(layers.{inner}, merge_mode={at.draw(st.sampled_from(modes))!r})"


def distributed(at: Spot) -> str:
    """A layer that sees one step at a time."""
    step = Spot(at.draw, (at.shape[0], *at.shape[2:]), None)
    return f"TimeDistributed(layers.{at.draw(st.sampled_from((dense, plain_activation, quiet)))(step)})"


Maker = Callable[[Spot], str]
EVERYWHERE: tuple[Maker, ...] = (dense, batch_norm, layer_norm, plain_activation, quiet, moved)
SPATIAL: tuple[Maker, ...] = (
    convolution, convolution, pool, pool, transposed, border, upsampling, global_pool, group_norm, batch_norm,
)  # fmt: skip
BY_RANK: dict[int, tuple[Maker, ...]] = {
    2: EVERYWHERE,
    3: (*EVERYWHERE, *SPATIAL, deep, recurrent, recurrent, distributed),
    4: (*EVERYWHERE, *SPATIAL, *SPATIAL, deep, deep),
    5: (*EVERYWHERE, *SPATIAL, *SPATIAL),
}


def after(text: str, shape: Shape) -> Shape | None:
    """What Keras makes of a shape; None where it refuses, or where the map becomes too large."""
    try:
        found = eval(f"layers.{text}", {"layers": layers}).compute_output_shape(shape)
    except (ValueError, TypeError, RuntimeError, IndexError, ZeroDivisionError, AttributeError):
        return None
    sizes = [each for each in found[1:] if isinstance(each, int)]
    count = 1
    for each in sizes:
        count *= each
    return (
        tuple(found) if len(sizes) == len(found) - 1 and min(sizes) > 0 and count <= MOST and len(found) < 6 else None
    )


def chain(draw: Draw, most: int = 7) -> Chain:
    """A few layers over small maps; channels first in one chain of four."""
    rank = draw(st.sampled_from((2, 3, 3, 4, 4, 4, 4, 5)))
    format_ = "channels_first" if rank > 2 and draw(st.integers(0, 3)) == 0 else None
    tokens = draw(st.integers(2, 9)) if rank == 2 and draw(st.booleans()) else 0
    spatial = [draw(st.integers(1, LARGEST[rank])) for _ in range(rank - 2)]
    channels = draw(st.integers(1, 12 if rank == 2 else 4))
    inner = (channels, *spatial) if format_ else (*spatial, channels)
    found: list[str] = []
    shape: Shape = (None, *inner)
    if tokens:
        found.append(call("Embedding", tokens, draw(st.integers(1, 4))))
        shape = (*shape, eval(found[0].removeprefix("Embedding"))[1])
    for _ in range(draw(st.sampled_from(range(2, most + 1)))):
        maker = draw(st.sampled_from(BY_RANK[len(shape)]))
        text = maker(Spot(draw, shape, format_))
        given = after(text, shape)
        if given is not None:
            found.append(text)
            shape = given
    return Chain(inner, tuple(found), tokens)
