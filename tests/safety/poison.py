"""A tree in which everything leaves a mark if anybody runs it, and which is full of models to look at all the same."""

from __future__ import annotations

from pathlib import Path

MARK = '__import__("os").close(__import__("os").open(__import__("os").environ["POISON_MARK"], 65))'
"""An expression that creates the file POISON_MARK (65: O_CREAT | O_WRONLY)."""

MODEL = f"""\
{MARK}
from torch import nn
import torch, json, helper, libcst, pickle, importlib, subprocess, os, ctypes, socket
from helper import *
from package import part
from package.part import Block, make


def decorate(wrapped={MARK}):
    {MARK}
    return wrapped


class Meta(type):
    def __new__(cls, *a, **k): {MARK}; return super().__new__(cls, *a, **k)
    def __call__(cls, *a, **k): {MARK}; return super().__call__(*a, **k)
    def __instancecheck__(cls, other): {MARK}; return True
    def __getattr__(cls, name): {MARK}; return 3


class Sly(int):
    def __getattribute__(self, name): {MARK}; return super().__getattribute__(name)
    def __index__(self): {MARK}; return 3
    def __repr__(self): {MARK}; return "3"
    def __format__(self, spec): {MARK}; return "3"
    def __hash__(self): {MARK}; return 3
    def __eq__(self, other): {MARK}; return True
    def __iter__(self): {MARK}; return iter(())
    def __del__(self): {MARK}


@decorate
class Net(nn.Module, metaclass=Meta):
    width = {MARK} or 3
    sly = Sly()

    def __init_subclass__(cls, **k): {MARK}
    def __class_getitem__(cls, item): {MARK}

    @decorate
    def __init__(self, width=({MARK}, 3)[1], *, sly=Sly()):
        super().__init__()
        kernel = eval("{{'kernel': [" + {MARK!r} + ", 3][1]}}")["kernel"]
        exec({MARK!r})
        plugin = importlib.import_module("helper")
        loaded = pickle.loads(pickle.dumps(sly))
        weights = torch.load("weights.pt")
        subprocess.run(["touch", os.environ["POISON_MARK"]])
        os.system("touch $POISON_MARK")
        open(os.environ["POISON_MARK"], "w").write("x")
        ctypes.CDLL("evil.so")
        socket.create_connection(("localhost", 9))
        compiled = compile({MARK!r}, "x", "eval")
        text = f"{{{MARK}}}" + "%s" % sly + "{{0.__class__}}".format(sly) + format(sly, "x")
        # padlint: input=(N, 3, 32, 32)
        self.body = nn.Sequential(
            nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
            nn.Conv2d(8, int(sly), kernel, padding=[{MARK}, 1][1]),
            *[nn.Conv2d(8, 8, k) for k in (1, {MARK} or 3) if {MARK} is None],
            nn.Conv2d(8, 8, loaded), nn.Conv2d(8, 8, plugin.size), nn.Conv2d(8, 8, width, padding=weights["p"]),
            getattr(nn, text, nn.ReLU)(), Block(8), make(8), nn.MaxPool2d(3, padding=2),
        )
        (lambda hidden={MARK}: {MARK})()
        while walrus := {MARK}:
            pass

    def forward(self, x: {MARK}) -> {MARK!r}:
        with open(os.environ["POISON_MARK"], "w") as file, Net() as net:
            {MARK}
        return self.body(x)


torch.onnx.export(Net(), torch.randn(1, 3, 32, 32), os.environ["POISON_MARK"])
net = Net[{MARK}]()
assert {MARK} is None
match net:
    case Net(width={{"a": 3}}): {MARK}
if __name__ == "__main__":
    {MARK}
"""

PART = f"""\
{MARK}
from torch import nn
class Block(nn.Sequential):
    def __init__(self, n={MARK}): {MARK}; super().__init__(nn.Conv2d(n, n, 3), nn.MaxPool2d(3, padding=2))
def make(n): {MARK}; return nn.Sequential(nn.Conv2d(n, n, [{MARK}, 3][1]))
def __getattr__(name): {MARK}
"""

KERAS = f"""\
{MARK}
import keras
model = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D(8, 5, padding="same")])
{MARK}
"""

SHADOWED = (
    "numpy libcst pathspec json ast tokenize argparse re dataclasses typing types pathlib codecs tempfile difflib "
    "inspect textwrap functools enum bisect contextlib collections random signal hashlib warnings tomllib tomli "
    "multiprocessing concurrent pickle marshal sqlite3 xml html unicodedata encodings sitecustomize usercustomize "
    "conftest setup helper poisoned_codec string struct operator itertools math shutil subprocess threading queue time "
    "abc copy fnmatch fractions decimal numbers weakref keyword linecache traceback datetime zlib base64 socket ssl"
).split()
"""Modules of the tree with the names of what a linter might import, and of what tools run without being asked."""


def plant(tree: Path) -> None:
    """Write the tree; its files `net.py` and `package/part.py` have findings."""
    files = {
        "net.py": MODEL,
        "reference.py": KERAS,
        "package/__init__.py": f"{MARK}\nfrom torch import nn\nnet = nn.Sequential(nn.ReLU())\n",
        "package/part.py": PART,
        "coded.py": f"# -*- coding: poisoned_codec -*-\nfrom torch import nn\n{MARK}\nnn.Sequential(nn.ReLU())\n",
        "dotted.py": f"# -*- coding: package.part -*-\nfrom torch import nn\n{MARK}\nnn.Sequential(nn.ReLU())\n",
        "encodings/__init__.py": MARK,
        "encodings/poisoned_codec.py": MARK,
        "libcst/__init__.py": MARK,
        "padlint_rules.pth": f"import os; {MARK}\n",
        "pyproject.toml": (
            '[build-system]\nrequires = []\nbuild-backend = "setup"\nbackend-path = ["."]\n'
            '[tool.padlint]\nextend-select = ["PAD3"]\n'
            '[tool.padlint.models."net:{0.__class__.__init__.__globals__}"]\ninput = [3, 32, 32]\n'
        ),
        "setup.cfg": "[options]\nname = attr: setup.name\n",
        "notebook.ipynb": (
            '{"cells": [{"cell_type": "code", "source": ["!touch $POISON_MARK\\n", "%run helper.py\\n",'
            f' "import torch; torch.nn.Sequential({MARK.replace(chr(34), chr(39))})"],'
            ' "metadata": {}, "outputs": [], "execution_count": null}], "metadata": {}, "nbformat": 4,'
            ' "nbformat_minor": 5}'
        ),
        ".gitignore": "!x\n",
        "weights.pt": "cposix\nsystem\n(S'touch $POISON_MARK'\ntR.",
        **{f"{name}.py": f"{MARK}\nfrom torch import nn\nnn.Sequential(nn.ReLU())\n" for name in SHADOWED},
    }
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
