"""Taking codes out of the comments that suppress them, and comments out of the text without a trace."""

from __future__ import annotations

import re
from collections.abc import Collection

from padlint.finding import Edit, Span
from padlint.syntax.source import Source

_OWN = re.compile(r"(?P<before>#[ \t]*padlint:[^\[]*\[)(?P<codes>[^\]]*)(?P<after>\].*)", re.IGNORECASE | re.DOTALL)
_NOQA = re.compile(r"(?P<before>#[ \t]*noqa:[ \t]*)(?P<codes>.*)(?P<after>)", re.IGNORECASE | re.DOTALL)


def without(source: Source, comment: Span, codes: Collection[str]) -> Edit:
    """The edit that leaves only the other codes in an ignore or a `# noqa:`, or nothing of it, where there are none."""
    text = source.text_of(comment)
    parts = _OWN.fullmatch(text) or _NOQA.fullmatch(text)
    if parts is None:
        return _removal(source, comment)
    unwanted = {code.upper() for code in codes}
    left = [code for code in re.split(r"[\s,]+", parts["codes"]) if code and code.upper() not in unwanted]
    if not left:
        return _removal(source, comment)
    start = source.offset(comment.start, comment.cell) + parts.start("codes")
    return Edit(source.span_between(start, start + len(parts["codes"])), ", ".join(left))


def _removal(source: Source, comment: Span) -> Edit:
    """With what belongs to it: the reason behind a `# noqa:`, the blanks around it, a line that holds nothing else."""
    start, end = (source.offset(position, comment.cell) for position in (comment.start, comment.end))
    lines = source.lines
    number = lines.locate(start)[0]
    line = lines.start(number)
    finish = line + len(lines.slice(number, number).rstrip("\r\n"))
    other = source.text.find("#", end, finish)
    if other >= 0:
        return Edit(source.span_between(start, other), "")
    start = line + len(source.text[line:start].rstrip())
    if start > line:
        return Edit(source.span_between(start, finish), "")
    return Edit(_whole_line(source, number, finish), "")


def _whole_line(source: Source, number: int, finish: int) -> Span:
    """A line with its end; in a notebook with the end of the line before it, as the last line of a cell has none."""
    lines, locate = source.lines, source.layout.locate
    cell, position = locate(number)
    if cell is None:
        return source.span_between(lines.start(number), lines.start(number + 1))
    if position > 1:
        before = lines.slice(number - 1, number - 1)
        return source.span_between(lines.start(number) - len(before) + len(before.rstrip("\r\n")), finish)
    below = locate(number + 1) == (cell, 2) and number + 2 <= len(lines.starts)
    return source.span_between(lines.start(number), lines.start(number + 1) if below else finish)
