"""What a model says of its own inputs: annotations of forward, Lightning's example."""

from __future__ import annotations

from pathlib import Path

import pytest

from padlint.evaluate.inputs import annotated_shape
from padlint.layers.base import Shape
from padlint.syntax import ir
from padlint.syntax.source import Source
from tests.inputs.judge import built, observed, predicted

HEAD = """
from typing import Annotated
import torch
import lightning as L
import pytorch_lightning as pl
from jaxtyping import Float, Float32, Shaped
from torch import nn, Tensor
"""
MODEL = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Identity())

    def forward(self, x: {annotation}, scale: float = 1.0) -> Float[Tensor, "b 3 9 9"]:
        return self.net(x)
"""

ANNOTATIONS = {
    'Float[Tensor, "b 3 32 32"]': ("b", 3, 32, 32),
    'Float32[torch.Tensor, "batch 3 height width"]': ("batch", 3, "height", "width"),
    'Float[Tensor, "b c=3 h=8 w=8"]': ("b", 3, 8, 8),
    'Float[Tensor, "b _ 32 _w"]': ("b", "?", 32, "?"),
    'Float[Tensor, "b #c 32 32"]': ("b", "?", 32, 32),
    'Shaped[Tensor, "b 1 n 2*n"]': ("b", 1, "n", "2*n"),
    'Annotated[torch.Tensor, Shape("B", 3, 64, 64)]': ("B", 3, 64, 64),
    'TensorType["batch", 3, 32, 16]': ("batch", 3, 32, 16),
}
OPEN = (
    'Float[Tensor, "... 3 32"]', 'Float[Tensor, "*batch 3"]', 'Float[Array, "b 3"]', 'Float[Tensor, ""]', "Tensor",
    'Float[Tensor, "b {size}"]', "Annotated[Tensor, 'an image']", "dict[str, Tensor]", 'TensorType[..., 3]',
)  # fmt: skip


def read(annotation: str) -> Shape | None:
    """What an annotation says, read from source."""
    (function,) = Source.from_bytes(f"def forward(x: {annotation}): ...\n".encode(), "net.py").lower(0)
    assert isinstance(function, ir.Function)
    return annotated_shape(function.parameters[0].annotation)


@pytest.mark.parametrize(("annotation", "shape"), ANNOTATIONS.items())
def test_the_sizes_in_an_annotation(annotation: str, shape: tuple[int | str, ...]) -> None:
    found = read(annotation)
    assert found is not None
    assert tuple(size if isinstance(size, int) else str(size) for size in found) == shape


@pytest.mark.parametrize("annotation", OPEN)
def test_an_annotation_without_a_rank_says_nothing(annotation: str) -> None:
    assert read(annotation) is None


def test_the_annotation_of_forward_is_its_input(tmp_path: Path) -> None:
    (found,) = built(tmp_path, HEAD + MODEL.format(annotation='Float[Tensor, "2 3 32 32"]'))
    assert found.input_shape == (2, 3, 32, 32)


def test_a_directive_is_heard_before_an_annotation(tmp_path: Path) -> None:
    text = MODEL.format(annotation='Float[Tensor, "b 3 32 32"]').replace(
        "class", "# padlint: input=(N, 3, 8, 8)\nclass"
    )
    (found,) = built(tmp_path, HEAD + text)
    assert found.input_shape == ("N", 3, 8, 8)


LIGHTNING = """
class Net({home}.LightningModule):
    {body}
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2))
        {init}

    def forward(self, x, y=None):
        return self.net(x)

{run}
"""
EXAMPLES = {
    "in __init__": {"init": "self.example_input_array = torch.zeros(2, 1, 28, 28)"},
    "in the body": {"body": "example_input_array = torch.rand(2, 1, 20, 28)"},
    "arguments": {"init": "self.example_input_array = (torch.zeros(2, 1, 28, 28), torch.zeros(3))"},
    "named": {"init": "self.example_input_array = {'x': torch.zeros(2, 1, 14, 28)}"},
    "a size computed": {"init": "size = (1, 30, 30)\n        self.example_input_array = torch.randn(4, *size)"},
}


@pytest.mark.parametrize("home", ["L", "pl"])
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_the_example_of_a_lightning_module_is_its_input(home: str, example: dict[str, str], tmp_path: Path) -> None:
    head = HEAD.replace("from jaxtyping import Float, Float32, Shaped\n", "")
    parts = {"body": "", "init": "", "home": home, **example}
    truth = observed(head + LIGHTNING.format(run="Net().run_example()", **parts))
    found = built(tmp_path, head + LIGHTNING.format(run="", **parts))
    assert len(truth) == 2
    assert predicted(found, 0) == truth
