"""Layers around another layer (keras.src.layers.core.wrapper, keras.src.layers.rnn). What is inside decides."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.layers.base import Arguments, Shape
from padlint.layers.keras.base import Given, Weights, keras_layer


def _inside(arguments: Arguments, given: Shape) -> Given:
    return Unknown("a wrapper around something that is not known")


def _weights_inside(arguments: Arguments, given: Shape) -> Weights:
    return Unknown("a wrapper around something that is not known")


LAYERS = (
    keras_layer("TimeDistributed", "layer", _inside, _weights_inside),
    keras_layer(
        "Bidirectional", "layer, merge_mode='concat', weights=None, backward_layer=None", _inside, _weights_inside
    ),
)
