"""What one layer of Keras is: its signature, the shape it gives, the weights it has.

Unlike torch's, a layer of Keras learns its channels from its input, so weights are a function of arguments and input shape.
The batch, and every other size that Keras calls None, is an `Unknown`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Union

from padlint.arithmetic.dims import Dim, Unknown
from padlint.layers.arguments import per_axis, show
from padlint.layers.base import Arguments, Parameter, Refusal, Shape, Slot, Value

NONE = Unknown("None in Keras")
Given = Union[Shape, Refusal, Unknown]
Weights = Union[tuple[Slot, ...], Unknown]
ShapeRule = Callable[[Arguments, Shape], Given]
WeightRule = Callable[[Arguments, Shape], Weights]

_COMMON = (
    "name=None, trainable=True, dtype=None, autocast=True, activity_regularizer=None, input_shape=None, "
    "batch_input_shape=None, batch_shape=None, input_dim=None, input_length=None"
)
"""What `keras.layers.Layer` takes by name, and took in Keras 2."""


@dataclass(frozen=True, slots=True)
class KerasLayer:
    """The declaration of one layer of keras.layers.

    shape    the output for an input shape, batch included; a Refusal where Keras raises
    weights  what it has once it is built on that shape, in Keras's order
    """

    name: str
    signature: tuple[Parameter, ...]
    shape: ShapeRule
    weights: WeightRule


def no_weights(arguments: Arguments, shape: Shape) -> Weights:
    return ()


def unchanged(arguments: Arguments, shape: Shape) -> Given:
    """The shape rule of a layer that works on each element alone."""
    return shape


def keras_layer(
    name: str, parameters: str, shape: ShapeRule = unchanged, weights: WeightRule = no_weights
) -> KerasLayer:
    """A layer whose constructor takes `parameters`, written as Python, and what all layers take by name."""
    return KerasLayer(name, signature(parameters), shape, weights)


@cache
def signature(text: str) -> tuple[Parameter, ...]:
    """Parameters as Python writes them, defaults literal; then those of every layer, by name only."""
    own = _parameters(text, "positional")
    taken = {parameter.name for parameter in own}
    return (*own, *(each for each in _parameters(_COMMON, "keyword") if each.name not in taken))


def _parameters(text: str, kind: str) -> tuple[Parameter, ...]:
    parsed = ast.parse(f"lambda {text}: 0", mode="eval").body
    assert isinstance(parsed, ast.Lambda)
    names, defaults = parsed.args.args, parsed.args.defaults
    required = len(names) - len(defaults)
    values: list[Value] = [None] * required + [ast.literal_eval(each) for each in defaults]
    rows = enumerate(zip(names, values, strict=True))
    return tuple(Parameter(each.arg, value, index < required, kind) for index, (each, value) in rows)


# ---------------------------------------------------------------- reading arguments


def channels_first(arguments: Arguments) -> bool:
    """Keras's own default is channels_last."""
    return arguments.get("data_format") == "channels_first"


def spatial_sizes(arguments: Arguments, shape: Shape) -> Shape:
    return shape[2:] if channels_first(arguments) else shape[1:-1]


def channels_of(arguments: Arguments, shape: Shape) -> Dim:
    return shape[1] if channels_first(arguments) else shape[-1]


def assembled(arguments: Arguments, batch: Dim, sizes: Shape, channels: Dim) -> Shape:
    return (batch, channels, *sizes) if channels_first(arguments) else (batch, *sizes, channels)


def axes_of(arguments: Arguments, name: str, axes: int) -> Shape:
    """An argument with one number, or one for each spatial axis."""
    value = arguments[name]
    found = per_axis(value, axes)
    return (Unknown(f"{name}={show(value)}"),) * axes if found is None else found


def wrong_rank(shape: Shape, rank: int) -> Refusal | None:
    if len(shape) == rank:
        return None
    return Refusal("PAD306", f"takes {rank}-d input, gets {len(shape)}-d {text_of(shape)}")


def text_of(shape: Shape) -> str:
    """(None, 32, 32, 3)"""
    inner = ", ".join("None" if isinstance(size, Unknown) else str(size) for size in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"
