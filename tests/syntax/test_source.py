"""Bytes in, the same bytes out; statements, names, problems and places as Python counts them."""

from __future__ import annotations

import ast
import codecs
import subprocess
import sys
from pathlib import Path

import pytest
from python_reference import walk

from padlint.errors import UnreadableError
from padlint.finding import Place, Position, Span
from padlint.syntax import ir
from padlint.syntax.source import Source


def source_of(text: str) -> Source:
    return Source.from_bytes(text.encode(), "module.py")


def place_of(source: Source, kind: type[ir.Node], nth: int = 0) -> Place:
    found = [
        Place(source.path, header.index, node.at)
        for header in source.statements
        for node in walk(source.lower(header.index))
        if isinstance(node, kind)
    ]
    return found[nth]


# ---------------------------------------------------------------- bytes

TEXT = "x = 'é'\n"
FILES = {
    "utf-8": (TEXT.encode(), "utf-8", TEXT),
    "utf-8 with BOM": (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", TEXT),
    "BOM and declaration": (
        codecs.BOM_UTF8 + b"# coding: utf-8\n" + TEXT.encode(),
        "utf-8",
        f"# coding: utf-8\n{TEXT}",
    ),
    "latin-1": (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "latin-1", f"# -*- coding: latin-1 -*-\n{TEXT}"),
    "second line": (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'", "cp1252", None),
    "after a blank line": (b"\n# coding=latin-1\nx = '\xe9'\n", "latin-1", None),
    "declared after code": (
        "x = 1\n# coding: latin-1\ny = 'é'\n".encode(),
        "utf-8",
        "x = 1\n# coding: latin-1\ny = 'é'\n",
    ),
    "shift-jis": (
        "# coding: shift_jis\nx = '日本'\n".encode("shift_jis"),
        "shift_jis",
        "# coding: shift_jis\nx = '日本'\n",
    ),
    "CRLF": (b"x = 1\r\ny = 2\r\n", "utf-8", "x = 1\r\ny = 2\r\n"),
    "mixed line ends": (b"x = 1\r\ny = 2\rz = 3\n\r\n", "utf-8", "x = 1\r\ny = 2\rz = 3\n\r\n"),
    "empty": (b"", "utf-8", ""),
    "only a BOM": (codecs.BOM_UTF8, "utf-8", ""),
    "no last line end": (b"x = 1", "utf-8", "x = 1"),
}


@pytest.mark.parametrize(("data", "encoding", "text"), FILES.values(), ids=FILES)
def test_a_file_is_kept_byte_by_byte(data: bytes, encoding: str, text: str | None) -> None:
    source = Source.from_bytes(data, "module.py")
    assert source.problem is None
    assert source.encoding == encoding
    assert text is None or source.text == text
    assert source.encode(source.text) == data
    ast.parse(data)  # Python reads it too


UNDECODABLE = {
    "not utf-8": (b"x = 1\ny = '\xe9'\n", 2, 6, "can't decode byte 0xe9"),
    "after astral characters": ("x = '🎉🎉".encode() + b"\xff'", 1, 8, "can't decode byte 0xff"),
    "after CRLF": (b"x = 1\r\n\r\n\xff", 3, 1, "can't decode byte 0xff"),
    "unknown encoding": (b"# coding: nonsense\n", 1, 1, "unknown encoding: nonsense"),
    "no text encoding": (b"# coding: hex\n", 1, 1, "unknown encoding: hex"),
    "unknown in line 2": (b"#!x\n# coding: nonsense\n", 2, 1, "unknown encoding: nonsense"),
    "BOM contradicts": (codecs.BOM_UTF8 + b"# coding: latin-1\n", 1, 1, "latin-1 with BOM"),
    "utf-16": ("x = 1\n".encode("utf-16"), 1, 1, "can't decode byte 0xff"),
}


@pytest.mark.parametrize(("data", "line", "column", "message"), UNDECODABLE.values(), ids=UNDECODABLE)
def test_what_cannot_be_decoded_is_a_problem_with_its_place(data: bytes, line: int, column: int, message: str) -> None:
    source = Source.from_bytes(data, "module.py")
    assert source.problem is not None
    assert message in source.problem.message
    assert (source.problem.line, source.problem.column) == (line, column)
    assert source.statements == ()
    with pytest.raises((SyntaxError, ValueError)):
        ast.parse(data)  # Python refuses it too


def test_what_the_encoding_cannot_hold_is_refused() -> None:
    source = Source.from_bytes(b"# coding: latin-1\nx = 1\n", "module.py")
    with pytest.raises(UnreadableError, match="latin-1"):
        source.encode(source.text + "# 日本")


def test_a_file_that_does_not_encode_to_itself_is_not_written() -> None:
    data = b"# coding: utf-7\nx = '+AGE-'\n"  # utf-7 writes this "a" as itself
    source = Source.from_bytes(data, "module.py")
    assert source.problem is None
    with pytest.raises(UnreadableError, match="byte for byte"):
        source.encode(source.text)


def test_read(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n")
    source = Source.read(tmp_path / "a.py", "shown.py")
    assert (source.path, source.text, source.newline) == ("shown.py", "x = 1\r\n", "\r\n")
    with pytest.raises(UnreadableError, match=r"missing\.py: No such file"):
        Source.read(tmp_path / "missing.py", "missing.py")


def test_libcst_is_imported_only_when_a_statement_is_lowered() -> None:
    program = (
        "import sys\n"
        "from padlint.syntax.directives import directives\n"
        "from padlint.syntax.source import Source\n"
        "source = Source.from_bytes(b'x = 1\\n', 'a.py')\n"
        "assert len(source.statements) == 1 and directives(source) == ()\n"
        "assert 'libcst' not in sys.modules\n"
        "source.lower(0)\n"
        "print(sorted({'libcst', 'libcst.matchers', 'torch'} & sys.modules.keys()))\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "['libcst']"


# ---------------------------------------------------------------- problems

PROBLEMS = [
    "x = (\n",
    "def f(:\n  pass\n",
    "if x:\npass\n",
    "x = 'a\n",
    "print 'a'\n",
    "x = 1 +\n",
    "é = = 1\n",
    "a\n  b\n",
    "1 = x\n",
]


@pytest.mark.parametrize("text", PROBLEMS)
def test_a_problem_is_what_python_says(text: str) -> None:
    with pytest.raises(SyntaxError) as error:
        ast.parse(text)
    problem = source_of(text).problem
    assert problem is not None
    assert (problem.message, problem.line) == (error.value.msg, error.value.lineno)
    assert problem.column == error.value.offset


@pytest.mark.parametrize(
    "text", ["x = 1\nreturn\n", "yield 1\n", "await x\n", "break\n", "x = '\\d'\n", "\x0c\n", "x = 1\n\\\n\n"]
)
def test_no_problem(text: str, recwarn: pytest.WarningsRecorder) -> None:
    assert source_of(text).problem is None
    assert not recwarn.list


def test_null_characters() -> None:
    problem = source_of("x = 1\ny = '\0'\n").problem
    assert problem is not None
    assert "null" in problem.message
    assert (problem.line, problem.column) == (2, 6)


# ---------------------------------------------------------------- statements

HEADERS: dict[str, tuple[str, list[tuple[int, int, tuple[str, ...], str]]]] = {
    "imports": (
        "import a.b, c as d\nfrom e import f, g as h\nfrom i import *\n",
        [(1, 1, ("a", "d"), "import"), (2, 2, ("f", "h"), "import"), (3, 3, ("*",), "import")],
    ),
    "decorated": (
        "# c\n\n@a\n# d\n@b(\n)\nclass C:\n  x = 1\n\n# e\n@f\ndef g():\n  y = 2  # h\n  # i\n",
        [(3, 8, ("C",), "class"), (11, 13, ("g",), "function")],
    ),
    "assignments": (
        "a = b = 1\nc, (d, *e) = f\ng: int\nh += 1\ni.j = k[0] = 1\n",
        [
            (1, 1, ("a", "b"), "other"),
            (2, 2, ("c", "d", "e"), "other"),
            (3, 3, ("g",), "other"),
            (4, 4, ("h",), "other"),
            (5, 5, (), "other"),
        ],
    ),
    "in bodies": (
        "try:\n  import a\nexcept B as b:\n  a = None\nelse:\n  def c(): d = 1\nfinally:\n  with e as f: g = 1\n"
        "for h in i:\n  j = 1\nelse: k = 1\nwhile l: m = 1\nif n:\n  class O: p = 1\nelif q: r = 1\nelse: s = 1\n",
        [
            (1, 8, ("a", "b", "c", "f", "g"), "other"),
            (9, 11, ("h", "j", "k"), "other"),
            (12, 12, ("m",), "other"),
            (13, 16, ("O", "r", "s"), "other"),
        ],
    ),
    "match": (
        "match a:\n  case [b, *c] | {'d': b, **c}: e = 1\n  case F(g=h) as i: pass\n",
        [(1, 3, ("b", "c", "e", "h", "i"), "other")],
    ),
    "walrus": (
        "x = [y := 1 for z in (w := [2])]\nf(lambda: (v := 1))\n",
        [(1, 1, ("x", "y", "w"), "other"), (2, 2, (), "other")],
    ),
    "one line": (
        "a = 1; import b; c = 2\nimport d; import e\nif f: g = 1; h = 2\n",
        [(1, 1, ("a", "b", "c"), "other"), (2, 2, ("d", "e"), "import"), (3, 3, ("g", "h"), "other")],
    ),
    "continued": (
        "a = 1; \\\n  b = 2\nc = 3 \\\n ; d = 4\ne = \\\n 5\nf = 6 # \\\ng = 7\n",
        [
            (1, 2, ("a", "b"), "other"),
            (3, 4, ("c", "d"), "other"),
            (5, 6, ("e",), "other"),
            (7, 7, ("f",), "other"),
            (8, 8, ("g",), "other"),
        ],
    ),
    "strings over lines": (
        "a = '''\nb = 1\n''' + '\\\n'\nc = 2\r\nd = '''\r\n'''\re = 3\n",
        [(1, 4, ("a",), "other"), (5, 5, ("c",), "other"), (6, 7, ("d",), "other"), (8, 8, ("e",), "other")],
    ),
    "not line ends": ("a = 'x\x0b\x1c\x85\u2028y'\nb = 1\n", [(1, 1, ("a",), "other"), (2, 2, ("b",), "other")]),
    "new syntax": (
        'import a\ntype B[T] = int\n\n@c\ndef d[T](x: T): ...\ne = f"{g["h"]}"; i = 1\nclass J[T]: pass\n'
        "if k:\n  l = 1\nelse:\n  for m, *n in o: pass\n# p\n",
        [
            (1, 1, ("a",), "import"),
            (2, 2, ("B",), "other"),
            (4, 5, ("d",), "function"),
            (6, 6, ("e", "i"), "other"),
            (7, 7, ("J",), "class"),
            (8, 11, ("l", "m", "n"), "other"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), HEADERS.values(), ids=HEADERS)
def test_statements(text: str, expected: list[tuple[int, int, tuple[str, ...], str]]) -> None:
    source = source_of(text)
    assert source.problem is None
    found = [(header.first_line, header.last_line, header.names, header.kind) for header in source.statements]
    assert [(first, last, set(names), kind) for first, last, names, kind in found] == [
        (first, last, set(names), kind) for first, last, names, kind in expected
    ]
    assert [header.index for header in source.statements] == list(range(len(expected)))


@pytest.mark.parametrize("text", [text for text, _ in HEADERS.values()], ids=HEADERS)
def test_every_statement_can_be_lowered_on_its_own(text: str) -> None:
    source = source_of(text)
    for header in source.statements:
        assert source.lower(header.index) is source.lower(header.index)
    assert source.not_analysed == ()


def test_what_libcst_refuses_binds_its_names_to_something_unknown() -> None:
    source = source_of("(a): int = 1\nb = 2\n")  # Python takes it, LibCST does not
    (statement,) = source.lower(0)
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Opaque)
    assert [target.id for target in statement.targets if isinstance(target, ir.Name)] == ["a"]
    assert [problem.line for problem in source.not_analysed] == [1]
    assert source.text_of(source.span(Place(source.path, 0, 0))) == "(a): int = 1"
    assert isinstance(source.lower(1)[0], ir.Assign)


def test_words() -> None:
    source = source_of("x = nn.Conv2d(3, k)\ny = 1\n")
    assert source.words(0) == {"x", "nn", "Conv2d", "k"}


# ---------------------------------------------------------------- places

CALLS = {
    "plain": "x = f(1)\n",
    "tabs": "if a:\n\tf(1)\n",
    "astral": "x = '🎉🎉', f(1)\n",
    "combining": "x = 'é', f(1)\n",
    "CRLF": "a = 1\r\n\r\nif b:\r\n    f(1)\r\n",
    "lone carriage return": "a = '''\r'''\rif b:\r    c = 'é'; f(1)\r",
    "form feed at the start": "\x0cf(1)\n",
    "form feed before": "a = 1\n\x0c\n  \x0cx = f(1)\n",
    "form feed inside": "if a:\n    b\n\x0c    f(1)\n",
    "form feed after blanks": "if a:\n  \x0c    f(1)\n    b\n",
    "backslash before": "if a:\n  b\n\\\n  f(1)\n",
    "backslashes before": "if a:\r\n  b\r\n  \\\r\n \\\r\n  c = f(1)\r\n",
    "form feed in a string": "if a:\n    b = '\x0c' '''\n\x0c\n''', f(1)\n",
    "not line ends": "x = '\x0b\x1c\x85\u2028', f(1)\n",
    "continuation": "x = a + \\\n   f(1)\n",
    "over lines": "x = [\n  # c\n  1,\n  f(1)\n]\n",
    "decorator": "@a\n@f(1)\ndef g(): pass\n",
    "after decorators": "@a\n@b\ndef g():\n  return f(1)\n",
    "second on the line": "a = 1; f(1)\n",
    "after a string over lines": "x = '''\n\n''', f(1)\n",
    "no last line end": "x = 1\nf(1)",
    "trailing comment": "f(1)  # f(1)\n",
    "in an f-string": "x = f'{a}{f(1)}'\n",
}


@pytest.mark.parametrize("bom", ["", "\ufeff"], ids=["", "BOM"])
@pytest.mark.parametrize("text", CALLS.values(), ids=CALLS)
def test_the_text_of_a_call_is_at_its_span(text: str, bom: str) -> None:
    source = source_of(bom + text)
    span = source.span(place_of(source, ir.Call))
    start = text.index("f(1)")
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = text[:start].replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    column = start - line_start + 1
    assert span == Span("module.py", Position(line, column), Position(line, column + 4))
    assert source.text_of(span) == "f(1)"
    assert source.offset(span.start) == start


CALL = "y = nn.Conv2d(3, *a, 8, kernel_size = (3, 3),\n  padding=( # c\n 1), **more)  # d\n"
ARGUMENTS: dict[str | int, tuple[str, str] | None] = {
    0: ("3", "3"),
    1: None,
    2: None,
    "kernel_size": ("kernel_size = (3, 3)", "(3, 3)"),
    "padding": ("padding=( # c\n 1)", "( # c\n 1)"),
    "stride": None,
    "more": None,
}


@pytest.mark.parametrize(("which", "expected"), ARGUMENTS.items())
def test_arguments(which: str | int, expected: tuple[str, str] | None) -> None:
    source = source_of(CALL)
    call = place_of(source, ir.Call)
    spans = source.argument_span(call, which), source.argument_value_span(call, which)
    assert tuple(span and source.text_of(span) for span in spans) == (expected or (None, None))


def test_what_is_no_call_has_no_arguments() -> None:
    source = source_of(CALL)
    name = place_of(source, ir.Name)
    assert source.argument_span(name, 0) is None
    assert source.insertion(name, "a=1") is None


INSERTIONS = {
    "f(a, b)\n": "f(a, b, x=1)\n",
    "f()\n": "f(x=1)\n",
    "f( )\n": "f( x=1)\n",
    "f(a, b,)\n": "f(a, b, x=1,)\n",
    "f(\n  a,\n  b=1,  # c\n)\n": "f(\n  a,\n  b=1, x=1,  # c\n)\n",
    "f(*a)\n": "f(*a, x=1)\n",
    "f((a for a in b))\n": "f((a for a in b), x=1)\n",
    "(f(a) )\n": "(f(a, x=1) )\n",
}


@pytest.mark.parametrize(("before", "after"), INSERTIONS.items())
def test_an_inserted_argument_is_the_calls_last(before: str, after: str) -> None:
    source = source_of(before)
    edit = source.insertion(place_of(source, ir.Call), "x=1")
    assert edit is not None
    start, end = source.offset(edit.span.start), source.offset(edit.span.end)
    assert before[:start] + edit.content + before[end:] == after


@pytest.mark.parametrize("text", ["f(a for a in b)\n", "f(**a)\n", "f(1, **a, b=2)\n"])
def test_what_may_hold_the_argument_or_must_stay_alone_takes_no_other(text: str) -> None:
    source = source_of(text)
    assert source.insertion(place_of(source, ir.Call), "x=1") is None
