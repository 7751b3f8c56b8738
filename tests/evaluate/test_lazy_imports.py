"""Packages that import what they have when it is asked for, and say it to type checkers all at once."""

from __future__ import annotations

from pathlib import Path

from padlint.evaluate.session import run_files
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import differences, executed

NETS = 20
LAZY = """
import importlib
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from torch import nn
    from .base import Wide
{imports}
    class Sequential(nn.Sequential): ...
else:
    def __getattr__(name):
        return getattr(importlib.import_module("lib." + name.lower()), name)
"""
NET = """
from torch import nn
class Net{n}(nn.Sequential):
    def __init__(self, c): super().__init__(nn.Conv2d(c, {n}, 1), nn.ReLU())
"""
MAIN = "from torch import nn\nfrom lib import Net3\ndef build(): return nn.Sequential(Net3(4), nn.Linear(3, 1))\n"


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    names = "\n".join(f"    from .net{n} import Net{n}" for n in range(1, NETS))
    (tmp_path / "lib" / "__init__.py").write_text(LAZY.format(imports=names))
    for n in range(1, NETS):
        (tmp_path / "lib" / f"net{n}.py").write_text(NET.format(n=n))
    (tmp_path / "main.py").write_text(MAIN)
    files = [tmp_path / "main.py", tmp_path / "lib" / "__init__.py"]
    world = World(Project(find_roots(files)))
    said = [run.result for run in run_files(world, files, lambda place: None) if run.root == "build"]
    assert len(said) == 1
    assert list(differences(said[0], executed(tmp_path, "build"))) == []
    evaluated = {module.name for module in world.modules.values() if module.done}
    assert {name for name in evaluated if name.startswith("lib.net")} == {"lib.net3"}
