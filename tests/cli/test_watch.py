"""`--watch` and the progress bar: padlint as a process of its own, on a terminal and elsewhere."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import contents

BAD = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
CLEAN = BAD.replace("padding=2", "padding=1")
PADLINT = (sys.executable, "-m", "padlint")
CONCISE = ("check", "--output-format", "concise")
DEADLINE = 600


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
def watched(log: Path, *words: str, command: Sequence[str] = PADLINT) -> Iterator[Watched]:
    with log.open("wb") as file:
        process = subprocess.Popen([*command, *CONCISE, "--watch", *words], stdout=file, stderr=subprocess.STDOUT)
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


SEQUENTIAL = "from torch import nn\n\n# padlint: input=(N, 3, 8, 8)\nnet = nn.Sequential({})  # padlint: same\n"
USING = "from sizes import K\n" + SEQUENTIAL.format("nn.Conv2d(3, 8, K, padding=1)")
HELPER = "from torch import nn\n\n\ndef conv(kernel):\n    return nn.Conv2d(3, 8, kernel, padding=1)  # padlint: same\n"
CALLER = "import torch\nfrom helper import conv\n\nconv(5)(torch.zeros(1, 3, 8, 8))\n"
NOTHING = "padlint: nothing found in 1 file\n"


def put(folder: Path, room: Path, name: str, text: str) -> None:
    """Let a file with its folders be there all at once."""
    (room / name).parent.mkdir(parents=True, exist_ok=True)
    (room / name).write_text(text)
    first = Path(name).parts[0]
    (room / first).rename(folder / first)


def test_a_module_that_was_missing_is_made(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(USING)
    with watched(tmp_path_factory.mktemp("log") / "log", "net.py") as run:
        assert run.next_round() == NOTHING
        (folder / "sizes.py").write_text("K = 5\n")
        assert run.next_round().startswith("net.py:5:")
        put(folder, tmp_path_factory.mktemp("other"), "sizes/__init__.py", "K = 3\n")
        assert run.next_round() == NOTHING


@pytest.mark.parametrize("caller", ["main.py", ".hidden/main.py", "new/folder/main.py"])
def test_another_file_begins_to_call(folder: Path, tmp_path_factory: pytest.TempPathFactory, caller: str) -> None:
    (folder / "pyproject.toml").write_text("")
    (folder / "helper.py").write_text(HELPER)
    (folder / "main.py").write_text("import torch\n")
    with watched(tmp_path_factory.mktemp("log") / "log", "helper.py") as run:
        assert run.next_round() == NOTHING
        put(folder, tmp_path_factory.mktemp("other"), caller, CALLER)
        assert run.next_round().startswith("helper.py:5:")


def test_a_baseline_is_written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(BAD)
    baseline = ("--baseline", "known.json", ".")
    with watched(tmp_path_factory.mktemp("log") / "log", *baseline) as run:
        assert run.next_round() == "padlint: known.json: no such baseline; --write-baseline makes one\n"
        subprocess.run([*PADLINT, "check", *baseline, "--write-baseline"], check=True)
        assert run.next_round().startswith("padlint: nothing found in 1 file")
        (folder / "known.json").write_text("[]")
        assert "not a baseline" in run.next_round()


def test_a_link_leads_elsewhere_and_a_configuration_is_extended(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "good.py").write_text(CLEAN)
    (folder / "bad.py").write_text(BAD)
    (folder / "net.py").symlink_to("good.py")
    (folder / "padlint.toml").write_text("extend = 'base.toml'\n")
    with watched(tmp_path_factory.mktemp("log") / "log", "net.py") as run:
        assert "base.toml" in run.next_round()
        (folder / "base.toml").write_text("")
        assert run.next_round() == NOTHING
        (folder / "other").symlink_to("bad.py")
        (folder / "other").rename(folder / "net.py")
        assert run.next_round().startswith("net.py:3:32: PAD103 ")
        (folder / "base.toml").write_text("ignore = ['PAD1']\n")
        assert run.next_round() == NOTHING


def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(CLEAN)
    before = (folder / "net.py").stat()
    with watched(tmp_path_factory.mktemp("log") / "log", "net.py") as run:
        assert run.next_round() == NOTHING
        (folder / "net.py").write_text(BAD)
        os.utime(folder / "net.py", ns=(before.st_atime_ns, before.st_mtime_ns))
        assert run.next_round().startswith("net.py:3:32: PAD103 ")


@pytest.mark.usefixtures("repository")
def test_the_revision_is_another_one(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(BAD)
    with watched(tmp_path_factory.mktemp("log") / "log", "--since", "HEAD", ".") as run:
        assert run.next_round().startswith("net.py:3:32: PAD103 ")
        subprocess.run(["git", "add", "-A"], check=True)
        subprocess.run(["git", "commit", "-qm", "all"], check=True)
        assert run.next_round().startswith("padlint: nothing found in 1 file")


def test_an_error_in_padlint_is_told_and_watching_goes_on(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "net.py").write_text(f"{CLEAN}# boom\n")
    log = tmp_path_factory.mktemp("log") / "log"
    with watched(log, "net.py", command=(sys.executable, "-c", CRASH)) as run:
        assert "this is an error in padlint, not in your code" in run.next_round()
        (folder / "net.py").write_text(CLEAN)
        assert run.next_round() == NOTHING


CRASH = """\
import padlint.checking
comments_of = padlint.checking.comments_of
padlint.checking.comments_of = lambda source: comments_of(source) if 'boom' not in source.text else [][1]
from padlint.cli import entry
entry()
"""


def test_what_does_not_concern_it_is_not_checked_again(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "net.py").write_text(CLEAN)
    (folder / "other.py").write_text(BAD)
    with watched(tmp_path_factory.mktemp("log") / "log", "net.py") as run:
        assert run.next_round() == NOTHING
        (folder / "other.py").write_text(CLEAN)
        (folder / "notes.txt").write_text("")
        time.sleep(2)
        (folder / "net.py").write_text(BAD)
        assert run.next_round().startswith("net.py:3:32: PAD103 ")
        assert run.log.read_text().count("watching for changes") == 2


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
