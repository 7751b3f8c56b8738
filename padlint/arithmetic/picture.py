"""The picture of windows over an axis: one line for the input with its padding, one for each window.

    input    .oooooo.
    window 1 ###
    window 2   ###
    window 3     ###

`o` is an element, `.` padding, `#` what the window reads, `-` what its dilation leaves out. Of a long axis and
of many windows the middle is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from padlint.arithmetic.dims import evaluate
from padlint.arithmetic.windows import effective_kernel, pooled

_WIDEST = 64
_HALF = 29
_MOST_WINDOWS = 8


@dataclass(frozen=True, slots=True)
class Sliding:
    """Windows over n elements with `lo` and `hi` of padding."""

    n: int
    lo: int
    hi: int
    kernel: int
    stride: int
    dilation: int = 1
    ceil_mode: bool = False

    @property
    def reach(self) -> int:
        """The effective kernel."""
        return evaluate(effective_kernel(self.kernel, self.dilation), {})

    @property
    def count(self) -> int:
        """How many windows there are."""
        return evaluate(pooled(self.n, self.kernel, self.stride, self.lo, self.hi, self.dilation, self.ceil_mode), {})


def draw_windows(n: int, lo: int, hi: int, kernel: int, stride: int, dilation: int = 1, ceil_mode: bool = False) -> str:
    """The picture of one layer on one axis."""
    sliding = Sliding(n, lo, hi, kernel, stride, dilation, ceil_mode)
    return "\n".join(_lines(sliding, *_extent(sliding)))


def draw_above(upper_title: str, upper: Sliding, lower_title: str, lower: Sliding) -> str:
    """Two pictures above each other, the elements of their inputs in the same columns."""
    first, last = _extent(upper)
    other_first, other_last = _extent(lower)
    first, last = min(first, other_first), max(last, other_last)
    lines = [upper_title, *_lines(upper, first, last), "", lower_title, *_lines(lower, first, last)]
    return "\n".join(lines)


def _extent(sliding: Sliding) -> tuple[int, int]:
    """The first and the last position that something stands at, the first element being 0."""
    last_window = -sliding.lo + max(0, sliding.count - 1) * sliding.stride + sliding.reach - 1
    last = sliding.n + sliding.hi - 1
    return -sliding.lo, max(last, last_window) if sliding.count > 0 else last


def _lines(sliding: Sliding, first: int, last: int) -> list[str]:
    stretches = _stretches(first, last)
    rows = [("input", _row(stretches, [_element(sliding, at) for at in _positions(stretches)]))]
    if sliding.count < 1:
        padded = sliding.n + sliding.lo + sliding.hi
        rows.append(("", f"no window fits: it reaches over {sliding.reach}, and the padded input has {padded}"))
    before = 0
    for number in _shown(sliding.count):
        if number != before + 1:
            rows.append(("...", ""))
        before = number
        start = -sliding.lo + (number - 1) * sliding.stride
        taps = [_tap(sliding, at - start) for at in _positions(stretches)]
        rows.append((f"window {number}", _row(stretches, taps)))
    width = max(len(label) for label, _ in rows)
    return [f"{label:<{width}} {row}".rstrip() for label, row in rows]


def _shown(count: int) -> list[int]:
    """The numbers of the windows that are drawn."""
    if count <= _MOST_WINDOWS:
        return list(range(1, count + 1))
    half = _MOST_WINDOWS // 2
    return [*range(1, half + 1), *range(count - half + 1, count + 1)]


def _stretches(first: int, last: int) -> list[range]:
    """The positions that are drawn: all, or both ends."""
    if last - first < _WIDEST:
        return [range(first, last + 1)]
    return [range(first, first + _HALF), range(last + 1 - _HALF, last + 1)]


def _positions(stretches: list[range]) -> list[int]:
    return [at for stretch in stretches for at in stretch]


def _row(stretches: list[range], marks: list[str]) -> str:
    if len(stretches) == 1:
        return "".join(marks)
    return "".join(marks[:_HALF]) + " ... " + "".join(marks[_HALF:])


def _element(sliding: Sliding, at: int) -> str:
    if 0 <= at < sliding.n:
        return "o"
    return "." if -sliding.lo <= at < sliding.n + sliding.hi else " "


def _tap(sliding: Sliding, offset: int) -> str:
    if not 0 <= offset < sliding.reach:
        return " "
    return "-" if offset % sliding.dilation else "#"
