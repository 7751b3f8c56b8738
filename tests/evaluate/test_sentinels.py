"""A class that cannot be built with its defaults: what stands for nothing is given, and nobody knows what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.evaluate.values import Instance
from tests.evaluate.judge import HEADER
from tests.evaluate.test_unknown import admits, paths

FORMS: dict[str, str] = {
    "assert": "assert heads != -1\n    ",
    "one of two": "if heads == -1:\n        assert groups is not None\n        heads = 2 * groups\n    ",
    "error": "if heads < 0:\n        raise ValueError('heads are needed')\n    ",
    "none": "assert groups is not None, 'groups'\n    heads = 2 * groups\n    ",
}
MODEL = """
def f(width, heads=-1, groups=None, kernel_size=3):
    {}return nn.Sequential(nn.Conv2d(width, 6, kernel_size), nn.Conv2d(6, heads, 1), nn.ReLU())
"""
CLASS = """
class f(nn.Sequential):
    def __init__(self, width, heads=-1, groups=None, kernel_size=3):
        {}super().__init__(nn.Conv2d(width, 6, kernel_size), nn.Conv2d(6, heads, 1), nn.ReLU())
"""


@pytest.mark.parametrize("model", [MODEL, CLASS], ids=["function", "class"])
@pytest.mark.parametrize("name", FORMS)
def test_what_is_given_instead_is_not_known(name: str, model: str, tmp_path: Path) -> None:
    text = model.format(FORMS[name] if model == MODEL else FORMS[name].replace("\n", "\n    "))
    scope: dict[str, Callable[..., nn.Module]] = {}
    exec(HEADER + text, scope)
    with pytest.raises((AssertionError, ValueError)):
        scope["f"](4)
    said = [each for each in paths(tmp_path, text) if isinstance(each, Instance) and each.open is None]
    assert said
    for heads, groups in ((3, 1), (4, 2), (2, 1)):
        real = scope["f"](4, heads, groups)
        assert any(admits(each, real, {"width": 4}) for each in said), (heads, groups)
        first = next(iter(said[0].children.values()))
        assert isinstance(first, Instance)
        assert first.args is not None
        assert (first.args["out_channels"], first.args["kernel_size"]) == (real[0].out_channels, real[0].kernel_size[0])
        assert isinstance(real[0](torch.zeros(1, 4, 5, 5)), torch.Tensor)
