"""A source file: its text, its top-level statements, and the IR and the positions of those that something asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from padlint.finding import Edit, Place, Position, Span
from padlint.reading import MAX_BYTES, OversizedError, read_file
from padlint.syntax import ir
from padlint.syntax.encoding import Encoding, Undecodable, decode
from padlint.syntax.index import Header, binding, index_with_ast, index_with_libcst
from padlint.syntax.layout import Layout, PlainFile, Trouble
from padlint.syntax.lines import Lines
from padlint.syntax.scan import MAX_COMMENTS, MAX_INDEXED, MAX_PORTION, MAX_STATEMENT, Scan, recursion_room, scan
from padlint.where import where

if TYPE_CHECKING:
    from padlint.syntax.comments import Item
    from padlint.syntax.statement import Statement

_WORD = re.compile(r"[^\W\d]\w*")
_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
_LINE = re.compile(r"\bline (\d+)")
_UTF_8 = PlainFile(Encoding())


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """What Python says of a file or, where padlint gives up on a part of it, why; and where."""

    message: str
    span: Span

    @property
    def line(self) -> int:
        return self.span.start.line

    @property
    def column(self) -> int:
        return self.span.start.column


@dataclass(frozen=True, slots=True)
class _Index:
    headers: tuple[Header, ...]
    problem: SyntaxProblem | None = None
    given_up: SyntaxProblem | None = None


@dataclass(eq=False)
class Source:
    """`path` as displayed; `text` decoded, without BOM, with its line ends as they are. A file that cannot be decoded
    has an empty text and a `problem`, one that is too large an empty text and what was `given_up`. Nothing is parsed
    before it is asked for, and nothing twice."""

    path: str
    text: str
    layout: Layout = _UTF_8
    undecodable: SyntaxProblem | None = None
    given_up: SyntaxProblem | None = None
    _blocks: dict[int, ir.Block] = field(default_factory=dict, init=False, repr=False)
    _statements: dict[int, Statement | None] = field(default_factory=dict, init=False, repr=False)
    _refused: dict[int, SyntaxProblem] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def read(cls, path: Path, display: str) -> Source:
        """Raises UnreadableError where the file cannot be read; one that is too large has an empty text."""
        try:
            return cls.from_bytes(read_file(str(path), display), display)
        except OversizedError:
            return cls.oversized(display)

    @classmethod
    def oversized(cls, display: str, most: int = MAX_BYTES) -> Source:
        """A file that is too large to be looked at."""
        start = Position(1, 1)
        reason = f"not analysed: the file is larger than {most // 10**6} MB"
        return cls(display, "", given_up=SyntaxProblem(reason, Span(display, start, start)))

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> Source:
        """A notebook where the path ends in `.ipynb`, else Python."""
        try:
            if path.endswith(".ipynb"):
                from padlint.syntax.notebook import read_notebook

                notebook = read_notebook(data)
                if notebook.beyond:
                    start = Position(1, 1)
                    reason = "not analysed: too many names in cells that are no Python"
                    return cls(path, "", given_up=SyntaxProblem(reason, Span(path, start, start)))
                return cls(path, notebook.text, notebook)
            text, encoding = decode(data)
            return cls(path, text, PlainFile(encoding))
        except Undecodable as error:
            position = Position(error.line, error.column)
            return cls(path, "", undecodable=SyntaxProblem(error.message, Span(path, position, position)))

    def encode(self, text: str) -> bytes:
        """The file's bytes with another text: same encoding, BOM and notebook. Raises UnreadableError."""
        return self.layout.encode(text)

    def is_of(self, data: bytes) -> bool:
        """Are these the very bytes that the text was read from?"""
        return self.undecodable is None and self.given_up is None and self.encode(self.text) == data

    @property
    def encoding(self) -> str:
        return self.layout.encoding.name

    @property
    def bom(self) -> bool:
        return self.layout.encoding.bom

    @cached_property
    def newline(self) -> str:
        """The first line end, for lines that are added."""
        match = re.search(r"\r\n?|\n", self.text)
        return match[0] if match else "\n"

    # ------------------------------------------------------------ statements

    @property
    def statements(self) -> tuple[Header, ...]:
        return self._index.headers

    @property
    def problem(self) -> SyntaxProblem | None:
        """Why no statement could be read: Python's own message."""
        return self._index.problem

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """What is no Python: all of it, or parts beside which the others are read."""
        return (self.problem,) if self.problem is not None else tuple(map(self._of, self.layout.wrong))

    def _of(self, trouble: Trouble) -> SyntaxProblem:
        start = Position(trouble.line, trouble.column)
        return SyntaxProblem(trouble.message, Span(self.path, start, start, trouble.cell))

    @property
    def abandoned(self) -> bool:
        """Was all of it given up?"""
        return self._index.given_up is not None

    @property
    def not_analysed(self) -> tuple[SyntaxProblem, ...]:
        """What was given up so far: logical lines and statements beyond the bounds, what LibCST refused when asked."""
        if self._index.given_up is not None:
            return (self._index.given_up,)
        beyond = [*map(self._of, self.layout.passed_over)]
        beyond += [SyntaxProblem(excess.message, self._point(excess.offset)) for excess in self.scan.excesses]
        if len(self.text) > MAX_STATEMENT:
            beyond += [
                problem for index in range(len(self.statements)) if (problem := self._too_long(index)) is not None
            ]
        return tuple(dict.fromkeys([*beyond, *self._refused.values()]))

    def _extent(self, index: int) -> tuple[int, int]:
        header = self.statements[index]
        return self.lines.start(header.first_line), self.lines.start(header.last_line + 1)

    def _too_long(self, index: int) -> SyntaxProblem | None:
        start, end = self._extent(index)
        if end - start <= MAX_STATEMENT:
            return None
        reason = f"not analysed: a statement of {end - start} characters, more than {MAX_STATEMENT}"
        return SyntaxProblem(reason, self._point(start))

    def words(self, index: int) -> frozenset[str]:
        """Every identifier and keyword in a statement's text, those in its strings and comments too."""
        return frozenset(_WORD.findall(self.statement_text(index)))

    def statement_text(self, index: int) -> str:
        header = self.statements[index]
        return self.lines.slice(header.first_line, header.last_line)

    @cached_property
    def binding(self) -> Mapping[str, Sequence[Header]]:
        """By name, the statements that bind it, and the later ones that fill or change what it is bound to."""
        return binding(self.statements, self.statement_text)

    def lower(self, index: int) -> ir.Block:
        """The IR of a statement. Where LibCST must not or cannot read it, its names are bound to an Opaque."""
        if index not in self._blocks:
            # LibCST's tree is not kept: it is big, and seldom needed again.
            statement = self._statements[index] if index in self._statements else self._parse(index)
            self._blocks[index] = self._opaque(index) if statement is None else statement.block
        return self._blocks[index]

    def _opaque(self, index: int) -> ir.Block:
        opaque = ir.Opaque(0, self._refused[index].message)
        names = tuple(ir.Name(0, name) for name in self.statements[index].names if name != "*")
        return (ir.Assign(0, names, opaque) if names else ir.Evaluate(0, opaque),)

    def statement(self, index: int) -> Statement | None:
        """A statement with its LibCST nodes, parsed again where need be; None where it was refused."""
        if index not in self._statements:
            self._statements[index] = self._parse(index)
        return self._statements[index]

    def release(self) -> None:
        """Let go of what can be read again; what stands where, and what was refused, stays."""
        self._blocks.clear()
        self._statements.clear()
        for name in ("lines", "written", "scan", "binding"):
            vars(self).pop(name, None)

    def _parse(self, index: int) -> Statement | None:
        from padlint.syntax.statement import Refused, read_statement

        start, end = self._extent(index)
        excess = next((excess for excess in self.scan.excesses if start <= excess.offset < end), None)
        if excess is not None:
            self._refused[index] = SyntaxProblem(excess.message, self._point(excess.offset))
            return None
        if (problem := self._too_long(index)) is not None:
            self._refused[index] = problem
            return None
        text = _LONE_CARRIAGE_RETURN.sub("\n", self.text[start:end])
        try:
            return read_statement(text, start)
        except Refused as error:
            self._refused[index] = SyntaxProblem(f"not analysed: {error}", self._point(start))
            return None

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def written(self) -> Lines:
        """The lines as the file shows them."""
        return self.lines if isinstance(self.layout, PlainFile) else Lines(self.layout.written(self.text))

    @cached_property
    def scan(self) -> Scan:
        return scan(self.text)

    @cached_property
    def _index(self) -> _Index:
        if self.undecodable is not None or self.given_up is not None:
            return _Index((), self.undecodable, self.given_up)
        beyond = next((one for one in self.scan.excesses if one.chain > MAX_INDEXED), None)
        if beyond is not None:
            return _Index(
                (), given_up=SyntaxProblem(f"{beyond.message}; nor is the rest of the file", self._point(beyond.offset))
            )
        excessive = self._excessive()
        if excessive is not None:
            return _Index((), given_up=excessive)
        try:
            with recursion_room():
                return _Index(index_with_ast(self.text, self.lines, self.scan.portions))
        except SyntaxError as error:
            span = self._syntax_error_span(error)
            return self._index_with_libcst(SyntaxProblem(self._in_cells(error.msg, span), span))
        except ValueError as error:
            return _Index((), SyntaxProblem(str(error), self._point(max(self.text.find("\0"), 0))))
        except (MemoryError, RecursionError):
            return _Index((), given_up=SyntaxProblem("not analysed: too complex for Python's parser", self._point(0)))

    def _excessive(self) -> SyntaxProblem | None:
        """What there is too much of to look at any of the file."""
        comments, portions = self.scan.comments, self.scan.portions
        if len(comments) > MAX_COMMENTS:
            reason = f"not analysed: {len(comments)} comments for linters, more than {MAX_COMMENTS}"
            return SyntaxProblem(reason, self._point(comments[0][0]))
        for start, end in pairwise((*portions, len(self.text))):
            if end - start > MAX_PORTION:
                reason = f"not analysed: statements of {end - start} characters, more than {MAX_PORTION}"
                return SyntaxProblem(reason, self._point(start))
        return None

    def _index_with_libcst(self, problem: SyntaxProblem) -> _Index:
        """Syntax newer (or older) than this Python's; where LibCST refuses it too, what Python said of it."""
        from padlint.syntax.statement import Refused, parse

        if self.scan.excesses or "\0" in self.text:
            return _Index((), problem)
        if len(self.text) > MAX_STATEMENT:
            return _Index((), given_up=replace(problem, message=f"not analysed: {problem.message}"))
        try:
            with recursion_room():
                text = _LONE_CARRIAGE_RETURN.sub("\n", self.text)
                return _Index(index_with_libcst(parse(text), text, self.lines))
        except Refused:
            return _Index((), problem)

    def _syntax_error_span(self, error: SyntaxError) -> Span:
        if error.lineno is None:
            return self._point(max(self.text.find("\0"), 0))
        line = min(max(error.lineno, 1), len(self.lines.starts))
        return self._point(self.lines.offset(line, max(error.offset or 1, 1)))

    def _in_cells(self, message: str, span: Span) -> str:
        """Python's message with the lines that it names as lines of a notebook's cells."""

        def told(match: re.Match[str]) -> str:
            return where(self._point(self.lines.offset(min(int(match[1]), len(self.lines.starts)), 1)), span)

        return _LINE.sub(told, message) if span.cell is not None else message

    @cached_property
    def declared(self) -> Mapping[Place, tuple[Item, ...]]:
        """What the comments of the file declare, by the constructs that they belong to."""
        from padlint.syntax.directives import by_place, directives

        return by_place(directives(self)) if "padlint:" in self.text.lower() else {}

    # ------------------------------------------------------------ positions

    def span(self, place: Place) -> Span:
        """Where a node stands, without the white space around it; a whole statement where its nodes are not known."""
        statement = self.statement(place.statement)
        if statement is None:
            header = self.statements[place.statement]
            text = self.statement_text(place.statement).rstrip("\r\n")
            start = self.lines.start(header.first_line)
            return self.span_between(start, start + len(text))
        return self.span_between(*statement.extent(place.node))

    def argument_span(self, call: Place, which: str | int) -> Span | None:
        """A whole argument of a call (`padding=1`) by keyword or position; None where the call has no such argument."""
        statement = self.statement(call.statement)
        extent = statement and statement.argument(call.node, which)
        return self.span_between(*extent) if extent else None

    def argument_value_span(self, call: Place, which: str | int) -> Span | None:
        """The value of an argument (`1` of `padding=1`), with its parentheses."""
        statement = self.statement(call.statement)
        extent = statement and statement.argument_value(call.node, which)
        return self.span_between(*extent) if extent else None

    def insertion(self, call: Place, argument: str) -> Edit | None:
        """The edit that adds an argument (`padding=1`) after the last one; None where a call cannot take one more."""
        statement = self.statement(call.statement)
        insertion = statement and statement.insertion(call.node)
        if not insertion:
            return None
        extent, separator = insertion
        return Edit(self.span_between(*extent), separator + argument)

    def span_between(self, start: int, end: int) -> Span:
        """The span of two offsets into the text."""
        first_line, first_column = self.lines.locate(start)
        last_line, last_column = self.lines.locate(end)
        cell, first = self.layout.locate(first_line)
        _, last = self.layout.locate(last_line)
        begin = Position(first, self.layout.column_written(first_line, first_column))
        return Span(self.path, begin, Position(last, self.layout.column_written(last_line, last_column)), cell)

    def _point(self, offset: int) -> Span:
        return self.span_between(offset, offset)

    def offset(self, position: Position, cell: int | None = None) -> int:
        """The offset into the text; past the end of a line or the text, as near as there is."""
        line = self.layout.line(position.line, cell)
        return self.lines.offset(line, self.layout.column_read(line, position.column))

    def text_of(self, span: Span) -> str:
        return self.text[self.offset(span.start, span.cell) : self.offset(span.end, span.cell)]
