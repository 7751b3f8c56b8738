"""What of a cell is Python: IPython's own transformer is the judge, on cells put together at random."""

from __future__ import annotations

import ast
import json
import random
import warnings
from collections.abc import Iterator

import pytest
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell

from padlint.finding import Position
from padlint.syntax.ipython import AUTOMATIC, FOREIGN, RUNNING
from padlint.syntax.source import Source

CELLS = 1500
STATEMENTS = (
    "{0} = 1",
    "{0} = 7 % 3",
    "{0} = (7\n% 3,\n!= 4)",
    "{0} = (7\n  % 3)",
    "{0} = [\n7,\n# !ls\n5 % 2]",
    "{0} = 7 \\\n% 3",
    "{0} = '''\n%time\n!ls\n{0}?\n'''",
    "{0} = 'what?'",
    "{0} = 1  # what?",
    "{0}: int = f(x=1)",
    "for {0} in b:\n    {1} = 1\n    !echo {{a}}\n    {2} = 2",
    "if b:\n  %cd x\nelse:\n  {0} = 1",
    "def {0}(x):\n    %timeit x\n\n    return x",
    "{0} = await f(1)",
    "f({0} := 1)",
    "{0} = f'{{b!r}} {{b % 3}}'",
    "...",
)
COMMANDS = (
    "%matplotlib inline",
    "%matplotlib inline; {0} = 1",
    "%config A.b = 'svg'  # why",
    "!ls -l",
    "!!ls",
    "!echo \"it's",
    "!ls \\\n  -l",
    "%cd a \\\n b \\\nc",
    "?f",
    "??f",
    "?",
    "f?",
    "f??",
    "torch.*Tensor?",
    "a.b[0].c?",
    "%cd?",
    "{0} = f?",
    "{0} = !ls",
    "{0} = ! ls | grep x",
    "{0}, {1} = !ls",
    "{0} = %cd x",
    "{0} =%cd x \\\n y",
    "b['x'] = !ls",
    "%time {0} = 1",
    "%time  {0} = f(1, 2)  # why",
    "%prun {0} = 1",
    "%timeit f(1)",
    "%timeit {0} = 1",
    "%time !ls",
    "/quoted a b",
    ",quoted a b",
    ";quoted a b",
    "if b: !ls",
)
BROKEN = (
    "{0} = ",
    "{0} = # later",
    "this is no code",
    "f(x)?",
    "/ x",
    "  {0} = 1",
    "{0} = (",
    "%",
    "@misc{{a,",
    "x = '",
    "x $ 1",
)
FIRST = (
    "%%capture",
    "%%time",
    "%%prun",
    "%%bash",
    "%%html",
    "%%writefile a.py",
    "%%time?",
    "%% time",
    "%%custom",
    "%%!",
)


def a_cell(chance: random.Random) -> str:
    names = (f"a{number}" for number in range(10_000))
    lines: list[str] = []
    for _ in range(chance.randrange(5)):
        kind = chance.choices((STATEMENTS, COMMANDS, BROKEN, ("", "# a comment %", "   ")), (6, 5, 0.3, 1))[0]
        lines += chance.choice(kind).format(*(next(names) for _ in range(3))).split("\n")
    if chance.random() < 0.12:
        lines = [f"{'>>> ' if number == 0 else '... '}{line}" for number, line in enumerate(lines)]
    elif chance.random() < 0.12:
        lines = [f"{'In [3]: ' if number == 0 else '   ...: '}{line}" for number, line in enumerate(lines)]
    if chance.random() < 0.2:
        before = chance.choice(("  ", "\t", "    "))
        lines = [before + line if chance.random() < 0.95 else line for line in lines]
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        lines.insert(0, chance.choice(FIRST))
    lines[:0] = [chance.choice(("", "  ", "# first")) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    return "\n".join(lines) + chance.choice(("", "\n", "\n\n"))


def by_ipython(cell: str) -> list[ast.stmt] | None:
    """The statements that IPython would run, a command being `pass` or `get_ipython()`; None: a SyntaxError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(TransformerManager().transform_cell(cell))
        except SyntaxError:
            return None
    match tree.body:
        case [ast.Expr(ast.Call(ast.Attribute(attr="run_cell_magic"), [ast.Constant(name), _, ast.Constant(body)]))]:
            inner = by_ipython(body) if name in RUNNING else []
            return None if inner is None else [ast.Pass(), *inner]
    return [part for statement in tree.body for part in plain(statement)]


def plain(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statement without what only IPython knows; what `%time` runs stands for itself."""
    for field in ("body", "orelse"):
        if hasattr(statement, field):
            setattr(statement, field, [part for each in getattr(statement, field) for part in plain(each)])
    match statement:
        case ast.Expr(ast.Call(ast.Name("quoted"))):
            yield ast.Pass()
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython"))), arguments)):
            match arguments:
                case [ast.Constant("time" | "prun" | "timeit" as name), ast.Constant(text)]:
                    inner = by_ipython(text) or [ast.Pass()]
                    binds = name == "timeit" and not isinstance(inner[0], ast.Expr)
                    yield from [ast.Pass()] if binds else inner
                case _:
                    yield ast.Pass()
        case ast.Assign(targets, ast.Call(ast.Attribute(ast.Call(ast.Name("get_ipython"))))):
            yield ast.Assign(targets, ast.Call(ast.Name("get_ipython", ast.Load()), [], []))
        case _:
            yield statement


def dumped(statements: list[ast.stmt]) -> str:
    return ast.dump(ast.Module(statements, []))


def read(cell: str) -> Source:
    return Source.from_bytes(json.dumps({"cells": [{"cell_type": "code", "source": cell}]}).encode(), "a.ipynb")


@pytest.mark.parametrize("seed", range(CELLS // 100))
def test_what_stays_python_is_what_ipython_runs(seed: int) -> None:
    chance = random.Random(seed)
    right = 0
    for _ in range(100):
        cell = a_cell(chance)
        source, expected = read(cell), by_ipython(cell)
        assert (source.problems == ()) == (expected is not None), cell
        if expected is not None:
            right += 1
            assert dumped(ast.parse(source.text).body) == dumped(expected), cell
    assert right > 50


@pytest.mark.parametrize("seed", range(CELLS // 100))
def test_every_name_is_where_the_cell_has_it(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        cell = a_cell(chance)
        source = read(cell)
        lines = cell.split("\n")
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.Name) and node.id.startswith("a"):
                offset = source.lines.offset(node.lineno, node.col_offset + 1)
                span = source.span_between(offset, offset + len(node.id))
                assert lines[span.start.line - 1][span.start.column - 1 :].startswith(node.id), cell
                assert (span.cell, span.end) == (1, Position(span.start.line, span.start.column + len(node.id)))
                assert source.offset(span.start, span.cell) == offset
                assert source.text_of(span) == node.id


@pytest.mark.parametrize("seed", range(CELLS // 100))
def test_what_is_changed_is_changed_in_the_cell(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        cell = a_cell(chance)
        source = read(cell)
        assert json.loads(source.encode(source.text))["cells"][0]["source"] == cell
        assert source.layout.written(source.text).partition("\n")[2] == cell + "\n"
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, ast.Constant) and node.value == 1:
                offset = source.lines.offset(node.lineno, node.col_offset + 1)
                span = source.span_between(offset, offset + 1)
                lines = cell.split("\n")
                line, at = lines[span.start.line - 1], span.start.column - 1
                lines[span.start.line - 1] = f"{line[:at]}(55){line[at + 1 :]}"
                changed = source.encode(f"{source.text[:offset]}(55){source.text[offset + 1 :]}")
                assert json.loads(changed)["cells"][0]["source"] == "\n".join(lines), cell


NEW_LINES = {
    "  x = 1\n  y = 1": "  x = 2\n  z = 3\n  y = 1",
    ">>> x = 1\n... y = 1": ">>> x = 2\n>>> z = 3\n... y = 1",
    "In [1]: x = 1\n   ...: y = 1": "In [1]: x = 2\nIn [1]: z = 3\n   ...: y = 1",
    "%time x = 1\ny = 1": "%time x = 2\nz = 3\ny = 1",
    "if y:\n    %time x = 1\ny = 1": "if y:\n    %time x = 2\nz = 3\ny = 1",
}


@pytest.mark.parametrize(("cell", "expected"), NEW_LINES.items())
def test_a_new_line_gets_the_prompt_of_the_line_above(cell: str, expected: str) -> None:
    source = read(cell)
    found = json.loads(source.encode(source.text.replace("x = 1\n", "x = 2\nz = 3\n")))["cells"][0]["source"]
    assert found == expected
    assert by_ipython(found) is not None


def test_the_magics_are_those_of_ipython() -> None:
    known = InteractiveShell().magics_manager.lsmagic()
    assert set(known["line"]) <= AUTOMATIC
    assert set(known["cell"]) <= RUNNING | FOREIGN
