"""The question that padlint comes from, step by step: each published answer, and what padlint says of it.

The judges are torch (for what runs and what it gives) and Python (for its own syntax error).
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

HERE = Path(__file__).parent


def padlint(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "padlint", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def findings(path: Path, *flags: str) -> list[dict[str, object]]:
    done = padlint("check", "--isolated", "--no-cache", "--output-format", "json", *flags, path.name, cwd=path.parent)
    assert done.returncode in (0, 1), done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.fixture
def story(tmp_path: Path) -> Path:
    for path in HERE.glob("*.py"):
        if not path.name.startswith("test_"):
            shutil.copy(path, tmp_path)
    return tmp_path


def load(path: Path) -> object:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_draft_is_not_python(story: Path) -> None:
    before = (story / "draft.py").read_bytes()
    with pytest.raises(SyntaxError) as python:
        compile(before, "draft.py", "exec")
    for flags in ((), ("--fix", "--unsafe-fixes")):
        (found,) = findings(story / "draft.py", *flags)
        assert found["code"] == "PAD001"
        assert found["message"] == python.value.msg
        assert found["start"]["line"] == python.value.lineno == 13  # type: ignore[index]
    assert (story / "draft.py").read_bytes() == before


def test_the_first_answer_has_a_padding_that_torch_refuses(story: Path) -> None:
    path = story / "first_answer.py"
    with pytest.raises(RuntimeError, match="at most half"):
        load(path).Net().features(torch.rand(2, 3, 32, 32))  # type: ignore[attr-defined]
    (found,) = findings(path)
    assert (found["code"], found["start"]["line"]) == ("PAD103", 17)  # type: ignore[index]
    assert found["fix"]["applicability"] == "unsafe"  # type: ignore[index]
    assert findings(path, "--fix") == [found]
    assert findings(path, "--fix", "--unsafe-fixes") == []
    fixed = load(path).Net()  # type: ignore[attr-defined]
    assert fixed.features[7].padding == 1
    assert fixed.features(torch.rand(2, 3, 32, 32)).shape == (2, 64, 15, 15)


def test_the_last_answer_runs_and_shows_the_sizes_that_it_prints(story: Path) -> None:
    path = story / "last_answer.py"
    assert findings(path) == []
    printed = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    ran = [list(map(int, line.split("[")[1].rstrip("])").split(","))) for line in printed.splitlines()]
    done = padlint("shapes", "--output-format", "json", path.name, cwd=story)
    (model,) = json.loads(done.stdout)["sequentials"]
    assert [layer["out_shape"] for layer in model["layers"]] == ran
    assert ran == [[1, 64, 30, 30]] * 7 + [[1, 64, 15, 15]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param("--input 30 --kernel 3 --same", ["padding=1"], id="odd"),
        pytest.param("--input 30 --kernel 4 --same", ["no number does it", "(1, 2)"], id="even"),
        pytest.param(
            "--input 30 --kernel 3 --stride 2 --output 15", ["padding=1", "padding=0, ceil_mode=True"], id="strided"
        ),
    ],
)
def test_the_formula_and_the_search(arguments: str, said: list[str], tmp_path: Path) -> None:
    done = padlint("solve", *arguments.split(), cwd=tmp_path)
    assert done.returncode == 0
    for words in said:
        assert words in done.stdout


def test_every_padding_of_the_search_is_right_and_none_is_missing(tmp_path: Path) -> None:
    """torch says which padding and ceil_mode give 15 from 30."""
    done = padlint("solve", *["--input", "30", "--kernel", "3", "--stride", "2", "--output", "15"], cwd=tmp_path)
    pooling = done.stdout.partition("pooling:")[2].split()
    for padding in (0, 1):
        for ceil_mode in (False, True):
            size = torch.nn.MaxPool2d(3, 2, padding, ceil_mode=ceil_mode)(torch.rand(1, 1, 30, 30)).shape[-1]
            words = [f"padding={padding}," if ceil_mode else f"padding={padding}"]
            listed = words[0] in pooling and (not ceil_mode or "ceil_mode=True" in pooling)
            assert (size == 15) is listed
