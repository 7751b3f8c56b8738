"""Which module is which file: the roots of a project, dotted names, sources read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from padlint.errors import UnreadableError
from padlint.syntax.source import Source

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module of the project: its dotted name and its file. `is_package`: the file is an `__init__.py`."""

    name: str
    path: Path
    is_package: bool


@dataclass(eq=False, slots=True)
class Project:
    """The files that evaluation may look at. `roots` are the folders below which dotted names begin."""

    roots: tuple[Path, ...]
    sources: dict[Path, Source | UnreadableError] = field(default_factory=dict)
    shown: dict[str, Source] = field(default_factory=dict)

    def find(self, dotted: str) -> ModuleFile | None:
        """The file of a module, or of a package's `__init__`; None where no root has it."""
        relative = Path(*dotted.split("."))
        for root in self.roots:
            package = root / relative / "__init__.py"
            if package.is_file():
                return ModuleFile(dotted, package, True)
            module = (root / relative).with_suffix(".py") if dotted else root / "__init__.py"
            if module.is_file():
                return ModuleFile(dotted, module, False)
        return None

    def is_namespace(self, dotted: str) -> bool:
        """Is this a folder of the project without an `__init__`?"""
        return any((root / Path(*dotted.split("."))).is_dir() for root in self.roots)

    def module_of(self, path: Path) -> ModuleFile:
        """The module that a file is, seen from the root that holds its outermost package."""
        path = path.resolve()
        is_package = path.name == "__init__.py"
        root = package_root(path)
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if is_package else parts)
        return ModuleFile(name, path, is_package)

    def source(self, path: Path, display: str | None = None) -> Source:
        """The source of a file, read once. Raises UnreadableError."""
        path = path.resolve()
        if path not in self.sources:
            try:
                self.sources[path] = Source.read(path, display or shown(path))
            except UnreadableError as problem:
                self.sources[path] = problem
        found = self.sources[path]
        if isinstance(found, UnreadableError):
            raise found
        return found

    def displayed(self, path: str) -> Source:
        """The source that is displayed under this path."""
        if path not in self.shown:
            self.shown.update({each.path: each for each in self.sources.values() if isinstance(each, Source)})
        return self.shown[path] if path in self.shown else self.source(Path(path), path)


def shown(path: Path) -> str:
    """A path as it is displayed: relative to the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def package_root(path: Path) -> Path:
    """The folder above the outermost package that a file belongs to."""
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder


def find_roots(paths: Iterable[Path], search_path: Iterable[Path] = ()) -> tuple[Path, ...]:
    """Where dotted names begin: the folder above each file's package, the project's own folder and its `src`, and what the
    configuration adds."""
    found: dict[Path, None] = {}
    for path in paths:
        path = path.resolve()
        start = package_root(path if path.is_file() else path / "__init__.py")
        found[start] = None
        if path.is_dir():
            for child in (path, path / "src"):
                if child.is_dir() and not (child / "__init__.py").is_file():
                    found[child] = None
        for folder in (start, *start.parents):
            if any((folder / marker).exists() for marker in MARKERS):
                found[folder] = None
                if (folder / "src").is_dir():
                    found[folder / "src"] = None
                break
    for folder in search_path:
        found[folder.resolve()] = None
    return tuple(found)
