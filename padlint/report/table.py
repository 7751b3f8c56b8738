"""`padlint shapes`: each Sequential as a table like Keras's summary, or all of them as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from padlint.report.context import shape
from padlint.report.terminal import printable, styled, width
from padlint.trace import BuiltLayer, BuiltSequential, Json, ShapeText
from padlint.where import where

_HEADERS = ("Layer (type)", "Output Shape", "Param #")


@dataclass(frozen=True, slots=True)
class _Row:
    """The texts of one line of a table; `reason` says why there is a `?` in it."""

    layer: str
    output: str
    params: str
    reason: str | None


def render_table(built: Sequence[BuiltSequential], color: bool) -> str:
    """All tables, an empty line between them."""
    return "\n".join("".join(f"{line}\n" for line in _table(sequential, color)) for sequential in built)


def render_json(built: Sequence[BuiltSequential]) -> str:
    """The documented object; paths as they were given, `col` from 0, lines of a notebook within their cells."""
    return json.dumps({"sequentials": [_sequential(each) for each in built]}, indent=1) + "\n"


# ---------------------------------------------------------------- the table


def _table(sequential: BuiltSequential, color: bool) -> Iterator[str]:
    rows = list(_rows(sequential.layers, sequential.framework, ""))
    if not sequential.complete:
        rows.append(_Row("...", "?", "?", "more layers may follow"))
    columns = [_HEADERS, *((row.layer, row.output, row.params) for row in rows)]
    widths = [max(width(texts[column]) for texts in columns) for column in range(3)]
    ruler = sum(widths) + 4
    yield from _title(sequential, color)
    yield "-" * ruler
    yield styled(_line(_HEADERS, widths), "bold", color)
    yield "=" * ruler
    for row in rows:
        why = f"  ? {printable(row.reason)}" if row.reason else ""
        yield _line((row.layer, row.output, row.params), widths) + styled(why, "dim", color)
    yield "-" * ruler
    yield from _totals(sequential.layers)


def _title(sequential: BuiltSequential, color: bool) -> Iterator[str]:
    bound = ", ".join(f"{name}={text}" for name, text in (sequential.binding or {}).items())
    name = f"{sequential.qualname} ({sequential.framework})"
    yield f"{printable(where(sequential.at))}  {styled(printable(name), 'bold', color)}" + (
        f"  with {printable(bound)}" if bound else ""
    )
    if sequential.input_shape is not None:
        yield f"input {_shape(sequential.input_shape, sequential.framework)}"
    if sequential.accepts is not None:
        yield f"accepts {printable(sequential.accepts)}"


def _rows(layers: Sequence[BuiltLayer], framework: str, indent: str) -> Iterator[_Row]:
    for layer in layers:
        kind = layer.type.rpartition(".")[2] if layer.type else "?"
        params = "?" if layer.params is None else f"{layer.params:,}"
        name = printable(f"{indent}{layer.name} ({kind})")
        yield _Row(name, _shape(layer.out_shape, framework), params, layer.reason)
        yield from _rows(layer.layers, framework, indent + "  ")


def _shape(sizes: ShapeText | None, framework: str) -> str:
    if sizes is None:
        return "?"
    unknown = "None" if framework == "keras" else "?"
    return printable(shape(unknown if size is None else size for size in sizes))


def _line(texts: Sequence[str], widths: Sequence[int]) -> str:
    layer, output, params = (text + " " * (columns - width(text)) for text, columns in zip(texts, widths, strict=True))
    return f"{layer}  {output}  {' ' * (len(params) - len(params.rstrip()))}{params.rstrip()}"


def _totals(layers: Sequence[BuiltLayer]) -> Iterator[str]:
    known = all(layer.params is not None for layer in layers)
    total = sum(layer.params or 0 for layer in layers)
    yield f"Total params: {_count(total, known)}"
    known = known and all(layer.trainable is not None for layer in layers)
    trainable = sum(layer.trainable or 0 for layer in layers)
    yield f"Trainable params: {_count(trainable, known)}"
    if known:
        yield f"Non-trainable params: {_count(total - trainable, known)}"


def _count(number: int, known: bool) -> str:
    return f"{number:,}" if known else f"{number:,} + ?"


# ---------------------------------------------------------------- JSON


def _sequential(built: BuiltSequential) -> Json:
    return {
        "path": built.at.path,
        "cell": built.at.cell,
        "line": built.at.start.line,
        "col": built.at.start.column - 1,
        "end_line": built.at.end.line,
        "qualname": built.qualname,
        "framework": built.framework,
        "binding": None if built.binding is None else dict(built.binding),
        "complete": built.complete,
        "input_shape": _sizes(built.input_shape),
        "output_shape": _sizes(built.output_shape),
        "accepts": built.accepts,
        "layers": [_layer(layer) for layer in built.layers],
    }


def _layer(layer: BuiltLayer) -> Json:
    found: dict[str, Json] = {
        "name": layer.name,
        "type": layer.type,
        "path": layer.at.path if layer.at is not None else None,
        "cell": layer.at.cell if layer.at is not None else None,
        "line": layer.at.start.line if layer.at is not None else 0,
        "args": dict(layer.args),
        "in_shape": _sizes(layer.in_shape),
        "out_shape": _sizes(layer.out_shape),
        "params": layer.params,
        "trainable": layer.trainable,
        "resolved": layer.resolved,
        "reason": layer.reason,
    }
    if layer.layers:
        found["layers"] = [_layer(each) for each in layer.layers]
    return found


def _sizes(shape: ShapeText | None) -> Json:
    return None if shape is None else list(shape)
