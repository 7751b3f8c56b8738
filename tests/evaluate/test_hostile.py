"""Whatever a file does, its analysis ends soon."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import pytest

from padlint.evaluate.memo import WASTE
from padlint.evaluate.memo_keys import OBJECTS, Key
from padlint.evaluate.registry import methods
from padlint.evaluate.session import run_files
from padlint.evaluate.values import DictValue, ListValue, SetValue, Value
from padlint.evaluate.world import World
from padlint.layers.base import Tensor
from padlint.project import Project, find_roots
from tests.evaluate.judge import HEADER, claimed, differences, executed

SECONDS = 60.0
MEGABYTES = 900  # torch, which other tests import into this process, takes most of it

HOSTILE: dict[str, str] = {
    "endless recursion": "def f(): return nn.Sequential(f())",
    "mutual recursion": "def f(n=0): return g(n + 1)\ndef g(n): return f(n)",
    "long range": "def f(): return nn.Sequential(*[nn.ReLU() for _ in range(10**12)])",
    "long loop": "def f():\n    m = nn.Sequential()\n    for i in range(10**9):\n        m.append(nn.ReLU())\n    return m",
    "endless loop": "def f():\n    x = []\n    while True:\n        x.append(nn.ReLU())\n    return nn.Sequential(*x)",
    "tower": "def f(): return nn.Conv2d(2**10**10, 3, 1), nn.Sequential(nn.ReLU())",
    "shift": "def f(): return nn.Conv2d(1 << 10**9, 3, 1), nn.Sequential(nn.ReLU())",
    "factorials": "def f():\n    n = 1\n    for i in range(1, 20000):\n        n *= i\n    return nn.Sequential(nn.Conv2d(n, 1, 1))",
    "list times": "def f(): return nn.Sequential(*([nn.ReLU()] * 10**9))",
    "doubling list": "def f():\n    x = [nn.ReLU()]\n    for i in range(64):\n        x += x\n    return nn.Sequential(*x)",
    "doubling string": "def f():\n    s = 'x'\n    for i in range(64):\n        s += s\n    m = nn.Sequential()\n    m.add_module(s, nn.ReLU())\n    return m",
    "doubling tuple": "def f():\n    t = (1,)\n    for i in range(64):\n        t = (t, t)\n    return nn.Sequential(nn.Conv2d(3, 3, t))",
    "call tree": "def f(n=60): return nn.ReLU() if n == 0 else nn.Sequential(f(n - 1), f(n - 1))",
    "call tree of numbers": "def g(n): return 1 if n < 2 else g(n - 1) + g(n - 2)\ndef f(): return nn.Sequential(nn.Conv2d(g(90), 1, 1))",
    "forks": "def f(*a):\n    m = nn.Sequential()\n" + "".join(f"    if a[{i}]:\n        m.append(nn.ReLU())\n" for i in range(60)) + "    return m",
    "self containing list": "def f():\n    x = []\n    x.append(x)\n    return nn.Sequential(*x)",
    "self containing module": "def f():\n    m = nn.Sequential(nn.ReLU())\n    m.append(m)\n    return m",
    "own bases": "class A(A): pass\nclass B(C): pass\nclass C(B): pass\ndef f(): return nn.Sequential(A(), B())",
    "endless getattr": "class A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\ndef f(): return nn.Sequential(A().y)",
    "endless iterator": "class A:\n    def __iter__(self): return self\n    def __next__(self): return nn.ReLU()\ndef f(): return nn.Sequential(*A())",
    "own decorator": "def d(f): return d(d)\n@d\ndef f(): return nn.Sequential(nn.ReLU())",
    "format width": "def f():\n    m = nn.Sequential()\n    m.add_module(f'{1:>1000000000}', nn.ReLU())\n    m.add_module('%1000000000d' % 1, nn.ReLU())\n    m.add_module('x'.ljust(10**9), nn.ReLU())\n    return m",
    "nested repetition": "import re\ndef f():\n    for p in ('(a+)+$', '(a|aa)+$', '(a*)*b', '(?:a?){90}a{90}', '(.*)(.*)(.*)(.*)(.*)x', r'(a+)\\1*$', '(?=a*)a*b'):\n        m = re.search(p, 'a' * 300 + 'c')\n    return nn.Sequential(nn.ReLU() if m else nn.Tanh())",
    "endless replacement": "import re\ndef f():\n    s = 'a' * 300\n    for i in range(9):\n        s = re.sub('a', s, s)\n    return nn.Sequential(nn.Linear(1, len(s)))",
    "product": "from itertools import product\ndef f(): return nn.Sequential(*[nn.ReLU() for _ in product(range(999), range(999), range(999))])",
    "replace": "def f():\n    s = 'a' * 9999\n    for i in range(30):\n        s = s.replace('a', s[:500])\n    return nn.Sequential(nn.Conv2d(len(s), 1, 1))",
    "slow model of a statement": "class A(nn.Module):\n    def forward(self, x):\n        for i in range(10**4):\n            for j in range(10**4):\n                x = x + i * j\n        return x\nm = nn.Sequential(A())",
}  # fmt: skip


def methods_of_something_else() -> str:
    """Every method of a class that is known, called on what is no instance of it."""
    python = {ListValue: "list", DictValue: "dict", SetValue: "set", str: "str", tuple: "tuple", Tensor: "torch.Tensor"}
    lines = []
    for kind, name in methods():
        base = f"nn.{kind}" if isinstance(kind, str) else python.get(kind)
        if base is not None and name.isidentifier():
            lines += [
                f"    {base}.{name}({given})"
                for given in ("", "x", "3, x", "None", "[x], 1", "nn.ReLU", "torch.rand(3)")
            ]
    return "\n".join(["def f(x):", *lines, "    return nn.Sequential(nn.ReLU())"])


def analyse(folder: Path, text: str) -> tuple[int, list[str]]:
    """How many runs there were, and why some of them ended early."""
    (folder / "main.py").write_text(HEADER + text)
    sys.setrecursionlimit(20_000)
    runs = list(run_files(World(Project(find_roots([folder / "main.py"]))), [folder / "main.py"], lambda place: None))
    return len(runs), [run.record.given_up for run in runs if run.record.given_up is not None]


def test_survives_methods_of_something_else(tmp_path: Path) -> None:
    count, _ = analyse(tmp_path, methods_of_something_else())
    assert count > 0


@pytest.mark.parametrize("name", HOSTILE)
def test_ends_within_bounds(name: str, tmp_path: Path) -> None:
    start = time.process_time()
    count, _ = analyse(tmp_path, HOSTILE[name])
    assert count > 0
    assert time.process_time() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEGABYTES * 1024


@pytest.mark.parametrize("name", ["endless loop", "call tree", "slow model of a statement"])
def test_says_why_it_gave_up(name: str, tmp_path: Path) -> None:
    _, reasons = analyse(tmp_path, HOSTILE[name])
    assert reasons


def test_a_generated_file_of_many_models_takes_its_time_in_proportion(tmp_path: Path) -> None:
    model = "class M{0}(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = nn.Sequential(nn.Conv2d(3, {0} + 1, 3), nn.ReLU())\n    def forward(self, x): return self.net(x)\n"
    start = time.process_time()
    count, _ = analyse(tmp_path, "".join(model.format(i) for i in range(300)))
    assert count >= 300
    assert time.process_time() - start < SECONDS


def test_what_was_being_filled_stays_open(tmp_path: Path) -> None:
    """A path that ends at a bound says of no list of layers that it was complete."""
    text = "def f():\n    m = nn.Sequential(nn.ReLU())\n    n = nn.Sequential()\n    for i in range(3):\n        n.append(nn.Tanh())\n        if i == 1:\n            while True:\n                m = m\n    return n"
    (tmp_path / "main.py").write_text(HEADER + text)
    runs = run_files(World(Project(find_roots([tmp_path / "main.py"]))), [tmp_path / "main.py"], lambda place: None)
    run = next(run for run in runs if run.record.given_up is not None)
    opened = {
        len(built.instance.children): built.instance.open is not None
        for built in run.record.built
        if not built.instance.args
    }
    assert opened[2] is True


GIVEN_MUCH = """
class Item:
    def __init__(self, n):
        self.n = n
def width(items, n):
    return n + 1
def build():
    items = [Item(n) for n in range(MANY)]
    for n in range(200):
        w = width(items, n)
    return nn.Linear(w, 1)
"""


def test_what_is_too_large_to_be_compared_is_not_looked_at_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0
    look = Key._object

    def counted(key: Key, value: Value) -> int | None:
        nonlocal looked_at
        looked_at += 1
        return look(key, value)

    monkeypatch.setattr(Key, "_object", counted)
    program = HEADER + GIVEN_MUCH.replace("MANY", str(2 * OBJECTS))
    said = claimed(tmp_path, {"main.py": program}, "build")
    assert [list(differences(each, executed(tmp_path, "build"))) for each in said] == [[]]
    assert looked_at < 10 * WASTE
