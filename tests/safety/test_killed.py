"""A run that ends in the middle leaves every file whole: the old one or the new one."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from padlint import fixes
from padlint.cli import main
from tests.cli.conftest import contents

BAD = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n" + "# filler\n" * 2000
FIXED = BAD.replace("padding=2", "padding=1")
FILES = [f"model_{number}.py" for number in range(3)]
FIX = ("check", "--quiet", "--no-cache", "--fix", "--unsafe-fixes", ".")
SLOW = "from torch import nn\n\ndef tree(n): return nn.Sequential(tree(n - 1), tree(n - 2), *[tree(n - 3) for _ in range(n)])\n"


@pytest.fixture
def models(folder: Path) -> Path:
    for name in FILES:
        (folder / name).write_text(BAD)
    return folder


def left(folder: Path) -> tuple[int, int]:
    """How many files are old and how many new; there is no third kind."""
    texts = [(folder / name).read_text() for name in FILES]
    assert set(texts) <= {BAD, FIXED}
    return texts.count(BAD), texts.count(FIXED)


def restore(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    for name in FILES:
        (folder / name).write_text(BAD)


def test_killed_at_any_write_every_file_is_whole(models: Path) -> None:
    """200 runs, each killed at a random moment after its first write has begun."""
    assert main(FIX) == 0
    chance = random.Random(20)
    seen: set[tuple[int, int]] = set()
    changes = [(str(models / name), BAD.encode(), FIXED.encode()) for name in FILES]
    began = time.monotonic()
    restore(models)
    for change in changes:
        fixes.write(*change)
    takes = time.monotonic() - began
    for _ in range(200):
        restore(models)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, b"x")
            for change in changes:
                fixes.write(*change)
            os._exit(0)
        os.read(reading, 1)
        time.sleep(chance.random() * takes)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)
        seen.add(left(models))
    assert len(seen) > 3  # it was hit before, between and after


CHANGING = ("os.rename", "os.remove", "os.chmod")


def die_at(number: int, signal_number: int) -> None:
    """Let this process get a signal just before its file system call of that number that could change a file."""
    count = 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        writes = (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
        if event in CHANGING or writes:
            count += 1
            if count == number:
                os.kill(os.getpid(), signal_number)

    sys.addaudithook(hook)


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGINT], ids=["SIGKILL", "SIGINT"])
def test_ended_before_any_call_that_changes_a_file(
    models: Path, signal_number: signal.Signals, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every such call of a whole run with --fix, one after the other."""
    assert main(FIX) == 0
    ended = number = 0
    while True:
        number += 1
        restore(models)
        capfd.readouterr()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            die_at(number, signal_number)
            code = 99
            try:
                code = main(FIX)
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        old, _ = left(models)
        if code == 0:
            assert old == 0
            break
        ended += 1
        assert code == (-signal.SIGKILL if signal_number == signal.SIGKILL else 130)
        assert capfd.readouterr() == ("", "")
        if signal_number == signal.SIGINT:
            assert sorted(path.name for path in models.iterdir()) == FILES
    assert ended >= 3 * len(FILES)


def processes(group: int) -> Iterator[int]:
    """The processes of a group that are still there."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group and fields[0] != "Z":
                yield int(entry.name)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_at_once_without_a_word(folder: Path, jobs: str) -> None:
    """As a terminal does it: the signal goes to the whole group. What padlint works on then takes seconds."""
    for number in range(6):
        (folder / f"slow_{number}.py").write_text(SLOW + "".join(f"m{i} = tree({60 + i})\n" for i in range(600)))
    before = contents(folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "padlint", "check", "--no-cache", "--quiet", "--jobs", jobs, "."],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    wait_until_it_evaluates(process.pid)
    before_it, used = used_by_children(), used_so_far(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "")
    assert used_by_children() - before_it - used < 5
    assert list(processes(process.pid)) == []
    assert contents(folder) == before


def used_by_children() -> float:
    """Seconds of processor time, of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def used_so_far(group: int) -> float:
    """Seconds of processor time, of the processes of a group."""
    fields = [Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in processes(group)]
    return sum(int(ticks) for each in fields for ticks in each[11:15]) / os.sysconf("SC_CLK_TCK")


def wait_until_it_evaluates(pid: int) -> None:
    """LibCST's native library is loaded, and a moment has gone by."""
    while "libcst" not in Path(f"/proc/{pid}/maps").read_text():
        time.sleep(0.02)
    time.sleep(1)
