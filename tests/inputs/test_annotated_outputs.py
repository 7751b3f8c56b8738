"""What forward is annotated to return: torch runs the model, and the words of the annotations are compared with its shapes."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from torch import nn

from padlint.cli import main

TEXT = """
import torch
from jaxtyping import Float
from torch import Tensor, nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = {layer}

    def forward(self, x: {takes}) -> {gives}:
        return self.net(x)


net = Net()
net(torch.rand{shape})
"""


class Case(NamedTuple):
    layer: str
    takes: str
    gives: str
    shape: tuple[int, ...] = (2, 3, 32, 32)


CASES = {
    "numbers that hold": Case("nn.Conv2d(3, 8, 5, padding=2)", "b 3 32 32", "b 8 32 32"),
    "numbers that do not": Case("nn.Conv2d(3, 8, 5, padding=1)", "b 3 32 32", "b 8 32 32"),
    "names that hold": Case("nn.Conv2d(3, 8, 5, padding=2)", "b c h w", "b 8 h w"),
    "names that do not": Case("nn.Conv2d(3, 8, 5, padding=1)", "b c h w", "b 8 h w"),
    "names of other sizes than the caller's": Case("nn.Conv2d(3, 8, 3, stride=2, padding=1)", "b c h w", "b 8 h//2 w//2"),
    "a product": Case("nn.PixelShuffle(2)", "b 4*c h w", "b c 2*h 2*w", (2, 12, 8, 8)),
    "a name that comes from nowhere": Case("nn.Conv2d(3, 8, 5)", "b c h w", "b 8 h2 w2"),
    "any size": Case("nn.Conv2d(3, 8, 5)", "b c h w", "b 8 _ _"),
    "any rank": Case("nn.Conv2d(3, 8, 5)", "b c h w", "b 8 ..."),
    "another rank": Case("nn.Sequential(nn.Conv2d(3, 8, 5), nn.Flatten())", "b c h w", "b c h w"),
    "another input than annotated": Case("nn.Conv2d(3, 8, 5)", "b 3 64 64", "b 8 64 64"),
    "one name for two sizes": Case("nn.Conv2d(3, 8, 5)", "b c s s", "b 8 s s", (2, 3, 32, 30)),
    "a fixed size with a name": Case("nn.Conv2d(3, 8, 5)", "b 3 h=32 w=32", "b 8 h w"),
}  # fmt: skip


def broken(case: Case) -> bool:
    """Does the model, on this input, break what its annotations say? As a reader with torch at hand decides it."""
    layer: nn.Module = eval(case.layer, {"nn": nn})
    output = tuple(layer(torch.rand(case.shape)).shape)
    names: dict[str, int] = {}
    for word, size in zip(case.takes.split(), case.shape, strict=True):
        if word.isidentifier() and names.setdefault(word, size) != size:
            return False
        if word.isdecimal() and int(word) != size:
            return False
    words = case.gives.split()
    if "..." in words:
        return False
    return len(words) != len(output) or any(
        _differs(word, size, names) for word, size in zip(words, output, strict=True)
    )


def _differs(word: str, size: int, names: Mapping[str, int]) -> bool:
    try:
        return bool(eval(word, {}, dict(names)) != size)
    except NameError:
        return False


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_forward_returns_is_what_it_says(case: Case, tmp_path: Path) -> None:
    annotations = {"takes": f'Float[Tensor, "{case.takes}"]', "gives": f'Float[Tensor, "{case.gives}"]'}
    path = tmp_path / "net.py"
    path.write_text(TEXT.format(layer=case.layer, shape=case.shape, **annotations), encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        main(["check", "--isolated", "--no-cache", "--output-format", "json", str(path)])
    assert ([each["code"] for each in json.loads(said.getvalue())] == ["PAD203"]) is broken(case)
    assert broken(case) or not json.loads(said.getvalue())
