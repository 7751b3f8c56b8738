"""RNN, LSTM, GRU and their cells (torch.nn.modules.rnn).

The inputs of a call are the sequence and, if given, the initial hidden state; LSTM's pair of states counts as two
inputs. Un-batched input has one axis less.
"""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal, less
from padlint.layers.arguments import check_choice, check_flag, check_number, show, size, truth
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Slot, Tensor
from padlint.layers.declare import many_inputs
from padlint.layers.inputs import check_rank, check_size

_HEAD = "input_size, hidden_size, num_layers=1, "
_TAIL = "bias=True, batch_first=False, dropout=0.0, bidirectional=False, "
_PLACE = "device=None, dtype=None"


def recurrent(name: str, gates: int, states: int, parameters: str) -> Layer:
    """A recurrent layer whose weights hold `gates` blocks and which carries `states` tensors from step to step."""

    def shape(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        return _sequence(arguments, inputs, states)

    def state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
        return _state(arguments, gates)

    counts = (1, 1 + states)
    return many_inputs(name, parameters, shape, counts, _construct, state=state, kept=_kept_bias, states=states)


def _kept_bias(arguments: Arguments) -> Arguments:
    return {"bias": arguments["bias"]}


def _construct(arguments: Arguments) -> Refusal | None:
    return (
        _check_dropout(arguments)
        or check_flag(arguments, "bias")
        or check_flag(arguments, "batch_first")
        or check_number(arguments, "input_size", 1)
        or check_number(arguments, "hidden_size", 1)
        or check_number(arguments, "num_layers", 1)
        or ("nonlinearity" in arguments and check_choice(arguments, "nonlinearity", ("tanh", "relu")))
        or ("proj_size" in arguments and _check_projection(arguments))
        or None
    )


def _check_dropout(arguments: Arguments) -> Refusal | None:
    value = arguments["dropout"]
    if isinstance(value, bool) or (isinstance(value, (int, float)) and not 0 <= value <= 1):
        return Refusal("PAD106", f"dropout={show(value)} is not between 0 and 1", "dropout")
    if isinstance(value, (str, tuple, Tensor)) or value is None:
        return Refusal("PAD106", f"dropout={show(value)} is not a number", "dropout")
    return None


def _check_projection(arguments: Arguments) -> Refusal | None:
    if refusal := check_number(arguments, "proj_size", 0):
        return refusal
    projected, hidden = size(arguments, "proj_size"), size(arguments, "hidden_size")
    if less(projected, hidden) is False:
        return Refusal("PAD106", f"proj_size={projected} is not smaller than hidden_size={hidden}", "proj_size")
    return None


def _directions(arguments: Arguments) -> Dim:
    both = truth(arguments["bidirectional"])
    return both if isinstance(both, Unknown) else 2 if both else 1


def _output_size(arguments: Arguments) -> Dim:
    """proj_size where there is one, else hidden_size."""
    projected = size(arguments, "proj_size") if "proj_size" in arguments else 0
    if equal(projected, 0):
        return size(arguments, "hidden_size")
    return projected if equal(projected, 0) is False else Unknown("proj_size may be 0")


def _sequence(arguments: Arguments, inputs: tuple[Tensor, ...], states: int) -> Output:
    tensor = inputs[0]
    if refusal := check_rank(tensor, (2, 3)):
        return refusal
    if refusal := check_size("PAD303", "features", tensor.shape[-1], size(arguments, "input_size"), "input_size"):
        return refusal
    first = truth(arguments["batch_first"])
    batch = tensor.shape[0 if first is True else 1 : 1 if first is True else 2] if len(tensor.shape) == 3 else ()
    if batch and isinstance(first, Unknown):
        batch = (first,)
    out = _output_size(arguments)
    layers = size(arguments, "num_layers") * _directions(arguments)
    hidden = (Tensor((layers, *batch, out)), Tensor((layers, *batch, size(arguments, "hidden_size"))))[:states]
    refusals = (_check_state(given, wanted) for given, wanted in zip(inputs[1:], hidden, strict=False))
    refused = next((refusal for refusal in refusals if refusal), None)
    output = Tensor((*tensor.shape[:-1], out * _directions(arguments)))
    return refused or (output, hidden if states > 1 else hidden[0])


def _check_state(given: Tensor, wanted: Tensor) -> Refusal | None:
    if refusal := check_rank(given, (len(wanted.shape),)):
        return refusal
    if any(equal(one, other) is False for one, other in zip(given.shape, wanted.shape, strict=False)):
        return Refusal("PAD306", f"takes a hidden state of {show(wanted.shape)}, gets {show(given.shape)}")
    return None


def _state(arguments: Arguments, gates: int) -> tuple[Slot, ...] | Unknown:
    layers, directions, bias = size(arguments, "num_layers"), _directions(arguments), truth(arguments["bias"])
    if not isinstance(layers, int) or not isinstance(directions, int):
        return Unknown("the number of layers is not known")
    if isinstance(bias, Unknown):
        return bias
    if layers > _MOST_LAYERS:
        return Unknown(f"{layers} layers")
    slots: list[Slot] = []
    for layer in range(layers):
        for suffix in (f"_l{layer}", f"_l{layer}_reverse")[:directions]:
            inner = _output_size(arguments) * directions if layer else size(arguments, "input_size")
            slots += _weights(arguments, gates, inner, suffix, bias)
    return tuple(slots)


_MOST_LAYERS = 1000


def _weights(arguments: Arguments, gates: int, inner: Dim, suffix: str, bias: bool) -> list[Slot]:
    hidden, out = size(arguments, "hidden_size"), _output_size(arguments)
    rows = gates * hidden
    slots = [Slot(f"weight_ih{suffix}", (rows, inner)), Slot(f"weight_hh{suffix}", (rows, out))]
    if bias:
        slots += [Slot(f"bias_ih{suffix}", (rows,)), Slot(f"bias_hh{suffix}", (rows,))]
    if "proj_size" in arguments and equal(size(arguments, "proj_size"), 0) is False:
        slots.append(Slot(f"weight_hr{suffix}", (out, hidden)))
    return slots


def cell(name: str, gates: int, states: int, nonlinearity: str = "") -> Layer:
    """One step of a recurrent layer."""

    def construct(arguments: Arguments) -> Refusal | None:
        refusal = check_number(arguments, "input_size", 0) or check_number(arguments, "hidden_size", 0)
        return refusal or (check_choice(arguments, "nonlinearity", ("tanh", "relu")) if nonlinearity else None)

    def shape(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        return _step(arguments, inputs, states)

    def state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
        bias = truth(arguments["bias"])
        slots = _weights(arguments, gates, size(arguments, "input_size"), "", bias is True)
        return bias if isinstance(bias, Unknown) else tuple(slots)

    parameters = f"input_size, hidden_size, bias=True, {nonlinearity}{_PLACE}"
    counts = (1, 1 + states)
    return many_inputs(name, parameters, shape, counts, construct, state=state, kept=_kept_bias, states=states)


def _step(arguments: Arguments, inputs: tuple[Tensor, ...], states: int) -> Output:
    tensor = inputs[0]
    if refusal := check_rank(tensor, (1, 2)):
        return refusal
    if refusal := check_size("PAD303", "features", tensor.shape[-1], size(arguments, "input_size"), "input_size"):
        return refusal
    wanted: Shape = (*tensor.shape[:-1], size(arguments, "hidden_size"))
    output = Tensor(wanted)
    refusals = (_check_state(given, output) for given in inputs[1:])
    refused = next((refusal for refusal in refusals if refusal), None)
    return refused or ((output, output) if states > 1 else output)


LAYERS = (
    recurrent("RNN", 1, 1, _HEAD + "nonlinearity='tanh', " + _TAIL + _PLACE),
    recurrent("GRU", 3, 1, _HEAD + _TAIL + _PLACE),
    recurrent("LSTM", 4, 2, _HEAD + _TAIL + "proj_size=0, " + _PLACE),
    cell("RNNCell", 1, 1, "nonlinearity='tanh', "),
    cell("GRUCell", 3, 1),
    cell("LSTMCell", 4, 2),
)
