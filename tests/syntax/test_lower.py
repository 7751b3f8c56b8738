"""The IR is Python's own tree: compared with `ast`, file by file of the standard library and construct by construct."""

from __future__ import annotations

import argparse
import ast
import contextlib
import dataclasses
import enum
import json.decoder
import json.encoder
import math
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from python_reference import BINARY, normal, reference, walk

from padlint.finding import Place
from padlint.syntax import ir
from padlint.syntax.lines import Lines
from padlint.syntax.source import Source

MODULES = [argparse, ast, contextlib, dataclasses, enum, json.decoder, json.encoder]
SPANNED = {
    ir.Call: "Call",
    ir.Assign: "Assign",
    ir.AugmentedAssign: "AugAssign",
    ir.AnnotatedAssign: "AnnAssign",
    ir.Class: "ClassDef",
    ir.Function: "FunctionDef",
    ir.Attribute: "Attribute",
    ir.Subscript: "Subscript",
    ir.Binary: "BinOp",
    ir.If: "If",
    ir.For: "For",
    ir.Return: "Return",
    ir.Lambda: "Lambda",
    ir.With: "With",
    ir.Name: "Name",
    ir.Try: "Try",
}


def source_of(text: str) -> Source:
    return Source.from_bytes(text.encode(), "module.py")


def lowered(text: str) -> object:
    source = source_of(text)
    assert source.problem is None
    return normal(tuple(statement for header in source.statements for statement in source.lower(header.index)))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_standard_library(module: ModuleType) -> None:
    text = Path(str(module.__file__)).read_bytes().decode()
    assert lowered(text) == reference(text)


@pytest.mark.parametrize("module", [contextlib, json.decoder], ids=lambda module: module.__name__)
def test_positions_of_the_standard_library(module: ModuleType) -> None:
    text = Path(str(module.__file__)).read_bytes().decode()
    assert set(our_positions(text)) == set(python_positions(text))


def our_positions(text: str) -> Iterator[tuple[object, ...]]:
    source = source_of(text)
    for header in source.statements:
        for node in walk_outside_format_strings(source.lower(header.index)):
            if type(node) in SPANNED:
                span = source.span(Place(source.path, header.index, node.at))
                yield SPANNED[type(node)], span.start.line, span.start.column, span.end.line, span.end.column


def walk_outside_format_strings(node: object) -> Iterator[ir.Node]:
    """Python before 3.12 does not know where the fields of an f-string stand."""
    inside = {id(below) for each in walk(node) if isinstance(each, ir.FormatString) for below in walk(each)}
    return (each for each in walk(node) if id(each) not in inside)


def python_positions(text: str) -> Iterator[tuple[object, ...]]:
    lines = Lines(text)

    def column(line: int, offset: int) -> int:
        return len(lines.slice(line, line).encode()[:offset].decode()) + 1

    tree = ast.parse(text)
    left_out = {id(below) for each in ast.walk(tree) for part in not_compared(each) for below in ast.walk(part)}
    for node in ast.walk(tree):
        kind = type(node).__name__.removeprefix("Async")
        if kind in SPANNED.values() and id(node) not in left_out:
            yield (
                kind,
                node.lineno,
                column(node.lineno, node.col_offset),
                node.end_lineno,
                column(node.end_lineno, node.end_col_offset),
            )


def not_compared(node: ast.AST) -> Iterator[ast.AST]:
    """Format strings, see above, and what the IR has no use for."""
    match node:
        case ast.JoinedStr():
            yield node
        case ast.NamedExpr(target=part) | ast.Raise(cause=ast.expr() as part) | ast.Assert(msg=ast.expr() as part):
            yield part


SNIPPETS = {
    "numbers": "x = [0, 1_000, 0x_ff, 0o17, 0b1, 1., .5, 1e3, 1_0.5e-1_0, 1e999, 3j, 1.5J, True, None, ...]",
    "strings": r"""x = ['a', "b\n", r'\n', b'c\x00', rb'\d', u'd', '''e
f''', '\N{EM DASH}\u00e9\101', 'a' "b" r'\c', b'a' b'b', '', "\
"]""",
    "format strings": r"""x = [f'', f'a', f'{a}', f'{a!r:>{w}.{p}}b{{c}}', f'{a=}', f'{ a = }', f'{a=!s}', f'{a=:>3}',
rf'\d{a}', f'\n{a}\t', 'b' f'{c}' 'd', f'{a:%H:%M}', f'{d["k"]}', f'''{
a}''', F"{x:{y}}", f"\N{EM DASH}{x}", f'{{{x}}}', f'{lambda_}', f'{(lambda: 1)}', f"{x!a}", fR'{a}\{{']""",
    "operators": "x = a + b - c * d / e // f % g ** h @ i << j >> k & l | m ^ -n + +o + ~p",
    "booleans": "x = a and b and c or d or not e and (f and g) and (h or i)",
    "comparisons": "x = a < b <= c > d >= e == f != g in h not in i is j is not k",
    "displays": "x = (), (1,), (1, 2), [], [*a, 1], {1}, {*a}, {}, {1: 2, **c, 'd': e}, 1,",
    "subscripts": "x = a[1], a[1,], a[1, 2], a[1:], a[:2:3], a[:, ...], a[b[c]], a[1:2, 3], a[(1, 2)], a[()]",
    "starred subscript": "x = a[*b], a[*b, 1]",
    "calls": "f(), f(a), f(*a, b, **c), f(a=1, *b), f(x for x in y), f(a)(b).c(d), f((x for x in y)), f(a, b=(c, d),)",
    "comprehensions": "x = [a for b in c if d if e for f, g in h], {a for a in b}, {a: b for c in d}, (a for a in b)",
    "conditional and lambda": "x = lambda a, /, b=1, *c, d, e=2, **f: a if b else lambda: (yield)",
    "walrus": "if (n := len(a)) > 1: print(n, [y := 1, y])",
    "assignments": "a = b = c, *d = e\na.b[c] += 1\nx: int\ny: int = 3\nself.z: 'str' = a\n(a, [b, *c]) = d",
    "augmented": "\n".join(f"a {op}= b" for op in BINARY.values()),
    "simple statements": "pass; del a; del (b, c), d; del e, f[0]; assert a, b; raise; raise X from y; raise X",
    "imports": "import a.b.c, d as e\nfrom . import f\nfrom ..g.h import i as j\nfrom l import *\nfrom . import (m,)",
    "if": "if a: b\nelif c:\n  d\nelif e: f\nelse:\n  g; h",
    "loops": "for a, *b in c, d:\n  continue\nelse: e\nwhile f:\n  break\nelse:\n  g\nfor x in *a, *b: pass",
    "try": "try:\n  a\nexcept (B, C) as d: e\nexcept F: g\nexcept: h\nelse: i\nfinally: j",
    "with": "with a, b as c, d as (e, f):\n  pass\nwith (g as h, i): pass\nwith (j, k): pass",
    "functions": "@d\n@e.f(g)\ndef f(a, b: int = 1, /, c=2, *args: x, d, e: y = 3, **more: z) -> int:\n  'doc'\n  pass",
    "documented": 'def f():\n  """a\n  b"""\ndef g(): b"no"\ndef h(): "a" "b"\ndef i():\n  f"{no}"\ndef j(): "k"',
    "generators": "def f(): yield\ndef g(): x = yield 1; yield from y\ndef h():\n  def i(): yield\n  lambda: [(yield)]",
    "async": "async def f():\n  async with a as b: await c\n  async for d in e: yield d\n  return [g async for g in h]",
    "classes": "class A: pass\n@d\nclass B(C, *D, metaclass=E, **F):\n  x = 1\n  def f(self): pass\nclass G(): ...",
    "scopes": "def f():\n  global a, b\n  def g():\n    nonlocal c",
    "match": """match a, b:
  case 1 | -2 | 'x' | None | True: pass
  case [c, *_, d] | (c, d): pass
  case {'k': e, **rest}: pass
  case F.G(h, i=j) as k if l: pass
  case M(): pass
  case (x): pass
  case {}: pass
  case _: pass
""",
    "soft keywords": "match = 1\ncase = type = _ = match\nprint(match, case)\nmatch[a] = type(b)",
    "continued": "a = 1 + \\\n  2\nif a \\\n  : b\nx = (1 # c\n , 2)",
    "line ends": "if a:\r\n    b = '''c\r\nd'''\r\n\r\n    e\r\n",
    "form feeds": "\x0cimport a\n\x0c\ndef f():\n\x0c  pass\n   \x0cx = 1\n",
    "tabs": "if a:\n\tb\n\tif c:\n\t    d\n",
    "identifiers": "ﬁ = ª.ﬁ(ﬁ=1)\ndef ﬂ(ﬁ): pass\nimport ﬁ as ﬀ",
    "comments": "# a\n\nx = 1  # b\n# c\n\n\n@d  # e\n# f\ndef g():  # h\n  # i\n  pass\n  # j\n# k",
    "semicolons": "a = 1; b = 2;\nif c: d; e\nf = 1; \\\n  g = 2\nh = 3",
    "empty": "",
    "only comments": "# a\n\n  # b",
    "no last line end": "x = 1",
    "invalid escapes": r"x = '\d', f'\d{a}', b'\d'",
    "astral": "x = '🎉', f('𝔸'), 𝔸.b  # 🎉\ny = f(x='🎉🎉', z=g('a'))",
}


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@pytest.mark.parametrize("text", SNIPPETS.values(), ids=SNIPPETS)
def test_constructs(text: str) -> None:
    assert lowered(text) == reference(text)


@pytest.mark.filterwarnings("ignore:invalid escape sequence")
@pytest.mark.parametrize("text", SNIPPETS.values(), ids=SNIPPETS)
def test_positions(text: str) -> None:
    assert set(our_positions(text)) == set(python_positions(text))


# Syntax that not every Python knows, and older syntax that means the same.
SYNONYMS = {
    "type parameters of a function": ("def f[T: int, *Ts, **P](x: T) -> T: ...", "def f(x: T) -> T: ..."),
    "type parameters of a class": ("class A[T = int](B): ...", "class A(B): ..."),
    "nested quotes": ("""x = f"{d["k"]}" """, """x = f"{d['k']}" """),
    "lines in a field": ('x = f"{\n a  # b\n}"', 'x = f"{a}"'),
    "except without parentheses": ("try: a\nexcept B, C: d", "try: a\nexcept (B, C): d"),
    "except star": ("try: a\nexcept* B as c: d", "try: a\nexcept B as c: d"),
    "starred index": ("x = a[*b]", "x = a[(*b,)]"),
    "parenthesized with": ("with (a as b, c as d): pass", "with a as b, c as d: pass"),
}


@pytest.mark.parametrize(("new", "old"), SYNONYMS.values(), ids=SYNONYMS)
def test_new_syntax_means_the_same(new: str, old: str) -> None:
    assert lowered(new) == lowered(old)


def test_type_alias_binds_its_name_to_something_unknown() -> None:
    source = source_of("type X[T] = list[T]\n")
    (statement,) = source.lower(0)
    assert source.statements[0].names == ("X",)
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Opaque)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = t'{a}'", "TemplatedString"),
        (f"x = 0x{'f' * 5000}", "an integer of 5002 digits"),
        (f"x = {'9' * 5000}", "an integer of 5000 digits"),
    ],
    ids=["template string", "hexadecimal", "decimal"],
)
def test_what_is_not_carried_says_so(text: str, reason: str) -> None:
    (statement,) = source_of(text).lower(0)
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Opaque)
    assert reason in statement.value.reason


def test_numbers_are_a_nodes_place_in_its_statement() -> None:
    source = source_of("x = 1\ny = f(a, b=[c])\n")
    numbers = [node.at for node in walk(source.lower(1))]
    assert sorted(numbers) == list(range(len(numbers)))


def test_floats_have_their_exact_value() -> None:
    (statement,) = source_of("x = 0.1 + 1e22 + 1e400").lower(0)
    values = [node.value for node in walk(statement) if isinstance(node, ir.Constant)]
    assert values == [0.1, 1e22, math.inf]
