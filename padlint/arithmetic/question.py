"""What can be asked of `solve`, and what it answers. All numbers are elements of one spatial axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["convolution", "pooling", "transposed"]
Want = Literal["same", "valid", "output"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One spatial axis: input sizes from `smallest` to `largest`, the window, and the output if one is wanted."""

    smallest: int
    largest: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    output: int | None = None

    @property
    def effective_kernel(self) -> int:
        return self.dilation * (self.kernel - 1) + 1


@dataclass(frozen=True, slots=True)
class Question:
    """Which arguments make this layer give what is wanted on every axis?"""

    layer: Kind
    want: Want
    axes: tuple[Axis, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """The arguments of a layer, for one axis."""

    padding: int
    output_padding: int = 0
    ceil_mode: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """`count` settings: the padding grows by 1 from each to the next, the output_padding by `output_step` (0 or 2)."""

    first: Setting
    count: int
    output_step: int = 0

    def __iter__(self) -> Iterator[Setting]:
        for step in range(self.count):
            grown = self.first.output_padding + step * self.output_step
            yield Setting(self.first.padding + step, grown, self.first.ceil_mode)

    def __contains__(self, setting: Setting) -> bool:
        step = setting.padding - self.first.padding
        grown = self.first.output_padding + step * self.output_step
        return 0 <= step < self.count and setting == Setting(setting.padding, grown, self.first.ceil_mode)


@dataclass(frozen=True, slots=True)
class Pads:
    """Explicit padding by a layer before this one, whose own is then 0: every (lo, hi) with lo + hi in `totals`."""

    totals: range
    ceil_mode: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A setting that does not do it: the outputs for the smallest and the largest input, and when it does, in words."""

    setting: Setting
    outputs: tuple[int, int]
    words: str | None = None


@dataclass(frozen=True, slots=True)
class AxisAnswer:
    """All that satisfies the request on one axis.

    runs     what one number on each side does, with ceil_mode and output_padding
    pads     what explicit pads before the layer do; empty for transposed convolutions
    upper    the (lo, hi) of SAME_UPPER, as Keras pads, where it is one for all input sizes; only for `same`
    lo       its lo, where that is one for all input sizes: a padding of just this lines up with Keras
    reason   why `runs` is empty
    nearest  what comes nearest where `runs` is empty
    """

    axis: Axis
    outputs: tuple[int, int]
    runs: tuple[Run, ...]
    pads: tuple[Pads, ...] = ()
    upper: tuple[int, int] | None = None
    lo: int | None = None
    reason: str | None = None
    nearest: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answers of the axes, and what is the same for all of them.

    shared   settings that can be written with one number for all axes
    string   the padding= string that does it: only convolutions take one
    reason   why the layer as a whole cannot do it with numbers: an axis cannot, or no ceil_mode suits all axes
    """

    question: Question
    axes: tuple[AxisAnswer, ...]
    shared: tuple[Run, ...] = ()
    string: Literal["same", "valid"] | None = None
    reason: str | None = None
