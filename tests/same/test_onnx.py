"""padlint's padding in torch gives what ONNX's reference evaluator gives for SAME_UPPER and SAME_LOWER.

Its Conv follows the specification throughout. Its pools do not where a stride jumps over elements (they crop), and its
MaxPool takes SAME_LOWER for SAME_UPPER, and rounds the size down, where a stride or a dilation is not 1.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given

from padlint.arithmetic.windows import same_lower, same_padding
from tests.profiles import examples

from . import onnx_says
from .onnx_says import AutoPad
from .sliding import Rule, Sliding, averaged, close, convolved, max_pooled, slidings

BOTH = pytest.mark.parametrize(
    ("auto_pad", "rule"), [("SAME_UPPER", same_padding), ("SAME_LOWER", same_lower)], ids=["upper", "lower"]
)


def jumps(one: Sliding) -> bool:
    """Whether the windows leave out elements at the end of the map."""
    return any((-(-n // s) - 1) * s + d * (k - 1) + 1 < n for n, k, s, d in one.rows())


@BOTH
@examples(300)
@given(one=slidings())
def test_convolution(auto_pad: AutoPad, rule: Rule, one: Sliding) -> None:
    close(convolved(one, one.pads(rule)), onnx_says.convolved(one, auto_pad))


@BOTH
@examples(300)
@given(one=slidings(dilated=False))
def test_average_pool(auto_pad: AutoPad, rule: Rule, one: Sliding) -> None:
    assume(not jumps(one))
    close(averaged(one, one.pads(rule)), onnx_says.averaged(one, auto_pad))


@BOTH
@examples(300)
@given(one=slidings(axes=(2,), strided=False, dilated=False))
def test_max_pool(auto_pad: AutoPad, rule: Rule, one: Sliding) -> None:
    close(max_pooled(one, one.pads(rule)), onnx_says.max_pooled(one, auto_pad))


@examples(300)
@given(slidings())
def test_max_pool_with_strides_and_dilations(one: Sliding) -> None:
    assume(not jumps(one) and max(*one.strides, *one.dilations) > 1)
    found = max_pooled(one, one.pads(same_padding))
    assume(np.isfinite(found).all())  # a dilated window can lie around a small map, and see nothing
    close(found, onnx_says.max_pooled(one, "SAME_UPPER"))
