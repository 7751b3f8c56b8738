"""padlint, as its command line answers for one text."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from padlint.cli import main

NAME = "example.py"


@dataclass(frozen=True)
class Found:
    """One finding. `fix`: its applicability, None without a fix."""

    line: int
    code: str
    message: str
    fix: str | None


@dataclass(frozen=True)
class Linter:
    """`check` gives the findings for a text in the order of lines and codes, `fixed` the text after all fixes."""

    folder: Path
    complaints: Callable[[], str]

    def check(self, text: str, *options: str) -> list[Found]:
        self._run(text, *options)
        listed = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
        found = [
            Found(each["start"]["line"], each["code"], each["message"], each["fix"] and each["fix"]["applicability"])
            for each in listed
        ]
        return sorted(found, key=lambda each: (each.line, each.code, each.message))

    def fixed(self, text: str, *options: str) -> str:
        self._run(text, "--fix", "--unsafe-fixes", *options)
        return (self.folder / NAME).read_bytes().decode()

    def _run(self, text: str, *options: str) -> None:
        path, report = self.folder / NAME, self.folder / "report.json"
        path.write_bytes(text.encode())
        report.unlink(missing_ok=True)
        code = main(["check", "--isolated", "--no-cache", f"--output-format=json:{report}", *options, str(path)])
        assert code in (0, 1), self.complaints()


@pytest.fixture
def linter(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Linter:
    return Linter(tmp_path, lambda: capfd.readouterr().err)
