"""Activations (torch.nn.modules.activation). Most keep every shape; GLU, PReLU and Softmax look at an axis."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.layers.arguments import check_choice, check_number, check_real, show, size
from padlint.layers.base import Arguments, Layer, Output, Refusal, Slot, Tensor
from padlint.layers.declare import Construct, layer, nothing_refused
from padlint.layers.inputs import check_rank, check_size


def no_arguments(arguments: Arguments) -> Refusal | None:
    """Module.__init__ takes *args and **kwargs and refuses all of them."""
    return Refusal("PAD106", "takes no arguments") if arguments["args"] or arguments["kwargs"] else None


def elementwise(name: str, parameters: str = "inplace=False", construct: Construct = nothing_refused) -> Layer:
    """A layer that works on each element alone."""
    return layer(name, parameters, lambda arguments, tensor: tensor, construct, same_input=True)


def _bare(name: str) -> Layer:
    return elementwise(name, "*args, **kwargs", no_arguments)


def axis(value: Dim, rank: int, argument: str) -> int | Unknown | Refusal:
    """The axis that `value` names among `rank`, counted from 0; a scalar counts as one axis."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, int):
        return Unknown(f"{argument}={value}")
    reach = max(rank, 1)
    if -reach <= value < reach:
        return value % reach
    return Refusal("PAD306", f"{argument}={value} is no axis of {rank}-d input", argument)


def _softmax(arguments: Arguments, tensor: Tensor) -> Output:
    """Along `dim`; without one torch chooses."""
    if arguments["dim"] is None:
        return tensor
    found = axis(size(arguments, "dim"), len(tensor.shape), "dim")
    return found if isinstance(found, Refusal) else tensor


def _glu(arguments: Arguments, tensor: Tensor) -> Output:
    """Half of axis `dim`."""
    if not tensor.shape:
        return Refusal("PAD306", "takes input of at least 1 axis, gets a scalar")
    found = axis(size(arguments, "dim"), len(tensor.shape), "dim")
    if not isinstance(found, int):
        return found
    n = tensor.shape[found]
    if equal(n % 2, 0) is False:
        return Refusal("PAD106", f"halves an even size, gets {n} on axis {found}", "dim")
    return Tensor((*tensor.shape[:found], n // 2, *tensor.shape[found + 1 :]))


def _check_dim(arguments: Arguments) -> Refusal | None:
    return None if arguments["dim"] is None else check_number(arguments, "dim")


def _check_glu(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "dim")


def _softmax2d(arguments: Arguments, tensor: Tensor) -> Output:
    return check_rank(tensor, (3, 4)) or tensor


def _prelu_construct(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "num_parameters", 0)


def _prelu(arguments: Arguments, tensor: Tensor) -> Output:
    """One parameter for all channels, or one for each; the channels are axis 1, a vector has one channel."""
    wanted = size(arguments, "num_parameters")
    if equal(wanted, 1) is not False:
        return tensor
    if not tensor.shape:
        return Refusal("PAD306", "takes input of at least 1 axis, gets a scalar", "num_parameters")
    channels = tensor.shape[1] if len(tensor.shape) > 1 else 1
    return check_size("PAD301", "channels", channels, wanted, "num_parameters") or tensor


def _prelu_state(arguments: Arguments) -> tuple[Slot, ...]:
    return (Slot("weight", (size(arguments, "num_parameters"),)),)


def _reals(*names: str) -> Construct:
    """The construct rule of a layer with these numbers."""

    def construct(arguments: Arguments) -> Refusal | None:
        refusals = (check_real(arguments, name) for name in names)
        return next((refusal for refusal in refusals if refusal), None)

    return construct


def _check_celu(arguments: Arguments) -> Refusal | None:
    return Refusal("PAD106", "alpha=0", "alpha") if arguments["alpha"] == 0 else _reals("alpha")(arguments)


def _check_hardtanh(arguments: Arguments) -> Refusal | None:
    low, high = arguments["min_val"], arguments["max_val"]
    older = arguments["min_value"], arguments["max_value"]
    if older == (None, None) and isinstance(low, (int, float)) and isinstance(high, (int, float)) and high <= low:
        return Refusal("PAD106", f"max_val={show(high)} is not greater than min_val={show(low)}", "max_val")
    return None if older != (None, None) else _reals("min_val", "max_val")(arguments)


def _check_rrelu(arguments: Arguments) -> Refusal | None:
    low, high = arguments["lower"], arguments["upper"]
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and high < low:
        return Refusal("PAD106", f"lower={show(low)} is greater than upper={show(high)}", "lower")
    return _reals("lower", "upper")(arguments)


def _check_softshrink(arguments: Arguments) -> Refusal | None:
    value = arguments["lambd"]
    if isinstance(value, (int, float)) and value < 0:
        return Refusal("PAD106", f"lambd={show(value)} is less than 0", "lambd")
    return _reals("lambd")(arguments)


def _check_gelu(arguments: Arguments) -> Refusal | None:
    return check_choice(arguments, "approximate", ("none", "tanh"))


_PRELU = "num_parameters=1, init=0.25, device=None, dtype=None"
_HARDTANH = "min_val=-1.0, max_val=1.0, inplace=False, min_value=None, max_value=None"

LAYERS = (
    *(elementwise(name) for name in ("ReLU", "ReLU6", "SELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid")),
    *(_bare(name) for name in ("Sigmoid", "Tanh", "LogSigmoid", "Softsign", "Tanhshrink")),
    elementwise("CELU", "alpha=1.0, inplace=False", _check_celu),
    elementwise("ELU", "alpha=1.0, inplace=False", _reals("alpha")),
    elementwise("GELU", "approximate='none'", _check_gelu),
    elementwise("Hardshrink", "lambd=0.5", _reals("lambd")),
    elementwise("Hardtanh", _HARDTANH, _check_hardtanh),
    elementwise("LeakyReLU", "negative_slope=0.01, inplace=False", _reals("negative_slope")),
    elementwise("RReLU", "lower=0.125, upper=0.3333333333333333, inplace=False", _check_rrelu),
    elementwise("Softplus", "beta=1.0, threshold=20.0", _reals("beta", "threshold")),
    elementwise("Softshrink", "lambd=0.5", _check_softshrink),
    elementwise("Threshold", "threshold, value, inplace=False", _reals("threshold", "value")),
    layer("PReLU", _PRELU, _prelu, _prelu_construct, state=_prelu_state),
    layer("GLU", "dim=-1", _glu, _check_glu),
    layer("Softmax", "dim=None", _softmax, _check_dim, same_input=True),
    layer("Softmin", "dim=None", _softmax, _check_dim, same_input=True),
    layer("LogSoftmax", "dim=None", _softmax, _check_dim, same_input=True),
    layer("Softmax2d", "*args, **kwargs", _softmax2d, no_arguments, same_input=True),
)
