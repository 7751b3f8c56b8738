"""A window over a map: padlint's explicit padding laid around it in torch, and the written rule of `same` in numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray
from torch.nn import functional

from padlint.arithmetic.dims import Dim, evaluate

Array = NDArray[np.float32]
Sizes = tuple[int, ...]
Rule = Callable[[Dim, Dim, Dim, Dim], tuple[Dim, Dim]]
CHANNELS, FILTERS = 2, 3


@dataclass(frozen=True)
class Sliding:
    """One number for each spatial axis: the sizes of the map, and how the window slides."""

    sizes: Sizes
    kernels: Sizes
    strides: Sizes
    dilations: Sizes

    @property
    def axes(self) -> int:
        return len(self.sizes)

    def rows(self) -> list[tuple[int, int, int, int]]:
        """(size, kernel, stride, dilation) of each axis."""
        return list(zip(self.sizes, self.kernels, self.strides, self.dilations, strict=True))

    def pads(self, rule: Rule) -> list[tuple[int, int]]:
        """padlint's (lo, hi) of each axis."""
        return [(evaluate(lo, {}), evaluate(hi, {})) for lo, hi in (rule(*row) for row in self.rows())]

    def map(self) -> Array:
        """Random values, channels first."""
        return self._random(1, CHANNELS, *self.sizes)

    def weight(self) -> Array:
        """Random weights, as torch lays them."""
        return self._random(FILTERS, CHANNELS, *self.kernels)

    def _random(self, *shape: int) -> Array:
        generator = np.random.default_rng(sum(shape))
        return generator.normal(size=shape).astype(np.float32)


@st.composite
def slidings(
    draw: st.DrawFn, axes: Sizes = (1, 2), strided: bool = True, dilated: bool = True, both: bool = True
) -> Sliding:
    """Odd and even kernels, larger than the map too; `both`: strides and dilations in one layer."""
    count = draw(st.sampled_from(axes))
    spread = dilated and (both or not strided or draw(st.booleans()))
    stepped = strided and (both or not spread)

    def numbers(most: int) -> Sizes:
        return tuple(draw(st.integers(1, most)) for _ in range(count))

    return Sliding(
        numbers(13 if count < 3 else 7), numbers(6), numbers(4 if stepped else 1), numbers(3 if spread else 1)
    )


def convolved(one: Sliding, pads: list[tuple[int, int]]) -> Array:
    """torch's convolution of the padded map, without padding of its own."""
    run = (functional.conv1d, functional.conv2d, functional.conv3d)[one.axes - 1]
    weight = torch.from_numpy(one.weight())
    return run(_padded(one.map(), pads, 0.0), weight, stride=one.strides, dilation=one.dilations).numpy()


def max_pooled(one: Sliding, pads: list[tuple[int, int]]) -> Array:
    """torch's max pool of the map padded with -inf."""
    run = (functional.max_pool1d, functional.max_pool2d, functional.max_pool3d)[one.axes - 1]
    return run(_padded(one.map(), pads, -torch.inf), one.kernels, one.strides, 0, one.dilations).numpy()


def averaged(one: Sliding, pads: list[tuple[int, int]]) -> Array:
    """torch's average over those elements of a window that lie in the map: Keras and ONNX do not count the padding."""
    run = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)[one.axes - 1]
    values, ones = _padded(one.map(), pads, 0.0), _padded(np.ones_like(one.map()), pads, 0.0)
    return (run(values, one.kernels, one.strides) / run(ones, one.kernels, one.strides)).numpy()


def _padded(values: Array, pads: list[tuple[int, int]], fill: float) -> torch.Tensor:
    flat = [side for pair in reversed(pads) for side in pair]
    return functional.pad(torch.from_numpy(values), flat, value=fill)


def windows_by_rule(one: Sliding, fill: float, lower: bool = False) -> Array:
    """The written rule, element by element: what each window sees, `fill` beside the map.

    (1, channels, out, kernel, out, kernel, ...). Source: "Notes on padding" of tf.nn, and auto_pad in ONNX's Conv.
    """
    values = one.map()
    for axis, (n, k, s, d) in enumerate(one.rows()):
        count = (n + s - 1) // s
        total = max((count - 1) * s + (k - 1) * d + 1 - n, 0)
        before = (total + 1) // 2 if lower else total // 2
        places = np.arange(count)[:, None] * s + np.arange(k)[None, :] * d - before
        beside = (places < 0) | (places >= n)
        values = np.take(values, np.where(beside, 0, places), axis=2 + 2 * axis)
        shape = [1] * (2 + 2 * axis) + [*beside.shape] + [1] * (one.axes - axis - 1)
        values = np.where(beside.reshape(shape), np.float32(fill), values)
    return values


def across(one: Sliding) -> tuple[int, ...]:
    """Where `windows_by_rule` has the elements of one window."""
    return tuple(range(3, 3 + 2 * one.axes, 2))


def close(found: Array, expected: Array) -> None:
    """The same shape, and the same values up to rounding."""
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)
