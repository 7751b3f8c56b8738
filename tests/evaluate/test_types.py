"""What the evaluator says of torch's types of numbers is what torch says of them."""

from __future__ import annotations

import pytest
import torch

from padlint.evaluate.interpreter import machine
from padlint.evaluate.library.torch_types import FUNCTIONS
from padlint.evaluate.registry import find
from padlint.evaluate.values import Call, External, Namespace
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.project import Project

PLACE = Place("model.py", 0, 0)
ASKED = sorted(name for name in FUNCTIONS if name.endswith((".is_floating_point", ".itemsize")))


@pytest.mark.parametrize("dotted", ASKED)
def test_attributes(dotted: str) -> None:
    _, name, attribute = dotted.split(".")
    assert find(dotted) == getattr(getattr(torch, name), attribute)


@pytest.mark.parametrize("name", ["bfloat16", "float16", "half", "float32", "float", "float64", "double"])
def test_limits(name: str) -> None:
    said = machine(World(Project(()))).invoke(find("torch.finfo"), Call((External(f"torch.{name}"),), {}, PLACE))
    true = torch.finfo(getattr(torch, name))
    assert isinstance(said, Namespace)
    assert said.attrs == {key: getattr(true, key) for key in ("bits", "eps", "max", "min", "tiny")}


def test_the_default() -> None:
    said = machine(World(Project(()))).invoke(find("torch.get_default_dtype"), Call((), {}, PLACE))
    assert said == External(str(torch.get_default_dtype()))
