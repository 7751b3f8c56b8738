"""LibCST's text of a module against the text that was parsed: it drops a little, and its positions count in its own.

Dropped are form feeds before code with the blanks before them, and lines before code that hold only a backslash.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

import libcst as cst

_LOSSY = re.compile(r"\f|^[ \t]*\\[\r\n]", re.MULTILINE)
_DROPPED = re.compile(r"[ \t\f]|\\(?:\r\n?|\n)")


class Alignment:
    """From offsets into what was kept of a text to those into the text. `ends` are the kept offsets before which
    something was dropped, `dropped` how much was dropped up to there."""

    def __init__(self, ends: Sequence[int], dropped: Sequence[int]) -> None:
        self._ends = ends
        self._dropped = dropped

    def original(self, offset: int) -> int:
        return offset + self._dropped[bisect_right(self._ends, offset) - 1]


def align(text: str, module: cst.Module) -> Alignment:
    """Where the parsed `text` differs from what LibCST made of it; without writing that out for the usual text."""
    ends, losses = [0], [0]
    if _LOSSY.search(text) is None:
        return Alignment(ends, losses)
    kept = module.code
    offset = dropped = 0
    while offset < len(kept):
        if text.startswith(kept[offset], offset + dropped):
            offset += 1
            continue
        match = _DROPPED.match(text, offset + dropped)
        if match is None:
            break
        dropped += len(match[0])
        ends.append(offset)
        losses.append(dropped)
    return Alignment(ends, losses)
