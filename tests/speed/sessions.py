"""Random sessions at a project: after every edit a run with a cache must say what a run without one says in a fresh copy.

    python -m tests.speed.sessions --seed 0 --sessions 10 --steps 200

A session is a list of plain steps, so that one that ends in a difference is played again with fewer. The exit code is 1 where
there is a difference.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from padlint.cli import main
from padlint.disk import NAME

OTHER_CACHE = "kept"

PROJECT = {
    "main.py": """\
import torch
from torch import nn

from parts import block, tail
from parts.sizes import *

# padlint: input=(N, 3, 24, 24)
net = nn.Sequential(
    block(3, WIDTH, 3),
    nn.Conv2d(WIDTH, WIDTH, 5, padding=2),  # padlint: same
    nn.MaxPool2d(2),
    nn.Flatten(),
    tail(1152),
)
net(torch.zeros(1, 3, 24, 24))
""",
    "parts/__init__.py": "from .blocks import block\nfrom .heads import *\n",
    "parts/blocks.py": """\
from torch import nn

from .sizes import KERNEL


def block(inputs, outputs, kernel=KERNEL, padding=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=padding), nn.BatchNorm2d(outputs))


class Twice(nn.Module):
    def __init__(self, width, kernel):
        super().__init__()
        self.one = nn.Conv2d(width, width, kernel, padding=1)  # padlint: same

    def forward(self, x):
        return x + self.one(x)
""",
    "parts/heads.py": "from torch import nn\nfrom .sizes import CLASSES\n\n\n"
    "def tail(features):\n    return nn.Linear(features, CLASSES)\n",
    "parts/sizes.py": "KERNEL = 3\nWIDTH = 8\nCLASSES = 4\n",
    "use.py": "import torch\nfrom parts.blocks import Twice\n\nTwice(4, 3)(torch.zeros(1, 4, 7, 7))\n",
    "alone.py": "from torch import nn\n\npool = nn.Sequential(nn.MaxPool2d(3, 1, 1))  # padlint: same\n",
    "lib/near.py": "from torch import nn\nfrom far import K\n\n"
    "n = nn.Sequential(nn.Conv2d(2, 2, K, padding=1))  # padlint: same\n",
    "lib/far.py": "K = 3\n",
    "ported.py": "from torch import nn\n\n# padlint: keras=keras_net.py:model\nnet = nn.Sequential(nn.Conv2d(3, 8, 5))\n",
    "keras_net.py": "import keras\n\nmodel = keras.Sequential([keras.Input((30, 30, 3)), keras.layers.Conv2D(8, 5)])\n",
    "notes.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                    "source": "from torch import nn\nfrom parts.sizes import KERNEL\n"
                    "c = nn.Sequential(nn.Conv2d(3, 3, KERNEL, padding=1))  # padlint: same\n",
                }
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
    "pyproject.toml": "[tool.padlint]\n",
    ".gitignore": "out/\n",
}
GUESTS = {
    "far.py": "K = 5\n",
    "lib/__init__.py": "",
    "parts/sizes/__init__.py": "KERNEL = 5\nWIDTH = 4\nCLASSES = 2\n",
    "tools/far.py": "K = 1\n",
    ".hidden/use.py": "import torch\nfrom parts.blocks import Twice\n\nTwice(4, 5)(torch.zeros(1, 4, 7, 7))\n",
    "__more__/use.py": "import torch\nfrom parts import tail\n\ntail(5)(torch.zeros(1, 7))\n",
    "out/use.py": "import torch\nfrom parts import tail\n\ntail(6)(torch.zeros(1, 8))\n",
    "bad.py": "from torch import nn\n\nb = nn.Sequential(nn.Conv2d(3, 8, 5, padding=1))  # padlint: same\n",
    "setup.py": "",
    "lib/.gitignore": "near.py\n",
}
SETTINGS = (
    "[tool.padlint]\n",
    '[tool.padlint]\nselect = ["PAD3"]\n',
    '[tool.padlint]\nignore = ["PAD201"]\n',
    "[tool.padlint\n",
    "[tool.other]\n",
    '[tool.padlint]\nexclude = ["parts"]\n',
    '[tool.padlint]\nextend = "base.toml"\n',
    '[tool.padlint]\nsearch-path = ["tools"]\n',
    '[tool.padlint]\nsearch-path = ["lib", "."]\n',
    '[tool.padlint.models."main:net"]\ninput = [3, 20, 20]\n',
    '[tool.padlint.models."*"]\nintent = "same"\n',
    '[tool.padlint]\nkeras = "keras_net.py:model"\n',
    '[tool.padlint]\nfail-on = "never"\n',
    f'[tool.padlint]\ncache-dir = "{OTHER_CACHE}"\n',
    '[tool.padlint.per-file-ignores]\n"use.py" = ["PAD"]\n',
)
FOLDERS = (("lib", "tools"), ("tools", "lib"), ("parts", "lib/parts"), ("lib/parts", "parts"))
CONFIGURED = ("pyproject.toml", "pyproject.toml", "lib/pyproject.toml")
BASES = ("", 'select = ["PAD2"]\n', 'extend-exclude = ["lib"]\n', "select = [\n")
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(("check", *words) for words in ((), (".",), ("main.py",), ("parts",), ("parts/blocks.py",), ("alone.py",))),
    *(("check", *words) for words in (("lib/near.py",), ("notes.ipynb",), ("link.py",), ("linked",), ("./alone.py",))),
    *(("check", *words) for words in (("HERE/main.py", "parts/blocks.py"), ("use.py", "alone.py"), ("bad.py",))),
    *(("check", *words) for words in (("ported.py",), ("-",), ("-", "--stdin-filename", "alone.py"), ("--fix",))),
    *(
        ("check", *words)
        for words in (("--select", "PAD2"), ("--input", "3,20,20", "parts"), ("--diff",), ("--statistics",))
    ),
    *(
        ("check", *words)
        for words in (("--config", "base.toml", "alone.py"), ("--isolated",), ("--exit-zero", "use.py"))
    ),
    ("check", "--baseline", "known.json"),
    ("check", "--baseline", "known.json", "--write-baseline"),
    ("check", "--add-ignore", "use.py"),
    ("check", "--keras", "keras_net.py:model", "alone.py"),
    ("check", "--output-format", "sarif", "alone.py"),
    ("check", "--jobs", "2"),
    ("shapes", "."),
    ("shapes", "main.py", "--output-format", "json"),
)

Step = tuple[str, ...]
"""("write" | "quietly", path, text), ("remove", path), ("move", path, path), ("link", path, target), ("run", folder, words...)"""


class Said(NamedTuple):
    code: int
    out: str
    err: str


# ------------------------------------------------------------ one command line


@contextmanager
def _redirected(name: str, number: int, file: io.FileIO) -> Iterator[None]:
    """One of Python's streams and its descriptor; pytest has made them two different ones."""
    kept, stream = os.dup(number), getattr(sys, name)
    os.dup2(file.fileno(), number)
    try:
        with open(file.fileno(), "w", encoding="utf-8", closefd=False) as here:
            setattr(sys, name, here)
            yield
    finally:
        setattr(sys, name, stream)
        os.dup2(kept, number)
        os.close(kept)


def run(root: Path, folder: str, words: Sequence[str]) -> Said:
    """One command line in this process. Standard input is `alone.py`, under a file's name with another number."""
    before, given = os.getcwd(), sys.stdin
    text = (root / "alone.py").read_bytes() if (root / "alone.py").exists() else b""
    with tempfile.TemporaryFile(buffering=0) as out, tempfile.TemporaryFile(buffering=0) as err:
        try:
            os.chdir(root / folder)
            sys.stdin = io.TextIOWrapper(io.BytesIO(text.replace(b"1, 1", b"1, 0", "--stdin-filename" in words)))
            with _redirected("stdout", 1, out), _redirected("stderr", 2, err):
                code = main([word.replace("HERE", str(root)) for word in words])
        finally:
            os.chdir(before)
            sys.stdin = given
        texts = [os.pread(file.fileno(), 10**7, 0).decode().replace(str(root), "ROOT") for file in (out, err)]
    return Said(code, *texts)


# ------------------------------------------------------------ steps


def begin(root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for name, text in PROJECT.items():
        apply(root, ("write", name, text))
    apply(root, ("link", "link.py", "alone.py"))
    apply(root, ("link", "linked", "lib"))
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)


def apply(root: Path, step: Step) -> None:
    """Do one edit; what cannot be done is passed over."""
    kind, path = step[0], root / step[1]
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind in ("write", "quietly"):
            before = path.stat() if path.exists() else None
            path.write_text(step[2])
            if kind == "quietly" and before is not None:
                os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        elif kind == "remove":
            path.unlink()
            path.parent.rmdir()  # where nothing else is in it
        elif kind == "move":
            (root / step[2]).parent.mkdir(parents=True, exist_ok=True)
            path.rename(root / step[2])
        elif kind == "link":
            path.unlink(missing_ok=True)
            path.symlink_to(step[2])


def number_changed(text: str, chance: random.Random) -> str:
    """A text with another digit in one place."""
    found = list(re.finditer(r"(?<![\w.])\d\b", text))
    if not found:
        return text
    at = chance.choice(found)
    return text[: at.start()] + chance.choice("0123457") + text[at.end() :]


def edit(root: Path, chance: random.Random) -> Step:
    """One edit of the project as it is now."""
    skipped = {NAME, OTHER_CACHE, ".git"}
    there = sorted(str(p.relative_to(root)) for p in root.rglob("*.*") if p.is_file() and skipped.isdisjoint(p.parts))
    sources = [name for name in there if name.endswith((".py", ".ipynb"))] or ["main.py"]
    name = chance.choice(sources)
    text = (root / name).read_text() if (root / name).exists() else ""
    guest = chance.choice(list(GUESTS))
    kinds: dict[str, Callable[[], Step]] = {
        "number": lambda: ("write", name, number_changed(text, chance)),
        "quietly": lambda: ("quietly", name, number_changed(text, chance)),
        "broken": lambda: ("write", name, text + "\nx = (\n"),
        "mended": lambda: ("write", *chance.choice(list(PROJECT.items()))),
        "guest": lambda: ("remove", guest) if (root / guest).exists() else ("write", guest, GUESTS[guest]),
        "gone": lambda: ("remove", name),
        "moved": lambda: ("move", name, chance.choice([*sources, *GUESTS, "new.py"])),
        "folder": lambda: ("move", *chance.choice(FOLDERS)),
        "settings": lambda: ("write", chance.choice(CONFIGURED), chance.choice(SETTINGS)),
        "base": lambda: ("write", chance.choice(["base.toml", "padlint.toml"]), chance.choice(BASES)),
        "no settings": lambda: ("remove", chance.choice(["padlint.toml", "pyproject.toml", "lib/pyproject.toml"])),
        "ignored": lambda: ("write", ".gitignore", chance.choice(["", "out/\n", "lib/\n", "*.ipynb\n", "use.py\n"])),
        "file link": lambda: ("link", "link.py", chance.choice(["alone.py", "use.py", "gone.py"])),
        "folder link": lambda: ("link", "linked", chance.choice(["lib", "parts", "gone"])),
    }  # fmt: skip
    weights = [8, 4, 2, 4, 4, 2, 2, 1, 4, 1, 1, 2, 1, 1]
    return chance.choices(list(kinds.values()), weights)[0]()


def repairs(root: Path) -> list[Step]:
    """What makes the project clean again: only of what is clean everything is remembered."""
    guests = [
        ("remove", name) for name in (*GUESTS, "padlint.toml", "lib/pyproject.toml", "new.py") if (root / name).exists()
    ]
    changed = [
        name for name, text in PROJECT.items() if not (root / name).is_file() or (root / name).read_text() != text
    ]
    return [*guests, *(("write", name, PROJECT[name]) for name in changed)]


# ------------------------------------------------------------ sessions


def _tree(root: Path) -> dict[str, str]:
    skipped = {NAME, OTHER_CACHE, ".git"}
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and skipped.isdisjoint(path.parts)]
    return {str(path.relative_to(root)): path.read_text().replace(str(root), "ROOT") for path in files}


def difference(root: Path, copy: Path, step: Step) -> str:
    """How the warm answer to a command line differs from the cold one; empty where it does not."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(NAME, OTHER_CACHE))
    _, folder, *words = step
    if "--jobs" not in words:
        words += ["--jobs", "1"]
    cold, warm = run(copy, folder, [*words, "--no-cache"]), run(root, folder, words)
    if cold != warm:
        return f"{' '.join(words)}: {warm} instead of {cold}"
    return "" if _tree(root) == _tree(copy) else f"{' '.join(words)}: other files"


def play(steps: Sequence[Step], room: Path) -> str:
    """Play a session again; the difference at its last step."""
    begin(room / "work")
    for step in steps[:-1]:
        if step[0] == "run":
            run(room / "work", step[1], step[2:])
        else:
            apply(room / "work", step)
    return difference(room / "work", room / "copy", steps[-1])


def fewer(steps: list[Step], room: Path) -> list[Step]:
    """The fewest steps that still end in a difference."""
    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps) - 1:
            less = steps[:at] + steps[min(at + size, len(steps) - 1) :]
            if play(less, room):
                steps = less
            else:
                at += size
        size //= 2
    return steps


def session(seed: int, length: int, room: Path) -> Iterator[tuple[Step, str]]:
    """Every command line of a session, with how its answers differ; where they do, the shortest session that shows it."""
    chance, root = random.Random(seed), room / "played"
    begin(root)
    steps: list[Step] = []
    habits = chance.sample(COMMANDS, 3)
    for _ in range(length):
        for step in [edit(root, chance)] if chance.random() < 0.7 else repairs(root):
            steps.append(step)
            apply(root, step)
        for words in {chance.choice(habits), chance.choice(habits)}:
            folder = "parts" if words == ("check",) and chance.random() < 0.2 and (root / "parts").is_dir() else "."
            steps.append(("run", folder, *words))
            found = difference(root, room / "copy", steps[-1])
            if found and play(steps, room):
                found += f"\n  {json.dumps(fewer(steps, room))}"
            yield steps[-1], found


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--steps", type=int, default=200, help="edits in one session")
    given = parser.parse_args()
    wrong = count = 0
    with tempfile.TemporaryDirectory() as room:
        for seed in range(given.seed, given.seed + given.sessions):
            for _, found in session(seed, given.steps, Path(room)):
                count += 1
                if found:
                    wrong += 1
                    print(f"seed {seed}: {found}", flush=True)
            print(f"seed {seed}: {count} commands, {wrong} differences", file=sys.stderr, flush=True)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(_main())
