"""The cache changes how long it takes, never what is said."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from padlint.cache import NAME, Cache
from padlint.commands import check
from padlint.disk import Disk
from tests.speed.conftest import Padlint, own_files
from tests.speed.sessions import session

CHECK = ("check", ".", "--output-format", "json")
SHAPES = ("shapes", ".", "--output-format", "json")

BLOCKS = """\
from torch import nn

from sizes import {name}


def block(channels, kernel_size, stride=1):
    return nn.Sequential(
        nn.Conv2d(channels, 2 * channels, kernel_size, stride, padding={padding}),
        nn.BatchNorm2d({features} * channels),
    )
"""
NET = """\
from torch import nn

from blocks import block


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(block({channels}, {kernel}), nn.MaxPool2d(2, padding={pool}))

    def forward(self, x):
        return self.features(x)
"""
SIZES = "size = {number}\nwidth = {number} + 1\n"


def entries(folder: Path) -> list[Path]:
    return sorted((folder / NAME).glob("*.entry"))


def test_the_same_is_said_with_and_without_a_cache(padlint: Padlint, folder: Path) -> None:
    own_files(folder)
    for command in (CHECK, SHAPES):
        plain = padlint(*command, "--no-cache")
        assert not (folder / NAME / "x").exists()
        assert padlint(*command) == plain
        assert padlint(*command) == plain
        (folder / "fresh.py").write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU())\n")
        assert padlint(*command) == padlint(*command, "--no-cache")
        (folder / "fresh.py").unlink()


DROPPED = """\
from torch import nn

# padlint: input=(N, 16, 15, 15)
net = nn.Sequential(
    nn.ReLU(),
    nn.MaxPool2d(2),
)
"""


def test_a_rule_that_is_asked_for_later_speaks(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(DROPPED)
    told = ["PAD307" in padlint("check", ".", *more)[1] for more in ((), ("--extend-select", "PAD307"), ())]
    assert told == [False, True, False]


def test_what_did_not_change_is_not_evaluated_again(padlint: Padlint, folder: Path, evaluated: list[str]) -> None:
    (folder / "blocks.py").write_text(BLOCKS.format(name="size", padding=1, features=2))
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=1))
    (folder / "other.py").write_text(NET.format(channels=3, kernel=3, pool=1).replace("blocks", "missing"))
    padlint(*CHECK)
    assert {"blocks.py", "net.py", "other.py"} == set(evaluated)
    evaluated.clear()
    padlint(*CHECK)
    assert evaluated == []
    (folder / "net.py").write_text(NET.format(channels=4, kernel=3, pool=1))
    padlint(*CHECK)
    assert set(evaluated) == {"net.py"}
    evaluated.clear()
    (folder / "missing.py").write_text(BLOCKS.format(name="size", padding=1, features=2))
    padlint(*CHECK)
    assert set(evaluated) == {"missing.py", "other.py"}


def test_layers_of_another_framework_are_not_evaluated(padlint: Padlint, folder: Path, evaluated: list[str]) -> None:
    net = "net = nn.Sequential(nn.Conv2d(3, 8, 5, padding=1))  # padlint: same\n"
    (folder / "flaxen.py").write_text(f"from flax import linen as nn\n\n{net}")
    (folder / "near.py").write_text(f"from torch import nn\n\n{net}")
    (folder / "layers.py").write_text("from torch import nn as nn\n")
    (folder / "far.py").write_text(f"from layers import nn\n\n{net}")
    (folder / "all.py").write_text(f"from layers import *\n\n{net}")
    (folder / "whole.py").write_text(f"import layers\n\n{net.replace('nn.', 'layers.nn.')}")
    (folder / "within.py").write_text(f"def make():\n    from layers import nn\n    {net}    return net\n")
    _, said, _ = padlint(*CHECK)
    found = [(finding["path"], finding["code"]) for finding in json.loads(said)]
    torch = [(path, "PAD201") for path in ("all.py", "far.py", "near.py", "whole.py", "within.py")]
    assert sorted(found) == sorted(
        [*torch, ("flaxen.py", "PAD002")]
    )  # what is said of another framework's layer says nothing
    assert "flaxen.py" not in evaluated


@pytest.mark.parametrize("options", [(), ("--no-cache",)], ids=["with a cache", "without"])
def test_a_fix_is_proved_by_the_files_that_it_changes(
    padlint: Padlint, folder: Path, evaluated: list[str], options: tuple[str, ...]
) -> None:
    wrong = "from torch import nn\n\nnet = nn.Sequential(nn.Conv2d(3, 8, 5, padding=1))  # padlint: same\n"
    (folder / "wrong.py").write_text(wrong)
    (folder / "blocks.py").write_text(BLOCKS.format(name="size", padding=1, features=2))
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=1))
    _, said, _ = padlint(*CHECK, *options)
    assert [bool(finding["fix"]) for finding in json.loads(said)] == [True]
    assert (evaluated.count("net.py"), evaluated.count("wrong.py")) == (1, 2)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edit_the_answer_is_that_of_a_run_without_cache(tmp_path: Path, seed: int) -> None:
    played = list(session(seed, 12, tmp_path))
    assert len(played) >= 12
    assert not [found for _, found in played if found]


CONFIGURED = """\
[tool.padlint]
extend-select = ["PAD307"]
"""


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=2)),
        lambda folder: (folder / "blocks.py").write_text(BLOCKS.format(name="size", padding=2, features=1)),
        lambda folder: (folder / "pyproject.toml").write_text(CONFIGURED),
        lambda folder: (folder / "net.py").unlink(),
    ],
    ids=["file", "import", "configuration", "gone"],
)
@pytest.mark.parametrize(
    "words", [(), ("--output-format", "json"), ("--quiet",), ("--output-format", "sarif")], ids=str
)
def test_a_clean_file_is_clean_until_something_changes(
    padlint: Padlint,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    change: Callable[[Path], object],
) -> None:
    (folder / "blocks.py").write_text(BLOCKS.format(name="size", padding=1, features=2))
    (folder / "sizes.py").write_text(SIZES.format(number=1))
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=1))
    first = padlint("check", "net.py", *words)
    assert first[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr(check, "run", None)  # nobody asks the command itself
        assert padlint("check", "net.py", *words) == first
    change(folder)
    assert padlint("check", "net.py", *words) == padlint("check", "net.py", *words, "--no-cache")


@pytest.mark.parametrize(
    "words",
    [
        ("--output-format", "json:report.json"),
        ("--output-file", "report.txt"),
        ("--baseline", "known.json", "--write-baseline"),
    ],
    ids=lambda words: words[0],
)
def test_what_a_command_writes_is_written_again(padlint: Padlint, folder: Path, words: tuple[str, ...]) -> None:
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=1))
    written = folder / words[1].rpartition(":")[2]
    for _ in range(3):
        assert padlint("check", "net.py", *words)[0] == 0
        written.unlink()


def test_a_caller_in_another_file_changes_what_is_said_of_a_helper(padlint: Padlint, folder: Path) -> None:
    (folder / "sizes.py").write_text(SIZES.format(number=1))
    (folder / "blocks.py").write_text(BLOCKS.format(name="size", padding=1, features=1))
    alone = padlint(*CHECK)
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=0))
    called = padlint(*CHECK)
    assert called != alone
    assert called == padlint(*CHECK, "--no-cache")
    (folder / "net.py").unlink()
    assert padlint(*CHECK) == alone


def test_fixing_uses_no_stale_answer(padlint: Padlint, folder: Path) -> None:
    wrong = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
    (folder / "net.py").write_text(wrong)
    (folder / "other.py").write_text("import net\n")
    before = padlint(*CHECK)
    assert "PAD103" in before[1]
    assert padlint("check", ".", "--fix", "--unsafe-fixes")[0] == 0
    assert (folder / "net.py").read_text() == wrong.replace("padding=2", "padding=1")
    assert padlint(*CHECK)[:2] == (0, "[]\n")
    (folder / "net.py").write_text(wrong)
    assert padlint(*CHECK) == before


def test_standard_input_is_not_remembered(padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=1))
    clean = padlint(*CHECK)
    text = NET.format(channels=3, kernel=3, pool=2).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert padlint("check", "-", "--stdin-filename", "net.py")[0] == 1
    kept = entries(folder)
    assert padlint(*CHECK) == clean
    assert entries(folder) == kept


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:-7],
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"\x80\x04\x95cos\nsystem\n",
        lambda data: b"[]",
        lambda data: os.urandom(len(data)),
    ],
    ids=["empty", "cut", "flipped", "pickle", "foreign", "noise"],
)
def test_a_spoilt_entry_is_ignored_and_written_again(padlint: Padlint, folder: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    own_files(folder, every=4)
    said = padlint(*CHECK)
    sound = {path: path.read_bytes() for path in entries(folder)}
    for path, data in sound.items():
        path.write_bytes(spoil(data))
    assert padlint(*CHECK) == said
    assert all(path.read_bytes() != spoil(data) for path, data in sound.items())


def test_an_entry_of_another_request_under_this_name_is_ignored(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=2))
    said = padlint(*CHECK)
    first, *others = entries(folder)
    for path in others:
        path.write_bytes(first.read_bytes())
    assert padlint(*CHECK) == said


def test_a_cache_that_cannot_be_written_makes_no_noise(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=2))
    plain = padlint(*CHECK, "--no-cache")
    (folder / NAME).write_text("in the way")
    assert padlint(*CHECK) == plain
    (folder / NAME).unlink()
    (folder / "elsewhere").mkdir()
    (folder / NAME).symlink_to("elsewhere")
    assert padlint(*CHECK) == plain
    assert list((folder / "elsewhere").iterdir()) == []
    os.unlink(folder / NAME)
    os.mkfifo(folder / NAME)
    assert padlint(*CHECK) == plain


def test_clean_takes_away_what_padlint_made_and_nothing_else(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=2))
    padlint(*CHECK)
    assert {".gitignore", "CACHEDIR.TAG"} < {path.name for path in (folder / NAME).iterdir()}
    assert padlint("clean") == (0, f"removed {folder / NAME}\n", "")
    assert not (folder / NAME).exists()
    assert padlint("clean") == (0, "", "")
    padlint(*CHECK)
    (folder / NAME / "mine").write_text("")
    padlint("clean")
    assert [path.name for path in (folder / NAME).iterdir()] == ["mine"]


@pytest.mark.parametrize("how", ["setting", "environment"])
def test_the_folder_can_be_chosen(padlint: Padlint, folder: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    if how == "setting":
        (folder / "padlint.toml").write_text('cache-dir = "kept"\n')
    else:
        monkeypatch.setenv("PADLINT_CACHE_DIR", str(folder / "kept"))
    (folder / "net.py").write_text(NET.format(channels=3, kernel=3, pool=2))
    padlint(*CHECK)
    assert list((folder / "kept").glob("*.entry"))
    assert not (folder / NAME).exists()


def test_the_oldest_entries_go_first(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"), most=20_000)
    for number in range(40):
        cache.save(str(number), {}, os.urandom(800).hex())
        os.utime(cache._path(str(number)), (number, number))
    left_behind = tmp_path / "cache" / f"{'a' * 40}.entry.1-1"
    left_behind.write_text("")
    os.utime(left_behind, (0, 0))
    cache.trim()
    assert sum(path.stat().st_size for path in (tmp_path / "cache").glob("*.entry")) <= 20_000
    found = [number for number in range(40) if cache.load(str(number), Disk()) is not None]
    assert found and found == list(range(found[0], 40))
    assert not left_behind.exists()


def test_killed_at_any_moment_it_leaves_nothing_that_lies(padlint: Padlint, folder: Path) -> None:
    own_files(folder, every=4)
    plain = padlint(*CHECK, "--no-cache")
    chance = random.Random(7)
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-m", "padlint", *CHECK], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.3, 2.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert padlint(*CHECK) == plain
    assert padlint(*CHECK) == plain


def test_runs_at_the_same_time_share_it(padlint: Padlint, folder: Path) -> None:
    own_files(folder, every=4)
    plain = padlint(*CHECK, "--no-cache")
    command = [sys.executable, "-m", "padlint", *CHECK]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for process in processes:
        out, err = process.communicate()
        assert (process.returncode, out.decode(), err.decode()) == plain
    assert padlint(*CHECK) == plain
