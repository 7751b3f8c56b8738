"""What is said of an input of which nothing is known holds for every input that torch takes, and every parameter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.arithmetic.dims import Unknown, evaluate
from padlint.evaluate.record import Op
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Tensor, Value
from padlint.evaluate.world import World
from padlint.layers.base import Refusal
from padlint.layers.catalogue import bind, find
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER

TWO_INPUTS = """
class Net(nn.Module):
    def __init__(self, in_channels, width):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, width, 3), nn.Conv2d(in_channels, 2 * width, 3, stride=2)
    def forward(self, x, y):
        return self.a(x), self.b(y)
def f(in_channels, width): return Net(in_channels, width)
"""


def last_call(folder: Path, text: str) -> Op:
    """The last call that padlint follows."""
    main = folder / "main.py"
    main.write_text(HEADER + text)
    sys.setrecursionlimit(20_000)
    runs = run_files(World(Project(find_roots([main]))), [main], lambda place: None)
    return next(run.record.ops[-1] for run in runs if run.root == "f")


def admitted(said: Value, shape: tuple[int, ...], names: dict[str, int]) -> bool:
    if isinstance(said, Unknown):
        return True
    assert isinstance(said, Tensor)
    sizes = [None if isinstance(size, Unknown) else evaluate(size, names) for size in said.shape]
    return len(sizes) == len(shape) and all(size in (None, real) for size, real in zip(sizes, shape, strict=True))


@pytest.mark.parametrize("mode", ["zeros", "reflect", "circular"])
def test_padding_of_one_element_by_a_mode_that_is_not_known(mode: str) -> None:
    """Zeros go around every axis, other values only around the axis that is named."""
    layer = find("Conv2d")
    assert layer is not None
    arguments = bind(layer, [1, 1, 3], {"padding": (1,), "padding_mode": Unknown("a parameter")})
    assert not isinstance(arguments, Refusal)
    said = layer.shape(arguments, (Tensor((1, 9, 11)),))
    assert not isinstance(said, tuple | Refusal)
    real = nn.Conv2d(1, 1, 3, padding=(1,), padding_mode=mode)(torch.zeros(1, 9, 11))
    assert admitted(said, tuple(real.shape), {})


def test_a_second_input_leaves_the_names_of_the_program_alone(tmp_path: Path) -> None:
    given = torch.zeros(2, 5, 9, 11)
    names = {"N2": 2, "H2": 9, "W2": 11, "in_channels": 5, "width": 7}
    call = last_call(tmp_path, TWO_INPUTS)
    assert admitted(call.inputs[0], tuple(given.shape), names)
    assert admitted(call.output, tuple(nn.Conv2d(5, 14, 3, stride=2)(given).shape), names)


FORWARDS: dict[str, str] = {
    "scale by a size": "y = (x * x.shape[-1] ** -0.5) / math.sqrt(x.shape[1])",
    "scale by a ratio": "y = (x.shape[2] / x.shape[3]) * x + int(x.shape[2] / 2)",
    "slice up to a size": "h = x.shape[2]; y = F.pad(x, (0, 3, 0, 2))[:, :, :h, :x.shape[3] - 1]",
    "number times something unknown": "y = (x.shape[1] ** 0.5 * self.unknown(x)).flatten(1)",
    "split after the first": "y = torch.cat(torch.tensor_split(x, (1,), dim=2)[::-1], dim=2)",
    "split in the middle": "y = torch.tensor_split(x, (2, 4), dim=2)[1]",
    "repeated by a size": "y = x[:1].repeat_interleave(x.shape[0], dim=0)",
}


@pytest.mark.parametrize("name", FORWARDS)
@pytest.mark.parametrize("shape", [(2, 4, 9, 11), (1, 3, 5, 1)], ids=str)
def test_shapes_computed_with_sizes(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    text = f"import math, torch.nn.functional as F\nclass Net(nn.Module):\n    def unknown(self, x): return eval('x')\n    def forward(self, x):\n        b, c, h, w = x.shape\n        {FORWARDS[name]}\n        return y * 1\ndef f(): return Net()\n"
    op = last_module(tmp_path, text)
    scope: dict[str, Callable[[], nn.Module]] = {}
    exec(HEADER + text, scope)
    real = scope["f"]()(torch.zeros(shape))
    assert admitted(op.output, tuple(real.shape), dict(zip("NCHW", shape, strict=True)))


def last_module(folder: Path, text: str) -> Op:
    main = folder / "main.py"
    main.write_text(HEADER + text)
    sys.setrecursionlimit(20_000)
    runs = run_files(World(Project(find_roots([main]))), [main], lambda place: None)
    return next(op for run in runs if run.root == "f" for op in run.record.ops if op.kind == "module")


FREE = "def free(**options): return block(**options)\n"
GIVEN = "def given(): return block()\n"


@pytest.mark.parametrize("roots", [FREE + GIVEN, GIVEN + FREE], ids=["free first", "given first"])
def test_what_one_root_takes_to_be_left_out_says_nothing_of_another(tmp_path: Path, roots: str) -> None:
    """`given()` raises in torch; what `free()` needs may be among its options."""
    helpers = "def layer(**options): return nn.Conv2d(3, 64, **options)\n"
    helpers += "def block(**options): return nn.Sequential(layer(**options))\n"
    program: dict[str, Callable[[], nn.Module]] = {}
    exec(HEADER + helpers + roots, program)
    with pytest.raises(TypeError):
        program["given"]()
    main = tmp_path / "main.py"
    main.write_text(HEADER + helpers + roots)
    runs = run_files(World(Project(find_roots([main]))), [main], lambda place: None)
    refused = {run.root: any(built.instance.refusal for built in run.record.built) for run in runs}
    assert (refused["given"], refused["free"]) == (True, False)


UNREACHED = """
width, kernel = 8, 3
def outer():
    def inner(width):
        from torch import nn
        depth = width + 1
        return nn.Sequential(nn.Conv2d(width, depth, kernel))
    return inner
"""


def test_names_of_code_that_nothing_reaches_are_not_those_of_the_module(tmp_path: Path) -> None:
    program: dict[str, Callable[[], Callable[[int], nn.Sequential]]] = {}
    exec(HEADER + UNREACHED, program)
    real = program["outer"]()(5)[0]
    main = tmp_path / "main.py"
    main.write_text(HEADER + UNREACHED)
    runs = [run for run in run_files(World(Project(find_roots([main]))), [main], lambda place: None) if not run.reached]
    said = next(built.instance.args for run in runs for built in run.record.built if built.instance.args)
    assert isinstance(said["in_channels"], Unknown) and isinstance(said["out_channels"], Unknown)
    assert isinstance(real, nn.Conv2d) and (said["kernel_size"], real.in_channels) == (real.kernel_size[0], 5)
