"""What stands at the top level of a file: which lines each statement takes and which names it binds, nothing more."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from padlint.syntax import ir
from padlint.syntax.lines import Lines

if TYPE_CHECKING:
    import libcst

Kind = Literal["import", "function", "class", "other"]

# A statement's last line goes on where a backslash or a semicolon with a backslash follows it.
_CONTINUED = re.compile(r"[ \t\f;]*\\(?:\r\n?|\n)")


@dataclass(frozen=True, slots=True)
class Header:
    """A top-level statement, or several that share a line. Lines count from 1 and include decorators; comments and
    blank lines before a statement belong to nobody. `names` are bound in the module by running it ("*": a star
    import), in the bodies of `if`, `for`, `try` and `with` too; `kind` is "other" where statements are mixed."""

    index: int
    first_line: int
    last_line: int
    names: tuple[str, ...]
    kind: Kind

    @property
    def imports(self) -> bool:
        return self.kind == "import"


class _Extent(NamedTuple):
    """One statement before those that share a line are joined."""

    first_line: int
    last_line: int
    names: tuple[str, ...]
    kind: Kind


def index_with_ast(text: str, lines: Lines, portions: Sequence[int]) -> tuple[Header, ...]:
    """Raises what `ast.parse` raises: SyntaxError, ValueError, MemoryError, RecursionError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's string is not our message
        try:
            return _join(_extents(text, lines, portions))
        except SyntaxError:
            if len(portions) == 1:
                raise
            return _join(_extents(text, lines, portions[:1]))  # for a message about the whole file


def _extents(text: str, lines: Lines, portions: Sequence[int]) -> Iterator[_Extent]:
    """Portion by portion: the tree of a file of a million lines would take gigabytes."""
    for start, end in zip(portions, (*portions[1:], len(text)), strict=True):
        above = lines.locate(start)[0] - 1
        for statement in ast.parse(text[start:end]).body:
            yield _extent(statement, text, lines, above)


def _extent(statement: ast.stmt, text: str, lines: Lines, above: int) -> _Extent:
    first = statement.lineno
    last = statement.end_lineno or first
    kind: Kind = "other"
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        kind = "class" if isinstance(statement, ast.ClassDef) else "function"
        first = min([first, *(decorator.lineno for decorator in statement.decorator_list)])
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        kind = "import"
    first, last = first + above, last + above
    end = lines.start(last + 1)
    if text.endswith(("\\\n", "\\\r", "\\\r\n"), 0, end):
        end_column = len(lines.slice(last, last).encode()[: statement.end_col_offset].decode())
        while match := _CONTINUED.match(text, lines.start(last) + end_column):
            last, end_column = last + 1, 0
            if match.end() == len(text):
                break
    return _Extent(first, last, tuple(dict.fromkeys(bound(statement))), kind)


def _join(extents: Iterable[_Extent]) -> tuple[Header, ...]:
    """Statements that share a line become one."""
    return tuple(Header(index, *extent) for index, extent in enumerate(_by_lines(extents)))


def _by_lines(extents: Iterable[_Extent]) -> Iterator[_Extent]:
    last: _Extent | None = None
    for extent in extents:
        if last is not None and extent.first_line <= last.last_line:
            names = tuple(dict.fromkeys(last.names + extent.names))
            kind = extent.kind if extent.kind == last.kind else "other"
            last = _Extent(last.first_line, max(last.last_line, extent.last_line), names, kind)
            continue
        if last is not None:
            yield last
        last = extent
    if last is not None:
        yield last


def bound(node: ast.AST) -> Iterator[str]:
    """The names that running a statement binds in its own scope."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or (alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0])
    elif isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Store):
            yield node.id
    elif isinstance(node, ast.comprehension):  # its target is its own, what it runs over may hold a walrus
        for part in (node.iter, *node.ifs):
            yield from bound(part)
    elif not isinstance(node, ast.Lambda):
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest:
            yield node.rest
        for child in ast.iter_child_nodes(node):
            yield from bound(child)


def index_with_libcst(module: libcst.Module, text: str, lines: Lines) -> tuple[Header, ...]:
    """The same from LibCST, for syntax that this Python does not know."""
    from padlint.syntax.alignment import align
    from padlint.syntax.lower import lower_statements
    from padlint.syntax.positions import Positions

    positions = Positions(module)
    alignment = align(text, module)
    extents = []
    for statement in module.body:
        start, end = positions.with_decorators(statement)
        first, last = (lines.locate(alignment.original(offset))[0] for offset in (start, end))
        block, _ = lower_statements([statement])
        names = tuple(dict.fromkeys(name for lowered in block for name in bound_names(lowered)))
        extents.append(_Extent(first, last, names, _kind(block)))
    return _join(extents)


def _kind(block: ir.Block) -> Kind:
    if all(isinstance(statement, (ir.Import, ir.ImportFrom)) for statement in block):
        return "import"
    if isinstance(block[0], ir.Function):
        return "function"
    return "class" if isinstance(block[0], ir.Class) else "other"


def bound_names(node: ir.Statement | ir.Expression | ir.Case | ir.Handler | ir.Pattern) -> Iterator[str]:
    """The names that running a lowered statement binds in its own scope; of an expression, as a target."""
    match node:
        case ir.Function(name=name) | ir.Class(name=name):
            yield name
        case ir.Import(names=names):
            yield from (alias or name.partition(".")[0] for name, alias in names)
        case ir.ImportFrom(names=names):
            yield from (alias or name for name, alias in names)
        case ir.Name(id=name):
            yield name
        case ir.Starred(value=value):
            yield from bound_names(value)
        case ir.Display(elements=elements):
            yield from _bound_in(elements)
        case ir.Assign(targets=targets):
            yield from _bound_in(targets)
        case ir.AugmentedAssign(target=target) | ir.AnnotatedAssign(target=target):
            yield from bound_names(target)
        case ir.For(target=target, body=body, orelse=orelse):
            yield from bound_names(target)
            yield from _bound_in((*body, *orelse))
        case ir.If(body=body, orelse=orelse) | ir.While(body=body, orelse=orelse):
            yield from _bound_in((*body, *orelse))
        case ir.With(items=items, body=body):
            yield from _bound_in([target for _, target in items if target is not None])
            yield from _bound_in(body)
        case ir.Try(body=body, handlers=handlers, orelse=orelse, final=final):
            yield from _bound_in((*body, *handlers, *orelse, *final))
        case ir.Handler(name=bound, body=body):
            yield from (bound,) if bound else ()
            yield from _bound_in(body)
        case ir.Match(cases=cases):
            yield from _bound_in(cases)
        case ir.Case(pattern=pattern, body=body):
            yield from bound_names(pattern)
            yield from _bound_in(body)
        case ir.Pattern(name=bound, parts=parts):
            yield from (bound,) if bound else ()
            yield from _bound_in(parts)
        case _:
            return


def _bound_in(nodes: Sequence[ir.Statement | ir.Expression | ir.Case | ir.Handler | ir.Pattern]) -> Iterator[str]:
    for node in nodes:
        yield from bound_names(node)


def binding(headers: Sequence[Header], text_of: Callable[[int], str]) -> dict[str, list[Header]]:
    """By name, the statements that bind it, and the later ones that fill or change what it is bound to."""
    found: dict[str, list[Header]] = {}
    for header in headers:
        for name in dict.fromkeys(header.names):
            found.setdefault(name, []).append(header)
    first = {name: own[0].index for name, own in found.items() if any(header.kind == "other" for header in own)}
    changed: set[str] = set()
    for header in headers:
        if header.kind != "import":
            pattern = _CHANGE if header.kind == "other" else _DECORATOR
            for name in {match[1] for match in pattern.finditer(text_of(header.index))}:
                if first.get(name, header.index) < header.index and name not in header.names:
                    found[name].append(header)
                    changed.add(name)
    for name in changed:
        found[name].sort(key=lambda header: header.index)
    return found


def for_types(text: str) -> bool:
    """Is a statement, by its text, one that type checkers alone run?"""
    return _FOR_TYPES.match(text) is not None


_FOR_TYPES = re.compile(r"if[ \t(]+(?:\w+\.)?TYPE_CHECKING\b")
# A decorator that is an object of this file, or its method, may keep what it is given.
_DECORATOR = re.compile(r"^@[ \t]*(\w+)[ \t]*[.(\[\r\n#]", re.MULTILINE)
_CHANGE = re.compile(r"(?<![\w.])(\w+)(?=\s*(?:\.\s*\w+\s*(?:\(|=)|\[[^\n]{0,1000}\]\s*=))")
