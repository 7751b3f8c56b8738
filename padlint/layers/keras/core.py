"""Dense, Embedding, InputLayer and layers that only move elements (keras.src.layers.core, keras.src.layers.reshaping)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal
from padlint.layers.arguments import numbers, show, size, truth
from padlint.layers.base import Arguments, Refusal, Shape, Slot
from padlint.layers.keras.base import NONE, Given, Weights, keras_layer, text_of
from padlint.layers.reshape import product

_DENSE = (
    "units, activation=None, use_bias=True, kernel_initializer='glorot_uniform', bias_initializer='zeros', "
    "kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, "
    "bias_constraint=None, lora_rank=None, lora_alpha=None, quantization_config=None"
)
_EMBEDDING = (
    "input_dim, output_dim, embeddings_initializer='uniform', embeddings_regularizer=None, embeddings_constraint=None, "
    "mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, quantization_config=None"
)
_INPUT = (
    "shape=None, batch_size=None, dtype=None, sparse=None, ragged=None, batch_shape=None, input_tensor=None, "
    "optional=False, name=None"
)


def _dense(arguments: Arguments, given: Shape) -> Given:
    if len(given) < 2:
        return Refusal("PAD306", f"takes input of at least 2 axes, gets {text_of(given)}")
    return (*given[:-1], size(arguments, "units"))


def _dense_weights(arguments: Arguments, given: Shape) -> Weights:
    bias = truth(arguments["use_bias"])
    if isinstance(bias, Unknown) or arguments["lora_rank"] is not None:
        return bias if isinstance(bias, Unknown) else Unknown("weights of LoRA")
    kernel = Slot("kernel", (given[-1], size(arguments, "units")))
    return (kernel, Slot("bias", (size(arguments, "units"),))) if bias else (kernel,)


def _embedding(arguments: Arguments, given: Shape) -> Given:
    return (*given, size(arguments, "output_dim"))


def _embedding_weights(arguments: Arguments, given: Shape) -> Weights:
    return (Slot("embeddings", (size(arguments, "input_dim"), size(arguments, "output_dim"))),)


def _flatten(arguments: Arguments, given: Shape) -> Given:
    return given[0], _whole(given[1:])


def _whole(sizes: Shape) -> Dim:
    return NONE if any(isinstance(each, Unknown) for each in sizes) else product(sizes)


def _reshape(arguments: Arguments, given: Shape) -> Given:
    value = arguments["target_shape"]
    wanted = numbers(value) if isinstance(value, tuple) else None
    if wanted is None:
        return value if isinstance(value, Unknown) else Refusal("PAD106", f"target_shape={show(value)} is no tuple")
    free = [index for index, each in enumerate(wanted) if equal(each, -1) is True]
    known, whole = product(tuple(each for each in wanted if equal(each, -1) is not True)), _whole(given[1:])
    if len(free) > 1:
        return Refusal("PAD106", f"target_shape={show(value)} has more than one -1", "target_shape")
    fits = equal(whole % known, 0) if free and equal(known, 0) is False else equal(whole, known)
    if fits is False:
        return Refusal("PAD106", f"cannot make {show(value)} of {text_of(given)}", "target_shape")
    if not free:
        return (given[0], *wanted)
    left = Unknown("a part of size 0") if equal(known, 0) is not False else whole // known
    return (given[0], *wanted[: free[0]], left, *wanted[free[0] + 1 :])


def _permute(arguments: Arguments, given: Shape) -> Given:
    """dims count from 1, without the batch."""
    value = arguments["dims"]
    dims = numbers(value) if isinstance(value, tuple) else None
    if dims is None or any(isinstance(each, Expr | Unknown) for each in dims):
        return Unknown(f"dims={show(value)}")
    if sorted(each for each in dims if isinstance(each, int)) != list(range(1, len(given))):
        return Refusal("PAD106", f"dims={show(value)} does not permute the axes of {text_of(given)}", "dims")
    return (given[0], *(given[each] for each in dims if isinstance(each, int)))


def _repeat(arguments: Arguments, given: Shape) -> Given:
    if len(given) != 2:
        return Refusal("PAD306", f"takes 2-d input, gets {text_of(given)}")
    return given[0], size(arguments, "n"), given[1]


LAYERS = (
    keras_layer("Dense", _DENSE, _dense, _dense_weights),
    keras_layer("Embedding", _EMBEDDING, _embedding, _embedding_weights),
    keras_layer("InputLayer", _INPUT),
    keras_layer("Flatten", "data_format=None", _flatten),
    keras_layer("Reshape", "target_shape", _reshape),
    keras_layer("Permute", "dims", _permute),
    keras_layer("RepeatVector", "n", _repeat),
)
