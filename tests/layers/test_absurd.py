"""Absurd arguments: the verdict of torch, never an exception, never a slow answer."""

from __future__ import annotations

import time
from itertools import product

import pytest

from padlint.arithmetic.dims import Unknown
from padlint.layers import catalogue
from padlint.layers.base import Value

from .choose import Choose
from .generate import NAMES, generator
from .judge import Case, OutOfMemory, Refused, padlint_says, torch_says

ABSURD: dict[str, Value] = {
    "huge": 10**18,
    "beyond 64 bits": 10**20,
    "very negative": -(10**18),
    "negative": -1,
    "zero": 0,
    "a fraction": 2.5,
    "a digit": "3",
    "a word": "same",
    "nothing": None,
    "no elements": (),
}
# What decides shapes: here padlint must refuse what torch refuses. Elsewhere (eps, momentum) it must not refuse more.
SIZES = frozenset(
    [
        "in_channels",
        "out_channels",
        "kernel_size",
        "stride",
        "padding",
        "dilation",
        "output_padding",
        "groups",
        "num_features",
        "num_channels",
        "num_groups",
        "normalized_shape",
        "in_features",
        "out_features",
        "in1_features",
        "in2_features",
        "output_size",
        "output_ratio",
        "start_dim",
        "end_dim",
        "dim",
        "unflattened_size",
        "upscale_factor",
        "downscale_factor",
        "size",
        "scale_factor",
        "num_parameters",
        "input_size",
        "hidden_size",
        "num_layers",
        "proj_size",
        "embed_dim",
        "num_heads",
        "kdim",
        "vdim",
        "d_model",
        "nhead",
        "dim_feedforward",
        "embedding_dim",
        "padding_idx",
        "p",
        "num_encoder_layers",
        "num_decoder_layers",
    ]
)
OBJECTS = frozenset(
    [
        "device",
        "dtype",
        "_weight",
        "_random_samples",
        "process_group",
        "args",
        "kwargs",
        "custom_encoder",
        "custom_decoder",
    ]
)
ACCIDENTS = {  # torch takes or refuses these by accident: it never passes the value on, or indexes with it
    ("CrossMapLRN2d", "size", "very negative"),
    ("MaxUnpool1d", "stride", "beyond 64 bits"),
    ("MaxUnpool2d", "stride", "beyond 64 bits"),
    ("PReLU", "num_parameters", "no elements"),
}
ENDLESS = {("MaxPool1d", "kernel_size"), ("MaxPool1d", "dilation")}  # torch never comes back from huge ones
SLOWEST = 2  # seconds of processor time, where a millisecond is usual: loops and tensors that follow the numbers take for ever


def valid(name: str) -> Case:
    """The simplest case of a layer's generator."""
    return generator(name)(Choose(lambda strategy: 0), name)


def endless(name: str, parameter: str, value: Value) -> bool:
    """Whether torch would build layers, or loop, for ever."""
    return isinstance(value, int) and value > 1000 and ("_layers" in parameter or (name, parameter) in ENDLESS)


def undecided(name: str, parameter: str, value: Value) -> bool:
    """Where torch's answer depends on the backend, or on the values in the tensor."""
    conv = name.removeprefix("Lazy").startswith("ConvTranspose")
    return (conv and parameter == "dilation" and value == 0) or (
        name.startswith("FractionalMaxPool") and parameter == "kernel_size" and isinstance(value, int) and value < 1
    )


def parameters(name: str) -> list[str]:
    """The parameters of a layer that take plain values."""
    layer = catalogue.find(name)
    assert layer is not None
    return [parameter.name for parameter in layer.signature if parameter.name not in OBJECTS]


@pytest.mark.parametrize("name", NAMES)
def test_absurd_arguments_get_torchs_verdict(name: str) -> None:
    base = valid(name)
    for parameter, (kind, value) in product(parameters(name), ABSURD.items()):
        case = Case(name, {**base.arguments, parameter: value}, base.shapes)
        started = time.process_time()
        found = padlint_says(case)
        assert time.process_time() - started < SLOWEST, case
        if endless(name, parameter, value) or undecided(name, parameter, value):
            continue
        if (name, parameter, kind) in ACCIDENTS:
            continue
        try:
            expected = torch_says(case)
        except OutOfMemory:
            continue
        if isinstance(found, Unknown):
            assert value == 10**18 and "ConvTranspose" in name, (kind, case, expected, found)
        elif not isinstance(expected, Refused):
            assert found == expected, (kind, case)
        elif parameter in SIZES:
            assert isinstance(found, Refused), (kind, case, expected)


@pytest.mark.parametrize("name", NAMES)
def test_absurd_inputs_are_answered_at_once(name: str) -> None:
    base = valid(name)
    for shape in ((), (0,), (10**18,), (10**18,) * 4, (1,) * 60, (10**20, 3, 2, 2)):
        started = time.process_time()
        padlint_says(Case(name, base.arguments, (shape,) * len(base.shapes)))
        assert time.process_time() - started < SLOWEST, shape
