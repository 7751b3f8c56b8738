"""The lines of a port for LSTM, GRU, SimpleRNN, and Bidirectional around them."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.evaluate.values import KerasObject
from padlint.port.line import CannotPort, Copy, Line, Place, Writer, Writers, as_in_keras, new, whole

_GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
_REFUSED = {
    "dropout": "torch has no dropout inside of the recurrence",
    "recurrent_dropout": "torch has no dropout inside of the recurrence",
    "stateful": "torch keeps no state from batch to batch",
    "return_state": "it gives its state too",
}


def _recurrent(at: Place) -> Iterator[Line]:
    if at.args["go_backwards"] is True:
        yield Line("Flip()", "from the last step to the first", helper="Flip")
    yield _cell(at, at.layer, False)
    yield _steps(at.layer, "LastStep")


def _cell(at: Place, layer: KerasObject, both: bool) -> Line:
    args, kind = layer.args, layer.kind
    for name, why in _REFUSED.items():
        if args[name]:
            raise CannotPort(why)
    if args.get("reset_after", True) is not True:
        raise CannotPort("torch's GRU resets after the multiplication: reset_after=True")
    gates_like_torch = args["activation"] == "tanh" and args.get("recurrent_activation", "sigmoid") == "sigmoid"
    relu = kind == "SimpleRNN" and args["activation"] == "relu"
    if layer.parts or not (gates_like_torch or relu):
        raise CannotPort("torch's has tanh and sigmoid only")
    features, units = whole(at.before[-1], "the number of features"), whole(args["units"], "units")
    bias = args["use_bias"] is True
    rest = ("" if bias else ", bias=False") + (', nonlinearity="relu"' if relu else "")
    rest += ", bidirectional=True" if both else ""
    copies = _copies(kind, units, bias, "", 0)
    if both:
        copies += _copies(kind, units, bias, "_reverse", 3 if bias else 2)
    name = "RNN" if kind == "SimpleRNN" else kind
    return Line(f"{name}({features}, {units}{rest}, batch_first=True)", "", copies)


def _copies(kind: str, units: int, bias: bool, suffix: str, start: int) -> tuple[Copy, ...]:
    """Keras has input, forget, cell, output like torch; update, reset, new where torch has reset, update, new."""
    turned = f".unflatten(0, (3, {units}))[[1, 0, 2]].flatten(0, 1)" if kind == "GRU" else ""
    weights = [
        Copy(f"weight_ih_l0{suffix}", start, f".T{turned}"),
        Copy(f"weight_hh_l0{suffix}", start + 1, f".T{turned}"),
    ]
    if bias and kind == "GRU":
        rows = ("ih", "hh")
        weights += [Copy(f"bias_{name}_l0{suffix}", start + 2, f"[{row}]{turned}") for row, name in enumerate(rows)]
    elif bias:
        weights += [Copy(f"bias_ih_l0{suffix}", start + 2), Copy(f"bias_hh_l0{suffix}", start + 2, " * 0")]
    return tuple(weights)


def _steps(layer: KerasObject, last: str) -> Line:
    helper = "AllSteps" if layer.args["return_sequences"] is True else last
    return Line(f"{helper}()", helper=helper)


def _bidirectional(at: Place) -> Iterator[Line]:
    inner = at.layer.parts.get("layer")
    if inner is None or inner.kind not in _GATES:
        raise CannotPort("it goes both ways around something that is not known")
    if at.args["merge_mode"] != "concat" or at.args["backward_layer"] is not None or "backward_layer" in at.layer.parts:
        raise CannotPort("torch's bidirectional layers are alike and concatenated: merge_mode='concat'")
    if inner.args["go_backwards"] is True:
        raise CannotPort("it goes backwards first")
    yield _cell(at, inner, True)
    yield _steps(inner, "BothEnds")


WRITERS: Writers = {
    **{kind: Writer(_recurrent, as_in_keras, new) for kind in _GATES},
    "Bidirectional": Writer(_bidirectional, as_in_keras, new),
}
