"""PAD307 dropped-border: a stride that drops the last rows or columns (opt-in)."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import Dim, less
from padlint.arithmetic.windows import effective_kernel
from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.layer import describe, slid
from padlint.layers.base import Window
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """(n + lo + hi - e) % s elements are left over; those beyond the padding are data."""
    for op in trace.calls:
        found = slid(op)
        if found is None or not found.after or op.guarded:
            continue
        pairs = list(zip(found.before, found.after, found.windows, strict=True))
        lost = [left_over(n, out, window) for n, out, window in pairs if not window.transposed]
        if any(less(0, count) is True for count in lost):
            message = f"{describe(found.module)} never sees the last {by(lost)} of {by(found.before)}"
            yield Problem("PAD307", message, found.module.place, op, "stride")


def left_over(n: Dim, out: Dim, window: Window) -> Dim:
    """How many elements of the input lie behind the last window: n + lo - ((out - 1)*s + e)."""
    return n + window.lo - ((out - 1) * window.stride + effective_kernel(window.kernel, window.dilation))


RULE = Rule("PAD307", "dropped-border", "information", "a stride that drops the last rows or columns", find)
