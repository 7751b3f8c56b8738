"""What an answer depends on: after any change of it a run with a cache says what a run without one says."""

from __future__ import annotations

import ast
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import padlint
from padlint.disk import Disk
from tests.speed.conftest import Padlint

OK = "from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 5, padding=2))  # padlint: same\n"
BAD = OK.replace("padding=2", "padding=1")
HELPER = "from torch import nn\n\n\ndef conv(kernel):\n    return nn.Conv2d(3, 8, kernel, padding=1)  # padlint: same\n"
CALLER = "import torch\nfrom {module} import conv\n\nnet = conv({kernel})\nnet(torch.zeros(1, 3, 8, 8))\n"
USER = "from torch import nn\n\nfrom {module} import K\n\nnet = nn.Sequential(nn.Conv2d(3, 8, K, padding=1))  # padlint: same\n"

Act = Callable[[Path], object]
Step = tuple[str, ...] | Act
"""A command line, or something that is done in the folder."""


def write(name: str, text: str) -> Act:
    def act(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    return act


def link(name: str, target: str) -> Act:
    def act(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return act


def same_times(name: str, text: str) -> Act:
    """Other bytes, as many as before, with the times of before."""

    def act(folder: Path) -> None:
        before = (folder / name).stat()
        assert before.st_size == len(text.encode())
        (folder / name).write_text(text)
        os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))

    return act


CHECK = ("check",)
SELECT = '[tool.padlint]\nselect = ["{}"]\n'
SESSIONS: dict[str, list[Step]] = {
    "a file joins the folder": [write("a.py", OK), CHECK, write("b.py", BAD), CHECK],
    "a file joins a folder below": [write("p/a.py", OK), CHECK, write("p/q/b.py", BAD), CHECK],
    "a file joins a folder that is named": [write("p/a.py", OK), (*CHECK, "p"), write("p/b.py", BAD), (*CHECK, "p")],
    "a notebook that is none joins": [write("a.py", OK), CHECK, write("b.ipynb", "{"), CHECK],
    "select is widened": [
        write("pyproject.toml", SELECT.format("PAD3")),
        write("b.py", BAD),
        (*CHECK, "b.py"),
        write("pyproject.toml", SELECT.format("PAD")),
        (*CHECK, "b.py"),
    ],
    "select is widened in a file that is extended": [
        write("base.toml", 'select = ["PAD3"]\n'),
        write("padlint.toml", 'extend = "base.toml"\n'),
        write("b.py", BAD),
        CHECK,
        write("base.toml", 'select = ["PAD"]\n'),
        CHECK,
    ],
    "the configuration breaks": [write("a.py", OK), CHECK, write("pyproject.toml", "[tool.padlint\n"), CHECK],
    "a configuration breaks above": [
        write("p/a.py", OK),
        write("p/pyproject.toml", "[tool.other]\n"),
        (*CHECK, "p/a.py"),
        write("padlint.toml", "select = 3\n"),
        (*CHECK, "p/a.py"),
    ],
    "a link to a file leads elsewhere": [
        write("ok.py", OK),
        write("bad.py", BAD),
        link("l.py", "ok.py"),
        (*CHECK, "l.py"),
        link("l.py", "bad.py"),
        (*CHECK, "l.py"),
    ],
    "a link to a file in a folder leads elsewhere": [
        write("ok.py", OK),
        write("bad.py", BAD),
        write("p/__init__.py", ""),
        link("p/l.py", "../ok.py"),
        (*CHECK, "p"),
        link("p/l.py", "../bad.py"),
        (*CHECK, "p"),
    ],
    "a link to a folder leads elsewhere": [
        write("v1/y.py", BAD),
        write("v2/y.py", OK),
        link("cur", "v2"),
        (*CHECK, "cur/y.py"),
        link("cur", "v1"),
        (*CHECK, "cur/y.py"),
    ],
    "a package behind a link leads elsewhere": [
        write("v1/y.py", "K = 5\n"),
        write("v2/y.py", "K = 3\n"),
        link("cur", "v2"),
        write("a.py", USER.format(module="cur.y")),
        (*CHECK, "a.py"),
        link("cur", "v1"),
        (*CHECK, "a.py"),
    ],
    "a link that led nowhere leads somewhere": [
        link("b.py", "gone.py"),
        write("a.py", OK),
        CHECK,
        write("gone.py", BAD),
        CHECK,
    ],
    "search-path changes": [
        write("b/y.py", "K = 3\n"),
        write("c/y.py", "K = 5\n"),
        write("a/x.py", USER.format(module="y")),
        write("pyproject.toml", '[tool.padlint]\nsearch-path = ["c"]\n'),
        (*CHECK, "a"),
        write("pyproject.toml", '[tool.padlint]\nsearch-path = ["b"]\n'),
        (*CHECK, "a"),
    ],
    "a folder of search-path leads elsewhere": [
        write("b/y.py", "K = 3\n"),
        write("c/y.py", "K = 5\n"),
        link("cur", "b"),
        write("a/x.py", USER.format(module="y")),
        write("pyproject.toml", '[tool.padlint]\nsearch-path = ["cur"]\n'),
        (*CHECK, "a"),
        link("cur", "c"),
        (*CHECK, "a"),
    ],
    "a caller joins in a hidden folder": [
        write("pyproject.toml", ""),
        write("h.py", HELPER),
        (*CHECK, "h.py"),
        write(".tools/call.py", CALLER.format(module="h", kernel=5)),
        (*CHECK, "h.py"),
    ],
    "a caller joins in a folder with underscores": [
        write("pyproject.toml", ""),
        write("h.py", HELPER),
        write("__t__/x.py", ""),
        (*CHECK, "h.py"),
        write("__t__/call.py", CALLER.format(module="h", kernel=5)),
        (*CHECK, "h.py"),
    ],
    "a caller changes and keeps its size and time": [
        write("pyproject.toml", ""),
        write("h.py", HELPER),
        write("call.py", CALLER.format(module="h", kernel=3)),
        (*CHECK, "h.py"),
        same_times("call.py", CALLER.format(module="h", kernel=5)),
        (*CHECK, "h.py"),
    ],
    "a file changes and keeps its size and time": [write("a.py", OK), CHECK, same_times("a.py", BAD), CHECK],
    "an ignore file above lets a caller in": [
        lambda folder: subprocess.run(["git", "init", "-q"], cwd=folder, check=True),
        write(".gitignore", "call.py\n"),
        write("sub/pyproject.toml", ""),
        write("sub/h.py", HELPER),
        write("sub/call.py", CALLER.format(module="h", kernel=5)),
        (*CHECK, "sub/h.py"),
        write(".gitignore", "\n"),
        (*CHECK, "sub/h.py"),
    ],
    "an ignore file lets a file in": [
        write(".gitignore", "b.py\n"),
        write("a.py", OK),
        write("b.py", BAD),
        CHECK,
        write(".gitignore", "\n"),
        CHECK,
    ],
    "a repository begins above": [
        write(".gitignore", "sub/b.py\n"),
        write("sub/b.py", BAD),
        write("sub/a.py", OK),
        (*CHECK, "sub"),
        lambda folder: (folder / ".git").mkdir(),
        (*CHECK, "sub"),
        lambda folder: (folder / ".git").rmdir(),
        (*CHECK, "sub"),
    ],
    "the same files under other names": [
        write("pyproject.toml", ""),
        write("h.py", HELPER),
        write("m.py", CALLER.format(module="h", kernel=5)),
        (*CHECK, "m.py"),
        (*CHECK, "m.py", "FOLDER/h.py"),
        (*CHECK, "FOLDER/m.py"),
        (*CHECK, "./m.py", "h.py"),
    ],
    "a module that was missing is there": [
        write("a.py", USER.format(module="y")),
        (*CHECK, "a.py"),
        write("y.py", "K = 5\n"),
        (*CHECK, "a.py"),
    ],
    "a package takes the place of a module": [
        write("a.py", USER.format(module="y")),
        write("y.py", "K = 3\n"),
        CHECK,
        write("y/__init__.py", "K = 5\n"),
        CHECK,
    ],
    "a Keras model is changed": [
        write(
            "k.py",
            KERAS
            := "import keras\n\nmodel = keras.Sequential([keras.Input((30, 30, 3)), keras.layers.Conv2D(8, 5)])\n",
        ),
        write("a.py", "from torch import nn\n\n# padlint: keras=k.py:model\nnet = nn.Sequential(nn.Conv2d(3, 8, 5))\n"),
        write("b.py", "from torch import nn\n\n# padlint: keras=k.py:model\nnet = nn.Sequential(nn.Conv2d(3, 8, 5))\n"),
        CHECK,
        write("k.py", KERAS.replace("8, 5", "9, 5")),
        CHECK,
    ],
    "padlint.toml joins pyproject.toml": [
        write("pyproject.toml", "[tool.padlint]\n"),
        write("a.py", OK),
        CHECK,
        write("padlint.toml", ""),
        CHECK,
    ],
    "a name of --config becomes a file": [
        write("b.py", BAD),
        (*CHECK, "b.py", "--config", "select=['PAD3']"),
        write("select=['PAD3']", "[tool.padlint]\n"),
        (*CHECK, "b.py", "--config", "select=['PAD3']"),
    ],
    "a folder becomes a file": [
        write("p/a.py", OK),
        (*CHECK, "p"),
        lambda folder: ((folder / "p/a.py").unlink(), (folder / "p").rmdir(), (folder / "p").write_text("x = (\n")),
        (*CHECK, "p"),
    ],
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_warm_answer_is_the_cold_answer(padlint: Padlint, folder: Path, name: str) -> None:
    for step in SESSIONS[name]:
        if not isinstance(step, tuple):
            step(folder)
            continue
        words = tuple(word.replace("FOLDER", str(folder)) for word in step)
        cold = padlint(*words, "--no-cache", "--jobs", "1")
        assert padlint(*words, "--jobs", "1") == cold
        assert padlint(*words, "--jobs", "1") == cold


def test_the_sessions_end_with_another_answer_than_they_began(padlint: Padlint, folder: Path) -> None:
    """Else a warm answer that is too old would not be noticed."""
    for name, steps in SESSIONS.items():
        home = folder / name.replace(" ", "-")
        home.mkdir()
        os.chdir(home)
        said = []
        for step in steps:
            if isinstance(step, tuple):
                said.append(padlint(*(word.replace("FOLDER", str(home)) for word in step), "--no-cache", "--jobs", "1"))
            else:
                step(home)
        assert len(set(said)) > 1, name


@pytest.mark.parametrize("words", [(), ("--stdin-filename", "a.py")], ids=["without a name", "with a file's name"])
def test_standard_input_is_read_each_time(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (folder / "a.py").write_text(OK)
    padlint("check", "a.py")
    codes = []
    for text in (OK, BAD, OK):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        codes.append(padlint("check", "-", *words)[0])
    assert codes == [0, 1, 0]


UNCHANGED: dict[str, list[Act]] = {
    "files": [write("a.py", OK), write("p/b.py", OK)],
    "a link that an editor locks with": [
        write("h.py", HELPER),
        link(".#h.py", "user@host.1234"),
        write("pyproject.toml", ""),
    ],
    "a link to a file": [write("a.py", OK), link("l.py", "a.py")],
    "a helper and its caller": [
        write("pyproject.toml", ""),
        write("h.py", HELPER),
        write("call.py", CALLER.format(module="h", kernel=3)),
    ],
    "findings": [write("a.py", BAD), write("h.py", HELPER), write("call.py", CALLER.format(module="h", kernel=5))],
}


@pytest.mark.parametrize("words", [(), ("h.py",), (".", "--statistics")], ids=str)
@pytest.mark.parametrize("name", UNCHANGED)
def test_what_did_not_change_is_not_evaluated(
    padlint: Padlint, folder: Path, evaluated: list[str], name: str, words: tuple[str, ...]
) -> None:
    for act in UNCHANGED[name]:
        act(folder)
    if words == ("h.py",) and not (folder / "h.py").exists():
        words = ("a.py",)
    first = padlint("check", *words, "--jobs", "1")
    assert evaluated
    evaluated.clear()
    assert padlint("check", *words, "--jobs", "1") == first
    assert padlint("check", *words, "--jobs", "1") == first
    assert evaluated == []


def test_a_change_in_the_same_moment_is_seen(tmp_path: Path) -> None:
    """File systems tell time in steps: what changes twice within one has the same times, and the same size here."""
    file = tmp_path / "a.py"
    for number in range(200):
        file.write_text(f"x = {number % 10}\n")
        seen = Disk()
        seen.changes_of(str(tmp_path))
        file.write_text(f"x = {(number + 1) % 10}\n")
        assert not Disk().agrees(seen.facts)


ALONE = {
    "disk.py": "the one that looks",
    "reading.py": "reads for it",
    "cache.py": "what it holds depends on nothing else",
    "again.py": "where the cache lies",
    "fixes.py": "writes",
    "outcome.py": "writes",
    "report/deliver.py": "writes",
    "output.py": "writes",
    "baseline.py": "writes",
    "pages.py": "padlint's own files",
    "past.py": "git, which is never remembered",
    "repository.py": "git, which is never remembered",
    "sealed.py": "git, which is never remembered",
    "commands/port.py": "never remembered",
    "commands/explain.py": "never remembered",
    "syntax/source.py": "reads what an editor names",
}
LOOKS = {
    *"isfile isdir exists lexists islink ismount realpath getmtime getsize samefile scandir listdir stat lstat".split(),
    *"readlink access open resolve is_file is_dir is_symlink iterdir glob rglob read_text read_bytes read_file".split(),
}


def test_nothing_but_the_disk_looks_at_the_disk() -> None:
    root = Path(padlint.__file__).parent
    found = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            match node.func:
                case ast.Attribute(value, name) if name in LOOKS and not ast.unparse(value).endswith("disk"):
                    found.add((str(path.relative_to(root)), ast.unparse(node)))
                case ast.Name("open" | "read_file"):
                    found.add((str(path.relative_to(root)), ast.unparse(node)))
    assert {path for path, _ in found} <= set(ALONE), [each for each in sorted(found) if each[0] not in ALONE]
    assert set(ALONE) == {path for path, _ in found}


WATCHED = """\
import json, os, sys
seen = set()
def hook(event, arguments):
    if event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], str):
        seen.add(os.path.abspath(arguments[0]))
sys.addaudithook(hook)
from padlint import again, cli
kept = []
remember = again.remember
again.remember = lambda words, folder, facts, *said: kept.append(dict(facts))
cli.main(["check", "--jobs", "1"])
asked = {os.path.abspath(question[1:]) for facts in kept for question in facts}
home = os.getcwd() + os.sep
print(json.dumps([sorted(path for path in seen if path.startswith(home) and ".padlint_cache" not in path), sorted(asked)]))
"""


def test_whatever_a_run_opens_is_among_its_facts(folder: Path) -> None:
    for act in (*UNCHANGED["a helper and its caller"], *UNCHANGED["files"], write("p/.gitignore", "x.py\n")):
        act(folder)
    done = subprocess.run([sys.executable, "-c", WATCHED], cwd=folder, capture_output=True, text=True, check=True)
    seen, asked = ast.literal_eval(done.stdout.splitlines()[-1])
    assert str(folder / "h.py") in seen and str(folder / "p/.gitignore") in seen
    assert set(seen) <= set(asked)
