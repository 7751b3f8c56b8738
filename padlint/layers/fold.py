"""Unfold and Fold: windows as columns, and back (torch.nn.modules.fold, ATen's im2col and col2im)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, equal
from padlint.layers.arguments import check_sizes, sizes
from padlint.layers.base import Arguments, Output, Refusal, Tensor, Window
from padlint.layers.declare import layer
from padlint.layers.inputs import by, check_not_empty, check_output, check_rank, maps, spatial
from padlint.layers.sliding import slid

_WINDOW = "kernel_size, dilation=1, padding=0, stride=1"


def _construct(arguments: Arguments) -> Refusal | None:
    leasts = {"kernel_size": 1, "dilation": 1, "padding": 0, "stride": 1, "output_size": 1}
    refusals = (
        check_sizes(arguments, name, 2, least, one=False) for name, least in leasts.items() if name in arguments
    )
    return next((refusal for refusal in refusals if refusal), None)


def _windows(arguments: Arguments) -> tuple[Window, ...]:
    names = ("kernel_size", "stride", "dilation", "padding", "padding")
    return tuple(Window(*numbers) for numbers in zip(*(sizes(arguments, name, 2) for name in names), strict=False))


def _area(pair: tuple[Dim, ...]) -> Dim:
    return pair[0] * pair[1]


def _unfold(arguments: Arguments, tensor: Tensor) -> Output:
    """(*, C, H, W) -> (*, C * kernel, number of windows)"""
    if refusal := check_rank(tensor, (3, 4)):
        return refusal
    batch, channels, before = spatial(tensor, 2)
    after = slid(before, _windows(arguments))
    refusal = check_not_empty(tensor, (channels, *before)) or check_output(before, after)
    return refusal or Tensor((*batch, channels * _area(sizes(arguments, "kernel_size", 2)), _area(after)))


def _fold(arguments: Arguments, tensor: Tensor) -> Output:
    """(*, C * kernel, number of windows) -> (*, C, output_size)"""
    if refusal := check_rank(tensor, (2, 3)):
        return refusal
    *batch, rows, columns = tensor.shape
    output = sizes(arguments, "output_size", 2)
    kernel = sizes(arguments, "kernel_size", 2)
    if equal(rows % _area(kernel), 0) is False:
        return Refusal("PAD106", f"takes rows divisible by kernel_size={by(kernel)}, gets {rows}", "kernel_size")
    windows = slid(output, _windows(arguments))
    if refusal := check_not_empty(tensor, (rows, columns)) or check_output(output, windows):
        return refusal
    if equal(columns, _area(windows)) is False:
        message = f"takes {_area(windows)} columns for output_size={by(output)}, gets {columns}"
        return Refusal("PAD106", message, "output_size")
    return Tensor((*batch, rows // _area(kernel), *output))


LAYERS = (
    layer("Unfold", _WINDOW, _unfold, _construct, _windows, accepts=lambda arguments: maps(None, 2)),
    layer("Fold", "output_size, " + _WINDOW, _fold, _construct),
)
