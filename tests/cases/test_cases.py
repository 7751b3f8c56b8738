"""Models of many kinds, each in a right and a wrong version: torch says which is which, padlint finds and mends it.

`cases.json` holds for each: its files (the last one defines `entry`), the shape that goes in and the one that should come
out, and the lines on which the mistake stands in the first file.
"""

from __future__ import annotations

import importlib
import io
import json
import shutil
import sys
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from padlint.cli import main

FOLDER = Path(__file__).parent
_LEAST_CASES = 24


@dataclass(frozen=True)
class Case:
    id: str
    kind: str
    files: list[str]
    entry: str
    input_shape: list[int]
    output_shape: list[int]
    fault_lines: list[int]


CASES = [Case(**each) for each in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))]


@contextmanager
def importing_from(folder: Path) -> Iterator[None]:
    """Modules of this folder can be imported, and are forgotten afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(folder)):
                del sys.modules[name]


def given_by_torch(root: Path, case: Case) -> list[int] | str:
    """The shape that comes out, or what torch raised."""
    path = root / case.files[-1]
    importlib.invalidate_caches()
    with importing_from(path.parent), torch.no_grad():
        try:
            model = getattr(importlib.import_module(path.stem), case.entry)()
            return list(model.eval()(torch.zeros(case.input_shape)).shape)
        except (RuntimeError, ValueError, TypeError) as error:
            return f"{type(error).__name__}: {error}"


def found(root: Path, case: Case, report: Path, *options: str) -> list[tuple[str, int]]:
    """(file, line) of every finding in the files of a case."""
    arguments = ["check", "--isolated", "--no-cache", f"--output-format=json:{report}", *options]
    assert main([*arguments, *(str(root / file) for file in case.files)]) in (0, 1)
    listed = json.loads(report.read_text(encoding="utf-8"))
    return [(Path(each["path"]).name, each["start"]["line"]) for each in listed]


def comments(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as source:
        tokens = tokenize.generate_tokens(io.StringIO(source.read()).readline)
        return [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_there_are_many_and_none_stands_beside_the_table() -> None:
    assert len(CASES) >= _LEAST_CASES
    listed = sorted(file for case in CASES for file in case.files)
    for kind in ("bad", "fixed"):
        present = (FOLDER / kind).rglob("*.py")
        assert sorted(path.relative_to(FOLDER / kind).as_posix() for path in present) == listed


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_the_mistake_is_found_and_mended(case: Case, tmp_path: Path) -> None:
    bad, fixed, report = FOLDER / "bad", FOLDER / "fixed", tmp_path / "report.json"
    assert given_by_torch(bad, case) != case.output_shape
    assert given_by_torch(fixed, case) == case.output_shape
    assert found(fixed, case, report) == []
    ((file, line),) = found(bad, case, report)
    assert file == Path(case.files[0]).name and line in case.fault_lines
    copy = tmp_path / "copy"
    shutil.copytree(bad, copy)
    assert found(copy, case, report, "--fix", "--unsafe-fixes") == []
    assert [comments(copy / file) for file in case.files] == [comments(bad / file) for file in case.files]
    assert given_by_torch(copy, case) == case.output_shape
