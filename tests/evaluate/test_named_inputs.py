"""Tensors that a layer is given by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from tests.evaluate.test_free_inputs import admitted, last_call

CALLS: dict[str, str] = {
    "indices": "self.up(y, indices=i)",
    "indices and size": "self.up(y, indices=i, output_size=x.size())",
    "both by name": "self.up(input=y, indices=i)",
    "in order": "self.up(y, i)",
}
MODEL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.down, self.up = nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)
    def forward(self, x):
        x = self.conv(x)
        y, i = self.down(x)
        return {}
def f(): return Net()
"""


@pytest.mark.parametrize("name", CALLS)
def test_unpooled(name: str, tmp_path: Path) -> None:
    text = MODEL.format(CALLS[name])
    scope: dict[str, type[nn.Module]] = {"nn": nn}  # type: ignore[dict-item]
    exec(text, scope)
    real = scope["Net"]()(torch.zeros(2, 3, 11, 15))
    call = last_call(tmp_path, text)
    assert call.name == "MaxUnpool2d"
    assert call.refusal is None
    assert admitted(call.output, tuple(real.shape), {"N": 2, "H": 11, "W": 15})
