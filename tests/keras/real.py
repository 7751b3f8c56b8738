"""The real Keras as judge: a file is run, and its model is described as padlint describes it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras

MODELS = Path(__file__).parent / "models"
Row = tuple[str, str, tuple[int | None, ...], int, int]


def run(text: str, name: str = "model") -> keras.Model:
    """The model that a module binds to a name, with names counted from the start."""
    keras.backend.clear_session()
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
