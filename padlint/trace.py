"""What was built: every Sequential with its layers, their parameters, and the shapes that went through them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Union

from padlint.finding import Span

Json = Union[bool, int, float, str, None, list["Json"], dict[str, "Json"]]
ShapeText = tuple[Union[int, str, None], ...]
"""Ints; symbols and expressions as text; None for Keras's batch, or a size that is not known."""


@dataclass(frozen=True, slots=True)
class BuiltLayer:
    """One layer of a Sequential. `type` is qualified (`torch.nn.Conv2d`); `params` counts all parameters, `trainable`
    those that learn, both None where they are not known; `reason` says why something is not known. `layers`: what a
    nested Sequential holds. `at` is where it is built; None for what stands for any number of layers."""

    name: str
    type: str | None
    at: Span | None
    args: Mapping[str, Json]
    in_shape: ShapeText | None
    out_shape: ShapeText | None
    params: int | None
    trainable: int | None
    resolved: bool
    reason: str | None = None
    layers: tuple[BuiltLayer, ...] = ()


@dataclass(frozen=True, slots=True)
class BuiltSequential:
    """One Sequential as the interpreter would build it, for one `binding` of the parameters that it depends on.
    `at` is the call that builds it. `complete` is False where more layers may follow. `accepts`: the input sizes that a
    Linear behind a Flatten allows, as text."""

    at: Span
    qualname: str
    framework: Literal["torch", "keras"]
    binding: Mapping[str, str] | None
    complete: bool
    input_shape: ShapeText | None
    output_shape: ShapeText | None
    accepts: str | None
    layers: tuple[BuiltLayer, ...] = ()


@dataclass(frozen=True, slots=True)
class Shapes:
    """Every Sequential that was built. `problems` (exit code 2) and `notes` are lines for standard error."""

    built: tuple[BuiltSequential, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
