"""PAD205 even-kernel-half-padding: `padding=k // 2` with an even kernel grows the map by one."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import equal
from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.layer import Slid, describe
from padlint.checks.mend import to_same
from padlint.checks.use import halves, undeclared, written
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """Half of a kernel, written as such, says `same`, and gives it for odd kernels only."""
    for found in undeclared(trace, _even_at_stride_one):
        source = trace.declarations.source(found.module.place.path)
        place, layer = found.module.place, found.layer
        if halves(written(source, place, "padding", layer), written(source, place, "kernel_size", layer)):
            changes = to_same(found)
            message = (
                f"{describe(found.module, 'padding')} gives {by(found.after)} from {by(found.before)}; "
                "half of an even kernel does not keep the size"
            )
            repairs = (Repair(changes),) if changes else ()
            yield Problem("PAD205", message, place, found.op, "padding", repairs=repairs)


def _even_at_stride_one(found: Slid) -> bool:
    strided = any(equal(w.stride, 1) is not True or w.transposed for w in found.windows)
    return not strided and any(equal(w.kernel % 2, 0) is True and equal(w.dilation, 1) is True for w in found.windows)


RULE = Rule("PAD205", "even-kernel-half-padding", "warning", "half of an even kernel as padding, at stride 1", find)
