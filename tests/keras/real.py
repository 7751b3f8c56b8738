"""The real Keras as judge: a file is run, and its model is described as padlint describes it."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
from numpy.typing import NDArray

MODELS = Path(__file__).parent / "models"
Array = NDArray[np.float32]
Row = tuple[str, str, tuple[int | None, ...], int, int]


def run(text: str, name: str = "model") -> keras.Model:
    """The model that a module binds to a name, with names counted from the start."""
    keras.backend.clear_session(free_memory=False)
    names: dict[str, object] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "model", "exec"), names)
    found = names[name]
    assert isinstance(found, keras.Model)
    return found


def rows(model: keras.Model) -> list[Row]:
    """Name, class, output shape, parameters, trainable parameters of every layer."""
    return [
        (
            layer.name,
            type(layer).__name__,
            tuple(layer.output.shape),
            layer.count_params(),
            trainable(layer),
        )
        for layer in model.layers
    ]


def trainable(layer: keras.layers.Layer) -> int:
    total = 0
    for weight in layer.trainable_weights:
        count = 1
        for size in weight.shape:
            count *= size
        total += count
    return total


# ---------------------------------------------------------------- values


def predicted(model: keras.Model, values: Array) -> Array:
    """What the model gives when it predicts, layer by layer; layers that some backend of Keras is known to get wrong are
    computed by hand, unless JAX is the backend, which gets them right."""
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        hand = None if keras.backend.backend() == "jax" else BY_HAND.get(re.sub("[123]D", "", type(layer).__name__))
        first = getattr(layer, "data_format", "") == "channels_first"
        if hand is None or getattr(layer, "padding", "same") != "same":
            values = keras.ops.convert_to_numpy(layer(values, training=False))
        else:
            found = hand(layer, np.moveaxis(values, 1, -1) if first else values)
            found = np.moveaxis(found, -1, 1) if first else found
            values = keras.ops.convert_to_numpy(layer.activation(found)) if hasattr(layer, "activation") else found
    return values


def averaged(layer: keras.layers.Layer, values: Array) -> Array:
    """The mean of what lies in the map. Keras's torch backend repeats the border where it pads the end more."""
    counts = np.ones_like(values)
    for axis, (size, stride) in enumerate(zip(layer.pool_size, layer.strides, strict=True), start=1):
        values, counts = (_summed(each, axis, size, stride) for each in (values, counts))
    return values / counts


def _summed(values: Array, axis: int, size: int, stride: int) -> Array:
    length = values.shape[axis]
    count = -(-length // stride)
    before = max((count - 1) * stride + size - length, 0) // 2
    windows = [range(max(at * stride - before, 0), min(at * stride - before + size, length)) for at in range(count)]
    return np.stack([values.take(each, axis).sum(axis) for each in windows], axis)


def transposed(layer: keras.layers.Layer, values: Array) -> Array:
    """Every element times the kernel, added up where it falls; then cropped, the end more than the beginning. Keras's
    torch backend cropped the other end before Keras 3.14."""
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    sizes = values.shape[1:-1]
    reaches = [(k - 1) * d + 1 for k, d in zip(layer.kernel_size, layer.dilation_rate, strict=True)]
    whole = [(n - 1) * s + e for n, s, e in zip(sizes, layer.strides, reaches, strict=True)]
    extras = layer.output_padding if isinstance(layer.output_padding, tuple) else (layer.output_padding,) * len(sizes)
    rows = zip(sizes, layer.strides, reaches, extras, strict=True)
    wanted = [n * s if extra is None else (n - 1) * s + e % 2 + extra for n, s, e, extra in rows]
    found = np.zeros(
        (len(values), *(max(pair) for pair in zip(whole, wanted, strict=True)), kernel.shape[-2]), "float32"
    )
    for offset in np.ndindex(*layer.kernel_size):
        rows = zip(offset, layer.dilation_rate, sizes, layer.strides, strict=True)
        slots = tuple(slice(o * d, o * d + (n - 1) * s + 1, s) for o, d, n, s in rows)
        found[(slice(None), *slots)] += values @ kernel[offset].T
    starts = [max(n - out, 0) // 2 for n, out in zip(whole, wanted, strict=True)]
    found = found[(slice(None), *(slice(lo, lo + out) for lo, out in zip(starts, wanted, strict=True)))]
    return found + keras.ops.convert_to_numpy(layer.bias) if layer.use_bias else found


def normalised(layer: keras.layers.Layer, values: Array) -> Array:
    """Over any axes. Keras's torch backend takes the last ones instead of axes that lie side by side elsewhere."""
    axes = tuple(axis % values.ndim for axis in layer.axis)
    shape = [size if axis in axes else 1 for axis, size in enumerate(values.shape)]
    found = (values - values.mean(axes, keepdims=True)) / np.sqrt(values.var(axes, keepdims=True) + layer.epsilon)
    found = found if layer.gamma is None else found * keras.ops.convert_to_numpy(layer.gamma).reshape(shape)
    return found if layer.beta is None else found + keras.ops.convert_to_numpy(layer.beta).reshape(shape)


BY_HAND = {"AveragePooling": averaged, "ConvTranspose": transposed, "LayerNormalization": normalised}


def randomised(model: keras.Model) -> None:
    """Weights that no layer is born with; what must be positive is."""
    numbers = np.random.default_rng(0)

    def some(shape: tuple[int, ...]) -> Array:
        fan = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
        return numbers.standard_normal(shape).astype("float32") * min(0.7, 1.5 / fan**0.5)

    model.set_weights(
        [
            np.abs(some(weight.shape)) + 0.3 if weight.path.endswith("moving_variance") else some(weight.shape)
            for weight in model.weights
        ]
    )
