"""Where LibCST's nodes stand in the text that was parsed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider


class Range(NamedTuple):
    """Lines from 1, columns from 0 in code points, of the parsed text; `end` is exclusive."""

    start: tuple[int, int]
    end: tuple[int, int]


class Positions:
    """The positions of one parsed module, computed once and for all its nodes: no cheaper than the parse."""

    def __init__(self, module: cst.Module) -> None:
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)  # LibCST's parser makes every node anew
        self._ranges = wrapper.resolve(PositionProvider)

    def range(self, node: cst.CSTNode) -> Range:
        """A node without the white space around it; as for Python, a tuple's or generator's parentheses are its own."""
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)) and node.lpar:
            return Range(self._start(node.lpar[-1]), self._end(node.rpar[0]))
        return Range(self._start(node), self._end(node))

    def with_parentheses(self, node: cst.BaseExpression) -> Range:
        if not node.lpar:
            return self.range(node)
        return Range(self._start(node.lpar[0]), self._end(node.rpar[-1]))

    def with_decorators(self, node: cst.CSTNode) -> Range:
        decorators: Sequence[cst.Decorator] = ()
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            decorators = node.decorators
        return Range(self._start(decorators[0] if decorators else node), self._end(node))

    def lines(self, statement: cst.CSTNode) -> tuple[int, int]:
        """First and last line of a statement, its decorators included."""
        start, end = self.with_decorators(statement)
        return start[0], end[0]

    def _start(self, node: cst.CSTNode) -> tuple[int, int]:
        start = self._range(node).start
        return start.line, start.column

    def _end(self, node: cst.CSTNode) -> tuple[int, int]:
        end = self._range(node).end
        return end.line, end.column

    def _range(self, node: cst.CSTNode) -> CodeRange:
        return self._ranges[node]
