"""Which values of a layer's arguments give what is intended: the repairs that rules and blame propose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from padlint.arithmetic.dims import Dim, equal, less
from padlint.arithmetic.windows import effective_kernel, same_padding, same_size, transposed_same
from padlint.checks.base import Change
from padlint.checks.layer import Slid
from padlint.evaluate.values import Value
from padlint.layers.base import Window
from padlint.layers.sliding import slide

Target = Callable[[Dim, Window], Dim]
Sides = tuple[tuple[Dim, Dim], ...]
REACH = 64


def same_target(n: Dim, window: Window) -> Dim:
    """ceil(n/s); n*s where transposed."""
    return transposed_same(n, window.stride) if window.transposed else same_size(n, window.stride)


def valid_target(n: Dim, window: Window) -> Dim:
    """What the window gives without padding."""
    return slide(n, replace(window, lo=0, hi=0, ceil_mode=False))


def to_same(found: Slid) -> tuple[Change, ...] | None:
    """The changes that make a layer give `same`; None where no number does. Empty: it does already."""
    return to_target(found, [same_target(n, window) for n, window in zip(found.before, found.windows, strict=True)])


def to_valid(found: Slid) -> tuple[Change, ...] | None:
    """The changes that take a layer's padding away."""
    return _padding(found, [0] * len(found.windows)) if "padding" in (found.module.args or {}) else None


def to_target(found: Slid, targets: Sequence[Dim]) -> tuple[Change, ...] | None:
    """The changes of padding (or padding and output_padding) that give these sizes."""
    if found.pad is not None:
        return None
    if any(window.transposed for window in found.windows):
        return _transposed(found, targets)
    amounts = [
        _amount(found, n, window, size) for n, window, size in zip(found.before, found.windows, targets, strict=True)
    ]
    if None not in amounts:
        return _padding(found, [amount for amount in amounts if amount is not None])
    return to_same_string(found) if _is_same(found, targets) else None


def by_pad_layer(pad: Slid, own: Slid, wanted: Sides) -> tuple[Change, ...] | None:
    """What a pad layer must put around the map so that with the layer's `own` padding it is (lo, hi) for each axis."""
    needed: list[int] = []
    for (lo, hi), window in zip(reversed(wanted), reversed(own.windows), strict=True):
        sides = (lo - window.lo, hi - window.hi)
        needed.extend(side for side in sides if isinstance(side, int) and side >= 0)
    if len(needed) != 2 * len(own.windows):
        return None
    args = pad.module.args or {}
    argument = "pad" if "pad" in args else "padding"  # torch's function calls it so
    present = args.get(argument)
    value = compact(needed, present)
    return () if value == present else (Change(pad.module.place, argument, value),)


def to_same_string(found: Slid) -> tuple[Change, ...] | None:
    """`padding='same'`, where torch allows it: a convolution at stride 1."""
    if not found.layer.name.startswith("Conv") or found.windows[0].transposed:
        return None
    if any(equal(window.stride, 1) is not True for window in found.windows):
        return None
    return (Change(found.module.place, "padding", "same"),)


def _is_same(found: Slid, targets: Sequence[Dim]) -> bool:
    pairs = zip(found.before, found.windows, targets, strict=True)
    return all(equal(same_target(n, window), size) is True for n, window, size in pairs)


def _amount(found: Slid, n: Dim, window: Window, size: Dim) -> int | None:
    """The padding of one axis that gives `size`: the present one if it does, else the smallest."""
    if equal(slide(n, window), size) is True and isinstance(window.lo, int) and equal(window.lo, window.hi) is True:
        return window.lo
    reach = effective_kernel(window.kernel, window.dilation)
    most = window.kernel // 2 if is_pool(found) else reach - 1
    if not isinstance(most, int):
        return None
    fitting = (p for p in range(min(most, REACH) + 1) if equal(slide(n, replace(window, lo=p, hi=p)), size) is True)
    return next(fitting, None)


def is_pool(found: Slid) -> bool:
    return "Pool" in found.layer.name


def _padding(found: Slid, amounts: list[int]) -> tuple[Change, ...]:
    args = found.module.args or {}
    value = compact(amounts, args.get("padding"))
    return () if value == args.get("padding") else (Change(found.module.place, "padding", value),)


def _transposed(found: Slid, targets: Sequence[Dim]) -> tuple[Change, ...] | None:
    """Keep the padding and set output_padding; where that is not allowed, change both."""
    paddings: list[int] = []
    extras: list[int] = []
    for n, window, size in zip(found.before, found.windows, targets, strict=True):
        bare = slide(n, replace(window, lo=0, hi=0, output_padding=0))
        surplus = bare - size
        if not isinstance(surplus, int) or not isinstance(window.lo, int):
            return None
        limit = window.stride if less(window.dilation, window.stride) else window.dilation
        kept = 2 * window.lo - surplus
        padding = window.lo if kept >= 0 and less(kept, limit) is True else max(0, -(-surplus // 2))
        extra = 2 * padding - surplus
        if extra < 0 or less(extra, limit) is not True:
            return None
        paddings.append(padding)
        extras.append(extra)
    args = found.module.args or {}
    changes = list(_padding(found, paddings))
    value = compact(extras, args.get("output_padding"))
    if value != args.get("output_padding"):
        changes.append(Change(found.module.place, "output_padding", value))
    return tuple(changes)


def compact(amounts: Sequence[int], present: Value) -> Value:
    """One number where all axes agree and none was written for each axis, else a tuple."""
    if len(set(amounts)) == 1 and not (isinstance(present, tuple) and len(present) == len(amounts) > 1):
        return amounts[0]
    return tuple(amounts)


def aligned(found: Slid, before: Sequence[Dim] | None = None) -> Sides:
    """(lo, hi) of `same` for each axis, as Keras and ONNX SAME_UPPER align it; for these sizes `before`, else its own."""
    return tuple(
        same_padding(n, window.kernel, window.stride, window.dilation)
        for n, window in zip(found.before if before is None else before, found.windows, strict=True)
    )
