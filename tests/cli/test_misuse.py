"""What people get wrong: one clear line, the exit code, nothing written."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

CLEAN = "from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU())\n"
BAD = CLEAN.replace("nn.ReLU()", "nn.MaxPool2d(3, padding=2)")


@pytest.fixture
def project(folder: Path) -> Path:
    """A clean model, a bad one, and what can go wrong beside them."""
    (folder / "clean.py").write_text(CLEAN)
    (folder / "bad.py").write_text(BAD)
    (folder / "empty").mkdir()
    (folder / "gone.py").symlink_to("nowhere.py")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "wrong.toml").write_text("selct = []\n")
    (folder / "newer.toml").write_text("required-version = '>=99'\n")
    (folder / "contrary.toml").write_text("select = ['PAD101']\nignore = ['PAD101']\n")
    (folder / "unknown.toml").write_text("ignore = ['PAD1O1']\n")
    return folder


CHECK = "check --quiet"
MISUSE = [
    ("chekc", "unknown command 'chekc'; did you mean 'check'?"),
    ("--verison", "unknown option '--verison'; did you mean '--version'?"),
    (f"{CHECK} --selct PAD1 clean.py", "unknown option '--selct'; did you mean '--select'?"),
    (f"{CHECK} --unsafe-fix --fix clean.py", "unknown option '--unsafe-fix'; did you mean '--unsafe-fixes'?"),
    (f"{CHECK} --select", "argument --select: expected one argument"),
    (f"{CHECK} --select PAD1O1 clean.py", "unknown rule 'PAD1O1'; did you mean 'PAD101'?"),
    (f"{CHECK} --ignore shape-not-sane clean.py", "unknown rule 'shape-not-sane'; did you mean 'shape-not-same'?"),
    (f"{CHECK} --ignore E501 clean.py", "unknown rule 'E501'"),
    (f"{CHECK} --config unknown.toml clean.py", "unknown rule 'PAD1O1'; did you mean 'PAD101'?"),
    (f"{CHECK} --per-file-ignores PAD101 clean.py", "--per-file-ignores PAD101: must be GLOB:RULES"),
    (f"{CHECK} --fail-on eror clean.py", "argument --fail-on: invalid choice: 'eror' (choose from "),
    (f"{CHECK} --output-format sarf clean.py", "unknown output format 'sarf'; did you mean 'sarif'?"),
    (f"{CHECK} --output-format full --output-format json clean.py", "two output formats go to standard output; "),
    (f"{CHECK} --fix --diff clean.py", "--fix and --diff contradict each other: --diff changes nothing"),
    (f"{CHECK} --unsafe-fixes clean.py", "--unsafe-fixes needs --fix or --diff"),
    (f"{CHECK} --exit-zero --fail-on error clean.py", "--exit-zero and --fail-on contradict each other"),
    (f"{CHECK} --input 3,x+,32 clean.py", "in the shape '3,x+,32'"),
    (f"{CHECK} --input 3,32.5,32 clean.py", "in the shape '3,32.5,32'"),
    (f"{CHECK} --input= clean.py", "'' is not a shape such as 3,32,32 or (N, 3, 32, 32)"),
    (f"{CHECK} --config nothing.toml clean.py", "nothing.toml: No such file or directory"),
    (f"{CHECK} --config wrong.toml clean.py", "wrong.toml: unknown key 'selct'; did you mean 'select'?"),
    (f"{CHECK} --config newer.toml clean.py", "newer.toml: required-version: >=99 is wanted, this is padlint "),
    (f"{CHECK} --config contrary.toml clean.py", "contrary.toml: PAD101 is both in select and in ignore"),
    (f"{CHECK} --config selct=[] clean.py", "--config selct=[]: unknown key 'selct'; did you mean 'select'?"),
    (f"{CHECK} --config select=PAD1 clean.py", "select: must be a list of strings, not a string"),
    (f"{CHECK} --isolated --config newer.toml", "--isolated and --config FILE contradict each other"),
    (f"{CHECK} missing.py", "missing.py: No such file or directory"),
    (f"{CHECK} clean.py missing.py", "missing.py: No such file or directory"),
    (f"{CHECK} --fix clean.py missing.py", "missing.py: No such file or directory"),
    (f"{CHECK} gone.py", "gone.py: No such file or directory"),
    (f"{CHECK} loop.py", "loop.py: Too many levels of symbolic links"),
    (f"{CHECK} - clean.py", "- (standard input) cannot be checked together with other paths"),
    (f"{CHECK} --stdin-filename m.py clean.py", "--stdin-filename needs the path -"),
    (f"{CHECK} --output-format json:no/such/report.json clean.py", "no/such/report.json: No such file or directory"),
    (f"{CHECK} --baseline missing.json clean.py", "missing.json: no such baseline; --write-baseline makes one"),
    (f"{CHECK} --baseline clean.py clean.py", "clean.py: not a baseline: Expecting value: line 1 column 1"),
    (f"{CHECK} --baseline clean.py --write-baseline bad.py", "clean.py: not a baseline: "),
    (f"{CHECK} --baseline empty clean.py", "empty: Is a directory"),
    (f"{CHECK} --baseline no/such/known.json --write-baseline bad.py", "no/such/known.json: No such file or directory"),
    (f"{CHECK} --write-baseline bad.py", "--write-baseline needs --baseline"),
    (f"{CHECK} --prune-baseline bad.py", "--prune-baseline needs --baseline"),
    (f"{CHECK} --baseline a --write-baseline --prune-baseline", "--write-baseline and --prune-baseline contradict"),
    (f"{CHECK} --baseline a --write-baseline --since HEAD", "--write-baseline and --since contradict each other"),
    (f"{CHECK} --baseline a --write-baseline -", "a baseline is not written from standard input"),
    (f"{CHECK} --since HEAD bad.py", "--since HEAD: not a git repository"),
    (f"{CHECK} --since", "argument --since: expected one argument"),
    (f"{CHECK} --add-ignore --fix bad.py", "--add-ignore and --fix contradict each other"),
    (f"{CHECK} --add-ignore --diff bad.py", "--add-ignore and --diff contradict each other"),
    (f"{CHECK} --add-ignores bad.py", "unknown option '--add-ignores'; did you mean '--add-ignore'?"),
    (f"{CHECK} --watch --diff bad.py", "--watch and --diff contradict each other"),
    (f"{CHECK} --watch -", "- (standard input) cannot be watched"),
    ("completion", "the following arguments are required: shell"),
    ("completion tcsh", "argument shell: invalid choice: 'tcsh'"),
    ("server --port 3", "unknown option '--port'"),
    ("shapes missing.py", "missing.py: No such file or directory"),
    ("shapes --output-format yaml clean.py", "argument --output-format: invalid choice: 'yaml'"),
    ("rule", "name one rule, or say --all"),
    ("rule PAD201 --all", "name one rule, or say --all"),
    ("rule PAD2O1", "unknown rule 'PAD2O1'; did you mean 'PAD201'?"),
    ("solve --input 30 --kernel 3", "one of the arguments --same --valid --output is required"),
    ("solve --input 30 --kernel 3 --same --valid", "argument --valid: not allowed with argument --same"),
    ("solve --kernel 3 --same", "the following arguments are required: --input"),
    ("solve --input 30 --kernel 0 --same", "--kernel 0: must be of the form 3 or 3x5, with numbers of at least 1"),
    ("solve --input 30 --kernel three --same", "--kernel three: must be of the form 3 or 3x5"),
    ("solve --input 64..28 --kernel 3 --same", "--input 64..28: must be of the form 30, 30x40 or 28..64"),
    ("solve --input 30x30 --kernel 3x3x3 --same", "--kernel 3x3x3 is for 3 axes, --input for 2"),
    ("solve --input 9x9x9x9 --kernel 3 --same", "--input 9x9x9x9: torch's layers have at most 3 spatial axes"),
    ("solve --input 30 --kernel " + "9" * 5000 + " --same", "must be of the form 3 or 3x5"),
]


@pytest.mark.parametrize(("words", "complaint"), MISUSE, ids=[words[:60] for words, _ in MISUSE])
def test_a_mistake_is_one_line_and_nothing_is_written(
    padlint: Padlint, project: Path, words: str, complaint: str
) -> None:
    before = contents(project)
    done = padlint(*words.split())
    assert done.code == 2
    assert done.complaint.startswith("padlint: ")
    assert complaint in done.complaint
    assert contents(project) == before


def test_the_rest_is_checked_before_a_missing_path_is_reported(padlint: Padlint, project: Path) -> None:
    done = padlint("check", "--output-format", "concise", "--quiet", "missing.py", "bad.py")
    assert done.code == 2
    assert done.out.startswith("bad.py:3:")
    assert done.complaint == "padlint: missing.py: No such file or directory"


def test_a_folder_without_python_is_a_warning(padlint: Padlint, project: Path) -> None:
    done = padlint("check", "empty")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines()[0] == "padlint: no Python files in empty"


@pytest.mark.parametrize(
    ("name", "data", "line", "column"),
    [
        ("draft.py", b"x = 1\nnn.Conv2d(3, padding=?)\n", 2, 22),
        ("latin.py", b"# caf\xe9\nimport torch\n", 1, 6),
        ("binary.py", b"import torch\n\x00\x01\x02", 2, 1),
        ("unknown.py", b"# -*- coding: klingon -*-\nimport torch\n", 1, 1),
    ],
)
@pytest.mark.parametrize("mode", ["check", "check --fix --unsafe-fixes"])
def test_a_file_that_is_not_python_is_a_finding(
    padlint: Padlint, folder: Path, name: str, data: bytes, line: int, column: int, mode: str
) -> None:
    (folder / name).write_bytes(data)
    done = padlint(*mode.split(), "--quiet", "--output-format", "concise", name)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith(f"{name}:{line}:{column}: PAD001 ")
    assert (folder / name).read_bytes() == data


def test_an_empty_file_is_clean(padlint: Padlint, folder: Path) -> None:
    (folder / "empty.py").write_bytes(b"")
    done = padlint("check", "--quiet", "empty.py")
    assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("directive", ["input=(N, 3", "inptu=(N, 3, 8, 8)", "same, valid", "out=x y"])
def test_a_malformed_directive_is_a_finding(padlint: Padlint, folder: Path, directive: str) -> None:
    (folder / "net.py").write_text(CLEAN.replace("\nnet", f"\n# padlint: {directive}\nnet"))
    done = padlint("check", "--quiet", "--output-format", "concise", "net.py")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("net.py:3:")
    assert ": PAD002 " in done.out


def test_a_full_disk_leaves_the_old_file_whole(project: Path) -> None:
    """The limit on a file's size stands for the full disk: the write ends in the middle, with an OSError."""
    before = contents(project)
    done = subprocess.run(
        [sys.executable, "-B", "-m", "padlint", "check", "--quiet", "--fix", "--unsafe-fixes", "bad.py"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr == f"padlint: bad.py: not fixed: {os.strerror(errno.EFBIG)}\n"
    assert contents(project) == before


# ---------------------------------------------------------------- the process around it


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "padlint", *arguments]


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    (folder / "bad.py").write_text(BAD)
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(command("check", "--quiet", "bad.py"), stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    _, complaint = process.communicate(timeout=600)
    assert (process.returncode, complaint) == (1, "")


REPLACED = """
import os, signal
import padlint.commands.rule as rule
from padlint.cli import entry
rule.pages = lambda: {what}
entry()
"""


def test_interrupted_is_130_without_a_traceback() -> None:
    script = REPLACED.format(what="os.kill(os.getpid(), signal.SIGINT)")
    done = subprocess.run([sys.executable, "-c", script, "rule", "--all"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_an_error_in_padlint_is_exit_code_2() -> None:
    script = REPLACED.format(what="1 / 0")
    done = subprocess.run([sys.executable, "-c", script, "rule", "--all"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("padlint: this is an error in padlint, not in your code")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "--help"], ["help"], []])
def test_help_and_version_are_no_mistakes(padlint: Padlint, words: list[str]) -> None:
    done = padlint(*words)
    assert (done.code, done.err) == (0, "")
    assert "padlint" in done.out
