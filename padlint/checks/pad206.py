"""PAD206 dilation-without-padding: padding that was `same` before the dilation."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import equal
from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.layer import Slid, describe, text
from padlint.checks.mend import to_same
from padlint.checks.use import undeclared
from padlint.layers.base import Window
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """(k - 1)/2 beside a dilation: the effective kernel is larger than the one that was padded for."""
    for found in undeclared(trace, _same_but_for_dilation):
        changes = to_same(found)
        needs = " and ".join(f"{change.argument}={text(change.value)}" for change in changes or ())
        message = (
            f"{describe(found.module)} gives {by(found.after)} from {by(found.before)}; "
            f"with its dilation same needs {needs or 'more padding'}"
        )
        repairs = (Repair(changes),) if changes else ()
        yield Problem("PAD206", message, found.module.place, found.op, "padding", repairs=repairs)


def _same_but_for_dilation(found: Slid) -> bool:
    at_stride_one = found.layer.name.startswith("Conv") and all(map(_at_stride_one, found.windows))
    return at_stride_one and any(map(_forgot, found.windows)) and all(map(_kept_without, found.windows))


def _at_stride_one(window: Window) -> bool:
    return equal(window.stride, 1) is True and not window.transposed and equal(window.lo, window.hi) is True


def _kept_without(window: Window) -> bool:
    """Would the padding keep the size if there were no dilation?"""
    return equal(2 * window.lo, window.kernel - 1) is True


def _forgot(window: Window) -> bool:
    return equal(window.dilation, 1) is False and equal(window.lo, 0) is False and _kept_without(window)


RULE = Rule("PAD206", "dilation-without-padding", "warning", "padding that was same before the dilation", find)
