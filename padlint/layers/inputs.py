"""Checks on the tensors that come in: rank, channels, emptiness; and the words for them."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic.dims import Dim, equal, less, symbol
from padlint.layers.arguments import show
from padlint.layers.base import Refusal, Shape, Tensor


def by(sizes: Sequence[Dim]) -> str:
    """`30x40`, `HxW`, `(H - 2)x(W - 2)`"""
    texts = [str(size) for size in sizes]
    return "x".join(f"({text})" if set(text) & set(" */%") else text for text in texts)


def check_rank(tensor: Tensor, ranks: Sequence[int]) -> Refusal | None:
    """PAD306 for a tensor with another number of axes than torch takes."""
    rank = len(tensor.shape)
    if rank in ranks:
        return None
    wanted = " or ".join(f"{one}-d" for one in ranks)
    return Refusal("PAD306", f"takes {wanted} input, gets {rank}-d {show(tensor.shape)}")


def check_least_rank(tensor: Tensor, least: int) -> Refusal | None:
    """PAD306 for a tensor with fewer axes."""
    rank = len(tensor.shape)
    if rank >= least:
        return None
    return Refusal("PAD306", f"takes input of at least {least} axes, gets {rank}-d {show(tensor.shape)}")


def check_size(code: str, noun: str, found: Dim, wanted: Dim, argument: str | None) -> Refusal | None:
    """Refuse an axis proved to have another size than an argument says: "takes 32 channels, gets 64"."""
    if equal(found, wanted) is not False:
        return None
    return Refusal(code, f"takes {wanted} {noun}, gets {found}", argument, found)


def check_not_empty(tensor: Tensor, axes: Sequence[Dim]) -> Refusal | None:
    """PAD304 where one of `axes` is proved to have no element."""
    if any(equal(size, 0) for size in axes):
        return Refusal("PAD304", f"gets an empty input {show(tensor.shape)}")
    return None


def check_output(before: Sequence[Dim], after: Sequence[Dim]) -> Refusal | None:
    """PAD304 where nothing of the map is left: "gives 0x3 from 2x9"."""
    if any(less(size, 1) for size in after):
        return Refusal("PAD304", f"gives {by(after)} from {by(before)}")
    return None


def maps(channels: Dim | None, axes: int) -> Shape:
    """The shape of a batch of maps with free sizes: (N, C, H, W) for two spatial axes."""
    names = {1: "L", 2: "HW", 3: "DHW"}[axes]
    batch, free, *sizes = (symbol(name, minimum=1) for name in ("N", "C", *names))
    return (batch, free if channels is None else channels, *sizes)


def spatial(tensor: Tensor, axes: int) -> tuple[Shape, Dim, Shape]:
    """(batch or nothing), channels, spatial sizes of a tensor of `axes` spatial axes."""
    cut = len(tensor.shape) - axes - 1
    return tensor.shape[:cut], tensor.shape[cut], tensor.shape[cut + 1 :]
