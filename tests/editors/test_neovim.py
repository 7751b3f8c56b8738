"""A real editor: headless Neovim opens a file, shows the diagnostic, applies the code action."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

SAME = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
    nn.ReLU(),
)
"""
DRIVE = Path(__file__).with_name("drive.lua")
NVIM = Path(sysconfig.get_path("scripts")) / "nvim"
"""Neovim as its wheel on PyPI brings it."""


def test_neovim_shows_the_diagnostic_and_applies_the_fix(tmp_path: Path) -> None:
    file, report = tmp_path / "net.py", tmp_path / "report.json"
    file.write_text(SAME)
    environment = {
        **os.environ,
        "PADLINT_PYTHON": sys.executable,
        "PADLINT_FILE": str(file),
        "PADLINT_REPORT": str(report),
        **{f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    command = [str(NVIM), "--headless", "--clean", "-n", "-l", str(DRIVE)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=1800)
    assert report.exists(), done.stderr
    said = json.loads(report.read_text())
    assert said["told"] == [{"line": 4, "column": 35, "code": "PAD201", "source": "padlint"}]
    assert said["hint"] == "(N, 8, 28, 28)"
    assert "\n".join(said["lines"]) + "\n" == SAME.replace("padding=1", "padding=2")
    assert said["left"] == 0
    assert file.read_text() == SAME
