"""Whatever the bytes: no exception, the same bytes again, and every place lies in the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from python_reference import walk

from padlint.finding import Place
from padlint.syntax.directives import directives
from padlint.syntax.lines import Lines
from padlint.syntax.scan import scan
from padlint.syntax.source import Source

TOKENS = """f( ) [ ] { } , : ; = + - * / . not lambda if else # ' " \'\'\' f' f" {{ }} !r :> rb' \\N{ x 1 é 🎉 class
def @ pass for in while yield await
import from as async match case _ ~ := -> ... == ** elif except try with global del return"""
SPACES = ["\n", "\r\n", "\r", "\\\n", "\x0c", "\t", " ", "\n    ", "\0", "\ufeff", "\u2028", "\x85", "\x1c"]
LINES = ["x = f(1)\n", "class A:\n    ", "# padlint: input=(1, 2)", "  # padlint: same\n", "  # noqa: PAD201\n"]
FRAGMENTS = st.sampled_from([*TOKENS.split(), *SPACES, *LINES])
TEXTS = st.lists(FRAGMENTS, max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), TEXTS))
def test_any_text(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    source = Source.from_bytes(data, "any.py")
    if source.undecodable is None:
        assert source.encode(source.text) == data
    for header in source.statements:
        for node in walk(source.lower(header.index)):
            span = source.span(Place(source.path, header.index, node.at))
            assert header.first_line <= span.start.line <= span.end.line <= header.last_line
            assert 0 <= source.offset(span.start) <= source.offset(span.end) <= len(source.text)
    for comment in directives(source):
        assert source.text_of(comment.span).startswith("#")


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    for path in ("any.py", "any.ipynb"):
        source = Source.from_bytes(data, path)
        assert source.problem is not None or source.encode(source.text) == data
        directives(source)


@given(st.text(alphabet="a \t\n\r\x0b\x0c\x1c\x85\u2028🎉", max_size=30))
def test_lines_end_where_python_ends_them(text: str) -> None:
    lines = Lines(text)
    python = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.slice(number, number).rstrip("\r\n") for number in range(1, len(lines.starts) + 1)] == [
        line.rstrip("\r\n") for line in python
    ]
    for offset in range(len(text) + 1):
        assert lines.offset(*lines.locate(offset)) == offset


@given(st.text(alphabet="()[]{}'\"\\frb,:;#+.!\n\r xN", max_size=60))
def test_the_scan_never_fails(text: str) -> None:
    assert scan(text).excesses == ()
