"""What one layer is: its signature, the values it refuses, the shape it gives, the state it saves.

A layer is one `Layer` declared in its family's file and found there by `padlint.layers.catalogue`. Arguments are bound by
torch's own names with defaults filled in; a value that is not known is an `Unknown` and makes unknown only what needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Union

from padlint.arithmetic.dims import Dim, Expr, Unknown

Value = Union[bool, int, float, str, None, Expr, Unknown, "Tensor", tuple["Value", ...]]
Arguments = Mapping[str, Value]
Shape = tuple[Dim, ...]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor of which only the shape is known. A shape whose rank is unknown is an `Unknown`, not a Tensor.

    `origin` is the number of the call that made it, where one did; it says nothing about equality.
    """

    shape: Shape
    origin: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """torch would raise here. `code` is the rule that reports it, `argument` the argument at fault (None: the input).

    `message` says what is and what was wanted, with the numbers, without the layer's name: "padding=32 is more than half
    of kernel_size=3". `wanted` is the one value of `argument` that torch would take, where the refusal determines it.
    """

    code: str
    message: str
    argument: str | None = None
    wanted: Value = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One tensor of a layer's state: `weight`, `bias`, `running_mean`. Buffers are saved but not counted as parameters."""

    name: str
    shape: Shape
    trainable: bool = True
    buffer: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """How a layer slides over one spatial axis. `lo`, `hi`: padding before and after, in elements.

    For a transposed convolution `lo == hi == padding` (what torch crops) and `output_padding` is added at the end.
    """

    kernel: Dim
    stride: Dim
    dilation: Dim
    lo: Dim
    hi: Dim
    ceil_mode: bool | Unknown = False
    transposed: bool = False
    output_padding: Dim = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature. `required` parameters have no default. `kind` as in inspect: "positional", "keyword",
    "args" or "kwargs"."""

    name: str
    default: Value = None
    required: bool = False
    kind: str = "positional"


Output = Union[Tensor, tuple["Output", ...], Refusal, Unknown]


@dataclass(frozen=True, slots=True)
class Layer:
    """The declaration of one layer.

    construct   what torch refuses when the layer is built, or never allows it to do whatever the input (pool padding)
    shape       the output for the inputs of one call: a Tensor, a tuple of them, a Refusal (torch would raise), or Unknown
    windows     how it slides over each spatial axis, given the number of spatial axes; None for a layer without windows
    state       what it saves
    same_input  an element-wise layer: the output has the shape of the input
    accepts     the batched shape that it asks for, with symbols N, C, D, H, W, L for what is free; None where any rank will do
    settle      a lazy layer's arguments once it has seen these inputs, with `in_channels`, `in_features` or
                `num_features` among them; None for a layer that is not lazy
    kept        what the built layer has under the names of arguments that it does not keep as they are
    states      how many tensors its second argument `hx` holds, a pair where there are two; the output's shape does not
                depend on them
    """

    name: str
    signature: tuple[Parameter, ...]
    shape: Callable[[Arguments, tuple[Tensor, ...]], Output]
    construct: Callable[[Arguments], Refusal | None] = lambda arguments: None
    windows: Callable[[Arguments], tuple[Window, ...] | Unknown] | None = None
    state: Callable[[Arguments], tuple[Slot, ...] | Unknown] = lambda arguments: ()
    same_input: bool = False
    accepts: Callable[[Arguments], Shape | None] = lambda arguments: None
    settle: Callable[[Arguments, tuple[Tensor, ...]], Arguments] | None = None
    kept: Callable[[Arguments], Arguments] = lambda arguments: {}
    states: int = 0
