"""Linear, Bilinear, Identity and LazyLinear (torch.nn.modules.linear)."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown, equal
from padlint.layers.arguments import check_number, size, truth
from padlint.layers.base import Arguments, Layer, Output, Refusal, Slot, Tensor
from padlint.layers.declare import layer, many_inputs
from padlint.layers.inputs import by, check_least_rank, check_size

_TAIL = "out_features, bias=True, device=None, dtype=None"


def _construct(arguments: Arguments) -> Refusal | None:
    lazy = "in_features" not in arguments
    return (None if lazy else check_number(arguments, "in_features", 0)) or check_number(arguments, "out_features", 0)


def _settle(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Arguments:
    return {**arguments, "in_features": inputs[0].shape[-1]}


def _shape(arguments: Arguments, tensor: Tensor) -> Output:
    if refusal := check_least_rank(tensor, 1):
        return refusal
    *leading, features = tensor.shape
    wanted = size({"in_features": features, **arguments}, "in_features")
    refusal = check_size("PAD303", "features", features, wanted, "in_features")
    return refusal or Tensor((*leading, size(arguments, "out_features")))


def _state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    out = size(arguments, "out_features")
    return with_bias(arguments, Slot("weight", (out, size(arguments, "in_features"))), Slot("bias", (out,)))


def with_bias(arguments: Arguments, weight: Slot, bias: Slot) -> tuple[Slot, ...] | Unknown:
    """The weight, and the bias if the argument of that name says so."""
    wanted = truth(arguments["bias"])
    if isinstance(wanted, Unknown):
        return wanted
    return (weight, bias) if wanted else (weight,)


def _bilinear_construct(arguments: Arguments) -> Refusal | None:
    names = {"in1_features": 1, "in2_features": 0, "out_features": 0}
    refusals = (check_number(arguments, name, least) for name, least in names.items())
    return next((refusal for refusal in refusals if refusal), None)


def _bilinear_shape(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    one, other = inputs
    if refusal := check_least_rank(one, 1):
        return refusal
    leading, others = one.shape[:-1], other.shape[:-1]
    if len(one.shape) != len(other.shape) or any(equal(*pair) is False for pair in zip(leading, others, strict=False)):
        return Refusal("PAD306", f"gets {by(one.shape)} and {by(other.shape)}: they differ before the last axis")
    for tensor, name in zip(inputs, ("in1_features", "in2_features"), strict=False):
        if refusal := check_size("PAD303", "features", tensor.shape[-1], size(arguments, name), name):
            return refusal
    return Tensor((*leading, size(arguments, "out_features")))


def _bilinear_state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    first, second, out = (size(arguments, name) for name in ("in1_features", "in2_features", "out_features"))
    return with_bias(arguments, Slot("weight", (out, first, second)), Slot("bias", (out,)))


def identity(name: str, parameters: str) -> Layer:
    """A layer that gives its input back."""
    return layer(name, parameters, lambda arguments, tensor: tensor, same_input=True)


LAYERS = (
    identity("Identity", "*args, **kwargs"),
    layer("Linear", "in_features, " + _TAIL, _shape, _construct, state=_state),
    layer("LazyLinear", _TAIL, _shape, _construct, state=_state, settle=_settle),
    many_inputs(
        "Bilinear",
        "in1_features, in2_features, " + _TAIL,
        _bilinear_shape,
        (2,),
        _bilinear_construct,
        state=_bilinear_state,
    ),
)
