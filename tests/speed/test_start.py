"""What is imported before it is needed costs every run: here is all that the short runs may import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.speed.conftest import own_files

CLEAN = "from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())\n"
WRONG = CLEAN.replace("nn.ReLU()", "nn.MaxPool2d(2, padding=2)")
UNRELATED = "import json\n\nprint(json.dumps({}))\n"

START = {"__init__", "cli", "commands", "errors", "hints", "output", "parser", "report"}
AGAIN = START - {"commands", "parser"} | {"again", "cache", "disk", "reading"}
COMMAND = START | AGAIN | {
    "arguments", "config", "config_files", "files", "finding", "outcome", "plain", "progress", "result", "run",
    "session", "versions", "paths", "where",
}  # fmt: skip
SOURCES = COMMAND | {"syntax"}
HEAVY = {"libcst", "multiprocessing", "subprocess", "socket", "tempfile", "shutil", "tomllib", "difflib", "pathspec", "xml",
         "asyncio", "unittest", "logging", "pydoc", "email", "http", "ssl", "_hashlib", "random", "pickle", "ctypes"}  # fmt: skip


SLOW = HEAVY | {"argparse", "dataclasses", "inspect", "pathlib", "typing"}


def imported(folder: Path, *words: str) -> tuple[set[str], set[str]]:
    """The parts of padlint, and the packages that are slow to import, that a run has imported."""
    script = (
        "import sys; from padlint.cli import main; main(sys.argv[1:]); print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    done = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=folder, capture_output=True, text=True, env=environment
    )
    modules = done.stderr.splitlines()
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        env=environment,
    )
    already = set(bare.stdout.splitlines())
    own = {[*name.split("."), "__init__"][1] for name in modules if name.split(".")[0] == "padlint"}
    return own, {name.split(".")[0] for name in modules if name not in already}


def test_version_imports_nothing(tmp_path: Path) -> None:
    own, others = imported(tmp_path, "--version")
    assert own == START
    assert not others & HEAVY


def test_help_imports_no_evaluator(tmp_path: Path) -> None:
    own, others = imported(tmp_path, "check", "--help")
    assert own <= COMMAND
    assert others & HEAVY <= {"shutil"}


@pytest.mark.parametrize("text", [CLEAN, UNRELATED], ids=["clean", "unrelated"])
def test_a_warm_run_imports_no_evaluator(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.py").write_text(text)
    imported(tmp_path, "check", ".")
    own, others = imported(tmp_path, "check", "./")
    assert own == COMMAND
    assert not others & HEAVY


@pytest.mark.parametrize("words", [(), (".",), ("a.py",)], ids=str)
@pytest.mark.parametrize("text", [CLEAN, UNRELATED], ids=["clean", "unrelated"])
def test_what_is_clean_and_did_not_change_needs_not_even_the_options(
    tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "a.py").write_text(text)
    imported(tmp_path, "check", *words)
    own, others = imported(tmp_path, "check", *words)
    assert own == AGAIN
    assert not others & SLOW


def test_a_warm_run_with_findings_reads_their_lines_and_no_more(tmp_path: Path) -> None:
    own_files(tmp_path)
    (tmp_path / "a.py").write_text(WRONG)
    imported(tmp_path, "check", ".")
    own, others = imported(tmp_path, "check", ".")
    assert own <= SOURCES | {"arithmetic", "fixes", "pages"}
    assert others & HEAVY <= {"difflib"}


@pytest.mark.parametrize("command", ["check", "shapes"])
def test_files_that_have_nothing_to_do_with_layers_need_no_libcst(tmp_path: Path, command: str) -> None:
    for number in range(3):
        (tmp_path / f"a{number}.py").write_text(UNRELATED)
    _, others = imported(tmp_path, command, ".", "--no-cache")
    assert not others & HEAVY
