"""`--since`: real repositories, real git."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

TOP = """\
from torch import nn


class First(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReLU(),
            nn.MaxPool2d(3, padding=2),
        )


# the second one
second = nn.Sequential(
    nn.ReLU(),
    nn.MaxPool2d(5, padding=3),
)
"""
NAME = "net.py"


@pytest.fixture
def since(padlint: Padlint, folder: Path, repository: None) -> Callable[..., list[tuple[str, int]]]:
    """The places that are shown after a committed file got another text."""

    def shown(text: str, *options: str, old: str = TOP) -> list[tuple[str, int]]:
        (folder / NAME).write_text(old)
        git("add", NAME)
        git("commit", "-q", "-m", "old")
        (folder / NAME).write_text(text)
        done = padlint("check", "--quiet", "--output-format", "json", "--since", "HEAD", *options)
        assert done.err == ""
        return [(each["path"], each["start"]["line"]) for each in json.loads(done.out)]

    return shown


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (TOP, []),
        ("import os\n" + TOP, []),
        (TOP.replace("\n\n\n# the", "\n\n\nOTHER = 1\n\n# the"), []),
        (TOP + "\n\nlast = 1\n", []),
        (TOP.replace("(3, padding=2)", "(3, 1, 2)"), [9]),
        (TOP.replace("super().__init__()\n", "super().__init__()\n        self.size = 3\n"), [10]),
        (TOP.replace("        super().__init__()\n", ""), [8]),
        (TOP.replace("the second one", "padlint: input=(N, 8, 30, 30)"), [16]),
        (TOP.replace("# the second one\n", ""), [15]),
        (TOP.replace("    nn.ReLU(),\n    nn.MaxPool2d(5", "    nn.MaxPool2d(5"), [15]),
        (TOP.replace("\n", "\r\n"), []),
        (TOP.replace("padding", "padding "), [9, 16]),
        (TOP.replace(")\n", ") # é\u2028x\n"), [9, 16]),
    ],
    ids=[
        "nothing",
        "above both",
        "between",
        "below",
        "the line",
        "in the class",
        "gone from the class",
        "its directive",
        "its comment is gone",
        "gone from the Sequential",
        "line ends",
        "both",
        "odd characters",
    ],
)
def test_only_what_is_in_changed_models_is_shown(
    since: Callable[..., list[tuple[str, int]]], text: str, lines: list[int]
) -> None:
    assert since(text) == [(NAME, line) for line in lines]


def test_a_new_file_is_all_new(since: Callable[..., list[tuple[str, int]]], folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "new.py").write_text(TOP)
    assert since(TOP) == [("sub/new.py", 9), ("sub/new.py", 16)]


def test_a_renamed_file_is_not_new(since: Callable[..., list[tuple[str, int]]], padlint: Padlint) -> None:
    since(TOP)
    git("mv", NAME, "näme.py")
    Path("näme.py").write_text(TOP.replace("(5, padding=3)", "(5, 1, 3)"))
    done = padlint("check", "--quiet", "--output-format", "concise", "--since", "HEAD")
    assert [line.split(":")[:2] for line in done.out.splitlines()] == [["näme.py", "16"]]


def test_a_file_with_an_error_is_shown_where_it_changed(since: Callable[..., list[tuple[str, int]]]) -> None:
    assert since("x = (\n" + TOP, old=TOP) == [(NAME, 1)]
    assert since("x = (\n" + TOP, old="x = (\n" + TOP) == []


def test_a_branch_is_compared_with_where_it_began(padlint: Padlint, folder: Path, repository: None) -> None:
    (folder / NAME).write_text(TOP)
    git("add", NAME)
    git("commit", "-q", "-m", "old")
    git("branch", "side")
    (folder / NAME).write_text(TOP.replace("(3, padding=2)", "(3, 1, 2)"))
    git("commit", "-q", "-a", "-m", "on the main branch")
    git("checkout", "-q", "side")
    (folder / NAME).write_text(TOP.replace("(5, padding=3)", "(5, 1, 3)"))
    done = padlint("check", "--quiet", "--output-format", "concise", "--since", "HEAD@{1}")
    assert [line.split(":")[1] for line in done.out.splitlines()] == ["16"]


def test_from_a_folder_below_the_top(
    since: Callable[..., list[tuple[str, int]]], padlint: Padlint, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    since(TOP.replace("(3, padding=2)", "(3, 1, 2)"))
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    done = padlint("check", "--quiet", "--output-format", "concise", "--since", "HEAD", "..")
    assert [line.split(":")[:2] for line in done.out.splitlines()] == [["../net.py", "9"]]


def test_only_what_changed_is_fixed(since: Callable[..., list[tuple[str, int]]], folder: Path) -> None:
    text = TOP.replace("(5, padding=3)", "(5, 1, padding=3)")
    assert since(text, "--fix", "--unsafe-fixes") == []
    assert (folder / NAME).read_text() == text.replace("(5, 1, padding=3)", "(5, 1, padding=2)")


def test_standard_input_is_compared_too(padlint: Padlint, since: Callable[..., list[tuple[str, int]]]) -> None:
    since(TOP)
    changed = TOP.replace("(3, padding=2)", "(3, 1, 2)")
    done = padlint(
        *f"check --quiet --output-format concise --since HEAD - --stdin-filename {NAME}".split(), stdin=changed
    )
    assert [line.split(":")[1] for line in done.out.splitlines()] == ["9"]


@pytest.mark.parametrize("revision", ["nonsense", "HEAD~5", "HEAD:net.py", "-x", ""])
def test_an_unknown_revision_is_one_line(
    padlint: Padlint, since: Callable[..., list[tuple[str, int]]], folder: Path, revision: str
) -> None:
    since(TOP)
    before = contents(folder)
    done = padlint("check", f"--since={revision}")
    assert (done.code, done.complaint) == (2, f"padlint: --since {revision}: no such revision")
    assert contents(folder) == before


def test_outside_a_repository_and_without_git(padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / NAME).write_text(TOP)
    done = padlint("check", "--since", "HEAD")
    assert done.code == 2
    assert done.complaint.startswith("padlint: --since HEAD: not a git repository")
    monkeypatch.setitem(os.environ, "PATH", str(folder))
    done = padlint("check", "--since", "HEAD")
    assert (done.code, done.complaint) == (2, "padlint: --since needs git: No such file or directory")
