"""Nothing is guessed: what is claimed of a definition with unknown parameters holds for every value that they may have."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from padlint.arithmetic.dims import Expr, Unknown, evaluate
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Many, Value
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER

SNIPPETS: dict[str, str] = {
    "sizes": "def f(c, k): return nn.Sequential(nn.Conv2d(c, 2 * c + 1, k, padding=k // 2), nn.BatchNorm2d(2 * c + 1))",
    "condition": "def f(c, k):\n    layers = [nn.Conv2d(c, c, 1)]\n    if k > 2:\n        layers.append(nn.ReLU())\n    else:\n        layers.append(nn.Tanh())\n    return nn.Sequential(*layers)",
    "loop": "def f(c, k):\n    layers = [nn.ReLU()]\n    for i in range(k):\n        layers.append(nn.Conv2d(c, c, 1))\n    return nn.Sequential(*layers, nn.Tanh())",
    "growing channels": "def f(c, k):\n    layers = []\n    for i in range(k):\n        layers.append(nn.Conv2d(c, c + 1, 1))\n        c += 1\n    return nn.Sequential(*layers, nn.Conv2d(c, 1, 1))",
    "while": "def f(c, k):\n    m = nn.Sequential()\n    while len(m) < k:\n        m.append(nn.ReLU())\n    return m",
    "pop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    layers.pop(k % 3)\n    return nn.Sequential(*layers)",
    "index": "def f(c, k): return nn.Sequential([nn.ReLU(), nn.Tanh(), nn.GELU()][k % 3], nn.Conv2d(c, c, 1))",
    "dict": "def f(c, k):\n    table = {1: nn.ReLU, 2: nn.Tanh}\n    return nn.Sequential(table.get(k, nn.GELU)(), nn.Linear(c, c))",
    "replaced": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    m[k % 3] = nn.Conv2d(c, c, 1)\n    return m",
    "deleted": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return m",
    "inserted": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh())\n    m.insert(k % 2, nn.Conv2d(c, c, 1))\n    return m",
    "alias in a loop": "def f(c, k):\n    a = [nn.ReLU()]\n    b = a\n    for _ in range(k):\n        b.append(nn.Tanh())\n    return nn.Sequential(*a)",
    "flag set in a loop": "def f(c, k):\n    act = nn.ReLU\n    for i in range(k):\n        act = nn.Tanh\n    return nn.Sequential(act(), nn.Conv2d(c, c, 1))",
    "break": "def f(c, k):\n    for i in range(5):\n        if i == k:\n            break\n    return nn.Sequential(nn.Conv2d(c, i + 1, 1))",
    "early return": "def f(c, k):\n    for i in range(k):\n        if i == 2:\n            return nn.Sequential(nn.ReLU())\n    return nn.Sequential(nn.Tanh())",
    "attribute in a loop": "class M(nn.Module):\n    def __init__(self, c, k):\n        super().__init__()\n        self.c = c\n        for i in range(k):\n            self.c = self.c + 1\n        self.net = nn.Sequential(nn.Conv2d(self.c, 1, 1))\ndef f(c, k): return M(c, k)",
    "setattr by number": "class M(nn.Module):\n    def __init__(self, c, k):\n        super().__init__()\n        for i in range(k):\n            setattr(self, f'l{i}', nn.Conv2d(c, c, 1))\ndef f(c, k): return M(c, k)",
    "swapped after": "def f(c, k):\n    m = nn.Sequential(nn.Conv2d(c, c, 1), nn.ReLU())\n    for i, n in enumerate(range(k)):\n        m[i % 2] = nn.Tanh()\n    return m",
    "division": "def f(c, k): return nn.Sequential(nn.Conv2d(c * k, (c * k) // 2 + 1, max(1, k % 3)), nn.Linear(c ** 2, int(c / 1) + 1))",
    "keyword of unknown": "def f(c, k): return nn.Sequential(nn.Conv2d(c, c, 1, **({'bias': False} if k % 2 else {})))",
    "slice": "def f(c, k): return nn.Sequential(*[nn.ReLU(), nn.Tanh(), nn.GELU()][: k % 3])",
    "times": "def f(c, k): return nn.Sequential(*[nn.ReLU()] * k, nn.Conv2d(c, c, 1))",
    "list kept in a dict": "def f(c, k):\n    d = {'x': [nn.ReLU()]}\n    for i in range(k):\n        d['x'] += [nn.Tanh()]\n    return nn.Sequential(*d['x'])",
    "helper that changes a list": "def add(layers): layers.append(nn.Tanh())\ndef f(c, k):\n    layers = [nn.ReLU()]\n    for i in range(k):\n        add(layers)\n    return nn.Sequential(*layers)",
    "nested loops": "def f(c, k):\n    m = nn.Sequential()\n    for i in range(k):\n        for j in range(2):\n            m.add_module(f'{i}{j}', nn.ReLU())\n    return m",
    "children of a shortened one": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return nn.Sequential(*m.children())",
    "named children of a shortened one": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return nn.Sequential(*[each for _, each in m.named_children()])",
    "named modules of a shortened one": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return nn.Sequential(*[each for name, each in m.named_modules() if name])",
    "modules of a shortened one": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return nn.Sequential(*[each for each in m.modules() if each is not m])",
    "items of a dict of modules": "def f(c, k):\n    d = nn.ModuleDict({'a': nn.ReLU(), 'b': nn.Tanh()})\n    if k % 2:\n        d.update({'a': nn.GELU()} if k % 3 else {})\n    d.pop('ab'[k % 2])\n    return nn.Sequential(*[each for _, each in d.items()])",
    "values of a dict of modules": "def f(c, k):\n    d = nn.ModuleDict({'a': nn.ReLU(), 'b': nn.Tanh()})\n    d.pop('ab'[k % 2])\n    return nn.Sequential(*d.values())",
    "as many as a dict of modules has": "def f(c, k):\n    d = nn.ModuleDict({'a': nn.ReLU(), 'b': nn.Tanh()})\n    d.pop('ab'[k % 2])\n    return nn.Sequential(*[nn.ReLU() for _ in d.keys()])",
    "walked after it was shortened": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    del m[k % 3]\n    return nn.Sequential(*[each for each in m])",
    "taken in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        layers.pop()\n    return nn.Sequential(*layers)",
    "deleted in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        del layers[0]\n    return nn.Sequential(*layers)",
    "turned round in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        layers.reverse()\n    return nn.Sequential(*layers)",
    "emptied in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        layers.clear()\n    return nn.Sequential(*layers)",
    "removed in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        layers.remove(layers[0])\n    return nn.Sequential(*layers)",
    "put in front in a loop": "def f(c, k):\n    layers = [nn.ReLU(), nn.Tanh(), nn.GELU()]\n    for _ in range(k % 3):\n        layers.insert(0, nn.ELU())\n    return nn.Sequential(*layers)",
    "taken from a Sequential in a loop": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    for _ in range(k % 3):\n        m.pop(0)\n    return m",
    "deleted from a Sequential in a loop": "def f(c, k):\n    m = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\n    for _ in range(k % 3):\n        del m[0]\n    return m",
    "taken from a dict in a loop": "def f(c, k):\n    d = {'a': nn.ReLU(), 'b': nn.Tanh()}\n    for _ in range(k % 3):\n        d.pop('a', None)\n    return nn.Sequential(*d.values())",
    "taken from a set in a loop": "def f(c, k):\n    d = {1, 2}\n    for _ in range(k % 3):\n        d.discard(1)\n    return nn.Sequential(nn.Linear(len(d), 1))",
    "taken or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    LAYERS.pop()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "taken for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    LAYERS.pop()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "turned round or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    LAYERS.reverse()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "turned round for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    LAYERS.reverse()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "put in front or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    LAYERS.insert(0, nn.ELU())\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "put in front for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    LAYERS.insert(0, nn.ELU())\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "emptied or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    LAYERS.clear()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "emptied for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    LAYERS.clear()\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "removed or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    LAYERS.remove(LAYERS[0])\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "removed for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    LAYERS.remove(LAYERS[0])\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "deleted or not before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() < 0:\n    del LAYERS[0]\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "deleted for sure before": "import time\nLAYERS = [nn.ReLU(), nn.Tanh(), nn.GELU()]\nif time.time() > 0:\n    del LAYERS[0]\ndef f(c, k): return nn.Sequential(*LAYERS)",
    "taken from a Sequential before": "import time\nNET = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\nif time.time() > 0:\n    NET.pop(0)\ndef f(c, k): return nn.Sequential(*NET)",
    "deleted from a Sequential before": "import time\nNET = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\nif time.time() > 0:\n    del NET[0]\ndef f(c, k): return nn.Sequential(*NET)",
    "inserted from a Sequential before": "import time\nNET = nn.Sequential(nn.ReLU(), nn.Tanh(), nn.GELU())\nif time.time() > 0:\n    NET.insert(0, nn.ELU())\ndef f(c, k): return nn.Sequential(*NET)",
    "a key taken before": "import time\nD = {'a': nn.ReLU(), 'b': nn.Tanh()}\nif time.time() > 0:\n    D.pop('a')\ndef f(c, k): return nn.Sequential(*D.values())",
    "a key deleted before": "import time\nD = {'a': nn.ReLU(), 'b': nn.Tanh()}\nif time.time() > 0:\n    del D['a']\ndef f(c, k): return nn.Sequential(*D.values())",
    "and or": "def f(c, k): return nn.Sequential((k % 2 and nn.ReLU()) or nn.Tanh(), nn.Conv2d(c, c, 1))",
}  # fmt: skip
ROUNDS = 8


def paths(folder: Path, text: str) -> list[Value]:
    (folder / "main.py").write_text(HEADER + text)
    sys.setrecursionlimit(20_000)
    runs = run_files(World(Project(find_roots([folder / "main.py"]))), [folder / "main.py"], lambda place: None)
    return [run.result for run in runs if run.root == "f"]


def admits(said: Value, real: nn.Module, names: dict[str, int]) -> bool:
    """Is this claim, with all that it leaves open, true of the module?"""
    if isinstance(said, Unknown):
        return True
    if not isinstance(said, Instance) or said.cls.name != type(real).__name__:
        return False
    for name, value in (said.args or {}).items():
        if isinstance(value, Expr) and isinstance(getattr(real, name, None), int):
            if evaluate(value, names) != getattr(real, name):
                return False
        elif isinstance(value, int) and not isinstance(value, bool) and isinstance(getattr(real, name, None), int):
            if value != getattr(real, name):
                return False
        elif name == "bias" and isinstance(value, bool) and value is (getattr(real, name) is None):
            return False
    return said.open is not None or sequence(list(said.children.values()), list(real.children()), names)


def sequence(said: list[Value], real: list[nn.Module], names: dict[str, int]) -> bool:
    """Can the children be what is said, where `Many` stands for any number?"""
    if not said:
        return not real
    head = said[0]
    if isinstance(head, Many):
        if sequence(said[1:], real, names):
            return True
        return bool(real) and admits(head.value, real[0], names) and sequence(said, real[1:], names)
    return bool(real) and admits(head, real[0], names) and sequence(said[1:], real[1:], names)


@pytest.mark.parametrize("name", SNIPPETS)
def test_claims_hold_for_any_binding(name: str, tmp_path: Path) -> None:
    said = paths(tmp_path, SNIPPETS[name])
    assert said
    scope: dict[str, Callable[..., nn.Module]] = {}
    exec(HEADER + SNIPPETS[name], scope)
    dice = random.Random(name)
    for _ in range(ROUNDS):
        c, k = dice.randint(1, 6), dice.randint(1, 5)
        torch.manual_seed(0)
        real = scope["f"](c, k)
        assert any(admits(each, real, {"c": c, "k": k}) for each in said), (c, k, real)


@pytest.mark.parametrize("name", ["sizes", "condition"])
def test_knows_what_can_be_known(name: str, tmp_path: Path) -> None:
    """The two sides of a condition are two paths, and sizes stay expressions."""
    said = paths(tmp_path, SNIPPETS[name])
    assert len(said) == (2 if name == "condition" else 1)
    for each in said:
        assert isinstance(each, Instance)
        assert each.open is None
        assert all(isinstance(child, Instance) for child in each.children.values())
