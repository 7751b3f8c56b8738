"""What is given up is said, takes nothing else with it, and nothing is claimed of what it might have changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from padlint import crew, work
from padlint.evaluate.roots import Run
from padlint.units import Task
from tests.cli.conftest import Padlint

HEADER = "import torch\nfrom torch import nn\n\n"
WRONG = "net = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"


def test_standard_input_ends_where_a_file_would() -> None:
    with Path("/dev/zero").open("rb") as endless:
        words = [sys.executable, "-m", "padlint", "check", "-"]
        done = subprocess.run(words, stdin=endless, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "padlint: -: larger than 20 MB\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("command", ["check", "shapes"])
@pytest.mark.parametrize(("error", "said"), [(MemoryError, "not enough memory"), (RecursionError, "nested too deeply")])
def test_where_python_can_go_no_further_the_other_files_are_told(
    padlint: Padlint,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
    said: str,
    command: str,
    jobs: str,
) -> None:
    monkeypatch.setattr(crew, "WORTH", 1)
    for name in ("one", "two", "three"):
        (folder / f"{name}.py").write_text(HEADER + "def f(n=3): return nn.Sequential(nn.ReLU())\n\n" + WRONG)
    run = work.run_task

    def exhausted(world: object, task: Task, *rest: object) -> Iterator[Run]:
        if task.path == "two.py":
            raise error
        yield from run(world, task, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "run_task", exhausted)
    done = padlint(command, ".", "--jobs", jobs, "--no-cache", "--output-format", "json")
    code, out, err = done.code, done.out, done.err
    assert code == 2
    assert [line for line in err.splitlines() if said in line] == [f"padlint: two.py: not analysed: {said}"]
    assert "Traceback" not in err
    told = json.loads(out)
    listed = told if isinstance(told, list) else told["sequentials"]
    assert {os.path.basename(each["path"]) for each in listed} == {"one.py", "three.py"}


ENDLESS = """
layers = []
class Sizes: width = 3
def wider(): Sizes.width += 1
for epoch in range(1000):
    for step in range(1000):
        layers.append(nn.ReLU())
        wider()
"""


def test_what_a_statement_that_is_given_up_changed_is_not_known(padlint: Padlint, folder: Path) -> None:
    """Python would build a million layers, and a Linear of a million: any number that padlint said would be wrong."""
    (folder / "main.py").write_text(
        HEADER + ENDLESS + "net = nn.Sequential(*layers, nn.Linear(Sizes.width, 4))\n" + WRONG
    )
    done = padlint("shapes", "main.py", "--no-cache", "--output-format", "json")
    code, out, err = done.code, done.out, done.err
    built = {each["line"]: each for each in json.loads(out)["sequentials"]}
    assert built[12]["complete"] is False
    assert not [each for each in built[12]["layers"] if each["type"] == "torch.nn.ReLU"]
    assert [each["args"]["in_features"] for each in built[12]["layers"] if each["type"] == "torch.nn.Linear"] == [None]
    assert "main.py:8: not analysed: the evaluation takes too many steps; left out: epoch\n" in err
    assert code == 0


def test_what_stands_behind_a_statement_that_is_given_up_is_checked(padlint: Padlint, folder: Path) -> None:
    (folder / "main.py").write_text(HEADER + ENDLESS + WRONG)
    done = padlint("check", "main.py", "--no-cache", "--output-format", "concise")
    code, out, err = done.code, done.out, done.err
    assert "main.py:12:32: PAD103 " in out
    assert "main.py:8: not analysed: " in err
    assert code == 1
