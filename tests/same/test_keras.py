"""padlint's padding in torch gives what Keras's `same` gives, value by value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given

from padlint.arithmetic.dims import evaluate
from padlint.arithmetic.windows import half_padding, same_padding, same_size, transposed_same, transposed_valid
from tests.profiles import examples

from . import keras_says
from .sliding import Sliding, across, averaged, close, convolved, max_pooled, slidings, windows_by_rule

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # inside Keras


@examples(300)
@given(slidings(both=False))
def test_convolution(one: Sliding) -> None:
    close(convolved(one, one.pads(same_padding)), keras_says.convolved(one))


@examples(300)
@given(slidings(dilated=False))
def test_max_pool(one: Sliding) -> None:
    close(max_pooled(one, one.pads(same_padding)), keras_says.max_pooled(one))


@examples(300)
@given(slidings(dilated=False))
def test_average_pool(one: Sliding) -> None:
    pads = one.pads(same_padding)
    found = averaged(one, pads)
    close(found, np.nanmean(windows_by_rule(one, np.nan), axis=across(one)))
    if keras_says.INDEPENDENT or all(lo == hi for lo, hi in pads):
        close(found, keras_says.averaged(one))


@examples(50)
@given(slidings(axes=(3,), both=False))
def test_three_axes(one: Sliding) -> None:
    pads = one.pads(same_padding)
    close(convolved(one, pads), keras_says.convolved(one))
    if max(one.dilations) == 1:
        close(max_pooled(one, pads), keras_says.max_pooled(one))


@examples(300)
@given(slidings(both=False))
def test_half_padding_has_the_size_of_same_and_its_values_only_where_it_begins_alike(one: Sliding) -> None:
    halves = [half_padding(kernel, dilation) for kernel, dilation in zip(one.kernels, one.dilations, strict=True)]
    known = [half for half in halves if isinstance(half, int)]
    assume(len(known) == one.axes)
    expected, found = keras_says.convolved(one), convolved(one, [(half, half) for half in known])
    assert found.shape == expected.shape
    aligned = known == [lo for lo, _ in one.pads(same_padding)]
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-5) == aligned


@examples(300)
@given(slidings(axes=(1, 2, 3), both=False))
def test_sizes_of_transposed_convolutions(one: Sliding) -> None:
    same = tuple(evaluate(transposed_same(n, s), {}) for n, _, s, _ in one.rows())
    valid = tuple(evaluate(transposed_valid(n, k, s, d), {}) for n, k, s, d in one.rows())
    assert keras_says.transposed(one, "same") == same
    assert keras_says.transposed(one, "valid") == valid
    assert tuple(evaluate(same_size(out, s), {}) for out, s in zip(same, one.strides, strict=True)) == one.sizes
