"""Where something is, in words. Everything that names a line says it with these."""

from __future__ import annotations

from padlint.finding import Span


def where(span: Span, reader: Span | None = None) -> str:
    """`line 9` for a reader of the same file and cell, `cell 3:9` for one of another cell of the same notebook, else with
    the file: `helper.py:9`, `nb.ipynb:cell 3:9`."""
    line = span.start.line
    if reader is not None and reader.path == span.path:
        if reader.cell == span.cell:
            return f"line {line}"
        if span.cell is not None:
            return f"cell {span.cell}:{line}"
    return f"{span.path}:{_cell(span)}{line}"


def exactly(span: Span) -> str:
    """With the column: `models.py:12:13`, in a notebook `nb.ipynb:cell 3:7:12`."""
    return f"{span.path}:{_cell(span)}{span.start.line}:{span.start.column}"


def in_cell(span: Span) -> str:
    """` (cell 3)` behind what a report says of lines alone; nothing outside notebooks."""
    return f" (cell {span.cell})" if span.cell is not None else ""


def _cell(span: Span) -> str:
    return f"cell {span.cell}:" if span.cell is not None else ""
