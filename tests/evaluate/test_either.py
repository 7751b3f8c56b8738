"""A call that gives the same whichever way a condition goes is followed once, any other on both ways: torch says which."""

from __future__ import annotations

import importlib
import itertools
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Tensor
from padlint.evaluate.world import World
from padlint.layers.base import Shape
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER

INPUT = (2, 3, 16, 16)
Called = tuple[str, Shape]
Deeds = tuple[Shape, frozenset[Called]]
"""The shape of the output, and the layers that were called with the shapes that they were given."""

HELPERS: dict[str, str] = {
    "other numbers": """
def helper(net, x):
    if one():
        return x * 2
    return x""",
    "two questions": """
def helper(net, x):
    y = x.flatten(1) if one() else x.reshape(2, -1)
    if two():
        y = y + 1
    return y.view(2, 3, 16, 16)""",
    "a helper of the helper tells": """
def wide(x):
    return one()
def helper(net, x):
    if wide(x):
        x = x.transpose(2, 3)
    return x""",
    "the same layers": """
def helper(net, x):
    if one():
        return net.conv(x)
    return net.conv(x) + 1""",
    "a list of its own": """
def helper(net, x):
    sizes = [4, 4]
    if one():
        sizes[0] = 4
    return F.adaptive_avg_pool2d(x, sizes)""",
}
"""Both ways come to the same."""

TRAPS: dict[str, str] = {
    "other sizes": """
def helper(net, x):
    return F.max_pool2d(x, 2) if one() else x""",
    "a layer on one way": """
def helper(net, x):
    if one():
        return net.conv(x)
    return x""",
    "a layer with other inputs": """
def helper(net, x):
    if one():
        net.conv(x[:, :, :8])
        return x
    net.conv(x)
    return x""",
    "a function with other inputs": """
def helper(net, x):
    y = x.flatten(1) if one() else x.flatten(2)
    y.mean()
    return x""",
    "what is kept on the module": """
def helper(net, x):
    if one():
        net.stride = 4
    return x""",
    "what is kept on the module on the other way": """
def helper(net, x):
    if not one():
        net.stride = 4
    return x""",
    "what is kept in a list on the other way": """
def note(found, x):
    if not one():
        found[0] = 4
    return x
def helper(net, x):
    found = [2]
    x = note(found, x)
    return F.avg_pool2d(x, found[0])""",
    "what is counted on the other way": """
def helper(net, x):
    stride = 1
    def choose(x):
        nonlocal stride
        if not one():
            stride = 2
        return x
    x = choose(x)
    return F.avg_pool2d(x, stride)""",
    "what is raised on the other way": """
def helper(net, x):
    if not one():
        raise ValueError
    return x""",
    "what is kept in a list that was given": """
def note(found, x):
    if one():
        found[0] = 4
    return x
def helper(net, x):
    found = [2]
    x = note(found, x)
    return F.avg_pool2d(x, found[0])""",
    "what is kept in a variable of the function around": """
def helper(net, x):
    stride = 1
    def choose():
        nonlocal stride
        if one():
            stride = 2
        return 0
    choose()
    return F.avg_pool2d(x, stride)""",
    "what is kept in the module's own dict": """
KEPT = {"stride": 1}
def choose(x):
    KEPT["stride"] = 2 if one() else 4
    return x
def helper(net, x):
    return F.avg_pool2d(choose(x), KEPT["stride"])""",
    "the same question twice": """
def stride(x):
    return 2 if one() else 1
def back(x):
    return 2 if one() else 1
def helper(net, x):
    x = F.avg_pool2d(x, stride(x))
    return F.interpolate(x, scale_factor=back(x))""",
    "a new list or the old one": """
def pick(old):
    return old if one() else [2]
def helper(net, x):
    old = [2]
    pick(old).append(4)
    return F.avg_pool2d(x, old[-1])""",
    "a layer that is built": """
def helper(net, x):
    if one():
        return nn.Conv2d(3, 3, 1)(x)
    return x""",
    "a stride that a helper tells": """
def stride(x):
    if one():
        return 2
    return 4
def helper(net, x):
    return F.avg_pool2d(x, stride(x))""",
    "a truth that a helper tells": """
def halve(x):
    return one()
def helper(net, x):
    y = F.max_pool2d(x, 2) if halve(x) else x
    return y""",
    "a generator that walks": """
def helper(net, x):
    for layer in net.stack if one() else []:
        x = layer(x)
    return x""",
    "three questions, one that matters": """
def helper(net, x):
    x = x + 1 if one() else x
    x = x * 2 if two() else x
    return F.max_pool2d(x, 2) if one() and two() else x""",
}
"""One way does something else."""

MODEL = """
import os
import torch.nn.functional as F
def one():
    return os.path.exists("one")
def two():
    return os.path.exists("two")
HELPER
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.stack = nn.Sequential(nn.MaxPool2d(2))
        self.stride = 1
    def forward(self, x):
        x = x + torch.zeros(x.shape)
        x = helper(self, x)
        return F.avg_pool2d(x, self.stride)
"""


ALL: dict[str, str] = {**HELPERS, **TRAPS}


@pytest.mark.parametrize("name", ALL)
def test_what_is_seen_on_all_paths_is_what_torch_does(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, true = _said(tmp_path, ALL[name]), _true(tmp_path, monkeypatch)
    assert {shape for shape, _ in said} == {shape for shape, _ in true}
    assert frozenset[Called]().union(*(called for _, called in said)) == frozenset[Called]().union(
        *(called for _, called in true)
    )


@pytest.mark.parametrize("name", HELPERS)
def test_one_path_is_followed_where_both_ways_come_to_the_same(name: str, tmp_path: Path) -> None:
    assert len(_said(tmp_path, HELPERS[name])) == 1


def test_both_ways_are_followed_where_a_function_gets_other_inputs(tmp_path: Path) -> None:
    assert len(_said(tmp_path, TRAPS["a function with other inputs"])) == 2


def _said(folder: Path, helper: str) -> list[Deeds]:
    """What each path does."""
    file = folder / "main.py"
    file.write_text(HEADER + MODEL.replace("HELPER", helper))
    found: list[Deeds] = []
    for run in run_files(World(Project(find_roots([file]))), [file], lambda place: {0: INPUT}):
        if isinstance(run.result, Instance) and run.result.cls.name == "Net":
            ops = run.record.ops
            whole = next(op for op in reversed(ops) if op.instance is run.result)
            if not isinstance(whole.output, Tensor):  # it raises
                continue
            called = [(op.name, op.inputs[0]) for op in ops if op.kind == "layer" and whole.number in op.within]
            layers = frozenset((kind, given.shape) for kind, given in called if isinstance(given, Tensor))
            assert len(layers) == len(set(called))
            found.append((whole.output.shape, layers))
    return found


def _true(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[Deeds]:
    monkeypatch.syspath_prepend(folder)
    found: set[Deeds] = set()
    monkeypatch.chdir(folder)
    for one, two in itertools.product((False, True), repeat=2):
        for name, there in (("one", one), ("two", two)):
            (folder / name).touch() if there else (folder / name).unlink(missing_ok=True)
        model = importlib.import_module("main").Net()
        del sys.modules["main"]
        layers: set[Called] = set()

        def note(module: nn.Module, given: tuple[torch.Tensor], layers: set[Called] = layers) -> None:
            if type(module).__module__.startswith("torch.nn") and not isinstance(module, nn.Sequential):
                layers.add((type(module).__name__, tuple(given[0].shape)))

        handle = nn.modules.module.register_module_forward_pre_hook(note)
        with suppress(ValueError):
            found.add((tuple(model(torch.zeros(INPUT)).shape), frozenset(layers)))
        handle.remove()
    return found
