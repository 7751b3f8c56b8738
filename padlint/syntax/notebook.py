"""Notebooks: the code cells as one Python text, and back into the JSON with only the changed cells' source changed.

Each code cell follows a marker line, which is an `if True:` where the whole cell is indented: IPython takes that. A line
that is IPython's and not Python's (`%magic`, `!command`, `name?`) becomes a `pass` with the
line in a comment, so that an `if` around it keeps a body.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from padlint.errors import UnreadableError
from padlint.syntax.encoding import Encoding, Undecodable, decode
from padlint.syntax.lines import Lines
from padlint.syntax.notebook_json import CodeCell, read_cells

_MAGIC = re.compile(r"[ \t]*(?:[%!?]|[\w.]+\??\?[ \t]*$|[\w., \t]+=[ \t]*[%!])")
_PYTHON_BODIES = ("%%time", "%%timeit", "%%capture", "%%prun", "%%debug")
_IF = "if True: "
_CONTINUED = re.compile(r"\\[ \t]*$")


@dataclass(frozen=True)
class Notebook:
    """`document` is the JSON text; `text` the Python of its code cells."""

    document: str
    encoding: Encoding
    cells: tuple[CodeCell, ...]

    @cached_property
    def _mark(self) -> str:
        """What starts our own comments: something that no cell contains."""
        mark = "# %% padlint"
        while any(mark in cell.source for cell in self.cells):
            mark += "-"
        return mark

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        return tuple(f"{self._marker(cell)}{_to_python(cell.source, self._mark)}\n" for cell in self.cells)

    @cached_property
    def text(self) -> str:
        return "".join(self._parts)

    @cached_property
    def _marker_lines(self) -> list[int]:
        """The line of the text on which each cell's marker stands."""
        lines, found = 1, []
        for part in self._parts:
            found.append(lines)
            lines += len(Lines(part).starts) - 1
        return found

    def _marker(self, cell: CodeCell) -> str:
        before = _IF if _is_indented(cell.source, self._mark) else ""
        return f"{before}{self._mark} cell {cell.number}\n"

    def encode(self, text: str) -> bytes:
        return self.encoding.encode("".join(self._document(text)))

    def _document(self, text: str) -> Iterator[str]:
        position = 0
        for cell, part in zip(self.cells, self._split(text), strict=True):
            source = _from_python(part, self._mark)
            if source != cell.source:
                yield self.document[position : cell.start]
                yield cell.rewritten(self.document, source)
                position = cell.end
        yield self.document[position:]

    def _split(self, text: str) -> list[str]:
        """The cells' parts of a text. Raises UnreadableError where an edit took a marker or a cell's last line end."""
        pieces = []
        for cell in reversed(self.cells):
            text, marker, piece = text.rpartition(self._marker(cell))
            if not marker or not piece.endswith("\n"):
                raise UnreadableError(f"a change that reaches over the border of cell {cell.number}")
            pieces.append(piece[:-1])
        if text:
            raise UnreadableError("a change in front of the first cell")
        return pieces[::-1]

    def locate(self, line: int) -> tuple[int | None, int]:
        index = bisect_right(self._marker_lines, line) - 1
        if index < 0:  # no code cells
            return None, line
        return self.cells[index].number, max(line - self._marker_lines[index], 1)

    def line(self, line: int, cell: int | None) -> int:
        numbers = [each.number for each in self.cells]
        return line if cell not in numbers else line + self._marker_lines[numbers.index(cell)]


def read_notebook(data: bytes) -> Notebook:
    """Raises Undecodable: no text, no JSON, no notebook."""
    document, encoding = decode(data)
    try:
        return Notebook(document, encoding, read_cells(document))
    except json.JSONDecodeError as error:
        raise Undecodable(f"not a notebook: {error.msg}", error.lineno, error.colno) from None
    except RecursionError:
        raise Undecodable("not a notebook: nested too deeply", 1, 1) from None


def _to_python(source: str, mark: str) -> str:
    if _parses(source):
        return source
    lines = Lines(source)
    texts = [lines.slice(number, number) for number in range(1, len(lines.starts) + 1)]
    if source.lstrip().startswith("%%") and not source.lstrip().startswith(_PYTHON_BODIES):
        return "".join(f"{mark} ~{text}" for text in texts)
    python = []
    continued = False
    for text in texts:
        if continued:
            python.append(f"{mark} ~{text}")
        elif _MAGIC.match(text):
            indentation = text[: len(text) - len(text.lstrip(" \t"))]
            python.append(f"{indentation}pass {mark} !{text[len(indentation) :]}")
        else:
            python.append(text)
            continue
        continued = _CONTINUED.search(text.rstrip("\r\n")) is not None
    return "".join(python)


def _is_indented(source: str, mark: str) -> bool:
    """Is the first line of a cell indented, and the cell Python only without that?"""
    first = source.lstrip("\r\n")
    if not first.startswith((" ", "\t")):
        return False
    python = _to_python(source, mark)
    return not _compiles(python) and _compiles(f"{_IF}\n{python}")


def _from_python(text: str, mark: str) -> str:
    return text.replace(f"pass {mark} !", "").replace(f"{mark} ~", "")


def _parses(source: str) -> bool:
    if not re.search(r"[%!?]", source):
        return True  # nothing that could be IPython's
    return _compiles(source)


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
