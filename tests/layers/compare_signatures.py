"""Where the signatures of another torch differ from those of the catalogue, which follows the pinned torch.

Without an argument it reads the torch that is installed. With a wheel it reads the sources in it, whatever its version
and platform, and nothing is installed: macOS's wheels are the smallest (74 MB; those for Linux on x86-64 have CUDA).

    pip download --no-deps --only-binary=:all: --python-version 3.11 --platform macosx_11_0_arm64 -d wheels torch==2.9.1
    python -m tests.layers.compare_signatures wheels/torch-2.9.1-*.whl

torch 2.9.1 differs in one point: BatchNorm, InstanceNorm (their lazy twins too), SyncBatchNorm and GroupNorm have no
keyword `bias` yet, 14 layers in all. padlint takes it for every torch: it must not refuse what the pinned one takes.
2.14.1 does not differ.
"""

from __future__ import annotations

import ast
import inspect
import sys
import zipfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

import torch

from padlint.layers import catalogue
from padlint.layers.base import Parameter

Classes = Mapping[str, ast.ClassDef]


def classes(sources: Mapping[str, str]) -> Classes:
    """Every class of torch/nn/modules by its name."""
    trees = (ast.parse(text) for text in sources.values())
    return {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def installed() -> dict[str, str]:
    """The sources of the torch that is installed."""
    folder = Path(inspect.getfile(torch.nn)).parent / "modules"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("[!_]*.py")}


def in_wheel(wheel: Path) -> dict[str, str]:
    """The sources in a wheel."""
    with zipfile.ZipFile(wheel) as files:
        names = [name for name in files.namelist() if fnmatch(name, "torch/nn/modules/[!_]*.py")]
        return {name: files.read(name).decode() for name in names}


def lineage(name: str, known: Classes) -> Iterator[ast.ClassDef]:
    """A class and its bases, in the order in which Python looks for __init__ where no two bases have one."""
    if name in known:
        yield known[name]
        for base in known[name].bases:
            yield from lineage(base.id if isinstance(base, ast.Name) else "", known)


def declared(name: str, known: Classes) -> tuple[Parameter, ...] | None:
    """The parameters of a class's __init__, of the first overload if there are several; None for a class not known."""
    for one in lineage(name, known):
        for node in one.body:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                return tuple(parameters(node.args))
    return None


def parameters(arguments: ast.arguments) -> Iterator[Parameter]:
    """In padlint's form, without self."""
    positional = [*arguments.posonlyargs, *arguments.args][1:]
    required = len(positional) - len(arguments.defaults)
    for at, one in enumerate(positional):
        yield Parameter(one.arg, None if at < required else default(arguments.defaults[at - required]), at < required)
    if arguments.vararg:
        yield Parameter(arguments.vararg.arg, kind="args")
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(one.arg, None if value is None else default(value), value is None, "keyword")
    if arguments.kwarg:
        yield Parameter(arguments.kwarg.arg, kind="kwargs")


def default(node: ast.expr) -> object:
    """A default as a declaration writes it: 1.0 / 8 by its value, F.relu by its name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return eval(compile(ast.Expression(node), "default", "eval"), {})


def written(parameter: Parameter) -> str:
    """`bias=True`"""
    star = {"args": "*", "kwargs": "**"}.get(parameter.kind, "")
    value = "" if parameter.required or star else f"={parameter.default!r}"
    return f"{star}{parameter.name}{value}" + (" (keyword only)" if parameter.kind == "keyword" else "")


def differences(known: Classes) -> Iterator[str]:
    """One line for each layer of the catalogue that is declared otherwise there."""
    for name, layer in sorted(catalogue.layers().items()):
        there = declared(name, known)
        if there is None:
            yield f"{name}: is not there"
            continue
        here, others = [written(one) for one in layer.signature], [written(one) for one in there]
        only_here = [one for one in here if one not in others]
        only_there = [one for one in others if one not in here]
        if only_here or only_there:
            parts = [f"without {', '.join(only_here)}"] * bool(only_here)
            parts += [f"with {', '.join(only_there)}"] * bool(only_there)
            yield f"{name}: {' and '.join(parts)}"
        elif here != others:
            yield f"{name}: in another order, {', '.join(others)}"


if __name__ == "__main__":
    found = list(differences(classes(in_wheel(Path(sys.argv[1])) if len(sys.argv) > 1 else installed())))
    print("\n".join(found) or "no difference")
