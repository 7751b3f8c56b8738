"""The command line in this process over a folder of its own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from padlint.cli import main

TESTS = Path(__file__).parent.parent
Padlint = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder that no configuration above it reaches."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PADLINT_CACHE_DIR", raising=False)
    return tmp_path


@pytest.fixture
def padlint(folder: Path, capfd: pytest.CaptureFixture[str]) -> Padlint:
    """`padlint("check", ".")`: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of the tasks that this process has done, as they are done."""
    from padlint.units import Task
    from padlint.work import Wanted, Worker

    done: list[str] = []
    do = Worker.do

    def watched(self: Worker, wanted: Wanted, task: Task) -> object:
        done.append(os.path.basename(task.path))
        return do(self, wanted, task)

    monkeypatch.setattr(Worker, "do", watched)
    return done


def own_files(folder: Path, every: int = 1) -> None:
    """Models with findings of many kinds, some over several files; those that name a Keras model need it beside them.
    `every`: of the many only each third, fourth and so on."""
    fixtures = [path for path in sorted((TESTS / "rules/fixtures").iterdir()) if not path.name.startswith("PAD4")]
    (folder / "fixtures").mkdir()
    for path in fixtures[::every]:
        copy = shutil.copytree if path.is_dir() else shutil.copy
        copy(path, folder / "fixtures" / path.name)
    shutil.copytree(TESTS / "cases/bad/multi_file_detector", folder / "multi_file_detector")
