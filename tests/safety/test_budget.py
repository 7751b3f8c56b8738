"""A file that takes too many steps is given up in the end, and what was left out is named: it never looks like a file in
which nothing is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from padlint import crew, evaluation
from padlint.evaluate import budget
from tests.cli.conftest import Done, Padlint

HEADER = "from torch import nn\n\n"
ROOT = "def build{0}(width):\n    return nn.Sequential(nn.Conv2d(width, width, 3), nn.MaxPool2d(2, padding={0}))\n\n"
LEFT_OUT = "a.py:{}: not analysed: the file takes too many steps to evaluate; left out: {}"


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are worth a few steps only: one root, but not two."""
    monkeypatch.setattr(budget, "BUDGET", 1)


def said(done: Done) -> str:
    return next(line for line in done.err.splitlines() if "not analysed" in line).removeprefix("padlint: ")


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("command", ["check", "shapes"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_left_out_is_named_once(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str, jobs: str
) -> None:
    monkeypatch.setattr(crew, "WORTH", 1)
    (folder / "a.py").write_text(HEADER + "".join(map(ROOT.format, range(9))))
    (folder / "b.py").write_text(HEADER + ROOT.format(0))
    for _ in range(2):  # the second time from the cache
        done = padlint(command, ".", "--output-format", "json", "--jobs", jobs)
        assert done.code == 0
        assert said(done) == LEFT_OUT.format(6, "build1, build2, build3, build4, build5 and 3 more")
        assert done.err.count("not analysed") == 1
        json.loads(done.out)


@pytest.mark.usefixtures("little")
def test_findings_of_what_was_evaluated_stay(padlint: Padlint, folder: Path) -> None:
    (folder / "a.py").write_text(HEADER + ROOT.format(2) + ROOT.format(3))
    done = padlint("check", "a.py", "--output-format", "concise")
    assert done.code == 1
    assert "a.py:4:" in done.out
    assert "a.py:7:" not in done.out
    assert said(done) == LEFT_OUT.format(6, "build3")


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("command", ["check", "shapes"])
def test_what_a_file_took_counts_for_what_nobody_came_to(
    padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(evaluation, "ROUGHLY", 1)
    (folder / "a.py").write_text(HEADER + "def build(width):\n    return width\n    return nn.Sequential(nn.ReLU())\n")
    done = padlint(command, "a.py", "--no-cache")
    assert said(done) == LEFT_OUT.format(3, "build")


def test_a_file_within_the_budget_is_told_whole(padlint: Padlint, folder: Path) -> None:
    (folder / "a.py").write_text(HEADER + "".join(map(ROOT.format, range(9))))
    done = padlint("check", "a.py")
    assert "not analysed" not in done.err
    assert done.code == 1
