"""`padlint rule`, and the pages that it shows."""

from __future__ import annotations

import json
import re

import pytest

from padlint.pages import pages, sections
from tests.cli.conftest import Padlint

HEADINGS = ["What it does", "Why is this bad?", "Example", "Use instead", "Fix safety", "References"]


@pytest.mark.parametrize("wanted", ["PAD101", "pad101", "strided-same-padding"])
def test_code_and_name_show_the_page(padlint: Padlint, wanted: str) -> None:
    done = padlint("rule", wanted)
    assert (done.code, done.err) == (0, "")
    assert done.out == pages()["PAD101"].text


def test_all_as_json(padlint: Padlint) -> None:
    found = json.loads(padlint("rule", "--all", "--output-format", "json").out)
    assert [each["code"] for each in found] == list(pages())
    assert all(set(each) == {"code", "name", "summary", "page", "url"} for each in found)


def test_all_as_text(padlint: Padlint) -> None:
    out = padlint("rule", "--all").out
    assert [title for title in re.findall(r"^# (PAD\d{3}):", out, flags=re.MULTILINE)] == list(pages())


def test_a_terminal_gets_headings_and_code_set_apart(padlint: Padlint) -> None:
    out = padlint("rule", "PAD101", "--color", "always").out
    assert "\x1b[1mPAD101: strided-same-padding\x1b[0m\n" in out
    assert "```" not in out


@pytest.mark.parametrize("code", list(pages()))
def test_every_page_is_complete(code: str) -> None:
    page = pages()[code]
    assert page.summary.endswith(".")
    assert [title for title, body in sections(page) if body] == HEADINGS
