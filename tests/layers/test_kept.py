"""What a built layer has under the names of its arguments: `conv.kernel_size` is a tuple, `pool.stride` is never None."""

from __future__ import annotations

import warnings

import pytest
import torch
from hypothesis import given

from padlint.arithmetic.dims import Unknown
from padlint.layers import catalogue
from padlint.layers.base import Refusal, Tensor
from tests.profiles import examples

from .generate import NAMES, cases
from .judge import Case, build


def assert_kept(case: Case) -> None:
    """Every attribute that padlint knows is the one that torch has."""
    layer = catalogue.find(case.name)
    assert layer is not None
    arguments = catalogue.bind(layer, (), case.arguments)
    if isinstance(arguments, Refusal) or layer.construct(arguments):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = build(case)
        except Exception:  # torch refuses later what padlint refuses when it is called
            return
    for name in arguments:
        if not hasattr(module, name):
            continue
        said, real = catalogue.kept(layer, arguments, name), getattr(module, name)
        if isinstance(real, torch.nn.parameter.UninitializedParameter):
            assert isinstance(said, Unknown | Tensor)
        elif isinstance(real, torch.Tensor):
            assert isinstance(said, Unknown) or said == Tensor(tuple(real.shape))
        elif not isinstance(said, Unknown):
            assert (said, type(said)) == (real, type(real)), f"{case}: {name}"


@pytest.mark.parametrize("name", NAMES)
def test_attributes_are_those_of_torch(name: str) -> None:
    @examples(60)
    @given(cases(name))
    def agree(case: Case) -> None:
        assert_kept(case)

    agree()
