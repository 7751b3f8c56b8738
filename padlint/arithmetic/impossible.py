"""Why no setting does it on one axis, and what comes nearest."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic.condition import Never, when_equal
from padlint.arithmetic.dims import evaluate, symbol
from padlint.arithmetic.question import Axis, Kind, Near, Setting, Want
from padlint.arithmetic.reach import (
    ceil_modes,
    crop,
    cropping,
    deciding_sizes,
    least,
    most_padding,
    output,
    paddings,
    wanted,
    wanted_size,
)

_LARGEST = 2**63 - 1  # torch's sizes are signed 64-bit


def invalid(layer: Kind, want: Want, axis: Axis) -> str | None:
    """What is wrong with the numbers of the question itself."""
    if axis.smallest > axis.largest:
        return f"the input sizes {axis.smallest}..{axis.largest} are an empty range"
    numbers = {
        "the input size": axis.smallest,
        "kernel_size": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
    }
    if want == "output":
        if axis.output is None:
            return "the wanted output is missing"
        numbers["the output size"] = axis.output
    for name, number in numbers.items():
        if number < 1:
            return f"{name} must be at least 1, not {number}"
    product = axis.stride * max(axis.largest if layer == "transposed" else 1, axis.output or 1)
    if max(axis.largest, axis.effective_kernel, product) > _LARGEST:
        return "the sizes are larger than torch's largest, 2**63 - 1"
    return None


def explain(layer: Kind, want: Want, axis: Axis) -> tuple[str, tuple[Near, ...]]:
    """The reason why there is no setting, and the nearest settings with what they give."""
    low = wanted_size(layer, want, axis, axis.smallest)
    if low < 1:
        reach = axis.effective_kernel
        return f"the window reaches over {reach} elements, more than the input of {axis.smallest}", ()
    if layer == "transposed":
        return _explain_transposed(want, axis)
    if axis.smallest == axis.largest:
        return _explain_window(layer, want, axis, low, ceil_modes(layer)), _nearest(layer, axis, low)
    return _explain_range(layer, want, axis), _nearest_range(layer, want, axis)


def _explain_window(layer: Kind, want: Want, axis: Axis, size: int, modes: Sequence[bool]) -> str:
    """Why an input of one size cannot be served in any of the ceil modes."""
    n = axis.smallest
    bare = evaluate(output(layer, axis, n, Setting(0)), {})
    if bare > size:
        return f"without any padding the output is already {bare}, more than {size}"
    most = most_padding(layer, axis)
    need = min(least(axis, n, size, mode, 2) for mode in modes)
    if most is not None and need > most:
        return f"it would take padding={need}, and torch takes at most kernel_size // 2 = {most}"
    totals = paddings(layer, want, axis, False, sides=1)
    return f"both sides together must get {totals.start}, and one number gives both the same"


def _nearest(layer: Kind, axis: Axis, size: int) -> tuple[Near, ...]:
    """The settings with the next smaller and the next larger output."""
    n, most = axis.smallest, most_padding(layer, axis)
    below: list[Near] = []
    above: list[Near] = []
    for mode in ceil_modes(layer):
        for padding in (least(axis, n, size, mode, 2) - 1, least(axis, n, size + 1, mode, 2)):
            padding = max(0, padding if most is None else min(padding, most))
            setting = Setting(padding, 0, mode)
            result = evaluate(output(layer, axis, n, setting), {})
            if result >= 1:
                (below if result < size else above).append(Near(setting, (result, result)))
    best_below = max(below, key=lambda near: (near.outputs[0], -near.setting.ceil_mode), default=None)
    best_above = min(above, key=lambda near: (near.outputs[0], near.setting.ceil_mode), default=None)
    return tuple(near for near in (best_below, best_above) if near is not None)


def _explain_range(layer: Kind, want: Want, axis: Axis) -> str:
    """Two input sizes that contradict each other, or one that alone cannot be served."""
    sizes = deciding_sizes(want, axis)
    most = most_padding(layer, axis)
    needs: dict[int, tuple[int, int]] = {}
    for n in sizes:
        size = wanted_size(layer, want, axis, n)
        low, high = max(0, least(axis, n, size, False, 2)), least(axis, n, size + 1, False, 2) - 1
        if high < low or (most is not None and low > most):
            alone = Axis(n, n, axis.kernel, axis.stride, axis.dilation, axis.output)
            where = f"{n} without ceil_mode" if len(ceil_modes(layer)) > 1 else str(n)
            return f"for an input of {where}, {_explain_window(layer, want, alone, size, (False,))}"
        needs[n] = (low, high)
    hungry = max(needs, key=lambda n: needs[n][0])
    full = min(needs, key=lambda n: needs[n][1])
    return (
        f"an input of {hungry} needs padding={needs[hungry][0]} or more, "
        f"and one of {full} bears at most {needs[full][1]}"
    )


def _nearest_range(layer: Kind, want: Want, axis: Axis) -> tuple[Near, ...]:
    """Settings that serve some of the inputs, and which."""
    most = most_padding(layer, axis)
    n = symbol("n", minimum=axis.smallest)
    found: list[Near] = []
    for mode in ceil_modes(layer):
        needs = [(at, wanted_size(layer, want, axis, at)) for at in deciding_sizes(want, axis)]
        edges = {least(axis, at, size, mode, 2) for at, size in needs}
        edges |= {least(axis, at, size + 1, mode, 2) - 1 for at, size in needs}
        for padding in sorted({max(0, edge if most is None else min(edge, most)) for edge in edges}):
            setting = Setting(padding, 0, mode)
            condition = when_equal(output(layer, axis, n, setting), wanted(layer, want, axis, n))
            ends = tuple(evaluate(output(layer, axis, at, setting), {}) for at in (axis.smallest, axis.largest))
            if condition is not None and not isinstance(condition, Never):
                found.append(Near(setting, (ends[0], ends[1]), condition.words("the input")))
    return tuple(found)


def _explain_transposed(want: Want, axis: Axis) -> tuple[str, tuple[Near, ...]]:
    surplus, last = crop(want, axis, axis.smallest), crop(want, axis, axis.largest)
    if surplus != last:
        return f"inputs from {axis.smallest} to {axis.largest} give outputs of different sizes", ()
    size = wanted_size("transposed", want, axis, axis.smallest)
    most = max(axis.stride, axis.dilation) - 1
    if surplus < -most:
        reason = f"the output is at most {size + surplus + most}: output_padding must be below max(stride, dilation)"
        nearest = [-most]
    else:
        reason = f"{surplus} must go from both ends together, and padding takes as much from each"
        nearest = [surplus + 1, surplus - 1]
    nears = []
    for other in nearest:
        run = cropping(other, axis)
        if run is not None and size + surplus - other >= 1:
            nears.append(Near(run.first, (size + surplus - other,) * 2))
    return reason, tuple(nears)
