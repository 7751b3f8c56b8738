"""Which inputs a Linear behind a Flatten leaves possible: torch, asked for every size, is the judge."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.arithmetic.accepts import boxes
from padlint.arithmetic.dims import Dim, maximum, symbol
from padlint.cli import main
from tests.inputs.judge import built

IMPORTS = "import torch\nfrom torch import nn\n"

ACCEPTED = {
    "one pool": "nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 13 * 13, 10)",
    "LeNet": "nn.Conv2d(3, 6, 5), nn.MaxPool2d(2), nn.Conv2d(6, 4, 5), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(36, 9)",
    "dropout between": "nn.Conv2d(3, 4, 3, 2), nn.Flatten(), nn.Dropout(), nn.ReLU(), nn.Linear(4 * 81, 10)",
    "ceil_mode": "nn.Conv2d(3, 4, 3), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Flatten(), nn.Linear(4 * 49, 10)",
    "reflected": "nn.ReflectionPad2d(3), nn.Conv2d(3, 4, 3, 4), nn.Flatten(), nn.Linear(4 * 4, 10)",
    "transposed": "nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(4, 2, 2, 2), nn.Flatten(), nn.Linear(2 * 64, 10)",
    "two of them": "nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4 * 36, 20), nn.ReLU(), nn.Linear(20, 2)",
}  # fmt: skip


@pytest.mark.parametrize("layers", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_the_square_inputs_that_torch_takes(layers: str, tmp_path: Path) -> None:
    model = eval(f"nn.Sequential({layers})", {"nn": nn})
    taken = [n for n in range(1, 64) if takes(model, n, n)]
    (found,) = built(tmp_path, f"{IMPORTS}model = nn.Sequential({layers})\n")
    one = str(taken[0]) if len(taken) == 1 else f"{taken[0]}..{taken[-1]}"
    assert taken == list(range(taken[0], taken[-1] + 1))
    assert found.accepts == f"{one} x {one}"


def takes(model: nn.Module, height: int, width: int) -> bool:
    try:
        with torch.no_grad():
            model(torch.zeros(2, 3, height, width))
    except RuntimeError:
        return False
    return True


def test_one_axis(tmp_path: Path) -> None:
    layers = "nn.Conv1d(2, 8, 5, 4), nn.Flatten(), nn.Linear(80, 3)"
    model = eval(f"nn.Sequential({layers})", {"nn": nn})
    taken = []
    for n in range(5, 80):
        try:
            model(torch.zeros(2, 2, n))
            taken.append(n)
        except RuntimeError:
            continue
    (found,) = built(tmp_path, f"{IMPORTS}model = nn.Sequential({layers})\n")
    assert found.accepts == f"{taken[0]}..{taken[-1]}"


def test_the_model_tells_what_its_part_accepts(tmp_path: Path) -> None:
    text = f"""{IMPORTS}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 6, 5), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.MaxPool2d(2))
        self.head = nn.Linear(16 * 4 * 4, 10)

    def forward(self, x):
        x = self.features(x)
        return self.head(x.view(x.size(0), -1))
"""
    assert [each.accepts for each in built(tmp_path, text)] == ["28..31 x 28..31"]


NOT_TOLD = {
    "the input is known": "# padlint: input=(N, 3, 28, 28)\n"
    "model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 26 * 26, 1))",
    "any size": "model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 1))",
    "no Linear": "model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten())",
    "not square, in many ways": "model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 12, 1))",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_TOLD.values(), ids=NOT_TOLD.keys())
def test_nothing_is_told_where_nothing_is_known(text: str, tmp_path: Path) -> None:
    assert [each.accepts for each in built(tmp_path, f"{IMPORTS}{text}\n")] == [None]


# ---------------------------------------------------------------- no size at all

IMPOSSIBLE = {
    "indivisible by the channels": "nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(100, 10)",
    "always even": "nn.Conv2d(3, 8, 3), nn.Upsample(scale_factor=2), nn.Flatten(), nn.Linear(8 * 49, 10)",
    "adaptive": "nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(8, 10)",
    "a dropout between": "nn.Conv2d(3, 7, 3), nn.Flatten(), nn.Dropout(), nn.Linear(64, 10)",
}
POSSIBLE = {
    "for one that is not square": "nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 6, 10)",
    "for one row": "nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 7, 10)",
    "even by even": "nn.Conv2d(3, 8, 3), nn.Upsample(scale_factor=2), nn.Flatten(), nn.Linear(8 * 36, 10)",
}


@pytest.mark.parametrize("layers", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_a_linear_that_nothing_can_feed_is_found(layers: str, tmp_path: Path) -> None:
    model = eval(f"nn.Sequential({layers})", {"nn": nn})
    assert not any(takes(model, h, w) for h, w in itertools.product(range(1, 13), repeat=2))
    assert [code for code, _ in findings(tmp_path, layers)] == ["PAD303"]


@pytest.mark.parametrize("layers", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_nothing_is_found_where_one_size_fits(layers: str, tmp_path: Path) -> None:
    model = eval(f"nn.Sequential({layers})", {"nn": nn})
    assert any(takes(model, h, w) for h, w in itertools.product(range(1, 13), repeat=2))
    assert findings(tmp_path, layers) == []


def test_the_reason_is_told_and_no_fix_is_made_of_free_sizes(tmp_path: Path) -> None:
    ((_, found),) = findings(tmp_path, IMPOSSIBLE["indivisible by the channels"])
    assert "8 does not divide 100" in str(found["message"])
    assert found["fix"] is None and found["alternatives"] == []


def findings(folder: Path, layers: str) -> list[tuple[str, dict[str, object]]]:
    path, report = folder / "model.py", folder / "report.json"
    path.write_text(f"{IMPORTS}model = nn.Sequential({layers})\n", encoding="utf-8")
    assert main(["check", "--isolated", "--no-cache", f"--output-format=json:{report}", str(path)]) in (0, 1)
    return [(each["code"], each) for each in json.loads(report.read_text(encoding="utf-8"))]


# ---------------------------------------------------------------- the arithmetic

MAPS: dict[str, Callable[[Dim], Dim]] = {
    "conv": lambda n: n - 2,
    "strided": lambda n: (n + 2 - 3) // 2 + 1,
    "pooled twice": lambda n: ((n - 2) // 2 - 2) // 3,
    "doubled": lambda n: 2 * n,
    "odd": lambda n: 4 * (n // 3) + 1,
    "at least one": lambda n: maximum(n // 8, 1),
    "identity": lambda n: n,
}


@pytest.mark.parametrize(("rows", "columns"), itertools.combinations_with_replacement(MAPS, 2))
def test_the_boxes_are_exactly_the_sizes(rows: str, columns: str) -> None:
    height, width = symbol("H", 1), symbol("W", 1)
    channels = random.Random(f"{rows} {columns}").choice([1, 2, 3, 8])
    for target in (1, 6, 7, 12, 25, 36):
        found = boxes((channels, MAPS[rows](height), MAPS[columns](width)), channels * target)
        assert found is not None
        told = {(h, w) for box in found for h in box["H"] for w in box["W"]}
        tall, wide = ({n: MAPS[name](n) for n in range(1, 400)} for name in (rows, columns))
        truth = {
            (h, w)
            for size in range(1, target + 1)
            for h in [n for n, value in tall.items() if value == size]
            for w in [n for n, value in wide.items() if isinstance(value, int) and value * size == target]
        }
        assert told == truth


def test_what_does_not_end_or_is_not_known_gives_nothing() -> None:
    height, width = symbol("H", 1), symbol("W", 1)
    assert boxes((height * width,), 12) is None
    assert boxes((height % 3, width), 2) is None
    assert boxes((height, height), 9) is None
    assert boxes((3, 5), 15) is None
    assert boxes((4, height), 10) == ()
