"""What a command prints on a real terminal: a pseudo-terminal and an emulator behind it."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyte
import pyte.screens

from tests.pictures.svg import Row, Style

COLUMNS = 108
BACKGROUND, FOREGROUND = "#1e1e2e", "#cdd6f4"
COLORS = {"red": "#f38ba8", "green": "#a6e3a1", "brown": "#f9e2af", "blue": "#89b4fa", "cyan": "#94e2d5"}


def screen(words: Sequence[str], directory: Path) -> list[Row]:
    """`padlint WORDS` behind a prompt, in a directory."""
    command = [sys.executable, "-m", "padlint", *words]
    output = f"$ padlint {' '.join(words)}\r\n".encode() + _output(command, directory)
    shown = pyte.Screen(COLUMNS, output.count(b"\n") + 1)
    pyte.ByteStream(shown).feed(output)
    rows = [[_cell(shown.buffer[line][column]) for column in range(COLUMNS)] for line in range(shown.lines)]
    while all(character == " " for character, _ in rows[-1]):
        rows.pop()
    return list(rows)


def _output(command: Sequence[str], directory: Path) -> bytes:
    """All that a command writes to its terminal."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        command, cwd=directory, stdin=theirs, stdout=theirs, stderr=theirs, env={**plain, "TERM": "xterm-256color"}
    )
    os.close(theirs)
    output = b""
    try:
        while data := os.read(ours, 1 << 16):
            output += data
    except OSError:  # so Linux says that nobody holds the other end any more
        pass
    os.close(ours)
    process.wait(600)
    return output


def _cell(cell: pyte.screens.Char) -> tuple[str, Style]:
    return cell.data, Style(COLORS.get(cell.fg, FOREGROUND), bold=cell.bold)
