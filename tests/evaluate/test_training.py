"""Two paths are followed for training mode where shapes depend on it, and one where they do not: torch says which."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Tensor
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER

INPUT = (2, 3, 16, 16)

FORWARD: dict[str, str] = {
    "a probability": "x = self.net(x)\nreturn F.dropout(x, self.p if self.training else 0.0)",
    "a factor in both branches": """
if self.training and self.track:
    if self.momentum is None:
        factor = 1.0 / float(self.count)
    else:
        factor = self.momentum
else:
    factor = 0.0
return self.net(x) * factor""",
    "a truth": """
if self.training:
    known = True
else:
    known = (self.mean is None) and (self.var is None)
return F.batch_norm(self.net(x), self.mean if not self.training or self.track else None, self.var, training=True)""",
    "a stride": "s = 2 if self.training else 1\nreturn F.avg_pool2d(self.net(x), s)",
    "a stride in branches": "if self.training:\n    s = 2\nelse:\n    s = 4\nreturn F.max_pool2d(self.net(x), s)",
    "a layer": "if self.training:\n    x = self.aux(x)\nreturn self.net(x)",
    "an early return": "if self.training:\n    return self.aux(x)\nreturn self.net(x)",
    "a loop left": "for _ in range(3):\n    x = F.max_pool2d(x, 2)\n    if self.training:\n        break\nreturn self.net(x)",
    "a name of the function around": """
s = 1
def choose():
    nonlocal s
    if self.training:
        s = 2
choose()
return F.avg_pool2d(self.net(x), s)""",
    "the negative": "s = (1 if not self.training else 4)\nreturn F.avg_pool2d(self.net(x), s)",
    "a truth that chooses": "slow = False\nif self.training:\n    slow = True\nif slow:\n    x = self.aux(x)\nreturn self.net(x)",
}

MODEL = """
import torch.nn.functional as F
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Conv2d(3, 3, 3, padding=1)
        self.aux = nn.MaxPool2d(2)
        self.p, self.momentum, self.track, self.count = 0.5, 0.1, True, 4
        self.register_buffer("mean", torch.zeros(3))
        self.register_buffer("var", torch.ones(3))
    def forward(self, x):
        BODY
"""


@pytest.mark.parametrize("name", FORWARD)
def test_every_shape_of_either_mode_is_seen(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEADER + MODEL.replace("BODY", FORWARD[name].strip("\n").replace("\n", "\n        "))
    (tmp_path / "main.py").write_text(text)
    assert _said(tmp_path / "main.py") == _true(tmp_path, monkeypatch)


def _said(file: Path) -> list[tuple[int, ...]]:
    """The shapes of the output, one a path."""
    runs = run_files(World(Project(find_roots([file]))), [file], lambda place: {0: INPUT})
    shapes = []
    for run in runs:
        if isinstance(run.result, Instance):
            output = next(op.output for op in reversed(run.record.ops) if op.instance is run.result)
            assert isinstance(output, Tensor)
            shapes.append(output.shape)
    return sorted(shapes)


def _true(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, ...]]:
    monkeypatch.syspath_prepend(folder)
    model = importlib.import_module("main").Net()
    del sys.modules["main"]
    assert isinstance(model, nn.Module)
    return sorted({tuple(model.train(mode)(torch.zeros(INPUT)).shape) for mode in (True, False)})
