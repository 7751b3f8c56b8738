"""Where the source of each code cell stands in a notebook's JSON, so that nothing else of the document changes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from padlint.syntax.lines import Lines

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class CodeCell:
    """`number` counts all cells from 1; the JSON value of its source stands from `start` to `end` in the document.
    `malformed` says why it has no source, `foreign` in which other language it is."""

    number: int
    source: str
    start: int = 0
    end: int = 0
    malformed: str | None = None
    foreign: str | None = None

    def rewritten(self, document: str, source: str) -> str:
        """The JSON value of another source, in the style of the old one; lines that stay keep their characters."""
        ascii_only = document.isascii()
        if not document.startswith("[", self.start):
            return json.dumps(source, ensure_ascii=ascii_only)
        items = list(_items(document, self.start))
        old = {item.value: document[item.start : item.end] for item in items}
        lines = Lines(source)
        texts = [lines.slice(number, number) for number in range(1, len(lines.starts) + 1)]
        written = [old.get(text) or json.dumps(text, ensure_ascii=ascii_only) for text in texts if text]
        if not items:
            return "[" + ", ".join(written) + "]"
        opening = document[self.start : items[0].start]
        between = document[items[0].end : items[1].start] if len(items) > 1 else "," + opening[1:]
        return opening + between.join(written) + document[items[-1].end : self.end]


class _Value(NamedTuple):
    """A JSON value and where it stands."""

    value: object
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cells:
    """The code cells of a notebook, and what may be one; none where its `language` is not Python."""

    cells: tuple[CodeCell, ...]
    language: str | None = None


def read_cells(document: str) -> Cells:
    """Raises json.JSONDecodeError, and ValueError for a number that is too long."""
    start = _skip(document, 0)
    notebook = _value(document, start)
    end = _skip(document, notebook.end)
    if end < len(document):
        raise json.JSONDecodeError("Extra data", document, end)
    members = dict(_members(document, start))
    cells, metadata = members.get("cells"), members.get("metadata")
    if cells is None or not document.startswith("[", cells.start):
        raise json.JSONDecodeError("no cells (nbformat 4 has them)", document, 0)
    language = _language(metadata.value if metadata is not None else None)
    if language is not None and not _is_python(language):
        return Cells((), language)
    found = (_code_cell(document, number, cell) for number, cell in enumerate(_items(document, cells.start), 1))
    return Cells(tuple(cell for cell in found if cell is not None))


def _language(metadata: object) -> str | None:
    for key, field in (("kernelspec", "language"), ("language_info", "name")):
        found = _within(metadata, key, field)
        if isinstance(found, str) and found:
            return found
    return None


def _is_python(language: str) -> bool:
    return language.lower().startswith(("python", "ipython"))


def _within(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _code_cell(document: str, number: int, cell: _Value) -> CodeCell | None:
    if not isinstance(cell.value, dict):
        return CodeCell(number, "", malformed="not an object")
    kind = cell.value.get("cell_type")
    if kind in ("markdown", "raw"):
        return None
    if kind != "code":
        return CodeCell(number, "", malformed=f"cell_type is {_said(kind)}, not code, markdown or raw")
    source = dict(_members(document, cell.start)).get("source")
    lines = source and ([source.value] if isinstance(source.value, str) else source.value)
    if source is None or not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        return CodeCell(number, "", malformed="source is no text" if source else "no source")
    language = _within(cell.value, "metadata", "vscode", "languageId")
    foreign = language if isinstance(language, str) and not _is_python(language) else None
    return CodeCell(number, "".join(lines), source.start, source.end, foreign=foreign)


def _said(value: object) -> str:
    text = "missing" if value is None else json.dumps(value)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}..."


_SHORT = 40


def _members(document: str, start: int) -> Iterator[tuple[str, _Value]]:
    """The members of the object at `start`."""
    for key in _sequence(document, start, "{", "}"):
        if not isinstance(key.value, str):
            raise json.JSONDecodeError("Expecting property name enclosed in double quotes", document, key.start)
        colon = _skip(document, key.end)
        if not document.startswith(":", colon):
            raise json.JSONDecodeError("Expecting ':' delimiter", document, colon)
        yield key.value, _value(document, colon + 1)


def _items(document: str, start: int) -> Iterator[_Value]:
    """The items of the array at `start`."""
    return _sequence(document, start, "[", "]")


def _sequence(document: str, start: int, opening: str, closing: str) -> Iterator[_Value]:
    """What stands between two brackets: items, or the keys of members, whose values are passed over."""
    if not document.startswith(opening, start):
        raise json.JSONDecodeError(f"Expecting '{opening}'", document, start)
    position = _skip(document, start + 1)
    if document.startswith(closing, position):
        return
    while True:
        item = _value(document, position)
        yield item
        position = _skip(document, item.end)
        if document.startswith(":", position):
            position = _skip(document, _value(document, position + 1).end)
        if document.startswith(closing, position):
            return
        if not document.startswith(",", position):
            raise json.JSONDecodeError("Expecting ',' delimiter", document, position)
        position += 1


def _value(document: str, position: int) -> _Value:
    start = _skip(document, position)
    value, end = _DECODER.raw_decode(document, start)
    return _Value(value, start, end)


def _skip(document: str, position: int) -> int:
    match = _BLANK.match(document, position)
    return match.end() if match else position
