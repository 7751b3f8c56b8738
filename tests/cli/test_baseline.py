"""Baselines: what is known stays silent wherever it moves, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

TWO = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, 5, padding=1),  # padlint: same
    nn.Conv2d(8, 8, 5, padding=1),  # padlint: same
)
"""
ONE = TWO.replace("8, 8, 5, padding=1", "8, 8, 5, padding=2")
CLEAN = ONE.replace("3, 8, 5, padding=1", "3, 8, 5, padding=2")
POOL = "from torch import nn\n\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
KNOWN = "known.json"


@pytest.fixture
def net(padlint: Padlint, folder: Path) -> Path:
    """A model with two findings that the baseline knows."""
    path = folder / "net.py"
    path.write_text(TWO)
    done = padlint("check", "--baseline", KNOWN, "--write-baseline")
    assert (done.code, done.out) == (0, "")
    assert done.complaint == "padlint: nothing found in 1 file; 2 not shown (known or unchanged)"
    return path


def places(padlint: Padlint, *options: str) -> list[tuple[str, int, str]]:
    done = padlint("check", "--quiet", "--baseline", KNOWN, "--output-format", "json", *options)
    assert done.code == (1 if done.out != "[]\n" else 0), done.err
    return [(each["path"], each["start"]["line"], each["code"]) for each in json.loads(done.out)]


def entries(folder: Path) -> list[tuple[str, str, str, str, int]]:
    return [tuple(each.values()) for each in json.loads((folder / KNOWN).read_text())["findings"]]  # type: ignore[misc]


def test_an_entry_is_file_code_model_and_layer(net: Path, folder: Path) -> None:
    assert entries(folder) == [("net.py", "PAD201", "net", "0", 1), ("net.py", "PAD201", "net", "1", 1)]


@pytest.mark.parametrize(
    "text",
    [
        TWO,
        "# a\n# b\n\n" + TWO,
        TWO.replace("    nn.Conv2d(8", "    # a comment\n\n    nn.Conv2d(8"),
        TWO.replace("3, 8, 5, padding=1),  # padlint: same", "  # padlint: same\n        3, 8, 5, padding=1),"),
        TWO.replace("padding=1", "padding=0"),
    ],
    ids=["the same", "lines above", "lines between", "on more lines", "wrong in another way"],
)
def test_what_is_known_stays_silent_where_lines_move(padlint: Padlint, net: Path, text: str) -> None:
    net.write_text(text)
    assert places(padlint) == []


def test_what_is_new_is_shown(padlint: Padlint, net: Path, folder: Path) -> None:
    net.write_text(TWO.replace("\n)", "\n    nn.Conv2d(8, 8, 3),  # padlint: same\n)"))
    (folder / "pool.py").write_text(POOL)
    assert places(padlint) == [("net.py", 7, "PAD201"), ("pool.py", 3, "PAD103")]


def test_one_more_of_the_same_kind_is_shown(padlint: Padlint, folder: Path) -> None:
    """Comments have neither model nor layer: their entry counts."""
    bad = "# padlint: smae\n"
    (folder / "net.py").write_text(bad + CLEAN)
    padlint("check", "--baseline", KNOWN, "--write-baseline")
    assert places(padlint) == []
    (folder / "net.py").write_text(bad + bad + CLEAN)
    assert places(padlint) == [("net.py", 2, "PAD002")]


def test_the_same_bytes_however_it_is_written(padlint: Padlint, net: Path, folder: Path) -> None:
    before = (folder / KNOWN).read_bytes()
    time = (folder / KNOWN).stat().st_mtime_ns
    (folder / "pool.py").write_text(POOL)
    for words in (["net.py"], ["--prune-baseline"]):
        padlint("check", "--baseline", KNOWN, words[0], *([] if words[0][0] == "-" else ["--write-baseline"]))
        assert (folder / KNOWN).read_bytes() == before
    assert (folder / KNOWN).stat().st_mtime_ns == time


def test_the_baseline_is_found_and_means_the_same_from_another_folder(
    padlint: Padlint, net: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    done = padlint("check", "--quiet", "--baseline", f"../{KNOWN}", "..")
    assert (done.code, done.out) == (0, "")


def test_what_is_gone_is_pruned_and_nothing_is_added(padlint: Padlint, net: Path, folder: Path) -> None:
    net.write_text(ONE)
    (folder / "pool.py").write_text(POOL)
    assert padlint("check", "--quiet", "--baseline", KNOWN, "--prune-baseline").code == 1
    assert entries(folder) == [("net.py", "PAD201", "net", "0", 1)]


@pytest.mark.parametrize(
    ("options", "left"),
    [("pool.py", 2), ("--select PAD1", 2), ("--ignore PAD201", 2), ("net.py", 1), ("--since HEAD", 1), (".", 1)],
)
def test_only_what_would_have_been_seen_is_pruned(
    padlint: Padlint, net: Path, folder: Path, repository: None, options: str, left: int
) -> None:
    net.write_text(ONE)
    (folder / "pool.py").write_text(POOL)
    padlint("check", "--quiet", "--baseline", KNOWN, "--prune-baseline", *options.split())
    assert len(entries(folder)) == left


def test_the_entries_of_a_file_that_is_gone_go_too(padlint: Padlint, net: Path, folder: Path) -> None:
    net.rename(folder / "other.py")
    assert padlint("check", "--quiet", "--baseline", KNOWN, "--prune-baseline").code == 1
    assert entries(folder) == []


def test_what_is_known_is_not_fixed(padlint: Padlint, net: Path) -> None:
    net.write_text(TWO.replace("\n)", "\n    nn.Conv2d(8, 8, 3),  # padlint: same\n)"))
    assert padlint("check", "--quiet", "--fix", "--baseline", KNOWN).code == 0
    assert net.read_text() == TWO.replace("\n)", "\n    nn.Conv2d(8, 8, 3, padding=1),  # padlint: same\n)")


def test_nothing_is_written_where_not_all_could_be_read(padlint: Padlint, net: Path, folder: Path) -> None:
    net.write_text(ONE)
    before = contents(folder)
    done = padlint("check", "--quiet", "--baseline", KNOWN, "--prune-baseline", ".", "missing.py")
    assert done.code == 2
    assert done.err.splitlines()[-1] == f"padlint: {KNOWN}: not written, as not everything could be checked"
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("from torch import nn", "Expecting value: line 1 column 1 (char 0)"),
        ("\xff", "codec can't decode"),
        ("[]", "must be an object with version 1"),
        ('{"version": 2, "findings": []}', "must be an object with version 1"),
        ('{"version": 1}', "findings must be a list"),
        ('{"version": 1, "findings": [3]}', "finding 1 must have path, code, model, layer and count"),
        (
            '{"version": 1, "findings": [{"path": "a", "code": "PAD201", "model": null, "layer": null, "count": 0}]}',
            "finding 1 must have path, code, model, layer and count",
        ),
        ("[" * 100_000, "nested too deeply"),
    ],
    ids=["empty", "Python", "bytes", "a list", "a later version", "no findings", "a number", "count", "deep"],
)
@pytest.mark.parametrize("option", ["--quiet", "--write-baseline", "--prune-baseline"])
def test_what_is_no_baseline_is_one_line_and_stays_as_it_is(
    padlint: Padlint, folder: Path, text: str, complaint: str, option: str
) -> None:
    (folder / "net.py").write_text(TWO)
    (folder / KNOWN).write_bytes(text.encode("latin-1"))
    before = contents(folder)
    done = padlint("check", "--baseline", KNOWN, option)
    assert done.code == 2
    assert done.complaint.startswith(f"padlint: {KNOWN}: not a baseline: ")
    assert complaint in done.complaint
    assert contents(folder) == before
