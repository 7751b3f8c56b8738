"""Notebooks: the code cells as one Python text, and back into the JSON with only the changed cells' source changed.

Each code cell follows a marker line. A line that is IPython's and not Python's (`%magic`, `!command`, `name?`) becomes a
`pass` with the line in a comment, so that an `if` around it keeps a body; a cell that is no Python, comments. What such
lines and cells may have set is not known behind them (see `forgetting`).
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from padlint.errors import UnreadableError
from padlint.syntax.cells import Part, read_part
from padlint.syntax.encoding import Encoding, Undecodable, decode
from padlint.syntax.forgetting import Forgetting, unknown
from padlint.syntax.ipython import Cell, Command, Cuts
from padlint.syntax.layout import Trouble
from padlint.syntax.lines import Lines
from padlint.syntax.notebook_json import CodeCell, read_cells


@dataclass(frozen=True)
class Notebook:
    """`document` is the JSON text; `text` the Python of its code cells."""

    document: str
    encoding: Encoding
    cells: tuple[CodeCell, ...]
    language: str | None = None

    @cached_property
    def text(self) -> str:
        return "".join(f"{marker}{''.join(lines)}\n" for marker, lines in zip(self._markers, self._lines, strict=True))

    @cached_property
    def wrong(self) -> tuple[Trouble, ...]:
        return tuple(part.wrong for part in self._parts if part.wrong is not None)

    @cached_property
    def passed_over(self) -> tuple[Trouble, ...]:
        if self.language is not None:
            return (Trouble(f"not analysed: a notebook in {self.language}", None),)
        return tuple(part.passed_over for part in self._parts if part.passed_over is not None)

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        return tuple(map(read_part, self.cells))

    @cached_property
    def _mark(self) -> str:
        """What starts our own comments: something that no cell contains."""
        mark = "# %% padlint"
        while any(mark in cell.source for cell in self.cells):
            mark += "-"
        return mark

    @cached_property
    def _forgetting(self) -> Forgetting:
        return Forgetting(self._parts)

    @cached_property
    def _markers(self) -> tuple[str, ...]:
        """The line in front of each cell, which forgets what the cell before it may have set."""
        found, before = [], ""
        for part, cell in zip(self._parts, self.cells, strict=True):
            found.append(f"{before}{self._mark} cell {cell.number}\n")
            names = self._forgetting.behind(part)
            before = f"{unknown(names)}  " if names else ""
        return tuple(found)

    @property
    def beyond(self) -> bool:
        """Are there so many names to forget that the text would grow out of bounds?"""
        return bool(self._markers and self._lines) and self._forgetting.too_many

    @cached_property
    def _lines(self) -> tuple[Sequence[str], ...]:
        return tuple(tuple(self._shown(part)) for part in self._parts)

    def _shown(self, part: Part) -> Iterator[str]:
        """The lines of a cell as Python."""
        for number, text in enumerate(part.cell.texts):
            command = part.cell.commands.get(number)
            if not part.is_python or number in part.cell.rest:
                yield f"{self._mark} ~{number}{_end(text)}"
            elif command is not None:
                yield self._stands_for(part, number, command)
            else:
                yield part.cell.python[number]

    def _stands_for(self, part: Part, number: int, command: Command) -> str:
        kept, end = part.cell.python[number][: command.column], _end(part.cell.texts[number])
        if command.assigns:
            return f"{kept}{unknown(())}  {self._mark} ={number}{end}"
        names = self._forgetting.named(command.names)
        return f"{kept}{unknown(names) if names else 'pass'}  {self._mark} !{number}{end}"

    # ------------------------------------------------------------ back

    def encode(self, text: str) -> bytes:
        return self.encoding.encode("".join(self._document(text)))

    def written(self, text: str) -> str:
        try:
            pieces = self._split(text)
        except UnreadableError:
            return text
        whole = (f"\n{self._source(number, piece)}\n" for number, (_, piece) in enumerate(pieces))
        return "".join(whole)

    def _document(self, text: str) -> Iterator[str]:
        position = 0
        for number, (cell, (_, piece)) in enumerate(zip(self.cells, self._split(text), strict=True)):
            source = self._source(number, piece)
            if source != cell.source:
                yield self.document[position : cell.start]
                yield cell.rewritten(self.document, source)
                position = cell.end
        yield self.document[position:]

    def _split(self, text: str) -> list[tuple[str, str]]:
        """The cells' parts of a text, each behind its marker. Raises UnreadableError where an edit took a marker or a
        cell's last line end."""
        pieces = []
        for cell, marker in zip(reversed(self.cells), reversed(self._markers), strict=True):
            text, found, piece = text.rpartition(marker)
            if not found or not piece.endswith("\n"):
                raise UnreadableError(f"a change that reaches over the border of cell {cell.number}")
            pieces.append((marker, piece[:-1]))
        if text:
            raise UnreadableError("a change in front of the first cell")
        return pieces[::-1]

    def _source(self, number: int, piece: str) -> str:
        """A cell's part of a text as the cell has it."""
        part, old = self._parts[number], self._lines[number]
        if piece == "".join(old):
            return self.cells[number].source
        if not part.is_python:
            raise UnreadableError(f"a change in cell {self.cells[number].number}, which is no Python")
        return "".join(self._restored(part.cell, old, Lines(piece).texts))

    def _restored(self, cell: Cell, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
        """Lines with what was cut from them, or covered; a new one with the prompt or indentation of the line above."""
        for _, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for index in range(begin, end):
                own = first + index - begin
                above = cell.cuts[min(own, max(last, 1) - 1)]
                cuts = (
                    above if own < last else Cuts(tuple(cut for cut in above.cuts if not cut.removed.startswith("%")))
                )
                yield self._covered(cell, new[index]) or cuts.restored(new[index])

    def _covered(self, cell: Cell, line: str) -> str | None:
        """The line that a comment of ours stands for; what an assignment assigns to may have changed."""
        kept, mark, number = line.partition(f"{self._mark} ")
        if not mark:
            return None
        index = int(number[1:])
        text, cuts = cell.texts[index], cell.cuts[index]
        if number[0] != "=":
            return text
        target = kept.rstrip().removesuffix(unknown(()))
        return cuts.restored(target) + text[cuts.written(cell.commands[index].column + 1) - 1 :]

    # ------------------------------------------------------------ places

    @cached_property
    def _marker_lines(self) -> list[int]:
        """The line of the text on which each cell's marker stands."""
        line, found = 1, []
        for lines in self._lines:
            found.append(line)
            line += 1 + len(lines)
        return found

    def locate(self, line: int) -> tuple[int | None, int]:
        index = bisect_right(self._marker_lines, line) - 1
        if index < 0:  # no code cells
            return None, line
        return self.cells[index].number, max(line - self._marker_lines[index], 1)

    def line(self, line: int, cell: int | None) -> int:
        numbers = [each.number for each in self.cells]
        return line if cell not in numbers else line + self._marker_lines[numbers.index(cell)]

    def column_written(self, line: int, column: int) -> int:
        return self._cuts(line).written(column)

    def column_read(self, line: int, column: int) -> int:
        return self._cuts(line).read(column)

    def _cuts(self, line: int) -> Cuts:
        """What was cut from a line that is shown as Python."""
        index = bisect_right(self._marker_lines, line) - 1
        if index < 0 or not self._parts[index].is_python:
            return Cuts()
        cell, number = self._parts[index].cell, line - self._marker_lines[index] - 1
        return cell.cuts[number] if 0 <= number < len(cell.cuts) and number not in cell.rest else Cuts()


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def read_notebook(data: bytes) -> Notebook:
    """Raises Undecodable: no text, no JSON, no notebook."""
    document, encoding = decode(data)
    try:
        found = read_cells(document)
    except json.JSONDecodeError as error:
        raise Undecodable(f"not a notebook: {error.msg}", error.lineno, error.colno) from None
    except ValueError as error:
        raise Undecodable(f"not a notebook: {error}", 1, 1) from None
    except RecursionError:
        raise Undecodable("not a notebook: nested too deeply", 1, 1) from None
    return Notebook(document, encoding, found.cells, found.language)
