"""The answer of `padlint solve` in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from padlint.arithmetic.picture import Sliding, draw_above, draw_windows
from padlint.arithmetic.question import Answer, AxisAnswer, Kind, Pads, Run, Setting

_MOST_LISTED = 8
_TITLES: dict[Kind, str] = {
    "convolution": "convolution",
    "pooling": "pooling",
    "transposed": "transposed convolution",
}


def solved(answer: Answer) -> bool:
    """Whether anything gives what is wanted: numbers, a string, or explicit pads before the layer."""
    pads = bool(answer.axes) and all(axis.pads for axis in answer.axes)
    return answer.reason is None or answer.string is not None or pads


def heading(answer: Answer) -> str:
    """`same: 30 -> 30 with kernel_size=3, stride=1, dilation=1`."""
    axes = answer.question.axes
    sizes = "x".join(_interval(axis.smallest, axis.largest) for axis in axes)
    outputs = "x".join(_interval(*axis.outputs) for axis in answer.axes) or "?"
    kernel, stride, dilation = (
        "x".join(map(str, numbers)) for numbers in zip(*((a.kernel, a.stride, a.dilation) for a in axes), strict=True)
    )
    words = f"kernel_size={kernel}, stride={stride}, dilation={dilation}"
    return f"{answer.question.want}: {sizes} -> {outputs} with {words}"


def describe(answer: Answer) -> Iterator[str]:
    """The lines for one kind of layer."""
    yield f"{_TITLES[answer.question.layer]}:"
    found = list(_settings(answer))
    if answer.string is not None:
        found.append(f"padding='{answer.string}'")
    yield from (f"  {text}" for text in found)
    if answer.reason is not None:
        yield f"  no number does it: {answer.reason}"
        for axis in answer.axes:
            yield from (f"    {text}" for text in _near(axis))
    if answer.reason is not None or answer.question.want == "same":
        yield from (f"  {text}" for text in _pads(answer))


def pictures(answer: Answer) -> tuple[str, ...]:
    """The windows over each axis, for its smallest input; Keras above torch where they differ."""
    return () if answer.question.layer == "transposed" else tuple(map(_picture, answer.axes))


# ---------------------------------------------------------------- settings


def _settings(answer: Answer) -> Iterator[str]:
    if answer.shared:
        for run in answer.shared:
            yield from _run(run)
        return
    for mode in (False, True):
        runs = [[run for run in axis.runs if run.first.ceil_mode == mode] for axis in answer.axes]
        if runs and all(runs):
            yield _by_axis(runs, mode)


def _run(run: Run) -> Iterator[str]:
    if not run.output_step:
        last = run.first.padding + run.count - 1
        yield _setting(run.first, _interval(run.first.padding, last))
        return
    for setting in list(run)[:_MOST_LISTED]:
        yield _setting(setting, str(setting.padding))
    if run.count > _MOST_LISTED:
        yield f"... and so on: padding + 1 with output_padding + {run.output_step}, {run.count} in all"


def _setting(setting: Setting, padding: str) -> str:
    grown = f", output_padding={setting.output_padding}" if setting.output_padding else ""
    return f"padding={padding}{grown}" + (", ceil_mode=True" if setting.ceil_mode else "")


def _by_axis(runs: Sequence[Sequence[Run]], ceil_mode: bool) -> str:
    """Another number on each axis: `padding=(1, 2)`."""
    firsts = [axis_runs[0].first for axis_runs in runs]
    grown = [first.output_padding for first in firsts]
    paddings = ", ".join(_interval(run[0].first.padding, run[0].first.padding + run[0].count - 1) for run in runs)
    if runs[0][0].output_step:
        paddings = ", ".join(str(first.padding) for first in firsts)
    text = f"padding=({paddings})"
    if any(grown):
        text += f", output_padding=({', '.join(map(str, grown))})"
    return text + (", ceil_mode=True" if ceil_mode else "")


def _near(axis: AxisAnswer) -> Iterator[str]:
    for near in axis.nearest:
        when = f", right {near.words}" if near.words else ""
        yield f"{_setting(near.setting, str(near.setting.padding))} gives {_interval(*near.outputs)}{when}"


# ---------------------------------------------------------------- explicit pads


def _pads(answer: Answer) -> Iterator[str]:
    """What a padding layer before this one, with padding=0, has to add before and after each axis."""
    for number, axis in enumerate(answer.axes):
        where = f" on axis {number}" if len(answer.axes) > 1 else ""
        if axis.upper is not None:
            yield f"explicit pads{where}: {axis.upper} does, as Keras pads{_others(axis.pads, axis.upper)}"
        elif axis.pads:
            yield f"explicit pads{where}: {_totals(axis.pads[0])}"


def _others(pads: Sequence[Pads], shown: tuple[int, int]) -> str:
    plain = next((each for each in pads if not each.ceil_mode), None)
    if plain is None or plain.totals == range(0, 1):
        return ""
    return f"; for the shape alone {_totals(plain)}"


def _totals(pads: Pads) -> str:
    mode = " with ceil_mode=True" if pads.ceil_mode else ""
    return f"any (before, after) that add up to {_interval(pads.totals.start, pads.totals.stop - 1)}{mode}"


# ---------------------------------------------------------------- pictures


def _picture(answer: AxisAnswer) -> str:
    axis = answer.axis
    setting = answer.runs[0].first if answer.runs else None
    if setting is None:
        lo, hi = answer.upper or (0, 0)
        return draw_windows(axis.smallest, lo, hi, axis.kernel, axis.stride, axis.dilation)
    pad = setting.padding
    if answer.upper is None or answer.upper == (pad, pad):
        return draw_windows(axis.smallest, pad, pad, axis.kernel, axis.stride, axis.dilation, setting.ceil_mode)
    keras = Sliding(axis.smallest, *answer.upper, axis.kernel, axis.stride, axis.dilation)
    torch = Sliding(axis.smallest, pad, pad, axis.kernel, axis.stride, axis.dilation, setting.ceil_mode)
    return draw_above("Keras", keras, f"torch, padding={pad}", torch)


# ---------------------------------------------------------------- words


def _interval(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}..{last}"
