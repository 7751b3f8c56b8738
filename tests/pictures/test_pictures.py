"""The pictures of the README show what padlint says today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pictures.make import PICTURES, REPOSITORY, editor_picture, terminal_picture
from tests.pictures.svg import text

NAMES = ("terminal", "editor")
REMADE = "python -m tests.pictures.make makes it anew"


def shown(name: str) -> str:
    return (PICTURES / f"{name}.svg").read_text(encoding="utf-8")


def test_the_terminal_says_what_padlint_prints() -> None:
    assert text(shown("terminal")) == text(terminal_picture()), REMADE


def test_neovim_shows_what_the_picture_shows(tmp_path: Path) -> None:
    assert text(shown("editor")) == text(editor_picture(tmp_path)), REMADE


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_shows_it_and_it_is_small(name: str) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert f"(docs/pictures/{name}.svg)" in readme
    assert len(shown(name).encode()) < 40_000
