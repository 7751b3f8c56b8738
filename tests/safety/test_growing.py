"""Whatever a program makes, it is made within little memory and time, and what was given up is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.safety.fresh import Ended, Nursery, nursery
from tests.safety.growing import GROWING, UNFOLDING

SECONDS = 10
"""Of processor time: a run of one root may take half of it."""
MEGABYTES = 300
HEADER = "import torch\nfrom torch import nn\n"
LAST = "net = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
WRONG = ":32: PAD103 "


@pytest.fixture(scope="module")
def fresh() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


def indented(statements: str) -> str:
    return "".join(f"    {line}\n" for line in statements.splitlines())


def checked(fresh: Nursery, folder: Path, text: str) -> Ended:
    """Checks a file and another one, which is checked whatever the first is."""
    (folder / "main.py").write_text(text)
    (folder / "other.py").write_text(HEADER + LAST)
    words = ("check", "--no-cache", "--jobs", "1", "--output-format", "concise", "main.py", "other.py")
    done = fresh.run(folder, *words, seconds=2 * SECONDS)
    assert "Traceback" not in done.err
    assert done.code == 1, done.err
    assert f"other.py:3{WRONG}" in done.out
    assert done.seconds < SECONDS
    assert done.megabytes < MEGABYTES
    return done


@pytest.mark.parametrize("name", GROWING | UNFOLDING)
def test_a_function_that_makes_too_much(fresh: Nursery, tmp_path: Path, name: str) -> None:
    statements = indented((GROWING | UNFOLDING)[name])
    checked(fresh, tmp_path, f"{HEADER}def f():\n{statements}    return nn.Sequential(nn.ReLU())\n")


@pytest.mark.parametrize("name", GROWING)
def test_a_file_that_makes_too_much_is_checked_to_its_end(fresh: Nursery, tmp_path: Path, name: str) -> None:
    statements = f"if True:\n    nn.Sequential(nn.ReLU())\n{indented(GROWING[name])}"
    done = checked(fresh, tmp_path, HEADER + statements + LAST)
    line = statements.count("\n") + 3
    assert f"main.py:{line}{WRONG}" in done.out
