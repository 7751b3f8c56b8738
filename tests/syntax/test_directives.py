"""What a comment says, and what it belongs to."""

from __future__ import annotations

import pytest

from padlint.arithmetic.dims import Unknown, symbol
from padlint.errors import UsageError
from padlint.finding import Position, Span
from padlint.syntax.comments import (
    Codes,
    InputShape,
    Intended,
    Item,
    KerasReference,
    OutputShape,
    parse_comment,
)
from padlint.syntax.directives import Directive, Ignore, IgnoreFile, Malformed, by_place, directives
from padlint.syntax.source import Source

N, C, H = (symbol(name, minimum=1) for name in "NCH")
ANY = Unknown("any size")


def source_of(text: str) -> Source:
    return Source.from_bytes(text.encode(), "module.py")


# ---------------------------------------------------------------- the words

ITEMS: dict[str, tuple[Item, ...]] = {
    "same": (Intended("same"),),
    " valid ": (Intended("valid"),),
    "same-upper": (Intended("same-upper"),),
    "same-lower": (Intended("same-lower"),),
    "input=(N, 3, 32, 32)": (InputShape(None, (N, 3, 32, 32)),),
    "input = [N, 3]": (InputShape(None, (N, 3)),),
    "input=(N,)": (InputShape(None, (N,)),),
    "input=(*, 4*C, H//2, (H + 1) % 3)": (InputShape(None, (ANY, 4 * C, H // 2, (H + 1) % 3)),),
    "input[mask]=(N, 32)": (InputShape("mask", (N, 32)),),
    "input=(1,2), input[mask]=(3,), out=(*,4), same": (
        InputShape(None, (1, 2)),
        InputShape("mask", (3,)),
        OutputShape((ANY, 4)),
        Intended("same"),
    ),
    "out=(N, 64, 15, 15)": (OutputShape((N, 64, 15, 15)),),
    "keras=model.py:build": (KerasReference("model.py", "build"),),
    "keras=../a b/c:d.py:build, same": (KerasReference("../a b/c:d.py", "build"), Intended("same")),
    "same, same": (Intended("same"), Intended("same")),
}
CODES = {
    "ignore[PAD201]": Codes(("PAD201",), ""),
    "ignore[PAD201, shape-not-same] because of x, y": Codes(("PAD201", "shape-not-same"), "because of x, y"),
    "ignore [ PAD201 PAD204 ]: why": Codes(("PAD201", "PAD204"), "why"),
    "ignore-file[PAD201]": Codes(("PAD201",), "", whole_file=True),
}


@pytest.mark.parametrize(("body", "expected"), [*ITEMS.items(), *CODES.items()])
def test_what_is_understood(body: str, expected: tuple[Item, ...] | Codes) -> None:
    assert parse_comment(body) == expected


REFUSED = {
    "": "nothing after 'padlint:'",
    "sane": "did you mean 'same'?",
    "SAME": "did you mean 'same'?",
    "same upper": "'same' stands alone, or before a comma; not 'same upper'",
    "same_upper": "did you mean 'same-upper'?",
    "inputs=(1, 2)": "did you mean 'input'?",
    "output=(1, 2)": "did you mean 'out",
    "same,": "is no padlint directive",
    "input": "expected input=(N, 3, 32, 32)",
    "input=": "expected input=(N, 3, 32, 32)",
    "input=()": "has no sizes",
    "input=3,32,32": "not a shape in brackets",
    "input=(3, 32": "not a shape in brackets",
    "input=(3, 32))": "not a size",
    "input=(N, 3, 32, 32) same": "no comma before 'same'; write input=(N, 3, 32, 32), same",
    "input=(N, 3); out=(N, 8), valid": "no comma before 'out=(N, 8)'; write input=(N, 3), out=(N, 8)",
    "input=(N, 3), out = [N, 8] same-upper": "write out=[N, 8], same-upper",
    "intent=same": "'intent' is no padlint directive; write same alone",
    "padding = 'same-upper'": "write same-upper alone",
    "expect valid": "write valid alone",
    "in=(1, 2)": "did you mean 'input'? It is written input=(N, 3, 32, 32)",
    "xyz": "expected input=(N, 3, 32, 32), out=(N, 64, 15, 15), keras=model.py:build, ignore[PAD201]",
    "disable=PAD201": "'disable' is no padlint directive; write ignore[PAD201]",
    "input=(3.5, 2)": "'3.5' is not a size",
    "input=(-1, 2)": "'-1' is not a size",
    "input=(H/2, 2)": "'H/2' is not a size",
    "input=(H//0, 2)": "'H//0' is not a size",
    "input=(1, , 2)": "'' is not a size",
    "input=(99999999999999999999, 2)": "too large",
    "input[]=(1, 2)": "expected input=(N, 3, 32, 32)",
    "input(1, 2)": "expected input=(N, 3, 32, 32)",
    "input: (1, 2)": "expected input=(N, 3, 32, 32)",
    "out[x]=(1, 2)": "expected out=(N, 64, 15, 15)",
    "keras=model.py": "expected keras=model.py:build",
    "keras=:build": "expected keras=model.py:build",
    "keras=model.py:1": "expected keras=model.py:build",
    "same=3": "'same' stands alone",
    "same, valid": "contradict each other",
    "out=(1,), out=(2,)": "'out' stands twice",
    "input=(1,), input=(2,)": "'input' stands twice",
    "input[a]=(1,), input[a]=(2,)": "'input[a]' stands twice",
    "ignore": "must name rules",
    "ignore[]": "must name rules",
    "ignore[201]": "must name rules: ignore[PAD201], not '201'",
    "ignore PAD201": "must name rules",
    "ignore-file": "must name rules: ignore-file[PAD201]",
    "ignored[PAD201]": "did you mean 'ignore'?",
    "same, ignore[PAD201]": "in a comment of its own",
    "é=1": "is no padlint directive",
    "=": "is no padlint directive",
}


@pytest.mark.parametrize(("body", "message"), REFUSED.items())
def test_what_is_not_understood_is_one_line_that_helps(body: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_comment(body)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


# ---------------------------------------------------------------- what it belongs to

BELONGS = {
    "assignment and its call": ("x = f(g(1))  # padlint: same\n", ["x = f(g(1))", "f(g(1))"]),
    "assignment of no call": ("x = [f(1), 2]  # padlint: same\n", ["x = [f(1), 2]"]),
    "annotated": ("x: A = f(1)  # padlint: same\n", ["x: A = f(1)", "f(1)"]),
    "call": ("f(g(1))  # padlint: same\n", ["f(g(1))"]),
    "siblings": ("x = [\n  f(1), g(h(2)),  # padlint: same\n]\n", ["f(1)", "g(h(2))"]),
    "two statements": ("x = f(1); g(2)  # padlint: same\n", ["x = f(1)", "f(1)", "g(2)"]),
    "returned": ("def a():\n  return f(1)  # padlint: same\n", ["f(1)"]),
    "condition": ("if f(1):  # padlint: same\n  g(2)\n", ["f(1)"]),
    "first line of a call": (
        "x = f(  # padlint: same\n  g(1),\n)\n",
        ["x = f(  # padlint: same\n  g(1),\n)", "f(  # padlint: same\n  g(1),\n)"],
    ),
    "inner line": ("x = f(\n  g(1),  # padlint: same\n  h(2),\n)\n", ["g(1)"]),
    "inner line of a dict": ("x = {\n  'a': g(1),  # padlint: same\n}\n", ["g(1)"]),
    "keyword argument": ("x = f(\n  a=g(1),  # padlint: same\n)\n", ["g(1)"]),
    "tuple in a call": ("f([\n  ('a', g(1)),  # padlint: same\n])\n", ["g(1)"]),
    "class": ("class A(f(1)):  # padlint: same\n  x = g(2)\n", ["class A(f(1)):  # padlint: same\n  x = g(2)"]),
    "function": ("def a(x=f(1)):  # padlint: same\n  pass\n", ["def a(x=f(1)):  # padlint: same\n  pass"]),
    "decorator": ("@d(1)  # padlint: same\ndef a(): pass\n", ["def a(): pass"]),
    "under decorators": ("@d(1)\n@e(2)\ndef a(): pass  # padlint: same\n", ["def a(): pass"]),
    "above": ("# padlint: same\nx = f(1)\n", ["x = f(1)", "f(1)"]),
    "above a decorator": ("# padlint: same\n@d(1)\nclass A: pass\n", ["class A: pass"]),
    "above, with lines between": ("# padlint: same\n\n# other\n\t\nf(1)\n", ["f(1)"]),
    "above, inside": ("x = [\n  # padlint: same\n  f(1), g(2),\n  h(3),\n]\n", ["f(1)", "g(2)"]),
    "above, in a body": ("class A:\n  # padlint: same\n  def f(self): pass\n", ["def f(self): pass"]),
    "above a def under decorators": ("@d\n# padlint: same\ndef a(): pass\n", ["def a(): pass"]),
    "one line of many": ("if a:\n  x = f(1)  # padlint: same\n  y = f(1)\n", ["x = f(1)", "f(1)"]),
    "another comment before": ("f(1)  # type: ignore # padlint: same\n", ["f(1)"]),
    "another comment behind": ("f(1)  #padlint:same # noqa: E501\n", ["f(1)"]),
    "capitals": ("f(1)  # Padlint: same\n", ["f(1)"]),
    "CRLF": ("a = 1\r\nf(1)  # padlint: same\r\n", ["f(1)"]),
    "string before": (
        "x = f('# padlint: valid')  # padlint: same\n",
        ["x = f('# padlint: valid')", "f('# padlint: valid')"],
    ),
    "quotes of another kind": ("""x = f('"', "'")  # padlint: same\n""", ["""x = f('"', "'")""", """f('"', "'")"""]),
    "f-string": ("""x = f(f"{'#'}")  # padlint: same\n""", ["""x = f(f"{'#'}")""", """f(f"{'#'}")"""]),
    "lambda": ("x = lambda: f(1)  # padlint: same\n", ["x = lambda: f(1)"]),
}


@pytest.mark.parametrize(("text", "expected"), BELONGS.values(), ids=BELONGS)
def test_a_directive_belongs_to_what_starts_there(text: str, expected: list[str]) -> None:
    source = source_of(text)
    (directive,) = (comment for comment in directives(source) if not isinstance(comment, Ignore))
    assert isinstance(directive, Directive)
    assert directive.items == (Intended("same"),)
    assert source.text_of(directive.span).lower().replace(" ", "") == "#padlint:same"
    assert [source.text_of(source.span(place)) for place in directive.places] == expected
    assert by_place([directive]) == dict.fromkeys(directive.places, directive.items)


NOTHING = {
    "inner line without a construct": "x = [\n  1,  # padlint: same\n]\n",
    "closing bracket": "x = f(\n  1,\n)  # padlint: same\n",
    "end of the file": "x = f(1)\n# padlint: same\n",
    "import": "import a  # padlint: same\n",
    "name": "a  # padlint: same\n",
    "above else": "if a:\n  pass\n# padlint: same\nelse:\n  pass\n",
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_a_directive_that_belongs_to_nothing_is_malformed(text: str) -> None:
    (comment,) = directives(source_of(text))
    assert isinstance(comment, Malformed)
    assert "belongs to nothing" in comment.message


NO_DIRECTIVE = {
    "string": "x = '# padlint: same'\n",
    "docstring": 'def f():\n  """\n  # padlint: same\n  """\n',
    "bytes": "x = b'# padlint: same'\n",
    "f-string": "x = f'{a}# padlint: same'\n",
    "another comment": "x = 1  # see padlint: it says same\n",
    "escaped quote": "x = '\\'# padlint: same'\n",
    "over lines": "x = 'a\\\n# padlint: same'\n",
    "noqa without codes": "f(1)  # noqa\n",
    "noqa of others": "f(1)  # noqa: E501, F401\n",
    "noqa on a line of its own": "# noqa: PAD201\nf(1)\n",
    "syntax error": "f(1)  # padlint: same\nx = (\n",
}


@pytest.mark.parametrize("text", NO_DIRECTIVE.values(), ids=NO_DIRECTIVE)
def test_what_is_no_directive(text: str) -> None:
    assert directives(source_of(text)) == ()


def test_a_statement_that_is_not_analysed_has_no_malformed_comments() -> None:
    source = source_of("x = [  # padlint: same\n" + "+".join("x" * 600) + "]\n")
    (directive,) = directives(source)
    assert isinstance(directive, Directive)
    assert directive.places == ()


def test_a_malformed_comment_has_its_own_span() -> None:
    (comment,) = directives(source_of("x = '🎉'; f(1)  # a # padlint: sane  # b\n"))
    assert isinstance(comment, Malformed)
    assert comment.span == Span("module.py", Position(1, 20), Position(1, 35))


def test_several_comments_for_one_place() -> None:
    source = source_of("# padlint: input=(1, 2)\nf(1)  # padlint: same\n")
    ((place, items),) = by_place(directives(source)).items()
    assert source.text_of(source.span(place)) == "f(1)"
    assert items == (InputShape(None, (1, 2)), Intended("same"))


# ---------------------------------------------------------------- ignores: the lines that they hide

IGNORES = {
    "its line": ("a = 1\nf(1)  # {}\nb = 2\n", {2}),
    "from the first line of a call": ("x = f(  # {}\n  g(1),\n  2,\n)\nb = 2\n", {1, 2, 3, 4}),
    "an inner call": ("x = f(\n  g(1,  # {}\n    2),\n  3,\n)\n", {2, 3}),
    "an inner line of a call": ("x = f(\n  g(\n    1,\n    padding=2,  # {}\n  ),\n  3,\n)\n", {2, 3, 4, 5}),
    "the last line of a call": ("x = f(\n  g(1),\n)  # {}\n", {1, 2, 3}),
    "no call": ("a = 1\nimport b  # {}\nc = 2\n", {2}),
}


@pytest.mark.parametrize("comment", ["padlint: ignore[PAD201]", "noqa: PAD201", "noqa:E501,PAD201"])
@pytest.mark.parametrize(("text", "lines"), IGNORES.values(), ids=IGNORES)
def test_an_ignore_covers_every_line_of_the_call_it_stands_on(text: str, lines: set[int], comment: str) -> None:
    (ignore,) = directives(source_of(text.format(comment)))
    assert isinstance(ignore, Ignore)
    assert ignore.codes == ("PAD201",)
    hidden = {line for line in range(1, 9) if ignore.hides(Span("module.py", Position(line, 3), Position(line, 4)))}
    assert hidden == lines
    assert not ignore.hides(Span("other.py", Position(min(lines), 1), Position(min(lines), 2)))


DEFINITIONS = {
    "class": ("class A:  # {}\n  x = f(1)\n", {1, 2}),
    "above a function": ("# {}\ndef f():\n  g(1)\n", {2, 3}),
}


@pytest.mark.parametrize(("text", "lines"), DEFINITIONS.values(), ids=DEFINITIONS)
def test_an_ignore_on_a_definition_covers_all_of_it(text: str, lines: set[int]) -> None:
    (ignore,) = directives(source_of(text.format("padlint: ignore[PAD201] a reason")))
    assert isinstance(ignore, Ignore)
    assert ignore.reason == "a reason"
    assert {
        line for line in range(1, 5) if ignore.hides(Span("module.py", Position(line, 1), Position(line, 2)))
    } == lines


def test_noqa_on_a_definition_is_about_its_line() -> None:
    (ignore,) = directives(source_of("class A:  # noqa: PAD201\n  x = f(1)\n"))
    assert isinstance(ignore, Ignore)
    assert ignore.hides(Span("module.py", Position(1, 1), Position(1, 2)))
    assert not ignore.hides(Span("module.py", Position(2, 3), Position(2, 4)))


def test_ignore_file_stands_anywhere() -> None:
    source = source_of("x = 1\n# padlint: ignore-file[PAD201, PAD204]\n")
    (comment,) = directives(source)
    assert comment == IgnoreFile(source.span_between(6, len(source.text) - 1), ("PAD201", "PAD204"))
