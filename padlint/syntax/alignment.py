"""LibCST's text of a module against the text that was parsed: it drops a little, and its positions count in its own.

Dropped are form feeds before code with the blanks before them, and lines before code that hold only a backslash.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from padlint.syntax.lines import Lines

_LOSSY = re.compile(r"\f|^[ \t]*\\[\r\n]", re.MULTILINE)
_DROPPED = re.compile(r"[ \t\f]|\\(?:\r\n?|\n)")



def may_differ(text: str) -> bool:
    return _LOSSY.search(text) is not None


class Alignment:
    """From lines and columns (from 1) of LibCST's `kept` text to those of `text`, of which it kept all but a little."""

    def __init__(self, text: str, kept: str) -> None:
        self._lines = Lines(text)
        self._kept_lines = Lines(kept)
        self._ends = [0]
        """Offsets in the kept text before which something was dropped,"""
        self._dropped = [0]
        """and how much was dropped up to there."""
        offset = dropped = 0
        while offset < len(kept):
            if text.startswith(kept[offset], offset + dropped):
                offset += 1
                continue
            match = _DROPPED.match(text, offset + dropped)
            if match is None:
                break
            dropped += len(match[0])
            self._ends.append(offset)
            self._dropped.append(dropped)

    def original(self, line: int, column: int) -> tuple[int, int]:
        offset = self._kept_lines.offset(line, column)
        return self._lines.locate(offset + self._dropped[bisect_right(self._ends, offset) - 1])
