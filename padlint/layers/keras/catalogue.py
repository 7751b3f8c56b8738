"""The layers of keras.layers by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import padlint.layers.keras
from padlint.layers.keras.base import KerasLayer

_ALIAS = re.compile(r"(Global)?(Max|Avg)Pool([123]D)|(Separable|Depthwise)?Convolution([123]D)(Transpose)?")


@cache
def layers() -> Mapping[str, KerasLayer]:
    """Every declared layer by its name: the `LAYERS` of every module of this package."""
    found: dict[str, KerasLayer] = {}
    for module in iter_modules(padlint.layers.keras.__path__, f"{padlint.layers.keras.__name__}."):
        declared: tuple[KerasLayer, ...] = getattr(import_module(module.name), "LAYERS", ())
        found.update((layer.name, layer) for layer in declared)
    return found


def find(name: str) -> KerasLayer | None:
    """The layer of this name, or of this second name (MaxPool2D, Convolution2D); None for what is not known."""
    return layers().get(canonical(name))


def canonical(name: str) -> str:
    """Keras's first name for a layer: MaxPooling2D for MaxPool2D."""
    match = _ALIAS.fullmatch(name)
    if match is None:
        return name
    if match[3]:
        return f"{match[1] or ''}{'Max' if match[2] == 'Max' else 'Average'}Pooling{match[3]}"
    return f"{match[4] or ''}Conv{match[5]}{match[6] or ''}"


def snake_case(name: str) -> str:
    """What Keras calls the first layer of a class: `max_pooling2d`, `re_lu` (keras.src.utils.naming.to_snake_case)."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
