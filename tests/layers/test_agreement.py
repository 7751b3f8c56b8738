"""padlint and torch agree on generated layers and inputs: the same output shape, or both refuse."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given

from padlint.arithmetic.dims import Unknown
from padlint.layers import catalogue
from padlint.layers.base import Refusal, Tensor
from tests.profiles import examples

from .generate import NAMES, cases
from .judge import assert_agreement


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_gives_what_torch_gives(name: str) -> None:
    @examples(300)
    @given(cases(name))
    def agree(case) -> None:
        assert_agreement(case)

    agree()


@pytest.mark.parametrize("half", ["Encoder", "Decoder"])
@pytest.mark.parametrize("shape", [(3, 2, 4), (3, 4), (4,), (1, 3, 2, 4)], ids=str)
def test_a_stack_of_transformer_layers_gives_what_one_takes(half: str, shape: tuple[int, ...]) -> None:
    block = getattr(torch.nn, f"Transformer{half}Layer")(4, 2, 3)
    stack = getattr(torch.nn, f"Transformer{half}")(block, 2)
    count = 1 if half == "Encoder" else 2
    layer = catalogue.find(f"Transformer{half}")
    assert layer is not None
    arguments = catalogue.bind(layer, (Unknown("a layer"), 2), {})
    assert not isinstance(arguments, Refusal)
    found = layer.construct(arguments) or layer.shape(arguments, (Tensor(shape),) * count)
    try:
        expected = tuple(stack(*[torch.zeros(shape)] * count).shape)
    except (AssertionError, RuntimeError):
        assert isinstance(found, Refusal)
    else:
        assert found == Tensor(expected)
