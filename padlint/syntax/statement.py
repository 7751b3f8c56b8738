"""One top-level statement as LibCST reads it: its IR and, for whoever asks, where each of its numbered nodes stands."""

from __future__ import annotations

from functools import cached_property

import libcst as cst

from padlint.syntax import ir
from padlint.syntax.alignment import Alignment, align
from padlint.syntax.lower import lower_statements
from padlint.syntax.positions import Positions, Range
from padlint.syntax.scan import recursion_room

_BEFORE_CODE = " \t\f"  # at the top level, only where a form feed makes Python forget it


class Refused(Exception):
    """LibCST cannot read a text; the message is its own, in one line."""


def parse(text: str) -> cst.Module:
    """Only for texts that passed the scan: LibCST's parser can crash on others. Raises Refused."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise Refused(error.message.replace("\n", " ")) from None
    except (cst.CSTValidationError, UnicodeError, RecursionError, MemoryError) as error:
        raise Refused(f"{error}".partition("\n")[0]) from None


class Statement:
    """`block`, and by its numbers the places: offsets into the text of the whole file."""

    def __init__(self, text: str, module: cst.Module, start: int) -> None:
        self._text = text
        self._module = module
        self._start = start
        self.block: ir.Block
        self.nodes: tuple[cst.CSTNode, ...]
        self.block, self.nodes = lower_statements(module.body)

    def extent(self, number: int) -> Range:
        return self._in_file(self._positions.range(self.nodes[number]))

    def decorated_extent(self, number: int) -> Range:
        """A class or function from its first decorator on; else as `extent`."""
        return self._in_file(self._positions.with_decorators(self.nodes[number]))

    def argument(self, number: int, which: str | int) -> Range | None:
        arg = self._argument(number, which)
        return None if arg is None else self._in_file(self._positions.range(arg))

    def argument_value(self, number: int, which: str | int) -> Range | None:
        arg = self._argument(number, which)
        return None if arg is None else self._in_file(self._positions.with_parentheses(arg.value))

    def insertion(self, number: int) -> tuple[Range, str] | None:
        """The empty range where one more argument can stand, and what must stand before it; None where `**` may hold it."""
        call = self.nodes[number]
        if not isinstance(call, cst.Call) or any(arg.star == "**" for arg in call.args):
            return None
        if not call.args:
            closing = self._positions.range(call).end - 1
            return self._in_file(Range(closing, closing)), ""
        last = call.args[-1]
        if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar:
            return None
        end = self._positions.range(last).end
        return self._in_file(Range(end, end)), ", "

    def _argument(self, number: int, which: str | int) -> cst.Arg | None:
        """By position only while no starred argument comes before."""
        call = self.nodes[number]
        if not isinstance(call, cst.Call):
            return None
        for position, arg in enumerate(call.args):
            if arg.star == "*" and isinstance(which, int):
                return None
            if which == (arg.keyword.value if arg.keyword else None if arg.star else position):
                return arg
        return None

    @cached_property
    def _positions(self) -> Positions:
        with recursion_room():
            return Positions(self._module)

    def _in_file(self, extent: Range) -> Range:
        start, end = (self._start + self._alignment.original(offset) for offset in extent)
        return Range(start, end)

    @cached_property
    def _alignment(self) -> Alignment:
        return align(self._text, self._module)


def read_statement(text: str, start: int) -> Statement:
    """Parses and lowers the text of a statement that starts at an offset of its file. Raises Refused."""
    with recursion_room():
        return Statement(text, parse(text.lstrip(_BEFORE_CODE)), start)
