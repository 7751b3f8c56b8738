"""Broadcasting: how the sizes of two shapes stretch to one (pytorch.org/docs, "Broadcasting semantics")."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from padlint.arithmetic.dims import Dim, Unknown, equal


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sizes that provably do not agree, in an axis counted from the end (-1 is the last)."""

    axis: int
    left: Dim
    right: Dim


def aligned(left: Sequence[Dim], right: Sequence[Dim]) -> Iterator[tuple[int, Dim, Dim]]:
    """The axes of two shapes side by side, aligned at the end and counted from there; what is missing is 1."""
    rank = max(len(left), len(right))
    padded = [[1] * (rank - len(side)) + list(side) for side in (left, right)]
    for index, (a, b) in enumerate(zip(*padded, strict=True)):
        yield index - rank, a, b


def broadcast_size(a: Dim, b: Dim) -> Dim | None:
    """The size that two sizes broadcast to; None where they provably cannot."""
    if equal(a, b) is True or equal(b, 1) is True:
        return a
    if equal(a, 1) is True:
        return b
    if equal(a, 1) is False and equal(b, 1) is False:
        if equal(a, b) is False:
            return None
        return b if isinstance(b, int) else a
    if equal(a, 1) is False:
        return a
    return b if equal(b, 1) is False else Unknown("sizes that may broadcast")


def broadcast(left: Sequence[Dim], right: Sequence[Dim]) -> tuple[Dim, ...] | Clash:
    """The shape that both stretch to: an axis of size 1 gives way, anything else must agree."""
    result: list[Dim] = []
    for axis, a, b in aligned(left, right):
        agreed = broadcast_size(a, b)
        if agreed is None:
            return Clash(axis, a, b)
        result.append(agreed)
    return tuple(result)
