"""One pass over a file's characters before any parser sees them: what would be too deep, and where the comments are.

LibCST's native parser crashes the process on about 1,500 nested parentheses, takes minutes over a sum of 6,000 terms,
and twice as long or more for each level of a pattern after `case`; Python cannot catch any of it. So brackets and
operators are counted here first. The scan knows strings, comments and f-strings with expressions inside (PEP 701, which
is how LibCST reads them), and never fails, whatever the text.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

MAX_NESTING = 200
"""Open brackets at one point: Python's own limit."""
MAX_CHAIN = 500
"""Operators that can nest into each other at one point, counted over all open brackets, which count too."""
MAX_PATTERN = 5
"""Open brackets at one point of a pattern: LibCST takes 0.01 s for that, 0.5 s for 8, years for 30."""
MAX_COMMENTS = 20_000
"""Comments of a file that name padlint or noqa."""
MAX_STATEMENT = 200_000
"""Characters of a top-level statement: LibCST takes 300 MB for that, if there is nothing but line breaks in it."""
MAX_PORTION = 600_000
"""Characters between two top-level statements: Python's own parser takes 300 MB for that, if they are `x=1;` and so on."""
MAX_INDEXED = 3000
"""Chain beyond which not even Python's own parser is called."""

_NEWLINE = r"\r\n?|\n"
_STRING = (
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
)
_FORMAT_STRING = r"\b(?:[fFtT][rR]?|[rR][fFtT])(?:\"\"\"|'''|\"|')"
_TOKEN = re.compile(
    rf"[()\[\]{{}},;:]|{_NEWLINE}|{_FORMAT_STRING}|{_STRING}|#[^\r\n]*|\\(?:{_NEWLINE})|\*\*|//|<<|>>|->|==|[-+*/%@&|^<>!~.]=?"
    r"|\b(?:and|await|def|class|elif|else|for|if|in|is|lambda|not|or|yield)\b",
    re.DOTALL,
)
# The text of an f-string up to a field, its end, or what cannot be: `{{`, `}}` and escapes belong to the text.
_LITERAL = {
    quote: re.compile(rf"(?:[^{{}}\\{quote}\r\n]+|\\(?:\r\n|[^{{}}])|\\(?=[{{}}])|{{{{|}}}})*", re.DOTALL)
    for quote in "\"'"
} | {
    quote * 3: re.compile(
        rf"(?:[^{{}}\\{quote}]+|\\[^{{}}]|\\(?=[{{}}])|{{{{|}}}}|{quote}(?!{quote}{quote}))*", re.DOTALL
    )
    for quote in "\"'"
}
_SPECIFICATION = {quote: re.compile(rf"[^{{}}{quote}\r\n]*") for quote in "\"'"} | {
    quote * 3: re.compile(rf"(?:[^{{}}{quote}]+|{quote}(?!{quote}{quote}))*") for quote in "\"'"
}
_INTERESTING = re.compile(r"padlint:|noqa", re.IGNORECASE)

_PORTION = 100_000
_TOP_LEVEL = re.compile(r"[^\W\d]\w*|@")
_CASE = re.compile(r"[ \t\f]*case\b")
_CONTINUING = ("elif", "else", "except", "finally")


@dataclass(frozen=True, slots=True)
class Excess:
    """A logical line that no parser gets: it starts at `offset`, and nests or chains over the bounds."""

    offset: int
    nesting: int
    chain: int
    pattern: int = 0

    @property
    def message(self) -> str:
        if self.nesting > MAX_NESTING:
            return f"not analysed: {self.nesting} nested brackets, more than {MAX_NESTING}"
        if self.pattern > MAX_PATTERN:
            return f"not analysed: {self.pattern} nested brackets in a pattern, more than {MAX_PATTERN}"
        return f"not analysed: {self.chain} operators in one expression, more than {MAX_CHAIN}"


@dataclass(frozen=True, slots=True)
class Scan:
    """`comments` are the offsets (start, end) of the comments that name padlint or noqa. `portions` are the offsets of
    top-level statements, from 0 on, between which a long text can be parsed in pieces."""

    excesses: tuple[Excess, ...]
    comments: tuple[tuple[int, int], ...]
    portions: tuple[int, ...]


@contextmanager
def recursion_room() -> Iterator[None]:
    """Room on Python's stack for whatever passes the bounds: MAX_CHAIN levels, several calls each, blocks on top."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + 10 * MAX_CHAIN)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def scan(text: str) -> Scan:
    scanner = _Scanner(text)
    position: int | None = 0
    while position is not None:
        position = scanner.read_code(position)
    scanner.end_line(len(text))
    return Scan(tuple(scanner.excesses), tuple(scanner.comments), tuple(scanner.portions))


class _Field(NamedTuple):
    """A replacement field of an f-string: what to go on reading with after its closing brace."""

    quote: str
    in_specification: bool


class _Scanner:
    """Each open bracket is a level: `chains` holds its operators since the last comma, `lambdas` those whose colon is
    still to come (a comma before it does not end anything), `fields` says whether it is an f-string's field. `header` is
    how deep the line was nested before its colon."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.excesses: list[Excess] = []
        self.comments: list[tuple[int, int]] = []
        self.portions = [0]
        self.decorated = True
        self.start = 0
        self.elifs = 0
        self.header: int | None = None
        self.reset()

    def reset(self) -> None:
        self.chains = [0]
        self.lambdas = [0]
        self.fields: list[_Field | None] = [None]
        self.chain = self.longest = self.deepest = 0

    def end_line(self, offset: int) -> None:
        """A logical line ends; what it was is kept if it was too much."""
        pattern = self.header or 0
        if pattern <= MAX_PATTERN or not _CASE.match(self.text, self.start):
            pattern = 0
        if self.longest > MAX_CHAIN or self.deepest > MAX_NESTING or self.elifs > MAX_CHAIN or pattern:
            self.excesses.append(Excess(self.start, self.deepest, max(self.longest, self.elifs), pattern))
        self.start, self.header = offset, None
        if self.longest:
            self.reset()
        if offset - self.portions[-1] > _PORTION:
            self.begin_portion(offset)

    def begin_portion(self, offset: int) -> None:
        """If a top-level statement starts here that the one before does not decorate (which is not known at first)."""
        word = _TOP_LEVEL.match(self.text, offset)
        if word is None or word[0] in _CONTINUING:
            return
        if self.decorated:
            self.decorated = word[0] == "@"
        else:
            self.portions.append(offset)
            self.decorated = True

    def read_code(self, position: int) -> int | None:
        """Reads on until an f-string or a field begins or ends; returns where to go on, or None at the end."""
        for match in _TOKEN.finditer(self.text, position):
            token = match[0]
            first = token[0]
            if first in "([{":
                self.open_level(None)
            elif first in ")]}":
                field = self.close_level()
                if field is not None:
                    return self.read_literal(match.end(), field)
            elif first == ",":
                if not self.lambdas[-1]:
                    self.chain -= self.chains[-1]
                    self.chains[-1] = 0
            elif first in "\r\n":
                if len(self.chains) == 1:
                    self.end_line(match.end())
            elif first == "#":
                if _INTERESTING.search(token):
                    self.comments.append(match.span())
            elif first in ":;":
                next_position = self.read_separator(first, match.end())
                if next_position is not None:
                    return next_position
            elif first == "\\":
                continue
            else:
                self.chains[-1] += 1
                self.chain += 1
                if self.chain > self.longest:
                    self.longest = self.chain
                if first.isalpha():
                    if token[-1] in "\"'":
                        return self.read_literal(match.end(), _Field(token.lstrip("fFtTrR"), False))
                    self.read_keyword(token)
        return None

    def open_level(self, field: _Field | None) -> None:
        self.chains[-1] += 1
        self.chains.append(0)
        self.lambdas.append(0)
        self.fields.append(field)
        self.chain += 1
        self.longest = max(self.longest, self.chain)
        self.deepest = max(self.deepest, len(self.chains) - 1)

    def close_level(self) -> _Field | None:
        if len(self.chains) == 1:
            return None
        self.chain -= self.chains.pop()
        self.lambdas.pop()
        return self.fields.pop()

    def read_keyword(self, word: str) -> None:
        if word == "lambda":
            self.lambdas[-1] += 1
        elif word == "elif":
            self.elifs += 1
        elif word in ("def", "class"):
            self.elifs = 0

    def read_separator(self, separator: str, end: int) -> int | None:
        field = self.fields[-1]
        if self.lambdas[-1]:
            self.lambdas[-1] -= 1
        elif field is not None and separator == ":":
            return self.read_specification(end, field)
        elif separator == ":" and len(self.chains) == 1 and self.header is None:
            self.header = self.deepest
        elif separator == ";" and len(self.chains) == 1:
            self.chain = self.chains[0] = 0
        return None

    def read_literal(self, position: int, field: _Field) -> int:
        """The text of an f-string: on to its next field, or past its end."""
        if field.in_specification and (outer := self.fields[-1]) is not None:
            return self.read_specification(position, outer)
        match = _LITERAL[field.quote].match(self.text, position)
        end = match.end() if match else position
        if self.text.startswith("{", end):
            self.open_level(_Field(field.quote, False))
            return end + 1
        return end + len(field.quote) if self.text.startswith(field.quote, end) else end

    def read_specification(self, position: int, field: _Field) -> int:
        """What follows the colon of a field, which may hold fields of its own."""
        match = _SPECIFICATION[field.quote].match(self.text, position)
        end = match.end() if match else position
        if self.text.startswith("{", end):
            self.open_level(_Field(field.quote, True))
            return end + 1
        return end
