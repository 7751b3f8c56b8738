"""padlint's padding in torch against the written rule, and against torch's own `same`."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from torch.nn import functional

from padlint.arithmetic.windows import same_lower, same_padding
from tests.profiles import examples

from .sliding import Rule, Sliding, across, averaged, close, convolved, max_pooled, slidings, windows_by_rule

UPPER_AND_LOWER = pytest.mark.parametrize(
    ("rule", "lower"), [(same_padding, False), (same_lower, True)], ids=["upper", "lower"]
)


@UPPER_AND_LOWER
@examples(300)
@given(one=slidings())
def test_every_window_sees_what_the_rule_says(rule: Rule, lower: bool, one: Sliding) -> None:
    pads, where = one.pads(rule), across(one)
    seen = windows_by_rule(one, 0.0, lower)
    weighted = np.tensordot(one.weight(), seen[0], axes=[range(1, 2 + one.axes), (0, *(axis - 1 for axis in where))])
    close(convolved(one, pads), weighted[None])
    close(max_pooled(one, pads), windows_by_rule(one, -np.inf, lower).max(axis=where))
    if max(one.dilations) == 1:
        close(averaged(one, pads), np.nanmean(windows_by_rule(one, np.nan, lower), axis=where))


@examples(300)
@given(slidings(axes=(1, 2, 3), strided=False))
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_torchs_own_same_is_the_upper_one(one: Sliding) -> None:
    run = (functional.conv1d, functional.conv2d, functional.conv3d)[one.axes - 1]
    values, weight = torch.from_numpy(one.map()), torch.from_numpy(one.weight())
    expected = run(values, weight, padding="same", dilation=one.dilations).numpy()
    close(convolved(one, one.pads(same_padding)), expected)
