"""Every class of torch.nn is decided, and every signature is torch's, parameter by parameter."""

from __future__ import annotations

import inspect
import math

import pytest
import torch

from padlint.layers import catalogue
from padlint.layers.base import Parameter, Refusal
from padlint.layers.left_out import left_out

from .compare_signatures import classes, declared, differences, installed

CLASSES = sorted(name for name, value in vars(torch.nn).items() if inspect.isclass(value) and not name.startswith("_"))
KINDS = {
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "args",
    inspect.Parameter.VAR_KEYWORD: "kwargs",
}
INSTALLED = classes(installed())
OVERLOADED = ("RNN", "GRU", "LSTM")  # their signature is (*args, **kwargs); the first overload documents them


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_of_torch_nn_is_in_the_catalogue_or_left_out(name: str) -> None:
    assert (catalogue.find(name) is not None) != (left_out(name) is not None)


@pytest.mark.parametrize("name", sorted(catalogue.layers()))
def test_every_layer_of_the_catalogue_is_in_torch_nn(name: str) -> None:
    assert name in CLASSES


def plain(value: object) -> object:
    """A default as a declaration writes it: a function by its name."""
    return value.__name__ if inspect.isfunction(value) else value


def signature(name: str) -> tuple[Parameter, ...]:
    """torch's signature in padlint's form."""
    if name in OVERLOADED:
        return declared(name, INSTALLED) or ()
    parameters = inspect.signature(getattr(torch.nn, name)).parameters.values()
    return tuple(
        Parameter(
            one.name,
            None if one.default is inspect.Parameter.empty else plain(one.default),  # type: ignore[arg-type]
            required=one.default is inspect.Parameter.empty and KINDS[one.kind] in ("positional", "keyword"),
            kind=KINDS[one.kind],
        )
        for one in parameters
    )


@pytest.mark.parametrize("name", sorted(catalogue.layers()))
def test_signatures_are_those_of_torch(name: str) -> None:
    layer = catalogue.find(name)
    assert layer is not None
    assert layer.signature == signature(name)
    for parameter, expected in zip(layer.signature, signature(name), strict=True):
        assert type(parameter.default) is type(expected.default), parameter.name


def test_the_sources_of_torch_say_the_same() -> None:
    assert list(differences(INSTALLED)) == []
    (linear,) = differences({**INSTALLED, "Linear": INSTALLED["Identity"]})
    assert linear.startswith("Linear: without in_features, ")


BINDINGS = {
    "none missing": ("Linear", (3, 4), {}),
    "by name": ("Linear", (), {"out_features": 4, "in_features": 3}),
    "missing": ("Linear", (3,), {}),
    "too many": ("Linear", (3, 4, True, None, None, 5), {}),
    "unknown": ("Linear", (3, 4), {"biased": False}),
    "twice": ("Linear", (3, 4), {"in_features": 3}),
    "keyword only": ("BatchNorm2d", (3, 1e-5, 0.1, True, True, None, None, True), {}),
    "keyword only by name": ("BatchNorm2d", (3,), {"bias": False}),
    "anything": ("Identity", (1, 2), {"x": 3}),
    "nothing": ("Sigmoid", (), {}),
    "no positional": ("Sigmoid", (1,), {}),
    "no keyword": ("Tanh", (), {"x": 1}),
    "positional nonlinearity": ("RNN", (3, 4, 1, "relu"), {}),
    "proj_size of another layer": ("GRU", (3, 4), {"proj_size": 1}),
}


@pytest.mark.parametrize(("name", "positional", "keywords"), BINDINGS.values(), ids=BINDINGS)
def test_binding_refuses_what_python_refuses(name: str, positional: tuple[int, ...], keywords: dict[str, int]) -> None:
    layer = catalogue.find(name)
    assert layer is not None
    bound = catalogue.bind(layer, positional, keywords)
    refused = isinstance(bound, Refusal) or layer.construct(bound) is not None
    try:
        getattr(torch.nn, name)(*positional, **keywords)
    except (TypeError, ValueError):
        assert refused
    else:
        assert not refused


def test_bound_arguments_have_the_defaults_filled_in() -> None:
    layer = catalogue.find("RReLU")
    assert layer is not None
    bound = catalogue.bind(layer, (0.2,), {"inplace": True})
    assert not isinstance(bound, Refusal)
    assert dict(bound) == {"lower": 0.2, "upper": pytest.approx(1 / 3), "inplace": True}
    assert math.isclose(1 / 3, float(str(bound["upper"])))


@pytest.mark.parametrize("name", ["", "conv2d", "Conv4d", "functional", "Module"])
def test_what_is_no_layer_is_not_found(name: str) -> None:
    assert catalogue.find(name) is None
