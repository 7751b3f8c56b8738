"""Nothing gets to a parser that could crash it or keep it busy, and nothing ordinary is kept from it."""

from __future__ import annotations

import time

import pytest

from padlint.syntax import ir
from padlint.syntax.scan import MAX_CHAIN, MAX_NESTING, scan
from padlint.syntax.source import Source

MANY = 10_000
HOSTILE = {
    "parentheses": "(" * MANY + ")" * MANY,
    "unclosed": "x = [(" * MANY,
    "calls": "x" + "()" * MANY,
    "attributes": "x" + ".a" * MANY,
    "sum": "+".join(["a"] * 100_000),
    "minus": "-" * MANY + "x",
    "not": "not " * MANY + "x",
    "conditional": "a if b else " * MANY + "c",
    "lambda": "lambda: " * MANY + "x",
    "lambda with commas": "lambda x, y: " * MANY + "x",
    "strings": "x = " + '"a" ' * MANY,
    "for": "[x " + "for x in y " * MANY + "]",
    "elif": "if a: pass\n" + "elif a: pass\n" * MANY,
    "format specification": 'f"{x:' + "{y:" * MANY,
    "format fields": 'f"{' * MANY,
    "nested in f-strings": 'f"{((' * 200 + "1" + '))}"' * 200,
    "hidden by nested quotes": """x = f"{'"'}" + """ + "(" * 2000 + "1" + ")" * 2000 + """ + "'" """,
    "blocks": "\n".join(" " * depth + "if x:" for depth in range(2000)),
    "binary": bytes(range(256)) * 1000,
    "null": "x = 1\0\n",
    "quotes": '"' * 100_001,
    "triple quotes": '"""\n' * 20_001,
    "carriage returns": "\r" * 50_000 + "x = 1",
    "backslashes": "\\\n" * 50_000,
    "one name": "a" * 5_000_000,
    "one comment": "#" * 5_000_000,
    "one number": "x = " + "1" * 100_000,
    "decorators": "@a\n" * 2000 + "def f(): pass",
    "five megabytes": "# padding\n" * 500_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_ends_soon_and_without_an_exception(text: str | bytes) -> None:
    begun = time.process_time()
    source = Source.from_bytes(text if isinstance(text, bytes) else text.encode(), "hostile.py")
    for header in source.statements:
        source.lower(header.index)
    assert source.problem is None or source.problem.message
    assert time.process_time() - begun < 60


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = " + "[" * 201 + "]" * 201, "201 nested brackets, more than 200"),
        ("x = 1\ny = " + " + ".join(["x"] * 600), "599 operators in one expression, more than 500"),
        ("x = " + "-" * 501 + "1", "501 operators in one expression, more than 500"),
        ("match a:\n  case {1: [A(b={2: [C(d)]})]}: pass", "6 nested brackets in a pattern, more than 5"),
    ],
    ids=["nesting", "sum", "minus", "pattern"],
)
def test_what_is_beyond_the_bounds_is_named(text: str, message: str) -> None:
    source = Source.from_bytes(text.encode(), "deep.py")
    for header in source.statements:
        source.lower(header.index)
    problems = [*source.not_analysed, *([source.problem] if source.problem else [])]
    assert any(message in problem.message or "too many nested" in problem.message for problem in problems)


def test_only_the_statement_beyond_the_bounds_is_lost() -> None:
    source = Source.from_bytes(f"a = 1\nb = {'+'.join('x' * 600)}\nc = 2\n".encode(), "deep.py")
    kinds = [type(statement.value) for index in range(3) for statement in source.lower(index)]
    assert kinds == [ir.Constant, ir.Opaque, ir.Constant]
    assert [problem.line for problem in source.not_analysed] == [2]
    assert [target.id for target in source.lower(1)[0].targets] == ["b"]


WITHIN = {
    "a pattern as deep as allowed": "match a:\n  case {1: [A(b={2: [d]})]}: f(f(f(f(f(f(f(1)))))))\n",
    "a function of the name of a keyword": "case(f(f(f(f(f(f(f(1))))))))\ncase = {1: [[[[[[[2]]]]]]]}\n",
    "a pattern after a deep line": "match f(f(f(f(f(f(f(1))))))):\n  case 1: pass\n",
    "as deep as allowed": "x = " + "[" * MAX_NESTING + "]" * MAX_NESTING,
    "as long as allowed": "x = " + "not " * MAX_CHAIN + "y",
    "a long list": "x = [" + "1 + 1, " * 5000 + "]",
    "a long dict of calls": "x = {" + ", ".join(f"'{i}': f(a.b, c=-1)" for i in range(2000)) + "}",
    "many lambdas": "x = [" + "lambda a, b: a, " * 1000 + "]",
    "many statements": "x = a.b + c\n" * 2000,
    "many on one line": "x = a.b; " * 2000,
    "brackets in strings": "x = ['" + "([{" * 500 + "', \"" + "(((" * 500 + '"]',
    "brackets in a docstring": "def f():\n  '''" + "(" * 2000 + "'''",
    "operators in comments": "x = [  # " + "+" * 2000 + "\n1]",
    "escaped quotes": r"x = '\'" + "(" * 1000 + r"\\'",
    "braces in f-strings": "x = f'" + "{{" * 1000 + "}}" * 1000 + "'",
    "strings in f-strings": "x = f\"{a['" + "(" * 1000 + "']}\"",
    "format specifications": "x = [" + ", ".join(["f'{a:>{w}.{p}}'"] * 1000) + "]",
    "elifs of several functions": "".join(f"def f{i}(a):\n  if a: pass\n" + "  elif a: pass\n" * 300 for i in range(5)),
}


@pytest.mark.parametrize("text", WITHIN.values(), ids=WITHIN)
def test_ordinary_text_is_not_beyond_the_bounds(text: str) -> None:
    assert scan(text).excesses == ()


@pytest.mark.parametrize("name", ["as deep as allowed", "as long as allowed"])
def test_what_is_within_the_bounds_is_lowered(name: str) -> None:
    source = Source.from_bytes(WITHIN[name].encode(), "deep.py")
    (statement,) = source.lower(0)
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, (ir.Display, ir.Unary))


def test_a_long_file_is_indexed_in_portions_as_in_one() -> None:
    block = "@a\n@b\n# c\ndef f():\n  '''\nx = 1\n'''\nif x:\n  y = [\n1,\n]\nelse:\n  pass\nz = 1; \\\nw = 2\n"
    source = Source.from_bytes((block * 8000).encode(), "long.py")
    assert len(source.scan.portions) > 3
    assert len(source.statements) == 3 * 8000
    extents = [(header.first_line % 15, header.last_line % 15, header.names) for header in source.statements]
    assert set(extents) == {(1, 7, ("f",)), (8, 13, ("y",)), (14, 0, ("z", "w"))}
