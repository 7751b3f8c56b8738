"""What torch calls for a program, and what stays of a layer whose weight is another: torch is the judge of shapes and counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Tensor
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from padlint.shapes import parameters
from tests.evaluate.judge import executed

INPUT = (2, 3, 16, 16)
HEADER = """
import torch
import torch.nn.functional as F
from torch import nn
from torch.autograd import Function
from torch.nn.utils import parametrizations, remove_weight_norm, spectral_norm, weight_norm
from torch.nn.utils.spectral_norm import spectral_norm as normed
from torch.utils import checkpoint as cp
from torch.utils.checkpoint import checkpoint, checkpoint_sequential
"""
SWISH = """
class Swish(Function):
    @staticmethod
    def forward(ctx, i):
        ctx.save_for_backward(i)
        return i * torch.sigmoid(i)
    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0]
"""
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        INIT
    def forward(self, x):
        FORWARD
def build():
    return Net()
"""


def net(forward: str = "return self.conv(x)", init: str = "pass", before: str = "") -> str:
    def indented(text: str) -> str:
        return text.strip("\n").replace("\n", "\n        ")

    return HEADER + before + NET.replace("INIT", indented(init)).replace("FORWARD", indented(forward))


CALLED = {
    "a function of autograd": net("return Swish.apply(self.conv(x))", before=SWISH),
    "its apply under another name": net("return swish(self.conv(x))", before=SWISH + "swish = Swish.apply\n"),
    "its apply kept by the model": net("return self.act(self.conv(x))", "self.act = Swish.apply", SWISH),
    "a context that is read again": net(
        "return Twice.apply(self.conv, x, 3)",
        before="""
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, x, k):
        ctx.run, ctx.k = run, k
        with torch.no_grad():
            return F.avg_pool2d(ctx.run(x), ctx.k)
""",
    ),
    "a context of its own step": net(
        "return Halved.apply(self.conv(x))[0]",
        before="""
class Halved(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x[..., ::2], x
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.size = inputs[0].shape
""",
    ),
    "an inherited forward": net("return Named.apply(self.conv(x))", before=SWISH + "class Named(Swish): pass\n"),
    "a checkpoint": net("return checkpoint(self.conv, x, use_reentrant=False)"),
    "a checkpoint by its module": net("return cp.checkpoint(self.conv, x, preserve_rng_state=False)"),
    "a checkpoint that hands on": net("""
def run(*inputs, scale):
    return F.interpolate(self.conv(inputs[0]), scale_factor=scale)
return checkpoint(run, x, use_reentrant=False, scale=2)
"""),
    "checkpoints in a row": net(
        "return checkpoint_sequential(self.all, 2, x, use_reentrant=False)",
        "self.all = nn.Sequential(self.conv, nn.ReLU(), nn.Conv2d(8, 4, 5))",
    ),
    "checkpoints of a list": net(
        "return checkpoint_sequential([self.conv, nn.ReLU(), nn.MaxPool2d(2)], segments=1, input=x, use_reentrant=False)"
    ),
}
COUNTED = {
    "a weight filled and assigned": net(init="self.conv.weight = nn.init.kaiming_normal_(self.conv.weight)"),
    "weights filled and assigned in a loop": net(
        init="""
for m in self.modules():
    if isinstance(m, nn.Conv2d):
        m.weight = nn.init.kaiming_normal_(m.weight, mode='fan_out')
"""
    ),
    "a bias filled and assigned": net(init="self.conv.bias = torch.nn.init.constant_(self.conv.bias, 0.1)"),
    "a weight filled and assigned by a function": net(
        init="self.apply(fill)",
        before="""
def fill(m):
    if isinstance(m, (nn.Conv2d, nn.Linear)):
        m.weight = nn.init.xavier_uniform_(m.weight)
        m.bias.data.fill_(0)
""",
    ),
    "spectral norm": net(init="self.conv = spectral_norm(self.conv)"),
    "spectral norm by its module": net(init="self.conv = normed(nn.Conv2d(3, 8, 3))"),
    "spectral norm as a parametrization": net(init="self.conv = parametrizations.spectral_norm(self.conv)"),
    "orthogonal": net(init="parametrizations.orthogonal(self.conv)"),
    "weight norm, taken away again": net(init="self.conv = remove_weight_norm(weight_norm(self.conv))"),
}
UNCOUNTED = {
    "another weight of the same size": net(init="self.conv.weight = nn.Parameter(torch.zeros(8, 3, 3, 3))"),
    "a weight of another layer": net(
        "return self.conv(x) + self.other(x)", "self.other = nn.Conv2d(3, 8, 3)\nself.other.weight = self.conv.weight"
    ),
    "weight norm": net(init="self.conv = weight_norm(self.conv)"),
    "weight norm of a new layer": net(init="self.conv = weight_norm(nn.Conv2d(3, 8, 3))"),
    "weight norm as a parametrization": net(init="parametrizations.weight_norm(self.conv, dim=None)"),
}


@pytest.mark.parametrize("name", CALLED)
def test_what_is_called_gives_its_shape(name: str, tmp_path: Path) -> None:
    said, truth = told(tmp_path, CALLED[name])
    assert shape_of(said[1]) == really(truth)


@pytest.mark.parametrize("name", COUNTED)
def test_filling_keeps_shapes_and_counts(name: str, tmp_path: Path) -> None:
    said, truth = told(tmp_path, COUNTED[name])
    assert shape_of(said[1]) == really(truth)
    counted = sum(each.numel() for each in truth.parameters())
    assert parameters(said[0]) == (counted, counted)


@pytest.mark.parametrize("name", UNCOUNTED)
def test_shapes_stay_where_counts_are_lost(name: str, tmp_path: Path) -> None:
    said, truth = told(tmp_path, UNCOUNTED[name])
    assert shape_of(said[1]) == really(truth)
    counted = sum(each.numel() for each in truth.parameters())
    assert parameters(said[0]) in (None, (counted, counted))


def test_a_weight_of_another_size_is_another_layer(tmp_path: Path) -> None:
    replaced = net(init="self.conv.weight = nn.Parameter(torch.zeros(4, 3, 3, 3)); self.conv.bias = None")
    said, truth = told(tmp_path, replaced)
    assert really(truth) == (2, 4, 14, 14)
    assert shape_of(said[1])[1] != 8


def told(folder: Path, program: str) -> tuple[tuple[Instance, object], torch.nn.Module]:
    """The model that padlint says is built and what it gives for the input, and the real one."""
    main = folder / "main.py"
    main.write_text(f"{program}\ndef root():\n    made = build()\n    return made, made(torch.zeros{INPUT})\n")
    world = World(Project(find_roots([main])))
    results = [run.result for run in run_files(world, [main], lambda place: None) if run.root == "root"]
    assert len(results) == 1
    assert isinstance(results[0], tuple)
    model, output = results[0]
    assert isinstance(model, Instance)
    return (model, output), executed(folder, "build")


def shape_of(value: object) -> tuple[object, ...]:
    assert isinstance(value, Tensor), value
    return value.shape


def really(model: torch.nn.Module) -> tuple[int, ...]:
    return tuple(model(torch.zeros(INPUT)).shape)


def test_filling_at_the_top_of_a_file_keeps_counts(tmp_path: Path) -> None:
    """What a module's own statements build is told as what functions build."""
    init = "for m in self.modules():\n    if isinstance(m, nn.Conv2d):\n        m.weight = nn.init.zeros_(m.weight)"
    program = net(init=init) + "MADE = build()\ndef root():\n    return MADE\n"
    (tmp_path / "main.py").write_text(program)
    world = World(Project(find_roots([tmp_path / "main.py"])))
    results = [run.result for run in run_files(world, [tmp_path / "main.py"], lambda place: None) if run.root == "root"]
    counted = sum(each.numel() for each in executed(tmp_path, "build").parameters())
    assert [parameters(each) for each in results if isinstance(each, Instance)] == [(counted, counted)]
