"""Activations and dropouts as layers, and what else keeps every shape (keras.src.layers.activations, .regularization)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown
from padlint.layers.arguments import numbers
from padlint.layers.base import Arguments, Shape, Slot
from padlint.layers.keras.base import Weights, keras_layer


def _prelu_weights(arguments: Arguments, given: Shape) -> Weights:
    """One slope for each element, or one along each shared axis (counted from 1)."""
    shared = arguments["shared_axes"]
    value = shared if isinstance(shared, tuple) else () if shared is None else (shared,)
    found = numbers(value)
    if found is None or any(isinstance(each, Unknown) for each in found):
        return Unknown("shared_axes that are not known")
    sizes: list[Dim] = [1 if axis in found else size for axis, size in enumerate(given)]
    return (Slot("alpha", tuple(sizes[1:])),)


LAYERS = (
    keras_layer("Activation", "activation"),
    keras_layer("ReLU", "max_value=None, negative_slope=0.0, threshold=0.0"),
    keras_layer("LeakyReLU", "negative_slope=0.3"),
    keras_layer("ELU", "alpha=1.0"),
    keras_layer(
        "PReLU",
        "alpha_initializer='Zeros', alpha_regularizer=None, alpha_constraint=None, shared_axes=None",
        weights=_prelu_weights,
    ),
    keras_layer("Softmax", "axis=-1"),
    keras_layer("Dropout", "rate, noise_shape=None, seed=None"),
    keras_layer("AlphaDropout", "rate, noise_shape=None, seed=None"),
    keras_layer("SpatialDropout1D", "rate, seed=None, name=None, dtype=None"),
    keras_layer("SpatialDropout2D", "rate, data_format=None, seed=None, name=None, dtype=None"),
    keras_layer("SpatialDropout3D", "rate, data_format=None, seed=None, name=None, dtype=None"),
    keras_layer("GaussianDropout", "rate, seed=None"),
    keras_layer("GaussianNoise", "stddev, seed=None"),
    keras_layer("ActivityRegularization", "l1=0.0, l2=0.0"),
    keras_layer("Masking", "mask_value=0.0"),
    keras_layer("UnitNormalization", "axis=-1"),
    keras_layer("Rescaling", "scale, offset=0.0"),
    keras_layer("Identity", ""),
)
