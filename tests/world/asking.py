"""What padlint says of many programs, in few runs of its command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BATCH = 60
"""How many programs one run reads."""

Said = dict[str, list[dict[str, Any]]]
"""For each program, by its name, the objects that one command prints."""
CRASH = {"crash": True}
"""Stands for what a run would have printed that ended in an error of padlint's."""


def shapes(folder: Path, names: Sequence[str]) -> Said:
    """The Sequentials of each program; a program is a folder, or a file, in `folder`."""
    return _asked(folder, names, "shapes")


def findings(folder: Path, names: Sequence[str], *options: str) -> Said:
    """What `padlint check` finds in each program."""
    return _asked(folder, names, "check", *options)


def _asked(folder: Path, names: Sequence[str], command: str, *options: str) -> Said:
    said: Said = defaultdict(list)
    for start in range(0, len(names), BATCH):
        said.update(_batch(folder, names[start : start + BATCH], command, *options))
    return said


def _batch(folder: Path, names: Sequence[str], command: str, *options: str) -> Said:
    words = [sys.executable, "-m", "padlint", command, "--isolated", "--no-cache", "--output-format", "json", *options]
    paths = [str(folder / name) for name in names]
    done = subprocess.run([*words, *paths], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    try:
        listed = json.loads(done.stdout)
    except ValueError:
        if len(names) == 1:
            return {names[0]: [CRASH | {"why": done.stderr.strip().splitlines()[-2:]}]}
        half = len(names) // 2
        return _batch(folder, names[:half], command, *options) | _batch(folder, names[half:], command, *options)
    said: Said = defaultdict(list)
    for each in listed["sequentials"] if command == "shapes" else listed:
        said[Path(each["path"]).relative_to(folder).parts[0]].append(each)
    return said
