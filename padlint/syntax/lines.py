"""Lines as Python counts them: they end at `\\n`, `\\r\\n` and `\\r` only (`str.splitlines` splits at more)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

_LINE_END = re.compile(r"\r\n?|\n")


class Lines:
    """The lines of one text: offsets to line and column, both from 1 and in code points, and back."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each line starts; the last one may be empty."""
        return [0, *(match.end() for match in _LINE_END.finditer(self._text))]

    @property
    def texts(self) -> list[str]:
        """All lines, with their ends; the last one may be empty."""
        return [self.slice(number, number) for number in range(1, len(self.starts) + 1)]

    def slice(self, first_line: int, last_line: int) -> str:
        """The text of these lines, with their ends."""
        return self._text[self.starts[first_line - 1] : self.start(last_line + 1)]

    def start(self, line: int) -> int:
        """Where a line starts; past the last one, the end of the text."""
        return self.starts[line - 1] if line <= len(self.starts) else len(self._text)

    def offset(self, line: int, column: int) -> int:
        return min(self.start(line) + column - 1, len(self._text))

    def locate(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
