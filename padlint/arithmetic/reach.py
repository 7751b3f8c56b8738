"""Which paddings reach a wanted output on one axis: intervals, in closed form.

Out of a window layer comes at least t where, with T the padding of both sides together,

    floor:      (n + T - e)//s + 1 >= t         T >= (t - 1)*s + e - n
    ceil_mode:  ceil((n + T - e)/s) + 1 >= t    T >  (t - 2)*s + e - n
                (n + lo - 1)//s + 1 >= t        lo > (t - 1)*s - n        torch's correction, see windows.pooled
"""

from __future__ import annotations

from padlint.arithmetic import windows
from padlint.arithmetic.dims import Dim, evaluate
from padlint.arithmetic.question import Axis, Kind, Run, Setting, Want


def wanted(layer: Kind, want: Want, axis: Axis, n: Dim) -> Dim:
    """The output that is asked for where the input is n."""
    if want == "output":
        return axis.output if axis.output is not None else n
    if layer == "transposed":
        if want == "same":
            return windows.transposed_same(n, axis.stride)
        return windows.transposed_valid(n, axis.kernel, axis.stride, axis.dilation)
    if want == "same":
        return windows.same_size(n, axis.stride)
    return windows.convolved(n, axis.kernel, axis.stride, dilation=axis.dilation)


def wanted_size(layer: Kind, want: Want, axis: Axis, n: int) -> int:
    """The same as a number."""
    return evaluate(wanted(layer, want, axis, n), {})


def output(layer: Kind, axis: Axis, n: Dim, setting: Setting) -> Dim:
    """What the layer gives for an input of n."""
    kernel, stride, dilation, padding = axis.kernel, axis.stride, axis.dilation, setting.padding
    if layer == "transposed":
        return windows.transposed(n, kernel, stride, padding, padding, dilation, setting.output_padding)
    return windows.pooled(n, kernel, stride, padding, padding, dilation, setting.ceil_mode)


def ceil_modes(layer: Kind) -> tuple[bool, ...]:
    """Only pooling has a ceil_mode."""
    return (False, True) if layer == "pooling" else (False,)


def most_padding(layer: Kind, axis: Axis) -> int | None:
    """The largest padding that torch takes, where it has a limit."""
    return axis.kernel // 2 if layer == "pooling" else None


def deciding_sizes(want: Want, axis: Axis) -> tuple[int, ...]:
    """Input sizes that decide for all from smallest to largest.

    Between two sizes at which the wanted output steps up, what the padding has to be falls as the input grows: the ends
    of the range, and the first and last of those stretches, have the extremes. It repeats with the stride.
    """
    step = axis.effective_kernel if want == "valid" else 1
    found = {axis.smallest, axis.largest}
    for phase in (step, step - 1):
        after = axis.smallest + (phase - axis.smallest) % axis.stride
        if after <= axis.largest:
            found.add(after)
    return tuple(sorted(found))


def least(axis: Axis, n: int, size: int, ceil_mode: bool, sides: int) -> int:
    """The least padding (sides 2: of each side; 1: all of it before pooling) for an output of `size` or more."""
    lacking = (size - 1) * axis.stride + axis.effective_kernel - n
    if not ceil_mode:
        return -(-lacking // sides)
    return max(-(-(lacking - axis.stride + 1) // sides), (size - 1) * axis.stride - n + 1)


def paddings(layer: Kind, want: Want, axis: Axis, ceil_mode: bool, sides: int = 2) -> range:
    """Every padding of zero or more that gives what is wanted for every input size, torch's limit left aside."""
    sizes = [(n, wanted_size(layer, want, axis, n)) for n in deciding_sizes(want, axis)]
    if any(size < 1 for _, size in sizes):
        return range(0)
    low = max(0, *(least(axis, n, size, ceil_mode, sides) for n, size in sizes))
    stop = min(least(axis, n, size + 1, ceil_mode, sides) for n, size in sizes)
    return range(low, min(stop, 1) if want == "valid" else stop)


def window_runs(layer: Kind, want: Want, axis: Axis) -> tuple[Run, ...]:
    """Every setting of a convolution or pooling that does it."""
    runs: list[Run] = []
    most = most_padding(layer, axis)
    for mode in ceil_modes(layer):
        found = paddings(layer, want, axis, mode)
        stop = found.stop if most is None else min(found.stop, most + 1)
        if stop > found.start:
            runs.append(Run(Setting(found.start, 0, mode), stop - found.start))
    return tuple(runs)


def transposed_runs(want: Want, axis: Axis) -> tuple[Run, ...]:
    """Every (padding, output_padding) of a transposed convolution that does it."""
    wants = {crop(want, axis, axis.smallest), crop(want, axis, axis.largest)}
    if len(wants) > 1 or wanted_size("transposed", want, axis, axis.smallest) < 1:
        return ()
    run = cropping(wants.pop(), axis)
    if run is not None and want == "valid":
        run = Run(run.first, 1, 2) if run.first.padding == 0 else None
    return () if run is None else (run,)


def crop(want: Want, axis: Axis, n: int) -> int:
    """2*padding - output_padding, what has to go from the full output (n - 1)*s + e."""
    return evaluate(output("transposed", axis, n, Setting(0)), {}) - wanted_size("transposed", want, axis, n)


def cropping(surplus: int, axis: Axis) -> Run | None:
    """The settings with 2*padding - output_padding == surplus and output_padding < max(stride, dilation)."""
    first = max(surplus % 2, -surplus)
    count = (max(axis.stride, axis.dilation) - first + 1) // 2
    return Run(Setting((surplus + first) // 2, first), count, 2) if count > 0 else None
