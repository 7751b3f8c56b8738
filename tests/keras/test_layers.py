"""The catalogue of Keras's layers: signatures, output shapes and weights are Keras's own."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint.arithmetic.dims import Unknown
from padlint.layers.base import Refusal, Shape, Value
from padlint.layers.catalogue import bind
from padlint.layers.keras.base import NONE
from padlint.layers.keras.catalogue import canonical, layers, snake_case
from tests.profiles import examples

from . import real

keras = real.keras
ALIASES = [name for name in dir(keras.layers) if name != canonical(name)]


@pytest.mark.parametrize("name", layers())
def test_the_signature_is_that_of_keras(name: str) -> None:
    parameters = list(inspect.signature(getattr(keras.layers, name).__init__).parameters.values())[1:]
    plain = [each for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    expected = [(p.name, None if p.default is p.empty else p.default, p.default is p.empty) for p in plain]
    own = [each for each in layers()[name].signature if each.kind == "positional"]
    assert [(each.name, each.default, each.required) for each in own] == expected


@pytest.mark.parametrize("name", ALIASES)
def test_second_names_are_those_of_keras(name: str) -> None:
    assert getattr(keras.layers, name) is getattr(keras.layers, canonical(name))


@pytest.mark.parametrize("name", layers())
def test_names_of_layers_are_those_of_keras(name: str) -> None:
    assert keras.src.utils.naming.to_snake_case(name) == snake_case(name)


def told(name: str, arguments: Mapping[str, Value], shape: tuple[int | None, ...]) -> object:
    """Output shape and the shapes of all weights, or None for what is refused."""
    layer = layers()[name]
    bound = bind(layer, [], arguments)
    assert not isinstance(bound, Refusal)
    known: Shape = tuple(NONE if size is None else size for size in shape)
    after = layer.shape(bound, known)
    if isinstance(after, Refusal):
        return None
    assert isinstance(after, tuple), after
    weights = layer.weights(bound, known)
    assert not isinstance(weights, Unknown)
    sizes = [None if isinstance(size, Unknown) else size for size in after]
    return sizes, [(list(slot.shape), slot.trainable) for slot in weights]


def says(name: str, arguments: Mapping[str, Value], shape: tuple[int | None, ...]) -> object:
    """The same of Keras."""
    try:
        layer = getattr(keras.layers, name)(**arguments)
        output = layer(keras.Input(batch_shape=shape)).shape
    except (ValueError, TypeError, RuntimeError, ZeroDivisionError):
        return None
    weights = [weight for weight in layer.weights if "seed" not in weight.path]
    return list(output), [(list(weight.shape), weight.trainable) for weight in weights]


TABLE: list[tuple[str, dict[str, Value], tuple[int | None, ...]]] = [
    ("Dense", {"units": 5}, (None, 7)),
    ("Dense", {"units": 5, "use_bias": False}, (None, 4, 7)),
    ("Flatten", {}, (None, 3, 4, 5)),
    ("Flatten", {}, (None, None, 4)),
    ("Reshape", {"target_shape": (3, 4)}, (None, 12)),
    ("Reshape", {"target_shape": (-1, 6)}, (None, 3, 4)),
    ("Reshape", {"target_shape": (5, 5)}, (None, 12)),
    ("Permute", {"dims": (2, 1)}, (None, 3, 4)),
    ("Permute", {"dims": (3, 1, 2)}, (None, 3, 4, 5)),
    ("RepeatVector", {"n": 4}, (None, 3)),
    ("Embedding", {"input_dim": 9, "output_dim": 4}, (None, 6)),
    ("BatchNormalization", {}, (None, 4, 5, 6)),
    ("BatchNormalization", {"axis": 1, "scale": False}, (None, 4, 5, 6)),
    ("BatchNormalization", {"center": False}, (None, 6)),
    ("LayerNormalization", {"axis": (1, 2)}, (None, 4, 5, 6)),
    ("LayerNormalization", {}, (None, 4, 5)),
    ("GroupNormalization", {"groups": 2}, (None, 4, 5, 6)),
    ("GroupNormalization", {"groups": 9}, (None, 4, 5, 6)),
    ("PReLU", {}, (None, 4, 5)),
    ("PReLU", {"shared_axes": (1, 2)}, (None, 4, 5, 6)),
    ("LSTM", {"units": 3}, (None, 4, 5)),
    ("LSTM", {"units": 3, "return_sequences": True, "use_bias": False}, (None, None, 5)),
    ("GRU", {"units": 3}, (None, 4, 5)),
    ("GRU", {"units": 3, "reset_after": False}, (None, 4, 5)),
    ("SimpleRNN", {"units": 3}, (None, 4, 5)),
    ("ZeroPadding1D", {"padding": (1, 2)}, (None, 4, 5)),
    ("ZeroPadding2D", {"padding": (1, 2)}, (None, 4, 5, 6)),
    ("ZeroPadding3D", {"padding": 2}, (None, 4, 5, 6, 1)),
    ("Cropping1D", {"cropping": 1}, (None, 4, 5)),
    ("Cropping2D", {"cropping": ((1, 1), (0, 2))}, (None, 4, 5, 6)),
    ("Cropping3D", {}, (None, 4, 5, 6, 1)),
    ("UpSampling1D", {"size": 3}, (None, 4, 5)),
    ("UpSampling2D", {"size": (2, 3)}, (None, 4, 5, 6)),
    ("UpSampling3D", {}, (None, 4, 5, 6, 1)),
    *((f"Global{k}Pooling{n}D", {"keepdims": kept}, (*(None, 4, 5, 6)[: n + 1], 3))
      for k in ("Max", "Average") for n in (1, 2, 3) for kept in (False, True)),
    *((name, {}, (None, 4, 5, 3)) for name in ("ReLU", "LeakyReLU", "ELU", "Softmax", "Identity")),
    *((name, {"rate": 0.5}, (None, 4, 5)) for name in ("Dropout", "SpatialDropout1D", "AlphaDropout", "GaussianDropout")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "shape"), TABLE, ids=[f"{n}-{a}" for n, a, _ in TABLE])
def test_shapes_and_weights(name: str, arguments: dict[str, Value], shape: tuple[int | None, ...]) -> None:
    assert told(name, arguments, shape) == says(name, arguments, shape)


@st.composite
def window_layers(draw: st.DrawFn) -> tuple[str, dict[str, Value], tuple[int | None, ...]]:
    """A convolution or pool with an input, both as wild as people write them."""
    axes = draw(st.sampled_from((1, 2, 3)))
    families = [f"Conv{axes}D", f"Conv{axes}DTranspose", f"MaxPooling{axes}D", f"AveragePooling{axes}D"]
    families += [f"DepthwiseConv{axes}D", f"SeparableConv{axes}D"] if axes < 3 else []
    name = draw(st.sampled_from(families))
    sizes = st.lists(st.integers(1, 4), min_size=axes, max_size=axes).map(tuple) if axes > 1 else st.integers(1, 4)
    arguments: dict[str, Value] = {"padding": draw(st.sampled_from(("same", "valid")))}
    if axes == 2 or not name.startswith(("Depthwise", "Separable")):
        arguments["strides"] = draw(sizes)
    else:
        arguments["strides"] = draw(st.integers(1, 3))
    if axes == 2 and name.startswith(("Depthwise", "Separable")):
        arguments["strides"] = (draw(st.integers(1, 3)),) * 2
    if "Pool" in name:
        arguments["pool_size"] = draw(sizes)
    else:
        arguments["kernel_size"] = draw(sizes)
        arguments["use_bias"] = draw(st.booleans())
        if not name.startswith("Depthwise"):
            arguments["filters"] = draw(st.integers(1, 6))
        if arguments["strides"] in (1, (1,) * axes):
            arguments["dilation_rate"] = draw(st.integers(1, 3))
        if name == f"Conv{axes}D":
            arguments["groups"] = draw(st.sampled_from((1, 1, 2)))
    spatial = draw(st.lists(st.one_of(st.integers(1, 20), st.none()), min_size=axes, max_size=axes))
    return name, arguments, (None, *spatial, draw(st.integers(1, 4)))


@examples(200)
@given(window_layers())
def test_generated_windows(one: tuple[str, dict[str, Value], tuple[int | None, ...]]) -> None:
    assert told(*one) == says(*one)
