"""PAD209 stale-shape-comment: a shape comment that the layer contradicts (opt-in)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from padlint.arithmetic.dims import Dim, equal
from padlint.arithmetic.shapes import parse_shape
from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.layer import describe
from padlint.errors import UsageError
from padlint.evaluate.record import Op
from padlint.layers.base import Tensor

_SIZE = r"(?:\d+|\([^()]*\)|[A-Za-z_]\w*)"
_PRODUCT = re.compile(rf"#[^\d(]*?({_SIZE}(?:\s*[x×X]\s*{_SIZE})+)\s*$")
_TUPLE = re.compile(r"#\s*(?:[-=]>\s*)?(\([^()]*,[^()]*\))\s*$")


def find(trace: Trace) -> Iterator[Problem]:
    """A comment behind a layer is about that layer, a comment on its own line about the layer above it."""
    for (path, line), op in _last_on_each_line(trace).items():
        stated = shape_comments(trace.declarations.source(path).text).get(line)
        if stated is None or op.instance is None or not isinstance(op.output, Tensor):
            continue
        if contradicts(op.output.shape, stated):
            given = ", ".join(map(str, op.output.shape))
            message = f"{describe(op.instance)} gives ({given}), the comment says {stated}"
            yield Problem("PAD209", message, op.instance.place, op)


def _last_on_each_line(trace: Trace) -> Mapping[tuple[str, int], Op]:
    """In files with such comments; to learn the line of a layer is to parse its statement once more."""
    found: dict[tuple[str, int], Op] = {}
    for op in trace.calls:
        if op.kind == "layer" and op.instance is not None:
            place = op.instance.place
            source = trace.declarations.source(place.path)
            if shape_comments(source.text):
                span = source.span(place)
                found[place.path, source.layout.line(span.end.line, span.cell)] = op
    return found


@lru_cache(maxsize=32)
def shape_comments(text: str) -> Mapping[int, str]:
    """The shape comments of a file, by the line of code that they are about."""
    found: dict[int, str] = {}
    code = 0
    for number, line in enumerate(text.split("\n"), start=1):
        start = line.lstrip()
        if start and not start.startswith("#"):
            code = number
        if code and "#" in line and (match := _TUPLE.search(line) or _PRODUCT.search(line)):
            found.setdefault(code, match[1])
    return found


def contradicts(shape: Sequence[Dim], stated: str) -> bool:
    """Is a number of the comment proved to be another than the layer's? The batch may be left out."""
    text = stated if stated.startswith("(") and "," in stated else f"({re.sub(r'[x×X]', ',', stated)})"
    try:
        sizes = parse_shape(text)
    except UsageError:
        return False
    own = shape[-len(sizes) :]
    if len(sizes) > len(shape) or len(sizes) < len(shape) - 1:
        return False
    return any(isinstance(b, int) and equal(a, b) is False for a, b in zip(own, sizes, strict=True))


RULE = Rule("PAD209", "stale-shape-comment", "information", "a shape comment that the layer contradicts", find)
