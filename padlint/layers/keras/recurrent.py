"""LSTM, GRU, SimpleRNN (keras.src.layers.rnn)."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.layers.arguments import size, truth
from padlint.layers.base import Arguments, Shape, Slot
from padlint.layers.keras.base import Given, KerasLayer, Weights, keras_layer, wrong_rank

_INITIALIZERS = "kernel_initializer='glorot_uniform', recurrent_initializer='orthogonal', bias_initializer='zeros', "
_KEPT = (
    "kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, activity_regularizer=None, "
    "kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, "
)
_RETURNS = "return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False, "
_GATED = f"units, activation='tanh', recurrent_activation='sigmoid', use_bias=True, {_INITIALIZERS}"


def recurrent(name: str, gates: int, parameters: str) -> KerasLayer:
    """(N, L, features) -> (N, units), or (N, L, units) with return_sequences."""

    def shape(arguments: Arguments, given: Shape) -> Given:
        if refusal := wrong_rank(given, 3):
            return refusal
        all_steps, state = truth(arguments["return_sequences"]), truth(arguments["return_state"])
        if isinstance(all_steps, Unknown) or state is not False:
            return all_steps if isinstance(all_steps, Unknown) else Unknown("return_state gives several tensors")
        units = size(arguments, "units")
        return (given[0], given[1], units) if all_steps else (given[0], units)

    def weights(arguments: Arguments, given: Shape) -> Weights:
        units, bias = size(arguments, "units"), truth(arguments["use_bias"])
        after = truth(arguments.get("reset_after", False))
        if isinstance(bias, Unknown) or isinstance(after, Unknown):
            return Unknown("use_bias or reset_after that is not known")
        slots = (Slot("kernel", (given[-1], gates * units)), Slot("recurrent_kernel", (units, gates * units)))
        # GRU with reset_after has two biases, as torch's always has
        both = (2, gates * units) if after else (gates * units,)
        return (*slots, Slot("bias", both)) if bias else slots

    return keras_layer(name, parameters, shape, weights)


LAYERS = (
    recurrent("LSTM", 4, f"{_GATED}unit_forget_bias=True, {_KEPT}seed=None, {_RETURNS}use_cudnn='auto'"),
    recurrent("GRU", 3, f"{_GATED}{_KEPT}seed=None, {_RETURNS}reset_after=True, use_cudnn='auto'"),
    recurrent("SimpleRNN", 1, f"units, activation='tanh', use_bias=True, {_INITIALIZERS}{_KEPT}{_RETURNS}seed=None"),
)
