"""What is said of a program on each of its paths is built by some run of it, and what a run builds is said on some path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from torch import nn

from padlint.arithmetic.dims import Expr, Unknown, evaluate
from padlint.evaluate.protocols import container_kind
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Many, Value
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.forms.paths import PATHS
from tests.evaluate.judge import HEADER

FLAGS, NUMBERS = (True, False), (0, 1, 2, 3)


@pytest.mark.parametrize("name", PATHS)
def test_paths_and_runs_are_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = list(_said(tmp_path, PATHS[name]))
    real = list(_real(PATHS[name], monkeypatch))
    assert said and real
    for each in said:
        assert any(_admits(each, module, names) for module, names in real), each.children
    for module, names in real:
        assert any(_admits(each, module, names) for each in said), (module, names)


def _said(folder: Path, text: str) -> Iterator[Instance]:
    """Every Sequential that the paths of `f` build."""
    (folder / "main.py").write_text(HEADER + text)
    sys.setrecursionlimit(20_000)
    for run in run_files(World(Project(find_roots([folder / "main.py"]))), [folder / "main.py"], lambda place: None):
        if run.root == "f":
            yield from (b.instance for b in run.record.built if container_kind(b.instance) == "Sequential")


def _real(text: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[nn.Module, dict[str, int]]]:
    """Every Sequential that the runs of `f` build, each run in a program of its own."""
    built: list[nn.Sequential] = []
    begin = nn.Sequential.__init__

    def watched(self: nn.Sequential, *args: nn.Module) -> None:
        built.append(self)
        begin(self, *args)

    monkeypatch.setattr(nn.Sequential, "__init__", watched)
    for flag, n in product(FLAGS, NUMBERS):
        scope: dict[str, Callable[..., nn.Module]] = {}
        exec(HEADER + text, scope)
        del built[:]  # what the module's own statements build is not of `f`
        scope["f"](flag, n)
        yield from ((module, {"flag": flag, "n": n}) for module in list(built))


def _admits(said: Value, real: nn.Module | None, names: dict[str, int]) -> bool:
    """Is this claim, with all that it leaves open, true of the module?"""
    if isinstance(said, Unknown):
        return True
    if not isinstance(said, Instance) or real is None:
        return said is real is None
    if said.cls.name != type(real).__name__:
        return False
    for name, value in (said.args or {}).items():
        own = getattr(real, name, None)
        if isinstance(own, tuple) and isinstance(value, int | Expr):
            own = own[0]
        known = evaluate(value, names) if isinstance(value, Expr) else value
        if type(own) is int and not isinstance(known, Unknown) and known != own:
            return False
    children = [*said.children.values(), *([Many(said.open)] if said.open is not None else [])]
    return container_kind(said) is None or _sequence(children, list(real._modules.values()), names)


def _sequence(said: list[Value], real: list[nn.Module | None], names: dict[str, int]) -> bool:
    """Can the children be what is said, where `Many` stands for any number of anything?"""
    if not said:
        return not real
    if isinstance(said[0], Many):
        return _sequence(said[1:], real, names) or (bool(real) and _sequence(said, real[1:], names))
    return bool(real) and _admits(said[0], real[0], names) and _sequence(said[1:], real[1:], names)
