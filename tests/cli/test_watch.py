"""`--watch` and the progress bar: padlint as a process of its own, on a terminal and elsewhere."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import contents

BAD = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
CLEAN = BAD.replace("padding=2", "padding=1")
PADLINT = (sys.executable, "-m", "padlint")
CONCISE = ("check", "--output-format", "concise")
DEADLINE = 60


class Watched:
    """A running `padlint check --watch`; its two streams are one file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self.log, self.rounds = process, log, 0

    def next_round(self) -> str:
        """What the next check says."""
        self.rounds += 1
        return self._until(lambda text: text.count("watching for changes") >= self.rounds)

    def _until(self, good) -> str:  # type: ignore[no-untyped-def]
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            text = self.log.read_text()
            if good(text):
                return text.split("padlint: watching for changes; Ctrl-C ends it\n")[self.rounds - 1]
            assert self.process.poll() is None, text
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())


@contextmanager
def watched(log: Path, *words: str) -> Iterator[Watched]:
    with log.open("wb") as file:
        process = subprocess.Popen([*PADLINT, *CONCISE, "--watch", *words], stdout=file, stderr=subprocess.STDOUT)
    try:
        yield Watched(process, log)
    finally:
        process.kill()
        process.wait()


def test_a_change_is_checked_and_ctrl_c_ends_it(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    log = tmp_path_factory.mktemp("log") / "log"
    (folder / "net.py").write_text(CLEAN)
    with watched(log) as run:
        assert run.next_round() == "padlint: nothing found in 1 file\n"
        (folder / "net.py").write_text(BAD)
        assert run.next_round().startswith("net.py:3:32: PAD103 ")
        (folder / "sub").mkdir()
        (folder / "sub" / "new.py").write_text(BAD)
        assert "sub/new.py:3:32: PAD103 " in run.next_round()
        (folder / "padlint.toml").write_text("selct = []\n")
        assert "unknown key 'selct'; did you mean 'select'?" in run.next_round()
        (folder / "padlint.toml").write_text("ignore = ['PAD103']\n")
        assert run.next_round() == "padlint: nothing found in 2 files\n"
        run.process.send_signal(signal.SIGINT)
        assert run.process.wait(DEADLINE) == 0
    assert log.read_text().endswith("Ctrl-C ends it\n")


def test_an_imported_file_that_is_not_checked_counts(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "sizes.py").write_text("padding = 1\n")
    (folder / "net.py").write_text("from sizes import padding\n" + BAD.replace("padding=2", "padding=padding"))
    with watched(tmp_path_factory.mktemp("log") / "log", "net.py") as run:
        assert run.next_round() == "padlint: nothing found in 1 file\n"
        (folder / "sizes.py").write_text("padding = 2\n")
        assert run.next_round().startswith("net.py:4:32: PAD103 ")


def test_fixing_ends_after_what_can_be_fixed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(BAD)
    with watched(tmp_path_factory.mktemp("log") / "log", "--fix", "--unsafe-fixes") as run:
        assert run.next_round() == "padlint: 1 fix applied; nothing found in 1 file\n"
        assert run.next_round() == "padlint: nothing found in 1 file\n"
        assert (folder / "net.py").read_text() == CLEAN
        time.sleep(2)
        assert run.log.read_text().count("watching for changes") == 2


# ---------------------------------------------------------------- progress


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files enough for a run of several seconds."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(100):
        layers = "".join(f"    nn.Conv2d({8 + n}, {9 + n}, 3, padding=1),\n" for n in range(30))
        text = f"from torch import nn\n\n\ndef build{number}():\n    return nn.Sequential(\n{layers}    )\n"
        (folder / f"m{number}.py").write_text(text)
    return folder


def on_a_terminal(*words: str, cwd: Path) -> str:
    """What comes to standard error where that is a terminal."""
    reader, writer = pty.openpty()
    process = subprocess.Popen([*PADLINT, *words], cwd=cwd, stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    found = b""
    try:
        while data := os.read(reader, 65536):
            found += data
    except OSError:
        pass  # the other end is closed
    os.close(reader)
    assert process.wait(DEADLINE) == 0
    return found.decode()


def test_a_long_run_shows_a_bar_that_grows_and_goes(many: Path) -> None:
    before = contents(many)
    said = on_a_terminal("check", "--no-cache", ".", cwd=many)
    drawn = [part for part in said.split("\r\x1b[K") if part.startswith("padlint: [")]
    shares = [int(part.partition("]")[2].split("%")[0]) for part in drawn]
    assert len(drawn) >= 2
    assert shares == sorted(shares)
    assert all(part.endswith("% of 100 files") for part in drawn)
    assert said.split("\r\x1b[K")[-1] == "padlint: nothing found in 100 files\r\n"
    assert contents(many) == before


def test_no_bar_on_short_runs_nor_where_it_is_quiet_nor_elsewhere(many: Path) -> None:
    assert on_a_terminal("check", "--no-cache", "m1.py", cwd=many) == "padlint: nothing found in 1 file\r\n"
    assert on_a_terminal("check", "--no-cache", "--quiet", cwd=many) == ""
    done = subprocess.run([*PADLINT, "check", "--no-cache"], cwd=many, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "padlint: nothing found in 100 files\n")
