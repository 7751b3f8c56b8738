"""What was not analysed is said, never beside a bare "nothing found", and CI can see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint

WRONG = "from torch import nn\nnet = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv2d(3, 4, 3))\n"
DEEP = f"import torch\nx = {'-' * 5000}1\n"
PARTLY = f"{WRONG}x = {'-' * 600}1\n"


@pytest.fixture
def files(folder: Path) -> Path:
    for name, text in {
        "ok.py": "import torch\n",
        "wrong.py": WRONG,
        "deep.py": DEEP,
        "partly.py": PARTLY,
        "broken.py": "import torch\nx = (\n",
        "large.py": "import torch\n" + "#" * 1_100_000,
        "r.ipynb": json.dumps({"cells": [], "metadata": {"kernelspec": {"language": "R"}}}),
    }.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("arguments", "summary"),
    [
        ("ok.py", "nothing found in 1 file"),
        ("deep.py", "nothing found in 1 file; 1 not fully analysed"),
        ("ok.py deep.py large.py r.ipynb", "nothing found in 4 files; 3 not fully analysed"),
        ("partly.py", "1 error found in 1 file; 1 not fully analysed"),
        ("wrong.py deep.py", "1 error found in 2 files; 1 not fully analysed"),
        ("ok.py missing.py", "nothing found in 1 file; 1 not read"),
        ("deep.py missing.py gone.py", "nothing found in 1 file; 1 not fully analysed; 2 not read"),
        ("broken.py", "1 error found in 1 file"),
        ("broken.py --ignore PAD001", "nothing found in 1 file; 1 not fully analysed"),
        ("deep.py --statistics", "nothing found in 1 file; 1 not fully analysed"),
        ("deep.py --add-ignore", "nothing found in 1 file; 1 not fully analysed"),
        ("deep.py --fix", "nothing found in 1 file; 1 not fully analysed"),
        ("deep.py --baseline known.json --write-baseline", "nothing found in 1 file; 1 not fully analysed"),
    ],
)
def test_the_summary_says_how_much_was_not_looked_at(
    padlint: Padlint, files: Path, arguments: str, summary: str
) -> None:
    first = padlint("check", *arguments.split())
    said = [line for line in first.err.splitlines() if " found in " in line]
    assert [line.partition("; 1 unsafe fix")[0] for line in said] == [f"padlint: {summary}"]
    again = padlint("check", *arguments.split())
    assert again == first


def test_there_is_no_summary_of_nothing(padlint: Padlint, files: Path) -> None:
    done = padlint("check", "missing.py")
    assert (done.code, done.out, done.complaint) == (2, "", "padlint: missing.py: No such file or directory")


@pytest.mark.parametrize(
    ("fail_on", "path", "code"),
    [
        ("", "deep.py", 0),
        ("--fail-on not-analysed", "deep.py", 1),
        ("--fail-on not-analysed", "ok.py", 0),
        ("--fail-on not-analysed", "wrong.py", 1),
        ("--fail-on error --fail-on not-analysed", "deep.py", 1),
        ("--fail-on never --fail-on not-analysed", "deep.py", 1),
        ("--fail-on never --fail-on not-analysed", "wrong.py", 0),
        ("--fail-on not-analysed --quiet", "deep.py", 1),
        ("--fail-on not-analysed --diff", "deep.py", 1),
        ("--fail-on not-analysed --diff", "ok.py", 0),
        ("--fail-on not-analysed --ignore PAD001", "broken.py", 1),
        ("--config fail-on='not-analysed'", "deep.py", 1),
        ("--config fail-on=['error','not-analysed']", "deep.py", 1),
        ("--config fail-on=['never']", "wrong.py", 0),
        ("--exit-zero", "deep.py", 0),
    ],
)
def test_what_was_not_analysed_can_fail(padlint: Padlint, files: Path, fail_on: str, path: str, code: int) -> None:
    for _ in range(2):
        assert padlint("check", path, *fail_on.split()).code == code


def test_two_severities_contradict_each_other(padlint: Padlint, files: Path) -> None:
    done = padlint("check", "ok.py", "--fail-on", "error", "--fail-on", "never")
    assert (done.code, done.complaint) == (2, "padlint: fail-on: error and never contradict each other")


def test_settings_show_both(padlint: Padlint, files: Path) -> None:
    lines = padlint("check", "--show-settings", "--fail-on", "error", "--fail-on", "not-analysed").out.splitlines()
    assert "fail-on = ['error', 'not-analysed']" in lines


def test_a_baseline_keeps_what_it_knows_of_a_file_that_was_not_analysed(padlint: Padlint, files: Path) -> None:
    path = files / "wrong.py"
    for how in ("--write-baseline", "--prune-baseline"):
        path.write_text(WRONG)
        padlint("check", "wrong.py", "--baseline", "known.json", "--write-baseline")
        known = (files / "known.json").read_text()
        assert "PAD301" in known
        path.write_text(DEEP)
        padlint("check", "wrong.py", "--baseline", "known.json", how)
        assert (files / "known.json").read_text() == known


@pytest.mark.parametrize(
    "command",
    ["shapes {}", "infer {}", "explain {}:1", "port {}", "shapes --statistics {}", "shapes --output-format json {}"],
)
@pytest.mark.parametrize("path", ["deep.py", "broken.py", "large.py"])
def test_every_command_says_what_was_not_analysed(padlint: Padlint, files: Path, command: str, path: str) -> None:
    done = padlint(*command.format(path).split())
    assert f"{path}:" in done.err
    assert "not analysed" in done.err


def test_a_layer_is_explained_beside_what_was_not_analysed(padlint: Padlint, files: Path) -> None:
    done = padlint("explain", "partly.py:2")
    assert (done.code, done.err.count("not analysed")) == (0, 1)
    assert "Conv2d" in done.out
