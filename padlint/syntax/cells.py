"""The code cells of a notebook one by one: which are Python, what is wrong with the others."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from padlint.syntax.ipython import FOREIGN, Cell, Cuts, read_cell
from padlint.syntax.layout import Trouble
from padlint.syntax.lines import Lines
from padlint.syntax.notebook_json import CodeCell
from padlint.syntax.python import about_layers, is_python, parsed
from padlint.syntax.scan import MAX_INDEXED, MAX_STATEMENT, scan


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A code cell as it was read. `tree`: what Python's parser makes of it; None also where only LibCST knows its syntax.
    `unread`: a text that may have run, and set names, though it is not looked at."""

    cell: Cell
    is_python: bool = True
    tree: ast.Module | None = None
    unread: str = ""
    wrong: Trouble | None = None
    passed_over: Trouble | None = None


def read_part(code: CodeCell) -> Part:
    if code.malformed is not None:
        return Part(_untouched(""), False, wrong=Trouble(f"not a cell: {code.malformed}", code.number))
    if code.foreign is not None:
        trouble = Trouble(f"not analysed: a cell in {code.foreign}", code.number)
        return Part(_untouched(code.source), False, passed_over=trouble)
    cell = read_cell(code.source)
    if cell.beyond:
        return _passed_over(code, "too many lines of IPython's")
    excess = next((one for one in scan(cell.code).excesses if one.chain > MAX_INDEXED), None)
    if excess is not None:
        return _passed_over(code, excess.message.removeprefix("not analysed: "))
    try:
        return _skipped(code, cell, parsed(cell.code))
    except SyntaxError as error:
        if _known_to_libcst(cell.code):
            return Part(cell)
        place = _placed(cell.code, error.lineno, error.offset)
        return Part(_untouched(code.source), False, unread=code.source, wrong=_trouble(code, cell, error.msg, place))
    except ValueError as error:
        lines = cell.code[: max(cell.code.find("\0"), 0)].split("\n")
        trouble = _trouble(code, cell, str(error), (len(lines), len(lines[-1]) + 1))
        return Part(_untouched(code.source), False, unread=code.source, wrong=trouble)
    except (MemoryError, RecursionError):
        return _passed_over(code, "too complex for Python's parser")


def _untouched(source: str) -> Cell:
    """A cell whose lines are not Python."""
    texts = Lines(source).texts
    return Cell(texts, texts, [Cuts()] * len(texts))


def _passed_over(code: CodeCell, reason: str) -> Part:
    trouble = Trouble(f"not analysed: {reason}", code.number)
    return Part(_untouched(code.source), False, unread=code.source, passed_over=trouble)


def _skipped(code: CodeCell, cell: Cell, tree: ast.Module) -> Part:
    """A cell that is Python, except for what a cell magic takes: other Python it may run, and then it is said."""
    body = "".join(cell.texts[number] for number in sorted(cell.rest)) if cell.skipped is not None else ""
    if not body.strip() or not is_python(body):
        return Part(cell, tree=tree)
    said = Trouble(f"not analysed: a cell of %%{cell.skipped}", code.number) if about_layers(body) else None
    return Part(cell, tree=tree, unread="" if cell.skipped in FOREIGN else body, passed_over=said)


def _known_to_libcst(text: str) -> bool:
    """Is it Python newer, or older, than the one that runs this?"""
    from padlint.syntax.statement import Refused, parse

    if len(text) > MAX_STATEMENT or scan(text).excesses or "\0" in text:
        return False
    try:
        parse(text)
    except Refused:
        return False
    return True


def _placed(text: str, line: int | None, column: int | None) -> tuple[int, int]:
    lines = Lines(text).texts
    number = min(max(line or 1, 1), len(lines))
    return number, min(max(column or 1, 1), len(lines[number - 1].rstrip("\r\n")) + 1)


def _trouble(code: CodeCell, cell: Cell, message: str, place: tuple[int, int]) -> Trouble:
    line, column = place
    return Trouble(message, code.number, line, cell.cuts[line - 1].written(column))
