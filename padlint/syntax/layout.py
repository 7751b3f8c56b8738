"""How a source's text is kept in its file: as it is, or (see notebook.py) in the cells of a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from padlint.syntax.encoding import Encoding


class Layout(Protocol):
    @property
    def encoding(self) -> Encoding: ...

    def encode(self, text: str) -> bytes:
        """The whole file with this text in it. Raises UnreadableError where it cannot hold it."""
        ...

    def locate(self, line: int) -> tuple[int | None, int]:
        """The cell (from 1; None in a plain file) and the line in it (from 1) of a line of the text."""
        ...

    def line(self, line: int, cell: int | None) -> int:
        """The inverse of `locate`."""
        ...


@dataclass(frozen=True, slots=True)
class PlainFile:
    encoding: Encoding

    def encode(self, text: str) -> bytes:
        return self.encoding.encode(text)

    def locate(self, line: int) -> tuple[int | None, int]:
        return None, line

    def line(self, line: int, cell: int | None) -> int:
        return line
