"""What Keras's layers give, channels first in and out.

Its torch backend is the default here. With KERAS_BACKEND=jax, and jax installed, JAX is the judge, of AveragePooling
too.
"""

from __future__ import annotations

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np

from .sliding import FILTERS, Array, Sliding

INDEPENDENT = keras.backend.backend() == "jax"
"""torch's backend replicates the border in AveragePooling where it cannot pad both sides alike."""


def convolved(one: Sliding) -> Array:
    """A convolution with padding='same' and this window's weights."""
    layer = _layer(f"Conv{one.axes}D")(
        FILTERS, one.kernels, one.strides, "same", dilation_rate=one.dilations, use_bias=False
    )
    layer.build(_channels_last(one.map()).shape)
    layer.set_weights([np.moveaxis(one.weight(), (0, 1), (-1, -2))])
    return _run(layer, one)


def max_pooled(one: Sliding) -> Array:
    """A max pool with padding='same'."""
    return _run(_layer(f"MaxPooling{one.axes}D")(_plain(one.kernels), _plain(one.strides), "same"), one)


def averaged(one: Sliding) -> Array:
    """An average pool with padding='same'."""
    return _run(_layer(f"AveragePooling{one.axes}D")(_plain(one.kernels), _plain(one.strides), "same"), one)


def transposed(one: Sliding, padding: str) -> tuple[int, ...]:
    """The spatial sizes out of a transposed convolution."""
    layer = _layer(f"Conv{one.axes}DTranspose")(1, one.kernels, one.strides, padding, dilation_rate=one.dilations)
    try:
        return _run(layer, one).shape[2:]
    except ValueError:  # Keras 3.12 cannot run all of them on torch, but knows their sizes
        return tuple(layer.compute_output_shape(_channels_last(one.map()).shape))[1:-1]


def _layer(name: str) -> type[keras.layers.Layer]:
    found: type[keras.layers.Layer] = getattr(keras.layers, name)
    return found


def _plain(sizes: tuple[int, ...]) -> int | tuple[int, ...]:
    return sizes[0] if len(sizes) == 1 else sizes


def _channels_last(values: Array) -> Array:
    return np.ascontiguousarray(np.moveaxis(values, 1, -1))


def _run(layer: keras.layers.Layer, one: Sliding) -> Array:
    return np.moveaxis(keras.ops.convert_to_numpy(layer(_channels_last(one.map()))), -1, 1)
