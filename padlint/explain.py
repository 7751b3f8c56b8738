"""One layer explained: its sizes in and out, its parameters, every legal padding with what it gives, the picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.arithmetic.picture import Sliding, draw_above, draw_windows
from padlint.arithmetic.question import Axis, Kind, Question
from padlint.arithmetic.solve import solve
from padlint.arithmetic.windows import effective_kernel, same_padding, transposed_valid
from padlint.checks.layer import describe, shape_text
from padlint.checks.mend import same_target, valid_target
from padlint.config import Settings
from padlint.diagnose import Diagnosis
from padlint.errors import UsageError
from padlint.evaluate.modules import plain, torch_layer
from padlint.evaluate.record import Built, Op, Record
from padlint.evaluate.roots import Run
from padlint.evaluate.values import Instance
from padlint.evaluation import passed_over
from padlint.finding import Place, Position, Span
from padlint.layers.base import Arguments, Layer, Shape, Tensor, Value, Window
from padlint.project import open_project
from padlint.report.solution import describe as describe_answer
from padlint.session import make_room
from padlint.shapes import binding, parameters
from padlint.syntax.source import Source
from padlint.where import exactly, where

_MOST_PADDINGS = 16
_MOST_CALLS = 6


@dataclass(frozen=True, slots=True)
class Layered:
    """A layer as one binding builds it, with its calls, of the record of one run."""

    built: Built
    layer: Layer
    arguments: Arguments
    calls: tuple[Op, ...]
    record: Record

    @property
    def instance(self) -> Instance:
        return self.built.instance


@dataclass(frozen=True, slots=True)
class Option:
    """One legal way to pad: how it is written, what it gives, and what that is (`same`, `valid`, `now`)."""

    text: str
    output: Shape
    marks: tuple[str, ...]


def explain(path: str, line: int, cell: int | None, settings: Settings) -> tuple[str, list[str]]:
    """The layers that start on a line, else the innermost that reaches over it; and what of the file was not analysed.

    Raises UsageError where there is none, with the nearest lines that have one and what was not analysed; UnreadableError.
    """
    make_room()
    project, readable, problems = open_project([path], settings, {})
    if not readable:
        raise UsageError(problems[0])
    diagnosis = Diagnosis(project, settings)
    source = project.source(Path(path))
    found = layers_in(source, diagnosis.run(readable))
    spans = {place: source.span(place) for place in found}
    chosen = _chosen(spans, line, cell)
    notes = passed_over([source], diagnosis.world.budget)
    if not chosen:
        asked = Position(line, 1)
        raise UsageError("; ".join([_nothing_there(Span(path, asked, asked, cell), spans.values()), *notes]))
    parts = ["\n".join(_lines(spans[place], found[place], diagnosis)) for place in chosen]
    return "\n\n".join(parts) + "\n", notes


def layers_in(source: Source, runs: Iterable[Run]) -> dict[Place, list[Layered]]:
    """The layers of torch that are built in a source, each once for every time that a run builds it."""
    found: dict[Place, list[Layered]] = {}
    for run in runs:
        ops: dict[int, list[Op]] = {}
        for op in run.record.ops:
            ops.setdefault(id(op.instance), []).append(op)
        for built in run.record.everything_built():
            layer = torch_layer(built.instance)
            if layer is not None and built.place.path == source.path and built.instance.args is not None:
                calls = tuple(ops.get(id(built.instance), ()))
                arguments = {name: plain(value) for name, value in built.instance.args.items()}
                found.setdefault(built.place, []).append(Layered(built, layer, arguments, calls, run.record))
    return found


def _chosen(spans: Mapping[Place, Span], line: int, cell: int | None) -> list[Place]:
    here = {place: span for place, span in spans.items() if span.cell == cell}
    starting = [place for place, span in here.items() if span.start.line == line]
    if starting:
        return sorted(starting, key=lambda place: here[place].start)
    around = [place for place, span in here.items() if span.start.line <= line <= span.end.line]
    return [max(around, key=lambda place: here[place].start)] if around else []


def _nothing_there(asked: Span, spans: Iterable[Span]) -> str:
    if not (ordered := sorted(spans, key=_order)):
        return f"{where(asked)}: no layer stands here, nor anywhere in this file"
    before = [span for span in ordered if _order(span) < _order(asked)][-1:]
    after = [span for span in ordered if _order(span) > _order(asked)][:1]
    near = list(dict.fromkeys(where(replace(span, path=asked.path), asked) for span in before + after))
    return (
        f"{where(asked)}: no layer stands here; the nearest {'is' if len(near) == 1 else 'are'} on {' and '.join(near)}"
    )


def _order(span: Span) -> tuple[int, int]:
    return span.cell or 0, span.start.line


# ---------------------------------------------------------------- text


def _lines(span: Span, built: Sequence[Layered], diagnosis: Diagnosis) -> Iterator[str]:
    """One layer, once for each set of arguments that it is built with."""
    distinct: dict[str, list[Layered]] = {}
    for each in built:
        distinct.setdefault(repr(sorted(each.arguments.items(), key=lambda item: item[0])), []).append(each)
    for number, group in enumerate(distinct.values()):
        if number:
            yield ""
        yield f"{exactly(span)}  {describe(group[0].instance)}"
        bound = binding(group[0].built.frames) if len(distinct) > 1 else None
        if bound:
            yield f"  with {', '.join(f'{name}={value}' for name, value in bound.items())}"
        yield from (f"  {text}" if text else "" for text in _about(group, diagnosis))


def _about(group: Sequence[Layered], diagnosis: Diagnosis) -> Iterator[str]:
    first = group[0]
    count = parameters(first.instance)
    yield "parameters: " + (f"{count[0]:,}" if count is not None else "not known")
    if first.instance.refusal is not None:
        yield f"torch refuses it: {first.instance.refusal.message}"
    calls = _distinct_calls(group)
    written = [op for each in group for op in each.calls if _is_written(op, each.record)]
    if not calls:
        yield "it is called with nothing that is known"
    for op, said in calls[:_MOST_CALLS]:
        own, at = (diagnosis.source(place.path).span(place) for place in (first.instance.place, op.place))
        yield f"{said}   (called at {where(at, own)})" if op in written else said
    if len(calls) > _MOST_CALLS:
        yield f"... and {len(calls) - _MOST_CALLS} other calls"
    for op in _with_sizes(calls):
        yield from _paddings(first, op, several=len(calls) > 1)


def _is_written(op: Op, record: Record) -> bool:
    """Does the program make this call? What nothing calls is called where it is built, to see what it does."""
    modules = [op.instance, *(record.ops[number].instance for number in op.within)]
    return all(module is None or module.place != op.place for module in modules)


def _distinct_calls(group: Sequence[Layered]) -> list[tuple[Op, str]]:
    found: dict[str, Op] = {}
    for each in group:
        for op in each.calls:
            if op.inputs and isinstance(op.inputs[0], Tensor):
                found.setdefault(in_and_out(op), op)
    return [(op, said) for said, op in found.items()]


def in_and_out(op: Op) -> str:
    """`(N, 3, 30, 30) -> (N, 8, 28, 28)`, or why the output is not known."""
    before = ", ".join(shape_text(value) for value in op.inputs if isinstance(value, Tensor))
    if isinstance(op.output, Tensor):
        return f"{before} -> {shape_text(op.output)}"
    unknown = op.output.reason if isinstance(op.output, Unknown) else ""
    return f"{before} -> ? ({op.refusal.message if op.refusal is not None else unknown})"


def _with_sizes(calls: Sequence[tuple[Op, str]]) -> list[Op]:
    """The first call for each size of the map."""
    sizes: dict[Shape, Op] = {}
    for op, _ in calls:
        if isinstance(op.inputs[0], Tensor):
            sizes.setdefault(op.inputs[0].shape[2:], op)
    return list(sizes.values())[:3]


# ---------------------------------------------------------------- paddings


def _paddings(layered: Layered, op: Op, several: bool) -> Iterator[str]:
    """What each legal padding gives for the sizes of one call, and the picture."""
    layer, tensor = layered.layer, op.inputs[0]
    if layer.windows is None or not isinstance(tensor, Tensor) or "padding" not in layered.arguments:
        return
    windows = layer.windows(layered.arguments)
    if isinstance(windows, Unknown):
        yield f"paddings: not known, because of {windows.reason}"
        return
    sizes = tensor.shape[-len(windows) :]
    options = list(_merged(_options(layered, tensor, windows)))
    yield f"paddings for {' x '.join(map(str, sizes))}:" if several else "paddings:"
    width = max((len(option.text) for option in options), default=0)
    outputs = [" x ".join(map(str, option.output)) for option in options]
    reach = max(map(len, outputs), default=0)
    for option, output in zip(options, outputs, strict=True):
        yield f"  {option.text:<{width}}  -> {output:<{reach}}  {', '.join(option.marks)}".rstrip()
    if not any("same" in option.marks for option in options):
        yield from (f"  {text.strip()}" for text in _no_same(layered.layer, sizes, windows))
    for picture in dict.fromkeys(_pictures(sizes, windows)):
        yield ""
        yield from picture.split("\n")


def _options(layered: Layered, tensor: Tensor, windows: Sequence[Window]) -> Iterator[Option]:
    """Every padding that torch takes, up to where a window sees nothing but padding."""
    layer, present = layered.layer, layered.arguments
    for changes in _settings(layer, present, windows):
        arguments = {**present, **changes}
        if layer.construct(arguments) is not None or layer.windows is None:
            continue
        output, made = layer.shape(arguments, (tensor,)), layer.windows(arguments)
        if not isinstance(output, Tensor) or isinstance(made, Unknown):
            continue
        after, sizes = output.shape[-len(windows) :], tensor.shape[-len(windows) :]
        marks = ["now"] if all(present.get(name) == value for name, value in changes.items()) else []
        if all(equal(same_target(n, window), size) for n, window, size in zip(sizes, made, after, strict=True)):
            marks.append("same")
        if all(_is_valid(n, window, size) for n, window, size in zip(sizes, made, after, strict=True)):
            marks.append("valid")
        text = ", ".join(f"{name}={value!r}" for name, value in changes.items() if value is not False)
        yield Option(text, after, tuple(marks))


def _is_valid(n: Dim, window: Window, size: Dim) -> bool:
    if not (equal(window.lo, 0) and equal(window.hi, 0)):
        return False
    if window.transposed:
        return equal(size, transposed_valid(n, window.kernel, window.stride, window.dilation)) is True
    return equal(size, valid_target(n, window)) is True


def _settings(layer: Layer, present: Arguments, windows: Sequence[Window]) -> Iterator[dict[str, Value]]:
    reach = [effective_kernel(window.kernel, window.dilation) for window in windows]
    most = min(max((each for each in reach if isinstance(each, int)), default=_MOST_PADDINGS), _MOST_PADDINGS)
    paddings: list[Value] = [*range(most)]
    if isinstance(present["padding"], tuple):
        paddings.insert(0, present["padding"])
    if isinstance(present["padding"], int) and present["padding"] not in paddings:
        paddings.append(present["padding"])
    for padding in paddings:
        if "output_padding" in present:
            yield from ({"padding": padding, "output_padding": extra} for extra in range(_extra(windows)))
        elif "ceil_mode" in present:
            yield from ({"padding": padding, "ceil_mode": mode} for mode in (False, True))
        else:
            yield {"padding": padding}
    if layer.name.startswith("Conv") and "output_padding" not in present:
        yield {"padding": "valid"}
        yield {"padding": "same"}


def _extra(windows: Sequence[Window]) -> int:
    """torch wants output_padding below the stride or the dilation."""
    limits = [max(w.stride, w.dilation) for w in windows if isinstance(w.stride, int) and isinstance(w.dilation, int)]
    return min(max(limits, default=1), _MOST_PADDINGS)


def _merged(options: Iterable[Option]) -> Iterator[Option]:
    """`padding=1` and `padding=2` on one line where they give the same."""
    waiting: list[Option] = []
    for option in options:
        if waiting and (option.output, option.marks) != (waiting[-1].output, waiting[-1].marks):
            yield _joined(waiting)
            waiting = []
        waiting.append(option)
    if waiting:
        yield _joined(waiting)


def _joined(options: Sequence[Option]) -> Option:
    texts = [option.text for option in options]
    shown = texts if len(texts) <= 2 else [texts[0], "...", texts[-1]]
    return Option(" or ".join(shown) if len(texts) <= 2 else " ".join(shown), options[0].output, options[0].marks)


def _no_same(layer: Layer, sizes: Sequence[Dim], windows: Sequence[Window]) -> list[str]:
    """Why no number gives `same`, and which explicit pads do."""
    kind: Kind = "transposed" if windows[0].transposed else "pooling" if "Pool" in layer.name else "convolution"
    axes: list[Axis] = []
    for n, window in zip(sizes, windows, strict=True):
        numbers = [each for each in (n, window.kernel, window.stride, window.dilation) if isinstance(each, int)]
        if len(numbers) < 4:
            return []
        axes.append(Axis(numbers[0], *numbers))
    return ["same:", *list(describe_answer(solve(Question(kind, "same", tuple(axes)))))[1:]]


def _pictures(sizes: Sequence[Dim], windows: Sequence[Window]) -> Iterator[str]:
    """The windows over each axis as they lie now; Keras above them where `same` would lie otherwise."""
    for n, window in zip(sizes, windows, strict=True):
        given = (n, window.lo, window.hi, window.kernel, window.stride, window.dilation)
        numbers = [each for each in given if isinstance(each, int)]
        if len(numbers) < 6 or window.transposed or isinstance(window.ceil_mode, Unknown):
            continue
        size, lo, hi, kernel, stride, dilation = numbers
        lower, upper = same_padding(size, kernel, stride, dilation)
        now = Sliding(size, lo, hi, kernel, stride, dilation, window.ceil_mode)
        if (lower, upper) == (lo, hi) or (lo, hi) == (0, 0) or not isinstance(lower, int) or not isinstance(upper, int):
            yield draw_windows(size, lo, hi, kernel, stride, dilation, window.ceil_mode)
        else:
            keras = Sliding(size, lower, upper, kernel, stride, dilation)
            yield draw_above("Keras, padding='same'", keras, "torch, as it is", now)
