"""`padlint shapes` as a command: where each Sequential of a file is from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint

FILE = """\
import keras
from torch import nn

net = nn.Sequential(nn.Linear(2, 3))
first = second = nn.Sequential(nn.Linear(3, 4))
stages = [nn.Sequential(nn.Linear(n, 5)) for n in (4,)]
print(nn.Sequential(nn.Linear(5, 6)))
if True:
    late = nn.Sequential(nn.Linear(6, 7))
for one in (nn.Sequential(nn.Linear(7, 8)),):
    pass
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])


class Net(nn.Module):
    body = nn.Sequential(nn.Linear(8, 9))

    def __init__(self):
        super().__init__()
        self.head = nn.Sequential(nn.Linear(9, 10))


def build():
    return nn.Sequential(nn.Linear(10, 11))
"""
EXPECTED = {
    4: "net",
    5: "second",
    6: "stages",
    7: "<module>",
    9: "late",
    10: "one",
    12: "model",
    16: "Net.body",
    20: "Net.__init__",
    24: "build",
}
"""Lines, and the function that builds, else the name that Python binds."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(FILE)
    return path


def test_a_sequential_has_the_name_of_its_function_or_of_what_it_is_assigned_to(padlint: Padlint, file: Path) -> None:
    found = json.loads(padlint("shapes", "--output-format", "json", str(file)).out)["sequentials"]
    assert {each["line"]: each["qualname"] for each in found} == EXPECTED


def test_the_table_has_the_names_too(padlint: Padlint, file: Path) -> None:
    titles = [line for line in padlint("shapes", str(file)).out.splitlines() if line.startswith(str(file))]
    said = [f"{file}:{line}  {name} ({'keras' if line == 12 else 'torch'})" for line, name in EXPECTED.items()]
    assert sorted(titles) == sorted(said)


TRIED = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3))
        self.features = self.body(torch.zeros(1, 3, 24, 24)).flatten(1).shape[1]

    def forward(self, x):
        return self.body(x)
"""


def test_what_the_model_does_is_shown_not_what_building_it_tried(padlint: Padlint, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text(TRIED)
    (found,) = json.loads(padlint("shapes", "--output-format", "json", str(file)).out)["sequentials"]
    assert found["layers"][0]["in_shape"] == ["N", 3, "H", "W"]


@pytest.mark.parametrize(("widths", "shown", "cut"), [(100, 100, False), (101, 100, True), (150, 100, True)])
def test_lists_that_are_left_out_are_said_to_be(
    padlint: Padlint, tmp_path: Path, widths: int, shown: int, cut: bool
) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        f"from torch import nn\n\nnets = [\n    nn.Sequential(nn.Linear(2, n))\n    for n in range(1, {widths} + 1)\n]\n"
    )
    done = padlint("shapes", "--output-format", "json", str(path))
    assert (done.code, len(json.loads(done.out)["sequentials"])) == (0, shown)
    said = f"{path}:4: more than 100 different lists of layers are built here; 100 are shown"
    assert (said in done.err) is cut
