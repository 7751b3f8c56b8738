"""The judge of the evaluator: the same snippet is really executed with torch, and the modules that padlint says it builds are
compared with those that it built."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import nn

from padlint.arithmetic.dims import Expr, Unknown, evaluate
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Many, Tensor, Value
from padlint.evaluate.world import World
from padlint.project import Project, find_roots

RECURSION = 20_000
HEADER = "import torch\nfrom torch import nn\n"


def claimed(folder: Path, files: Mapping[str, str], root: str, memo: bool = True) -> list[Value]:
    """What padlint says that a function or class of `main.py` gives, one value a path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.setrecursionlimit(RECURSION)
    main = folder / "main.py"
    world = World(Project(find_roots([main])))
    world.memory.enabled = memo
    return [run.result for run in run_files(world, [main], lambda place: None) if run.root == root]


def executed(folder: Path, root: str) -> nn.Module:
    """What Python builds."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        built = getattr(importlib.import_module("main"), root)()
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if not name.startswith(("torch", "numpy")):
                del sys.modules[name]
    assert isinstance(built, nn.Module)
    return built


def differences(said: Value, real: nn.Module | None, where: str = "") -> Iterator[str]:
    """Where padlint's claim differs from the truth, in words; what is not known is "?"."""
    if real is None or not isinstance(said, Instance):
        if said is not None or real is not None:
            yield f"{where}: said {said!r}, is {type(real).__name__}"
        return
    if said.cls.name != type(real).__name__:
        yield f"{where}: said {said.cls.name}, is {type(real).__name__}"
        return
    if said.open is not None or list(said.children) != list(real._modules):
        yield f"{where}: said children {list(said.children)} ({said.open}), are {list(real._modules)}"
        return
    for name, value in (said.args or {}).items():
        yield from _argument(f"{where}.{name}", value, getattr(real, name, value), real)
    for name, child in said.children.items():
        yield from differences(child, real._modules[name], f"{where}.{name}")


def _argument(where: str, value: Value, real: object, module: nn.Module) -> Iterator[str]:
    if where.endswith(".bias"):
        if getattr(module, "affine", True) is False:
            return
        value, real = bool(value), real is not None and real is not False
    if where.rpartition(".")[2] in ("device", "dtype", "stride") and value is None:
        return
    if isinstance(real, tuple) and not isinstance(value, tuple):
        value = (value,) * len(real)
    if isinstance(real, torch.Tensor) or (isinstance(real, tuple) and len(real) == 1 and value == real[0]):
        return
    if value != real or (type(value) is not type(real) and not isinstance(real, int | float | tuple)):
        yield f"{where}: said {value!r}, is {real!r}"


def shapes_agree(said: Instance, results: Mapping[int, Value], real: nn.Module, input_shape: tuple[int, ...]) -> bool:
    """Does the claimed output of the module hold for an input of this shape?"""
    output = results[id(said)]
    assert isinstance(output, Tensor)
    names = dict(zip("NCHW", input_shape, strict=False))
    with torch.no_grad():
        real.eval()
        expected = tuple(real(torch.zeros(input_shape)).shape)
    return tuple(s if isinstance(s, int) else evaluate(s, names) for s in output.shape) == expected


def unknowns(value: Value) -> bool:
    """Is anything in this module not known?"""
    if isinstance(value, Instance):
        parts = [*value.children.values(), *(value.args or {}).values()]
        return value.open is not None or any(unknowns(part) for part in parts)
    return isinstance(value, Unknown | Many | Expr)
