"""How a source's text is kept in its file: as it is, or (see notebook.py) in the cells of a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from padlint.syntax.encoding import Encoding


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of a file that is not in the text: what is wrong with it, or why it is not looked at, and where."""

    message: str
    cell: int | None
    line: int = 1
    column: int = 1


class Layout(Protocol):
    @property
    def encoding(self) -> Encoding: ...

    @property
    def wrong(self) -> tuple[Trouble, ...]:
        """The parts that cannot be read, while the others can."""
        ...

    @property
    def passed_over(self) -> tuple[Trouble, ...]:
        """The parts that are right, for all one knows, and not looked at."""
        ...

    def encode(self, text: str) -> bytes:
        """The whole file with this text in it. Raises UnreadableError where it cannot hold it."""
        ...

    def written(self, text: str) -> str:
        """The text as the file shows it, line for line."""
        ...

    def locate(self, line: int) -> tuple[int | None, int]:
        """The cell (from 1; None in a plain file) and the line in it (from 1) of a line of the text."""
        ...

    def line(self, line: int, cell: int | None) -> int:
        """The inverse of `locate`."""
        ...

    def column_written(self, line: int, column: int) -> int:
        """The column in the file of a column in a line of the text."""
        ...

    def column_read(self, line: int, column: int) -> int:
        """The inverse of `column_written`."""
        ...


@dataclass(frozen=True, slots=True)
class PlainFile:
    encoding: Encoding
    wrong: tuple[Trouble, ...] = ()
    passed_over: tuple[Trouble, ...] = ()

    def encode(self, text: str) -> bytes:
        return self.encoding.encode(text)

    def written(self, text: str) -> str:
        return text

    def locate(self, line: int) -> tuple[int | None, int]:
        return None, line

    def line(self, line: int, cell: int | None) -> int:
        return line

    def column_written(self, line: int, column: int) -> int:
        return column

    def column_read(self, line: int, column: int) -> int:
        return column
