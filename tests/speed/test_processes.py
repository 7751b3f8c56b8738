"""Several processes say what one says, in the same order; they end when they are told to, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from padlint import crew, hands
from padlint.work import Worker
from tests.speed.conftest import Padlint, own_files

MODEL = """\
from torch import nn


def build(width, depth=12):
    layers = []
    for number in range(depth):
        layers += [nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(3, padding=2))


def small():
    return build(8)
"""


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes help however little there is to do."""
    monkeypatch.setattr(crew, "WORTH", 1)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("command", ["check", "shapes"])
@pytest.mark.parametrize("jobs", ["2", "5"])
def test_any_number_of_processes_says_the_same(padlint: Padlint, folder: Path, command: str, jobs: str) -> None:
    own_files(folder)
    words = (command, ".", "--output-format", "json", "--no-cache", "--jobs")
    assert padlint(*words, jobs) == padlint(*words, "1")


@pytest.mark.usefixtures("eager")
def test_processes_that_are_no_doubles_say_the_same(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.py").write_text(MODEL)
    words = ("check", ".", "--output-format", "json", "--no-cache", "--jobs")
    monkeypatch.setattr(hands, "FORKS", False)
    assert padlint(*words, "2") == padlint(*words, "1")


@pytest.mark.usefixtures("eager")
def test_what_processes_found_is_remembered(padlint: Padlint, folder: Path, evaluated: list[str]) -> None:
    own_files(folder)
    (folder / "net.py").write_text(MODEL)
    words = ("shapes", ".", "--output-format", "json", "--jobs")
    padlint(*words, "2")
    evaluated.clear()
    (folder / "zoo.py").write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU())\n")
    padlint(*words, "1")
    assert set(evaluated) == {"zoo.py"}


@pytest.mark.usefixtures("eager")
def test_a_process_that_dies_takes_no_more_than_its_task_with_it(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.py").write_text(MODEL)
    here, do = os.getpid(), Worker.do

    def dying(self: Worker, wanted: object, task: object) -> object:
        if os.getpid() != here and "two" in task.path:  # type: ignore[attr-defined]
            os.kill(os.getpid(), signal.SIGKILL)
        return do(self, wanted, task)  # type: ignore[arg-type]

    monkeypatch.setattr(Worker, "do", dying)
    before = children(here)
    code, out, err = padlint("check", ".", "--jobs", "2", "--no-cache")
    died = "the process that evaluated it was ended by signal 9; with --jobs 1 there is only one process"
    assert code == 2
    assert [line for line in err.splitlines() if "one process" in line] == [f"padlint: two.py: not analysed: {died}"]
    told = padlint("check", "one.py", "three.py", "--jobs", "1", "--no-cache")
    assert told[1] == out != ""
    assert children(here) == before


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("command", ["check", "shapes"])
def test_a_process_that_died_is_not_remembered(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """It was ended from outside: the next run may well come to its end."""
    for name in ("one", "two"):
        (folder / f"{name}.py").write_text(MODEL)
    here, do = os.getpid(), Worker.do

    def dying(self: Worker, wanted: object, task: object) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return do(self, wanted, task)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "do", dying)
        assert padlint(command, ".", "--jobs", "2")[0] == 2
    assert padlint(command, ".", "--jobs", "2") == padlint(command, ".", "--jobs", "2", "--no-cache")


@pytest.mark.usefixtures("eager")
def test_a_users_mistake_is_told_by_any_process(padlint: Padlint, folder: Path) -> None:
    for name in ("one", "two", "three"):
        (folder / f"{name}.py").write_text(f"# padlint: keras=nowhere.py:model\n{MODEL}\nnet = small()\n")
    words = ("check", ".", "--no-cache", "--keras", "nowhere.py:model", "--jobs")
    assert padlint(*words, "2") == padlint(*words, "1")
    assert padlint(*words, "2")[0] == 2


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_wrong_number_of_processes_is_a_mistake(padlint: Padlint, text: str) -> None:
    code, _, err = padlint("check", f"--jobs={text}")
    assert code == 2
    assert f"must be a number from 1 up, not '{text}'" in err


def test_ctrl_c_ends_all_at_once(folder: Path) -> None:
    for number in range(60):
        models = (MODEL.replace("12", str(30 + each)).replace("build", f"build{each}") for each in range(10))
        (folder / f"net{number}.py").write_text("".join(models))
    process = subprocess.Popen(
        [sys.executable, "-m", "padlint", "check", ".", "--jobs", "3"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 600
    while not children(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert children(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, err) == (130, b"", b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def children(process: int) -> list[str]:
    """The processes that one has started and that still run."""
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()
