"""`padlint solve`: every padding that gives what is wanted."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from typing import TypeVar

from padlint.arithmetic.question import Axis, Kind, Question, Want
from padlint.arithmetic.solve import solve
from padlint.errors import UsageError
from padlint.output import emit
from padlint.report.solution import describe, heading, pictures, solved

SUMMARY = "find every padding that gives a wanted output"

_LAYERS: tuple[Kind, ...] = ("convolution", "pooling", "transposed")
_MOST_AXES = 3
_NUMBER = re.compile(r"[0-9]{1,18}")  # torch's sizes are signed 64-bit
_RANGE = re.compile(r"([0-9]{1,18})(?:\.\.([0-9]{1,18}))?")

T = TypeVar("T")


def add_arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--input", required=True, metavar="SIZE", help="30, 30x40, or every size of 28..64")
    add("--kernel", required=True, metavar="SIZE", help="3 or 3x5")
    add("--stride", metavar="SIZE", help="(default: 1, for --layer pooling the kernel, as in torch)")
    add("--dilation", default="1", metavar="SIZE", help="(default: 1)")
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--same", action="store_true", help="the output is ceil(input / stride)")
    wanted.add_argument("--valid", action="store_true", help="no padding")
    wanted.add_argument("--output", metavar="SIZE", help="the output is 15, or 15x20")
    add("--layer", choices=_LAYERS, help="(default: convolution and, where a stride is given, pooling)")
    add("--picture", action="store_true", help="draw the windows over the input")


def run(arguments: Namespace) -> int:
    want: Want = "same" if arguments.same else "valid" if arguments.valid else "output"
    answers = [solve(Question(layer, want, _axes(arguments, layer))) for layer in _layers(arguments)]
    lines = [heading(answers[0]), *(line for answer in answers for line in describe(answer))]
    if arguments.picture:
        drawn = dict.fromkeys(picture for answer in answers for picture in pictures(answer))
        lines += [f"\n{picture}" for picture in drawn]
    emit("".join(f"{line}\n" for line in lines))
    return 0 if any(map(solved, answers)) else 1


def _layers(arguments: Namespace) -> Sequence[Kind]:
    if arguments.layer:
        return (arguments.layer,)
    return ("convolution", "pooling") if arguments.stride else ("convolution",)


def _axes(arguments: Namespace, layer: Kind) -> tuple[Axis, ...]:
    sizes = _split(arguments.input, "--input", _range)
    count = len(sizes)
    kernels = _each(arguments.kernel, "--kernel", count)
    default = kernels if layer == "pooling" else (1,) * count
    strides = _each(arguments.stride, "--stride", count) if arguments.stride else default
    dilations = _each(arguments.dilation, "--dilation", count)
    outputs = _each(arguments.output, "--output", count) if arguments.output else (None,) * count
    rows = zip(sizes, kernels, strides, dilations, outputs, strict=True)
    return tuple(Axis(low, high, kernel, stride, dilation, out) for (low, high), kernel, stride, dilation, out in rows)


def _each(text: str, option: str, count: int) -> tuple[int, ...]:
    """One number for each axis; a single one is for all."""
    numbers = tuple(_split(text, option, _number))
    if len(numbers) == 1:
        return numbers * count
    if len(numbers) != count:
        raise UsageError(f"{option} {text} is for {len(numbers)} axes, --input for {count}")
    return numbers


def _split(text: str, option: str, read: Callable[[str], T | None]) -> list[T]:
    found: list[T] = []
    for part in text.lower().split("x"):
        value = read(part.strip())
        if value is None:
            form = "30, 30x40 or 28..64" if option == "--input" else "3 or 3x5"
            raise UsageError(f"{option} {text}: must be of the form {form}, with numbers of at least 1")
        found.append(value)
    if len(found) > _MOST_AXES:
        raise UsageError(f"{option} {text}: torch's layers have at most {_MOST_AXES} spatial axes")
    return found


def _number(text: str) -> int | None:
    return int(text) or None if _NUMBER.fullmatch(text) else None


def _range(text: str) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(text)
    if not found:
        return None
    low, high = int(found[1]), int(found[2] or found[1])
    return (low, high) if 1 <= low <= high else None
