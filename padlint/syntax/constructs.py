"""Which classes, functions, assignments and calls start on a line, for the comments that belong to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from padlint.finding import Place
from padlint.syntax import ir
from padlint.syntax.source import Source

if TYPE_CHECKING:
    from padlint.syntax.statement import Statement

_DEFINITIONS = (ir.Class, ir.Function)
_ASSIGNMENTS = (ir.Assign, ir.AugmentedAssign, ir.AnnotatedAssign)


@dataclass(frozen=True, slots=True)
class Construct:
    """`start` and `end` are offsets into the text, decorators included; `places` the node itself and, of an assignment,
    the call that it assigns (of `Net().to(device)` both calls). `starts` are the lines on which it starts: a decorated
    one, on its first decorator's line and on that of its `def` or `class`."""

    places: tuple[Place, ...]
    starts: frozenset[int]
    start: int
    end: int
    first_line: int
    last_line: int
    is_definition: bool
    is_call: bool


class Constructs:
    """The constructs of a source, statement by statement as lines are asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._first_lines = [header.first_line for header in source.statements]
        self._calls: dict[int, tuple[Construct, ...]] = {}
        self._outermost: dict[int, dict[int, list[Construct]]] = {}

    def starting_on(self, line: int) -> tuple[Construct, ...]:
        """The outermost constructs that start on a line."""
        index = self._statement_at(line)
        return () if index is None else tuple(self._outermost[index].get(line, ()))

    def innermost_call(self, line: int) -> Construct | None:
        """The smallest call that takes this line."""
        index = self._statement_at(line)
        calls = () if index is None else self._calls[index]
        around = [call for call in calls if call.first_line <= line <= call.last_line]
        return min(around, key=lambda call: call.end - call.start, default=None)

    def analysed(self, line: int) -> bool:
        """Whether the statement at a line could be read, so that nothing starting there means that nothing does."""
        index = self._statement_at(line)
        return index is None or self._source.statement(index) is not None

    def _statement_at(self, line: int) -> int | None:
        index = bisect_right(self._first_lines, line) - 1
        if index < 0 or line > self._source.statements[index].last_line:
            return None
        if index not in self._outermost:
            self._read(index)
        return index

    def _read(self, index: int) -> None:
        calls: list[Construct] = []
        outermost: dict[int, list[Construct]] = {}
        statement = self._source.statement(index)
        for construct, taken in self._walk(index, statement) if statement else ():
            if construct.is_call:
                calls.append(construct)
            for line in construct.starts - taken:
                outermost.setdefault(line, []).append(construct)
        self._calls[index] = tuple(calls)
        self._outermost[index] = outermost

    def _walk(self, index: int, statement: Statement) -> Iterator[tuple[Construct, frozenset[int]]]:
        """Each construct in the order of the text, with the lines on which a construct around it starts."""
        stack: list[tuple[ir.Node, frozenset[int]]] = [(node, frozenset()) for node in reversed(statement.block)]
        while stack:
            node, taken = stack.pop()
            if isinstance(node, (*_DEFINITIONS, *_ASSIGNMENTS, ir.Call)):
                construct = self._construct(index, statement, node)
                yield construct, taken
                # Only the line that is being read, or a later one, can still be asked about below.
                taken = construct.starts | frozenset(line for line in taken if line >= construct.first_line)
            stack.extend((child, taken) for child in reversed(list(ir.children(node))))

    def _construct(self, index: int, statement: Statement, node: ir.Node) -> Construct:
        lines = self._source.lines
        start, end = statement.decorated_extent(node.at)
        first, last = lines.locate(start)[0], lines.locate(end)[0]
        numbers = [node.at]
        value = node.value if isinstance(node, _ASSIGNMENTS) else None
        while isinstance(value, ir.Call):  # of `Net().to(device)` both calls
            numbers.append(value.at)
            value = value.func.value if isinstance(value.func, ir.Attribute) else None
        return Construct(
            places=tuple(Place(self._source.path, index, number) for number in numbers),
            starts=frozenset({first, lines.locate(statement.extent(node.at).start)[0]}),
            start=start,
            end=end,
            first_line=first,
            last_line=last,
            is_definition=isinstance(node, _DEFINITIONS),
            is_call=isinstance(node, ir.Call),
        )
