"""Edits, diffs, and writes that happen wholly or not at all."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint import fixes
from padlint.errors import UnreadableError
from padlint.finding import Edit, Fix
from padlint.syntax.source import Source
from tests.cli.conftest import Padlint, contents
from tests.cli.samples import span


def edit(line: int, first: int, last: int, content: str) -> Edit:
    return Edit(span("m.py", line, first, last), content)


def fix(*edits: Edit) -> Fix:
    return Fix("fix", edits, "safe")


def applied(text: str, *wanted: Fix) -> str:
    source = Source.from_bytes(text.encode(), "m.py")
    return source.encode(fixes.apply(source, fixes.compatible(wanted))).decode()


@pytest.mark.parametrize(
    ("text", "edits", "result"),
    [
        ("f(1)\n", [edit(1, 3, 4, "22")], "f(22)\n"),
        ("f(1)\r\ng(2)\r\n", [edit(2, 3, 4, "x"), edit(1, 3, 4, "y")], "f(y)\r\ng(x)\r\n"),
        ("f(1)\rg(2)", [edit(2, 3, 4, "x")], "f(1)\rg(x)"),
        ("\ufefff(1)", [edit(1, 3, 4, "x")], "\ufefff(x)"),
        ("'😀\x0c\u2028'; f(1)", [edit(1, 10, 11, "x")], "'😀\x0c\u2028'; f(x)"),
        ("f(1, 2)", [edit(1, 3, 3, "0, "), edit(1, 7, 7, ", 3")], "f(0, 1, 2, 3)"),
    ],
    ids=["one", "crlf", "cr", "bom", "astral, form feed, line separator", "insertions"],
)
def test_only_the_spans_change(text: str, edits: list[Edit], result: str) -> None:
    assert applied(text, fix(*edits)) == result


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (edit(1, 1, 3, "x"), edit(1, 3, 5, "y"), True),
        (edit(1, 1, 4, "x"), edit(1, 3, 5, "y"), False),
        (edit(1, 1, 5, "x"), edit(1, 2, 3, "y"), False),
        (edit(1, 3, 3, "x"), edit(1, 3, 3, "y"), False),
        (edit(1, 3, 3, "x"), edit(1, 3, 5, "y"), False),
        (edit(1, 3, 3, "x"), edit(2, 3, 3, "y"), True),
    ],
    ids=["adjacent", "overlap", "inside", "two insertions", "insertion before", "other line"],
)
def test_of_overlapping_fixes_the_first_is_kept(one: Edit, other: Edit, both: bool) -> None:
    assert fixes.compatible([fix(one), fix(other)]) == ((fix(one), fix(other)) if both else (fix(one),))


def test_the_same_fix_of_two_findings_counts_once() -> None:
    assert fixes.compatible([fix(edit(1, 1, 2, "x"))] * 2) == (fix(edit(1, 1, 2, "x")),)


@pytest.mark.parametrize(
    ("text", "good"), [("f(1)", True), ("f(1", False), ("def f[T](x: T): ...", True), ("\0", False)]
)
def test_what_does_not_parse_is_seen(text: str, good: bool) -> None:
    assert fixes.parses(Source.from_bytes(b"", "m.py"), text) is good


LINES = st.lists(st.sampled_from(["a", "b", "\tc", "é", "d\r", ""]), max_size=8)


@given(old=LINES, new=LINES, ends=st.tuples(st.booleans(), st.booleans()))
def test_git_applies_the_diff(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], ends: tuple[bool, bool]
) -> None:
    before, after = ("\n".join(part).encode() + b"\n" * end for part, end in zip((old, new), ends, strict=True))
    patch = fixes.diff("m.py", before, after)
    if before == after or not before or not after:  # git says of an empty file that it is created or deleted
        return
    folder = tmp_path_factory.mktemp("apply")
    (folder / "m.py").write_bytes(before)
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=patch, cwd=folder, check=True)
    assert (folder / "m.py").read_bytes() == after


def test_nothing_changed_is_no_diff() -> None:
    assert fixes.diff("m.py", b"x\n", b"x\n") == b""


# ---------------------------------------------------------------- writing


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.py"
    path.write_bytes(b"old")
    return path


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o664])
def test_the_mode_is_kept(model: Path, mode: int) -> None:
    model.chmod(mode)
    fixes.write(str(model), b"old", b"new")
    assert (model.read_bytes(), model.stat().st_mode & 0o7777) == (b"new", mode)


def test_links_are_followed_and_stay_links(model: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    link = tmp_path / "sub" / "link.py"
    link.symlink_to("../m.py")
    fixes.write(str(link), b"old", b"new")
    assert link.is_symlink()
    assert model.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_is_refused(model: Path, tmp_path: Path) -> None:
    model.write_bytes(b"newer")
    before = contents(tmp_path)
    with pytest.raises(UnreadableError, match=r"m\.py: changed while it was checked, not fixed$"):
        fixes.write(str(model), b"old", b"new")
    assert contents(tmp_path) == before


def test_a_read_only_file_is_refused() -> None:
    """In a child that is not root, whom a mode does not stop."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        model = folder / "m.py"
        model.write_bytes(b"old")
        model.chmod(0o444)
        child = os.fork()
        if child == 0:
            if os.geteuid() == 0:
                os.setuid(65534)
            try:
                fixes.write(str(model), b"old", b"new")
            except UnreadableError as problem:
                os._exit(7 if str(problem) == f"{model}: read-only, not fixed" else 8)
            os._exit(9)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert contents(folder) == {str(model): b"old"}


def test_a_file_that_is_gone_is_refused(model: Path, tmp_path: Path) -> None:
    model.unlink()
    with pytest.raises(UnreadableError, match=r"m\.py: not fixed: No such file"):
        fixes.write(str(model), b"old", b"new")
    assert contents(tmp_path) == {}


FULL_DISK = """
import resource, sys
from padlint import fixes
from padlint.errors import UnreadableError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    fixes.write(sys.argv[1], b"old", b"new" * 1000)
except UnreadableError as problem:
    sys.exit(str(problem))
"""


def test_a_write_that_fails_half_way_leaves_the_old_file_whole(model: Path, tmp_path: Path) -> None:
    """The limit on a file's size stands for the full disk: the write ends in the middle, with an OSError."""
    done = subprocess.run([sys.executable, "-c", FULL_DISK, str(model)], capture_output=True, text=True)
    assert done.stderr == f"{model}: not fixed: {os.strerror(errno.EFBIG)}\n"
    assert contents(tmp_path) == {str(model): b"old"}


UNPROVED = """\
import torch
from torch import nn
from elsewhere import helper


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(10, 5)
        self.rnn = nn.LSTM(5, 6)

    def forward(self, x):
        if self.fc.in_features {condition}:
            {what}
        x = self.fc(x)
        return self.rnn(x, (torch.zeros(1, 6), torch.zeros(1, 6)))


Net()(torch.zeros(1, 48))
"""


@pytest.mark.parametrize("what", ["x = helper(x)", "return x", "x = x[helper]", "raise ValueError"])
@pytest.mark.parametrize(("condition", "offered"), [("== 48", False), ("!= 10", False), ("== 7", True)])
def test_a_fix_behind_which_nothing_is_known_is_not_proved(
    padlint: Padlint, folder: Path, what: str, condition: str, offered: bool
) -> None:
    (folder / "a.py").write_text(UNPROVED.format(what=what, condition=condition))
    found = json.loads(padlint("check", "--output-format", "json").out)
    assert [each["code"] for each in found] == ["PAD303"]
    assert (found[0]["fix"] is not None) == offered
    before = (folder / "a.py").read_text()
    done = padlint("check", "--fix", "--unsafe-fixes")
    assert ((folder / "a.py").read_text() != before, done.code) == (offered, 0 if offered else 1)
