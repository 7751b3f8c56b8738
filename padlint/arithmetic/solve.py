"""Every padding, ceil_mode, output_padding and explicit pad that gives a wanted output: exact and complete.

The output grows with the padding, so the paddings that give one output for one input are an interval; a range of inputs
intersects the intervals. The least padding for a wanted output is a sawtooth over the input sizes with the stride as
its period: a few sizes decide for all.
"""

from __future__ import annotations

from typing import Literal

from padlint.arithmetic.dims import evaluate
from padlint.arithmetic.impossible import explain, invalid
from padlint.arithmetic.question import Answer, Axis, AxisAnswer, Kind, Pads, Question, Run, Want
from padlint.arithmetic.reach import (
    ceil_modes,
    deciding_sizes,
    paddings,
    transposed_runs,
    wanted_size,
    window_runs,
)
from padlint.arithmetic.windows import same_padding


def solve(question: Question) -> Answer:
    """All that satisfies the question; where nothing does, the reason and what comes nearest.

    What torch refuses is not offered: pool padding over kernel_size // 2, output_padding of max(stride, dilation)
    or more, negative padding, outputs below 1.
    """
    problems = [problem for axis in question.axes if (problem := invalid(question.layer, question.want, axis))]
    if problems or not question.axes:
        return Answer(question, (), reason=problems[0] if problems else "there is no axis")
    axes = tuple(_solve_axis(question.layer, question.want, axis) for axis in question.axes)
    reason = next((answer.reason for answer in axes if answer.reason), None)
    if reason is None and not _suits_all(axes):
        reason = "one axis needs ceil_mode=True and another ceil_mode=False"
    shared = axes[0].runs
    for answer in axes[1:]:
        shared = tuple(both for one in shared for other in answer.runs if (both := _meet(one, other)))
    return Answer(question, axes, shared, _string(question, reason), reason)


def _suits_all(axes: tuple[AxisAnswer, ...]) -> bool:
    return any(all(any(run.first.ceil_mode == mode for run in one.runs) for one in axes) for mode in (False, True))


def _meet(one: Run, other: Run) -> Run | None:
    """The settings in both."""
    late, early = (one, other) if one.first.padding >= other.first.padding else (other, one)
    skipped = late.first.padding - early.first.padding
    count = min(late.count, early.count - skipped)
    return Run(late.first, count, late.output_step) if count > 0 and late.first in early else None


def _string(question: Question, reason: str | None) -> Literal["same", "valid"] | None:
    if question.layer != "convolution" or question.want == "output":
        return None
    if question.want == "same":
        return "same" if all(axis.stride == 1 for axis in question.axes) else None
    return "valid" if reason is None else None


def _solve_axis(layer: Kind, want: Want, axis: Axis) -> AxisAnswer:
    runs = transposed_runs(want, axis) if layer == "transposed" else window_runs(layer, want, axis)
    reason, nearest = (None, ()) if runs else explain(layer, want, axis)
    outputs = (wanted_size(layer, want, axis, axis.smallest), wanted_size(layer, want, axis, axis.largest))
    if layer == "transposed":
        return AxisAnswer(axis, outputs, runs, reason=reason, nearest=nearest)
    upper, lo = _alignment(want, axis)
    return AxisAnswer(axis, outputs, runs, _pads(layer, want, axis), upper, lo, reason, nearest)


def _pads(layer: Kind, want: Want, axis: Axis) -> tuple[Pads, ...]:
    if want == "valid":
        return ()
    found = (Pads(paddings(layer, want, axis, mode, sides=1), mode) for mode in ceil_modes(layer))
    return tuple(pads for pads in found if pads.totals.stop > pads.totals.start)


def _alignment(want: Want, axis: Axis) -> tuple[tuple[int, int] | None, int | None]:
    """SAME_UPPER's (lo, hi), and its lo, each where it is one for all input sizes."""
    if want != "same":
        return None, None
    pairs = set()
    for n in deciding_sizes(want, axis):
        lo, hi = same_padding(n, axis.kernel, axis.stride, axis.dilation)
        pairs.add((evaluate(lo, {}), evaluate(hi, {})))
    los = {lo for lo, _ in pairs}
    return pairs.pop() if len(pairs) == 1 else None, los.pop() if len(los) == 1 else None
