"""Random sessions of `--watch`: what it has said last after each edit, against what the command says anew."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from padlint.disk import NAME
from tests.speed.sessions import apply, begin, edit, repairs, run

OPTIONS = ("check", "--output-format", "concise", "--jobs", "1")
COMMANDS = (
    (".",),
    ("main.py",),
    ("parts",),
    ("parts/blocks.py",),
    ("lib",),
    ("lib/near.py",),
    ("alone.py", "use.py"),
    ("linked", "link.py"),
    ("bad.py", "alone.py"),
    ("notes.ipynb", "ported.py"),
    ("--select", "PAD2", "."),
    ("--config", "base.toml", "alone.py", "lib"),
    (".", "--baseline", "known.json"),
)
WATCHING = "padlint: watching for changes; Ctrl-C ends it\n"
PATIENCE = 90
"""Seconds after which what has not been said is not said any more, on the busiest machine."""


def differences(seed: int, rounds: int, root: Path) -> Iterator[str]:
    """Where a session goes wrong; it ends there, as what follows would say the same."""
    chance = random.Random(seed)
    begin(root)
    words = chance.choice(COMMANDS)
    done: list[object] = []
    with watched(root, words) as said:
        for _ in range(rounds):
            truth = _anew(root, words)
            if truth is not None and not _heard(said, truth):
                yield f"seed {seed}: {words} says {said()!r} instead of {truth!r} after {done}"
                break
            done.append(_done(root, words, chance))


def _done(root: Path, words: Sequence[str], chance: random.Random) -> object:
    """Let something happen; gives what it was."""
    if "--baseline" in words and chance.random() < 0.4:
        run(root, ".", [*OPTIONS, "--no-cache", *words, "--write-baseline"])
        return "the baseline is written"
    steps = [edit(root, chance)] if chance.random() < 0.7 else repairs(root)
    for step in steps:
        apply(root, step)
    return steps


@contextmanager
def watched(root: Path, words: Sequence[str]) -> Iterator[Said]:
    with TemporaryDirectory() as room:
        log = Path(room) / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "padlint", *OPTIONS, *words, "--watch"],
                cwd=root,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            yield Said(process, log)
        finally:
            process.kill()
            process.wait()


class Said:
    """What a running `--watch` has said last."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process, self._log = process, log

    def __call__(self) -> str:
        assert self._process.poll() is None, self._log.read_text()
        *whole, _ = self._log.read_text().split(WATCHING)
        return whole[-1] if whole else ""


def _heard(said: Said, truth: str) -> bool:
    """Is the truth said in the end?"""
    end = time.monotonic() + PATIENCE
    while said() != truth:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _anew(root: Path, words: Sequence[str]) -> str | None:
    """What the command says in a copy of the folder where nothing is remembered; None where it fails."""
    with TemporaryDirectory() as room:
        copy = Path(room).resolve() / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(NAME))
        try:
            said = run(copy, ".", [*OPTIONS, "--no-cache", *words])
        except Exception:
            return None
    return (said.out + said.err).replace("ROOT", str(root))
