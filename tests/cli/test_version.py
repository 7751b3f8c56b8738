"""One version: in the package, on the command line, for `required-version`, in the metadata, in reports."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

import pytest

from padlint import __version__
from tests.cli.conftest import Padlint


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_command_line_says_the_version_of_the_package(padlint: Padlint, option: str) -> None:
    assert padlint(option).out == f"padlint {__version__}\n"
    done = subprocess.run([sys.executable, "-m", "padlint", option], capture_output=True, text=True)
    assert done.stdout == f"padlint {__version__}\n"


@pytest.mark.parametrize(
    ("specifier", "code"), [("{}", 0), ("=={}", 0), (">={}", 0), ("!={}", 2), (">{}", 2), ("<{}", 2)]
)
def test_required_version_means_that_one(padlint: Padlint, folder: Path, specifier: str, code: int) -> None:
    (folder / "padlint.toml").write_text(f"required-version = '{specifier.format(__version__)}'\n")
    assert padlint("check").code == code


def test_the_metadata_and_the_reports_say_the_same(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text("x = 1\n")
    tool = json.loads(padlint("check", "--quiet", "--output-format", "sarif").out)["runs"][0]["tool"]["driver"]
    assert tool["semanticVersion"] == __version__
    assert importlib.metadata.version("padlint") == __version__
