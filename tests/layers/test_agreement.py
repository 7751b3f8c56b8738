"""padlint and torch agree on generated layers and inputs: the same output shape, or both refuse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .generate import NAMES, cases
from .judge import assert_agreement


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_gives_what_torch_gives(name: str) -> None:
    @settings(settings.get_profile("layers-ci"))
    @given(cases(name))
    def agree(case) -> None:
        assert_agreement(case)

    agree()
