"""How long a command takes, how much of all CPUs, and how much memory its largest process needs at most."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """Seconds by the clock, seconds of CPU in all its processes, megabytes. `ended`: it was not done by itself."""

    wall: float
    cpu: float
    memory: float
    ended: bool = False


LAUNCHER = Path(__file__).with_name("launch.py")
LIMIT = 300.0
"""Seconds that one run may take if nobody says otherwise."""


def measured(command: Sequence[str], folder: Path, repeat: int = 1, limit: float = LIMIT) -> Measured:
    """The fastest of some runs. Findings are no failure: every exit code counts, but one by a signal. A run that takes
    longer than the limit (seconds) is ended."""
    return min((_once(command, folder, limit) for _ in range(repeat)), key=lambda each: each.wall)


def _once(command: Sequence[str], folder: Path, limit: float) -> Measured:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER), str(limit)]
    done = subprocess.run(
        [*launcher, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    wall, cpu, memory, status = map(float, done.stdout.split())
    code = os.waitstatus_to_exitcode(int(status))
    if code < 0 and wall < limit:
        raise RuntimeError(f"{' '.join(command)} was ended by signal {-code}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Measured(wall, cpu, memory * scale / 1e6, wall >= limit)
