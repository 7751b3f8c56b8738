"""Where LibCST's nodes stand, as offsets into the text that LibCST gives for the module.

LibCST's own PositionProvider says the same in lines and columns, at twice the price; both listen while the module is
written out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple

import libcst as cst
from libcst._nodes.internal import CodegenState


class Range(NamedTuple):
    """From `start` up to, not including, `end`."""

    start: int
    end: int


class Positions:
    """The positions of one parsed module, computed at once for all its nodes: about as dear as the parse."""

    def __init__(self, module: cst.Module) -> None:
        listener = _Listener(module)
        module._codegen(listener)
        self._ranges = listener.ranges

    def range(self, node: cst.CSTNode) -> Range:
        """A node without the white space around it; as for Python, a tuple's or generator's parentheses are its own."""
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
            return Range(self._ranges[node.lpar[-1]].start, self._ranges[node.rpar[0]].end)
        return self._ranges[node]

    def with_parentheses(self, node: cst.BaseExpression) -> Range:
        if not node.lpar:
            return self.range(node)
        return Range(self._ranges[node.lpar[0]].start, self._ranges[node.rpar[-1]].end)

    def with_decorators(self, node: cst.CSTNode) -> Range:
        decorators: Sequence[cst.Decorator] = ()
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            decorators = node.decorators
        return Range(self._ranges[decorators[0] if decorators else node].start, self._ranges[node].end)


class _Listener(CodegenState):
    """Counts the tokens' characters. A node's range is what it writes, unless it says what of that is its syntax."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.offset = 0
        self.ranges: dict[cst.CSTNode, Range] = {}
        self._starts: list[int] = []

    def add_indent_tokens(self) -> None:
        self.offset += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """Nothing stands behind it."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.ranges:
            self.ranges[node] = Range(start, self.offset)

    def record_syntactic_position(  # type: ignore[override]  # the base is a generator made a context manager
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Syntax:
        return _Syntax(self, node, start_node, end_node)


class _Syntax:
    """While it is open, the syntax of a node is written; its ends are those of other nodes where these are given."""

    __slots__ = ("end_node", "listener", "node", "start", "start_node")

    def __init__(
        self, listener: _Listener, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.listener, self.node, self.start_node, self.end_node = listener, node, start_node, end_node

    def __enter__(self) -> None:
        self.start = self.listener.offset

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ranges = self.listener.ranges
        start = self.start if self.start_node is None else ranges[self.start_node].start
        end = self.listener.offset if self.end_node is None else ranges[self.end_node].end
        ranges[self.node] = Range(start, end)
