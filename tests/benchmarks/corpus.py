"""What is linted: sources of real libraries as PyPI has them, and as much of them as is wanted."""

from __future__ import annotations

import random
import re
import zipfile
from itertools import count
from pathlib import Path

from tests.benchmarks.tools import pip

LIBRARIES = {"torchvision": "torchvision==0.24.1", "timm": "timm==1.0.31"}
"""The package and what pip is asked for."""


def library(name: str, folder: Path) -> Path:
    """A folder with the Python files of a library, fetched once."""
    home = folder / "sources" / name
    if not home.exists():
        wheels = folder / "wheels" / name
        wheels.mkdir(parents=True, exist_ok=True)
        pip("download", "--no-deps", "--dest", str(wheels), LIBRARIES[name])
        wheel = next(wheels.glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            files = [each for each in archive.namelist() if each.startswith(f"{name}/") and each.endswith(".py")]
            archive.extractall(home, files)
    return home


def lines_in(folder: Path) -> int:
    return sum(text_of(path).count("\n") for path in folder.rglob("*.py"))


def grown(source: Path, name: str, lines: int, folder: Path) -> Path:
    """About so many lines: the files of a library again and again, each time as a package of another name."""
    home = folder / "grown" / f"{name}-{lines}"
    if home.exists():
        return home
    files = sorted((source / name).rglob("*.py"))
    random.Random(0).shuffle(files)  # a part of them is like the whole
    left = lines
    for number in count():
        for path in files:
            text = re.sub(rf"\b{name}\b", f"{name}{number}", text_of(path))
            target = home / f"{name}{number}" / path.relative_to(source / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            left -= text.count("\n")
            if left <= 0:
                return home
    raise AssertionError("count never ends")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")
