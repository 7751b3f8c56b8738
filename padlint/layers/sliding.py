"""Windows over all spatial axes of a layer."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic import windows as rule
from padlint.arithmetic.dims import Dim
from padlint.layers.base import Window


def slide(n: Dim, window: Window) -> Dim:
    """How many positions `window` takes on an axis of size `n` (transposed: how many elements it gives)."""
    k, s, d, lo, hi = window.kernel, window.stride, window.dilation, window.lo, window.hi
    if window.transposed:
        return rule.transposed(n, k, s, lo, hi, d, window.output_padding)
    return rule.pooled(n, k, s, lo, hi, d, window.ceil_mode)


def slid(before: Sequence[Dim], windows: Sequence[Window]) -> tuple[Dim, ...]:
    """`slide` on every axis."""
    return tuple(slide(n, window) for n, window in zip(before, windows, strict=False))
