"""A process that runs under the guard, in a tree that must not run."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

GUARD = Path(__file__).with_name("guard")
SCRIPT = (sys.executable, str(Path(sysconfig.get_path("scripts")) / "padlint"))
MODULE = (sys.executable, "-m", "padlint")
STOPPED = 97


@dataclass(frozen=True)
class Watched:
    """A process that ran under the guard: `seen` is what it did and must not."""

    code: int
    out: str
    err: str
    seen: tuple[str, ...]


@dataclass(frozen=True)
class Trap:
    """A poisoned tree, which is the working folder of what runs here."""

    tree: Path
    outside: Path

    def run(
        self,
        *command: str,
        writable: Sequence[Path] = (),
        stdin: str = "",
        program: str = "",
        folder: Path | None = None,
        more: Mapping[str, str] | None = None,
    ) -> Watched:
        """`program` may be started, but not from the tree; `more` is added to the environment."""
        log, mark = self.outside / "log", self.outside / "mark"
        log.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "PYTHONPATH": str(GUARD),
            "PYTHONDONTWRITEBYTECODE": "1",
            "GUARD_LOG": str(log),
            "GUARD_TREE": str(self.tree),
            "GUARD_WRITABLE": os.pathsep.join(map(str, writable)),
            "GUARD_PROGRAM": program,
            "POISON_MARK": str(mark),
            **(more or {}),
        }
        done = subprocess.run(
            command, cwd=folder or self.tree, env=environment, input=stdin, capture_output=True, text=True, timeout=1800
        )
        first, *more = log.read_text().splitlines()
        assert first == "armed"
        seen = [line for line in more if line != "armed"]  # which every other process says, too
        if mark.exists():
            seen.append("something ran")
            mark.unlink()
        return Watched(done.returncode, done.stdout, done.stderr, tuple(seen))
