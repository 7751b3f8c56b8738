"""What a layer saves: names, shapes and what is trained, as in torch's state_dict; and so the number of parameters."""

from __future__ import annotations

import math
import warnings

import pytest
import torch
from hypothesis import given
from torch.nn.parameter import UninitializedTensorMixin

from padlint.arithmetic.dims import Unknown
from padlint.layers import catalogue
from padlint.layers.base import Arguments, Refusal, Slot, Tensor
from tests.profiles import examples

from .generate import NAMES, cases
from .judge import Case, Refused, build, torch_says

Saved = dict[str, tuple[tuple[int, ...], bool, bool]]


def torch_saves(module: torch.nn.Module) -> Saved:
    """Name -> (shape, trainable, buffer)."""
    parameters = dict(module.named_parameters())
    return {
        name: (tuple(value.shape), name in parameters and parameters[name].requires_grad, name not in parameters)
        for name, value in module.state_dict(keep_vars=True).items()
    }


def padlint_saves(slots: tuple[Slot, ...] | Unknown) -> Saved:
    """The same of the catalogue."""
    assert not isinstance(slots, Unknown), slots.reason
    return {slot.name: (slot.shape, slot.trainable, slot.buffer) for slot in slots}  # type: ignore[misc]


def bound(case: Case) -> Arguments | None:
    """The arguments of a case that torch builds."""
    layer = catalogue.find(case.name)
    assert layer is not None
    arguments = catalogue.bind(layer, (), case.arguments)
    assert not isinstance(arguments, Refusal)
    return None if layer.construct(arguments) else arguments


def torch_builds(case: Case) -> torch.nn.Module:
    """The module, after its first call if it is lazy."""
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        module = build(case).eval()
        if case.name.startswith("Lazy"):
            module(*map(torch.zeros, case.shapes))
    return module


@pytest.mark.parametrize("name", NAMES)
def test_the_state_is_the_state_dict(name: str) -> None:
    layer = catalogue.find(name)
    assert layer is not None

    @examples(20)
    @given(cases(name))
    def same(case: Case) -> None:
        arguments = bound(case)
        if arguments is None or isinstance(torch_says(case), Refused):
            return
        if layer.settle is not None:
            arguments = layer.settle(arguments, tuple(Tensor(shape) for shape in case.shapes))
        module = torch_builds(case)
        saved = padlint_saves(layer.state(arguments))
        assert saved == torch_saves(module)
        assert list(saved) == list(torch_saves(module))
        counted = sum(math.prod(shape) for shape, _, buffer in saved.values() if not buffer)
        assert counted == sum(parameter.numel() for parameter in module.parameters())

    same()


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("Lazy")])
def test_a_lazy_layer_does_not_know_its_input_before_the_first_call(name: str) -> None:
    layer = catalogue.find(name)
    assert layer is not None and layer.settle is not None
    given_arguments = {"out_channels": 2, "kernel_size": 1, "out_features": 2, "affine": True}
    names = {parameter.name for parameter in layer.signature}
    arguments = catalogue.bind(layer, (), {key: value for key, value in given_arguments.items() if key in names})
    assert not isinstance(arguments, Refusal)
    module = build(Case(name, {key: value for key, value in given_arguments.items() if key in names}, ()))
    slots = layer.state(arguments)
    assert not isinstance(slots, Unknown)
    assert [slot.name for slot in slots] == list(module.state_dict())
    lazy = [name for name, value in module.state_dict().items() if isinstance(value, UninitializedTensorMixin)]
    open_slots = [slot.name for slot in slots if any(isinstance(size, Unknown) for size in slot.shape)]
    assert set(open_slots) <= set(lazy)
    assert open_slots


def test_a_default_transformer_has_as_many_parameters_as_torch() -> None:
    layer = catalogue.find("Transformer")
    assert layer is not None
    arguments = catalogue.bind(layer, (), {})
    assert not isinstance(arguments, Refusal)
    assert padlint_saves(layer.state(arguments)) == torch_saves(torch.nn.Transformer(device="meta"))
