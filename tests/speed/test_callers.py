"""What is said of a helper depends on who calls it, not on which files happen to be named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from padlint.session import CALLERS
from tests.speed.conftest import Padlint

HELPER = """\
from torch import nn


def block(channels, padding):
    return nn.Sequential(nn.Conv2d(channels, 8, 3), nn.MaxPool2d(2, padding=padding))


class Stem(nn.Module):
    def __init__(self, width, groups):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(width, 8, 3, groups=2 * groups), nn.ReLU())
"""
NET = "from torch import nn\n\nnet = nn.Sequential(block(3, 2))\n"
RIGHT = f"from pkg.blocks import block\n{NET}".replace("2", "1")
USES = {
    "from": ("from pkg.blocks import block", "block(3, 2)"),
    "alias": ("from pkg.blocks import block as b", "b(3, 2)"),
    "module": ("from pkg import blocks", "blocks.block(3, 2)"),
    "dotted": ("import pkg.blocks", "pkg.blocks.block(3, 2)"),
    "dotted alias": ("import pkg.blocks as p", "p.block(3, 2)"),
    "star": ("from pkg.blocks import *", "block(3, 2)"),
    "class": ("from pkg.blocks import Stem", "Stem(3, 1)"),
}


def project(folder: Path, use: str = "", **files: str) -> None:
    """A package with a helper, and files beside it; what uses it builds what torch refuses."""
    (folder / "pyproject.toml").write_text("")
    (folder / "pkg").mkdir(exist_ok=True)
    (folder / "pkg" / "__init__.py").write_text("")
    (folder / "pkg" / "blocks.py").write_text(HELPER)
    if use:
        files["net"] = "{}\nfrom torch import nn\n\nnet = nn.Sequential({}, nn.MaxPool2d(2, padding=9))\n".format(
            *USES[use]
        )
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


def told(padlint: Padlint, *paths: str) -> set[tuple[str, str, int]]:
    """What is said: code, file, line. With and without a cache it is the same, and so it is when asked again."""
    answers = [padlint("check", *paths, "--output-format", "json", *more) for more in (["--no-cache"], [], [])]
    assert answers[0] == answers[1] == answers[2]
    found = json.loads(answers[0][1])
    return {(each["code"], each["path"], each["start"]["line"]) for each in found}


@pytest.mark.parametrize("use", USES)
def test_a_file_by_itself_is_told_what_it_is_told_among_the_others(padlint: Padlint, folder: Path, use: str) -> None:
    project(folder, use)
    everything = told(padlint, ".")
    own = {each for each in everything if each[1] == "pkg/blocks.py"}
    assert own and own < everything
    assert told(padlint, "pkg/blocks.py") == own


def test_what_a_helper_only_passes_on_is_told_where_it_is_given(padlint: Padlint, folder: Path) -> None:
    project(folder, "class")
    (folder / "pkg" / "blocks.py").write_text(HELPER.replace("2 * groups", "groups"))
    (folder / "net.py").write_text(
        "from torch import nn\nfrom pkg.blocks import Stem\n\nnet = nn.Sequential(Stem(3, 2))\n"
    )
    assert told(padlint, "net.py") == told(padlint, ".") == {("PAD105", "net.py", 4)}
    assert told(padlint, "pkg/blocks.py") == set()


@pytest.mark.parametrize(
    ("init", "text"),
    [
        ("from .blocks import block\n", "from pkg import block\n" + NET),
        ("from .blocks import *\n", "from pkg import *\n" + NET),
    ],
    ids=["from", "star"],
)
def test_callers_through_a_package_count(padlint: Padlint, folder: Path, init: str, text: str) -> None:
    project(folder, net=text)
    (folder / "pkg" / "__init__.py").write_text(init)
    assert told(padlint, "pkg/blocks.py") == told(padlint, ".") != set()


@pytest.mark.parametrize("statement", ["from .blocks import block", "from . import blocks\n\nblock = blocks.block"])
def test_callers_in_the_package_count(padlint: Padlint, folder: Path, statement: str) -> None:
    project(folder)
    (folder / "pkg" / "net.py").write_text(f"{statement}\n{NET}")
    assert told(padlint, "pkg/blocks.py") == told(padlint, ".") != set()


def test_a_caller_counts_from_when_it_is_there_until_it_is_gone(padlint: Padlint, folder: Path) -> None:
    project(folder)
    assert told(padlint, "pkg/blocks.py") == set()
    wrong = "from pkg.blocks import block\n" + NET
    for text, right in ((wrong, False), (wrong.replace("2", "1"), True), (wrong, False), ("import pkg\n", True)):
        (folder / "net.py").write_text(text)
        assert (told(padlint, "pkg/blocks.py") == set()) == right
    (folder / "apart").mkdir()
    (folder / "apart" / "net.py").write_text(wrong)
    assert told(padlint, "pkg/blocks.py")
    (folder / "apart" / "net.py").unlink()
    assert told(padlint, "pkg/blocks.py") == set()


def test_a_package_that_no_project_is_about_is_searched_as_a_whole(padlint: Padlint, folder: Path) -> None:
    project(folder)
    (folder / "pyproject.toml").unlink()
    (folder / "pkg" / "inner").mkdir()
    (folder / "pkg" / "inner" / "__init__.py").write_text(f"from ..blocks import block\n{NET}")
    assert told(padlint, "pkg/blocks.py") == told(padlint, ".") != set()


def test_excluded_and_ignored_files_are_no_callers(padlint: Padlint, folder: Path) -> None:
    project(folder, "from")
    (folder / ".git").mkdir()
    assert told(padlint, "pkg/blocks.py")
    (folder / ".gitignore").write_text("net.py\n")
    assert told(padlint, "pkg/blocks.py") == set()
    (folder / ".gitignore").unlink()
    assert told(padlint, "pkg/blocks.py")
    (folder / "pyproject.toml").write_text('[tool.padlint]\nexclude = ["net.py"]\n')
    assert told(padlint, "pkg/blocks.py") == set()


def test_a_fix_holds_for_the_callers(padlint: Padlint, folder: Path) -> None:
    text = HELPER.replace("padding=padding", "padding=channels")
    project(folder, "from")
    (folder / "pkg" / "blocks.py").write_text(text)
    before = told(padlint, "pkg/blocks.py")
    assert before
    padlint("check", "pkg/blocks.py", "--fix", "--unsafe-fixes")
    after = told(padlint, "pkg/blocks.py")
    assert (after == before) == ((folder / "pkg" / "blocks.py").read_text() == text)


def test_no_more_callers_than_a_few_are_evaluated(padlint: Padlint, folder: Path, evaluated: list[str]) -> None:
    project(folder, **{f"net{number:03}": RIGHT for number in range(60)})
    padlint("check", "pkg/blocks.py", "--jobs", "1")
    assert len(set(evaluated)) == 1 + CALLERS


@pytest.mark.parametrize("text", ["print(1)\n", "from torch import nn\n\nnet = nn.Sequential(nn.ReLU())\n"])
def test_who_has_nothing_to_call_has_no_callers(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    project(folder, alone=text)
    listed: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: listed.append(str(path)) or scandir(path))
    assert padlint("check", "alone.py", "--no-cache")[0] == 0
    assert [path for path in listed if str(folder) in path] == []
