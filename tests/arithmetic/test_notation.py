"""One size of a written shape: Python says what it is worth."""

from __future__ import annotations

import pytest

from padlint.arithmetic.dims import Unknown, evaluate, symbol
from padlint.arithmetic.notation import parse_size
from padlint.errors import UsageError

SIZES = [
    "0",
    "64",
    "H",
    "H//2",
    "4*ngf",
    "H + W - 1",
    "H - (W - 1)",
    "2*(H//2)",
    "H % 3 * 2",
    "-H + 9",
    "H//2//2",
    "-(-H//2)",
    "(H)",
]


@pytest.mark.parametrize("text", SIZES)
def test_a_size_means_what_it_means_in_python(text: str) -> None:
    size = parse_size(text)
    for h in range(1, 9):
        values = {"H": h, "W": 2 * h + 1, "ngf": 5}
        wanted = eval(text, {}, dict(values))
        assert (size if isinstance(size, int) else evaluate(size, values)) == wanted


def test_any_size() -> None:
    assert parse_size(" * ") == Unknown("any size")


def test_a_name_is_a_symbol_of_at_least_1() -> None:
    assert parse_size("N") == symbol("N", minimum=1)


REFUSED = [
    "",
    "-1",
    "3.5",
    "a.b",
    "a b",
    "1 2",
    "a +",
    "* 2",
    "2 **",
    "(a",
    "a)",
    "()",
    "a/2",
    "a//0",
    "a % 0",
    "f(1)",
    "²",
    "1" * 19,
    "(" * 300,
    "a" * 300,
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_size(text)
    assert len(str(error.value)) < 100
