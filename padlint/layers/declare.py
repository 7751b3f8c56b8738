"""What a declaration is written with: a signature as torch's documentation prints it, and a shape rule.

`layer` adds to every declaration what holds for all: a layer that torch would not build has no shape, the number
of inputs is checked, and no tensor is larger than what a machine can address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from padlint.arithmetic.dims import Unknown
from padlint.layers.base import Arguments, Layer, Output, Parameter, Refusal, Shape, Slot, Tensor, Value, Window

OneInput = Callable[[Arguments, Tensor], Output]
AllInputs = Callable[[Arguments, tuple[Tensor, ...]], Output]
Construct = Callable[[Arguments], "Refusal | None"]
State = Callable[[Arguments], "tuple[Slot, ...] | Unknown"]
Windows = Callable[[Arguments], "tuple[Window, ...] | Unknown"]
Settle = Callable[[Arguments, tuple[Tensor, ...]], Arguments]
Accepts = Callable[[Arguments], "Shape | None"]
Kept = Callable[[Arguments], Arguments]

_ADDRESSABLE = 2**63  # bytes; torch counts them in a signed 64-bit integer
_BYTES = 4  # float32, torch's default
_KEYWORDS: dict[str, Value] = {"None": None, "True": True, "False": False}


@cache
def signature(text: str) -> tuple[Parameter, ...]:
    """`"in_features, out_features, bias=True, *, dtype=None"` as parameters; defaults are plain literals."""
    parameters: list[Parameter] = []
    kind = "positional"
    for item in text.split(", ") if text else ():
        name, _, default = item.partition("=")
        if name == "*":
            kind = "keyword"
        elif name.startswith("*"):
            parameters.append(Parameter(name.strip("*"), kind="kwargs" if name.startswith("**") else "args"))
        else:
            parameters.append(Parameter(name, _literal(default) if default else None, not default, kind))
    return tuple(parameters)


def _literal(text: str) -> Value:
    if text in _KEYWORDS:
        return _KEYWORDS[text]
    if text.startswith("'"):
        return text.strip("'")
    return float(text) if "." in text or "e" in text else int(text)


def nothing_refused(arguments: Arguments) -> Refusal | None:
    """The construct rule of a layer that takes any value."""
    return None


def no_state(arguments: Arguments) -> tuple[Slot, ...]:
    """The state of a layer without parameters and buffers."""
    return ()


def as_given(arguments: Arguments) -> Arguments:
    """What a layer keeps in another form: nothing."""
    return {}


def any_rank(arguments: Arguments) -> Shape | None:
    """What a layer asks for that takes tensors of several ranks."""
    return None


def layer(
    name: str,
    parameters: str,
    shape: OneInput,
    construct: Construct = nothing_refused,
    windows: Windows | None = None,
    state: State = no_state,
    settle: Settle | None = None,
    same_input: bool = False,
    accepts: Accepts = any_rank,
    kept: Kept = as_given,
) -> Layer:
    """A layer whose call takes one tensor."""

    def only(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        return shape(arguments, inputs[0])

    return many_inputs(name, parameters, only, (1,), construct, windows, state, settle, same_input, accepts, kept)


def many_inputs(
    name: str,
    parameters: str,
    shape: AllInputs,
    counts: Sequence[int],
    construct: Construct = nothing_refused,
    windows: Windows | None = None,
    state: State = no_state,
    settle: Settle | None = None,
    same_input: bool = False,
    accepts: Accepts = any_rank,
    kept: Kept = as_given,
    states: int = 0,
) -> Layer:
    """A layer whose call takes as many tensors as one of `counts` says."""

    def build(arguments: Arguments) -> Refusal | None:
        refusal = construct(arguments)
        return refusal or oversized_state(state(arguments))

    def rule(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        if len(inputs) not in counts:
            return Refusal("PAD106", f"takes {' or '.join(map(str, counts))} input tensors, gets {len(inputs)}")
        if construct(arguments):
            return Unknown(f"torch refuses to build this {name}")
        output = shape(arguments, inputs)
        return (oversized(output.shape) if isinstance(output, Tensor) else None) or output

    return Layer(name, signature(parameters), rule, build, windows, state, same_input, accepts, settle, kept, states)


def oversized_state(slots: tuple[Slot, ...] | Unknown) -> Refusal | None:
    """Weights that no machine can address."""
    if isinstance(slots, Unknown):
        return None
    refusals = (oversized(slot.shape) for slot in slots)
    return next((refusal for refusal in refusals if refusal), None)


def oversized(shape: Shape) -> Refusal | None:
    """A tensor of 2**63 bytes or more."""
    elements = 1
    for size in shape:
        if not isinstance(size, int):
            return None
        elements *= size
    if elements * _BYTES < _ADDRESSABLE:
        return None
    return Refusal("PAD106", f"a tensor of {'x'.join(map(str, shape))} elements is larger than any memory")
