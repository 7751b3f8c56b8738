"""The others: each from PyPI, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tool:
    """A name, what pip is asked for, and the command line; the first word is a script of the environment."""

    name: str
    packages: tuple[str, ...]
    command: tuple[str, ...]


TOOLS = (
    Tool("TorchFix", ("torchfix",), ("torchfix", "--select=ALL")),
    Tool("torchshapeflow", ("torchshapeflow",), ("tsf", "check")),
    Tool("pyrefly with torch stubs", ("pyrefly", "pyrefly-torch-stubs"), ("pyrefly", "check")),
    Tool("Fixit", ("fixit",), ("fixit", "lint")),
    Tool("ruff", ("ruff",), ("ruff", "check", "--no-cache", "--isolated")),
)


def padlint(folder: Path) -> str:
    """padlint from this checkout, installed as users have it."""
    return _environment(folder / "environments" / "padlint", (str(Path(__file__).parents[2]),), "padlint", again=True)


def installed(folder: Path) -> Iterator[tuple[Tool, tuple[str, ...] | None]]:
    """Each tool with its command; None where it cannot be installed."""
    for tool in TOOLS:
        try:
            script = _environment(folder / "environments" / tool.command[0], tool.packages, tool.command[0])
        except subprocess.CalledProcessError:
            yield tool, None
        else:
            yield tool, (script, *tool.command[1:])


def _environment(home: Path, packages: tuple[str, ...], script: str, again: bool = False) -> str:
    found = home / ("Scripts" if sys.platform == "win32" else "bin") / script
    if again or not found.exists():
        if not home.exists():
            venv.create(home, with_pip=True)
        python = str(found.parent / "python")
        force = ["--force-reinstall", "--no-deps"] if again and found.exists() else []
        pip("install", *force, *packages, python=python)
    return str(found)


def pip(*words: str, python: str = sys.executable) -> None:
    """Raises CalledProcessError."""
    command = [python, "-m", "pip", words[0], "--quiet", *words[1:]]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
