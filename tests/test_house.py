"""The map of the house in CONTRIBUTING.md is true: everything is on it, and imports only go up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "padlint"


def storeys() -> dict[str, int]:
    """The line of the map that each module or package of padlint stands on."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    block = text.partition("## The map")[2].partition("```text\n")[2].partition("```")[0]
    return {name: line for line, words in enumerate(block.splitlines()) for name in words.split("  ")[0].split()}


def units() -> set[str]:
    found = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return found - {"__init__", "__main__"}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The units of padlint that a file imports, typing alone left out."""
    tree = ast.parse(path.read_text())
    typing = {
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in typing and (node.module or "").split(".")[0] == "padlint":
            parts = (node.module or "").split(".")
            for name in [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]:
                yield node.lineno, name


def test_everything_is_on_the_map() -> None:
    assert set(storeys()) == units()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_go_up(path: Path) -> None:
    where = storeys()
    unit = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if unit in where:
        above = [(line, name) for line, name in imported(path) if name in where and name != unit]
        assert [(line, name) for line, name in above if where[name] > where[unit]] == []


def test_nothing_slow_is_imported_by_the_house() -> None:
    """torch and sympy never run when linting; matchers and rich would cost the start."""
    forbidden = {"torch", "sympy", "rich", "keras", "numpy"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.split(".")[0] in forbidden or name == "libcst.matchers"], path
