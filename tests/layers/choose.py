"""Draws for generated layers: most of them valid, some not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from padlint.layers.base import Value

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]
Shape = tuple[int, ...]


@cache
def below(count: int) -> st.SearchStrategy[int]:
    """Numbers from 0; one strategy for each count, since making them takes longer than drawing."""
    return st.integers(0, count - 1)


class Choose:
    """Draws values; what stands in `rare` comes once in about twenty times."""

    def __init__(self, draw: Draw[int]) -> None:
        self._draw = draw

    def of(self, *values: T, rare: Sequence[T] = ()) -> T:
        """One of the values."""
        usual = 19 * len(values) if rare else len(values)
        at = self._draw(below(usual + max(len(values), len(rare)) if rare else usual))
        return values[at % len(values)] if at < usual else rare[(at - usual) % len(rare)]

    def number(self, low: int, high: int, rare: Sequence[int] = ()) -> int:
        """A whole number."""
        return self.of(*range(low, high + 1), rare=rare)

    def per_axis(self, axes: int, low: int, high: int, rare: Sequence[int] = ()) -> Value:
        """A number, or a tuple for the axes; seldom of the wrong length."""
        count = self.of(0, axes, rare=(0, 1, axes + 1, max(axes - 1, 0)))
        if not count:
            return self.number(low, high, rare)
        return tuple(self.number(low, high, rare) for _ in range(count))

    def shape(self, channels: int, axes: int, low: int = 1, high: int = 8, empty: bool = True) -> Shape:
        """Batched or un-batched maps; seldom of another rank, of other channels, or without elements."""
        zero = (0,) if empty else ()
        sizes = tuple(self.number(low, high, zero) for _ in range(axes))
        found = self.of(channels, rare=(channels + 1, 1))
        leading = self.of((2,), (1,), (), rare=((2, 2), (0,) if empty else (3,)))
        return self.of((*leading, found, *sizes), rare=(sizes,))

    def any_shape(self, low: int = 0, high: int = 5) -> Shape:
        """A tensor of any rank."""
        return tuple(self.number(1, 5, (0,)) for _ in range(self.number(low, high)))

    def flag(self) -> bool:
        """True or False."""
        return self.of(False, True)
