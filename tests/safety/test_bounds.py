"""Whatever a file does, padlint is done with it soon, in little memory, says why it gave up, and goes on to the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from padlint.evaluate.budget import BUDGET
from tests.safety.fresh import Ended, Nursery, nursery
from tests.safety.hostile import COSTLY, DEEP, ENDLESS, HEADER, MANY, WIDE, generated

SECONDS = 30
"""Of processor time, for one hostile file; most of them take less than one."""
MEGABYTES = 500
OTHER = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"


@pytest.fixture(scope="module")
def fresh() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


def checked(fresh: Nursery, folder: Path, text: str, seconds: int = SECONDS, budget: int | None = None) -> Ended:
    """Checks the file and another one, and holds that it was kept within the bounds and that the other one was checked."""
    (folder / "main.py").write_text(text)
    (folder / "other.py").write_text(OTHER)
    words = ("check", "--no-cache", "--jobs", "1", "--output-format", "concise", "main.py", "other.py")
    done = fresh.run(folder, *words, seconds=2 * seconds, budget=budget)
    assert "Traceback" not in done.err
    assert done.code == 1, done.err
    assert "other.py:3:32: PAD103 " in done.out
    assert done.seconds < seconds
    assert done.megabytes < MEGABYTES
    return done


@pytest.mark.parametrize("name", DEEP | WIDE)
def test_what_is_too_deep_or_too_wide_is_named_or_looked_at(fresh: Nursery, tmp_path: Path, name: str) -> None:
    done = checked(fresh, tmp_path, (DEEP | WIDE)[name])
    if "main.py:" not in done.out and "not analysed" not in done.err:
        assert "main.py:" in fresh.run(tmp_path, "shapes", "--no-cache", "main.py").out


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_ended(fresh: Nursery, tmp_path: Path, name: str) -> None:
    checked(fresh, tmp_path, ENDLESS[name])


@pytest.mark.parametrize("name", MANY)
def test_what_is_many_times_there_takes_its_time_in_proportion(fresh: Nursery, tmp_path: Path, name: str) -> None:
    checked(fresh, tmp_path, MANY[name], seconds=60)


@pytest.mark.parametrize("name", COSTLY)
def test_what_takes_too_many_steps_is_named(fresh: Nursery, tmp_path: Path, name: str) -> None:
    """At a tenth of what a file is worth; at the whole it takes ten times as long."""
    done = checked(fresh, tmp_path, COSTLY[name], seconds=60, budget=BUDGET // 10)
    assert "not analysed: the file takes too many steps to evaluate; left out: " in done.err


def test_star_imports_are_followed_once(fresh: Nursery, tmp_path: Path) -> None:
    for i in range(200):
        stars = "".join(f"from m{(i + step) % 200} import *\n" for step in (1, 2))
        text = f"{HEADER}{stars}def f{i}(): return nn.Sequential(g{i}(), nn.ReLU(), h)\n"
        (tmp_path / f"m{i}.py").write_text(text)
    checked(fresh, tmp_path, "from m0 import *\n" + HEADER + "net = nn.Sequential(missing, f7())\n")


def test_a_generated_file_of_many_megabytes_is_named(fresh: Nursery, tmp_path: Path) -> None:
    done = checked(fresh, tmp_path, generated(5))
    assert "main.py:1: not analysed: the file is larger than 1 MB\n" in done.err


def test_a_large_generated_file_takes_its_time_in_proportion(fresh: Nursery, tmp_path: Path) -> None:
    small = checked(fresh, tmp_path, generated(0.02))
    large = checked(fresh, tmp_path, generated(0.1), seconds=60)
    assert large.seconds < 8 * small.seconds
