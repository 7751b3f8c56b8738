"""Which module is which file: the roots of a project, dotted names, sources read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from padlint.config import Settings
from padlint.disk import Disk
from padlint.errors import UnreadableError, within_bounds
from padlint.reading import OversizedError
from padlint.syntax.python import about_layers
from padlint.syntax.source import Source
from padlint.where import where

MOST = 1_000_000
"""Characters of a file that has to do with layers: programs write larger ones, and to evaluate them takes minutes."""
MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


@dataclass(frozen=True, slots=True)
class ModuleFile:
    """A module of the project: its dotted name and its file. `is_package`: the file is an `__init__.py`."""

    name: str
    path: Path
    is_package: bool


@dataclass(eq=False, slots=True)
class Project:
    """The files that evaluation may look at. `roots` are the folders below which dotted names begin, `search` those that
    the configuration adds. `names`: how the files that were given are displayed. `order`: where what lies below a root
    looks first. `before`: what another project has read, with all that was read out of it; it serves again where the bytes are
    the same."""

    roots: tuple[Path, ...]
    disk: Disk = field(default_factory=Disk)
    names: dict[Path, str] = field(default_factory=dict)
    sources: dict[Path, Source | UnreadableError] = field(default_factory=dict)
    shown: dict[str, Source] = field(default_factory=dict)
    search: tuple[Path, ...] = ()
    order: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    before: Mapping[Path, Source | UnreadableError] = field(default_factory=dict)

    def near(self, dotted: str, home: Path) -> ModuleFile | None:
        """The file of a module, or of a package's `__init__`, as what lies below the root `home` sees it: beside itself, as
        a script does, in a folder above, or where the configuration says; None where nothing is there."""
        if home not in self.order:
            above = (each for folder in (home, *home.parents) for each in (folder, folder / "src"))
            self.order[home] = (home, *(each for each in above if each in self.roots and each != home), *self.search)
        at = (self._below(root, dotted) for root in self.order[home])
        return next((file for file in at if file is not None), None)

    def anywhere(self, dotted: str) -> ModuleFile | None:
        """The file of a module, whoever asks; None where no root has it, or several: which one depends on PYTHONPATH."""
        files = {file for root in self.roots if (file := self._below(root, dotted)) is not None}
        return files.pop() if len(files) == 1 else None

    def _below(self, root: Path, dotted: str) -> ModuleFile | None:
        relative = Path(*dotted.split("."))
        package = root / relative / "__init__.py"
        if self.disk.is_file(package):
            return ModuleFile(dotted, package, True)
        module = (root / relative).with_suffix(".py") if dotted else root / "__init__.py"
        return ModuleFile(dotted, module, False) if self.disk.is_file(module) else None

    def is_namespace(self, dotted: str) -> bool:
        """Is this a folder of the project without an `__init__`?"""
        return any(self.disk.is_folder(root / Path(*dotted.split("."))) for root in self.roots)

    def module_of(self, path: Path) -> ModuleFile:
        """The module that a file is, seen from the root that holds its outermost package."""
        path = self.disk.resolve(path)
        is_package = path.name == "__init__.py"
        root = package_root(path, self.disk)
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if is_package else parts)
        return ModuleFile(name, path, is_package)

    def source(self, path: Path) -> Source:
        """The source of a file, read once. Raises UnreadableError."""
        path = self.disk.resolve(path)
        if path not in self.sources:
            self.sources[path] = self._read(path)
        else:
            self.disk.read_again(path)
        found = self.sources[path]
        if isinstance(found, UnreadableError):
            raise found
        return found

    def _read(self, path: Path) -> Source | UnreadableError:
        display = self.names.get(path) or shown(path)

        def read() -> Source | UnreadableError:
            data = self.disk.read(path, display)
            known = self.before.get(path)
            if isinstance(known, Source) and known.path == display and known.is_of(data):
                return known
            return bounded(Source.from_bytes(data, display))

        try:
            return within_bounds(read, lambda why: UnreadableError(f"{display}: not analysed: {why}"))
        except OversizedError:
            return Source.oversized(display)
        except UnreadableError as problem:
            return problem

    def release(self) -> None:
        """Let go of what was read out of the files' texts: of many files it takes much more room than these."""
        for source in self.sources.values():
            if isinstance(source, Source):
                source.release()

    def displayed(self, path: str) -> Source:
        """The source that is displayed under this path."""
        if path not in self.shown:
            self.shown.update({each.path: each for each in self.sources.values() if isinstance(each, Source)})
        return self.shown[path] if path in self.shown else self.source(Path(path))


def shown(path: Path) -> str:
    """A path as it is displayed: relative to the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def package_root(path: Path, disk: Disk) -> Path:
    """The folder above the outermost package that a file belongs to."""
    folder = path.parent
    while disk.is_file(folder / "__init__.py") and folder != folder.parent:
        folder = folder.parent
    return folder


def find_roots(paths: Iterable[Path], search_path: Iterable[Path] = (), disk: Disk | None = None) -> tuple[Path, ...]:
    """Where dotted names begin: the folder above each file's package, the project's own folder and its `src`, and what the
    configuration adds."""
    disk = disk or Disk()
    found: dict[Path, None] = {}
    for path in paths:
        path = disk.resolve(path)
        is_folder = disk.is_folder(path)
        start = package_root(path if disk.is_file(path) else path / "__init__.py", disk)
        found[start] = None
        if is_folder:
            for child in (path, path / "src"):
                if disk.is_folder(child) and not disk.is_file(child / "__init__.py"):
                    found[child] = None
        top = _marked(start, disk)
        if top is not None:
            found[top] = None
            if disk.is_folder(top / "src"):
                found[top / "src"] = None
    for folder in search_path:
        found[disk.resolve(folder)] = None
    return tuple(found)


def _marked(start: Path, disk: Disk) -> Path | None:
    """The nearest folder, from `start` on upwards, that says that a project begins there."""
    return next((each for each in (start, *start.parents) if any(disk.exists(each / name) for name in MARKERS)), None)


def project_folder(path: Path, disk: Disk) -> Path:
    """The folder with all that belongs to the project of a file; where nothing says so, its outermost package, or the
    folder it lies in."""
    root = package_root(path, disk)
    return _marked(root, disk) or (root / path.relative_to(root).parts[0] if root != path.parent else root)


def open_project(
    paths: Sequence[str],
    settings: Settings,
    overlay: Mapping[str, bytes],
    disk: Disk | None = None,
    before: Project | None = None,
) -> tuple[Project, list[Path], list[str]]:
    """The project around some files, the files that can be read, and what cannot. `disk`: one that the same texts lie over.
    `before`: one of the same files, over which other texts lie."""
    disk = disk or Disk(overlay)
    found = [Path(path) for path in paths]
    search = [Path(settings.root) / folder for folder in settings.search_path]
    names = {disk.resolve(Path(path)): path for path in paths}
    project = Project(find_roots(found, search, disk), disk, names, search=tuple(map(disk.resolve, search)))
    project.before = before.sources if before is not None else {}
    for name, data in overlay.items():
        project.sources[disk.resolve(Path(name))] = bounded(Source.from_bytes(data, name))
    readable: list[Path] = []
    problems: list[str] = []
    for path in found:
        try:
            project.source(path)
        except UnreadableError as problem:
            problems.append(str(problem))
        else:
            readable.append(path)
    return project, readable, problems


def bounded(source: Source) -> Source:
    """A source that is not looked at if it has to do with layers and is too long."""
    return Source.oversized(source.path, MOST) if len(source.text) > MOST and matters(source) else source


def given_up(sources: Iterable[Source]) -> list[str]:
    """What was not looked at, and why."""
    return [f"{where(each.span)}: {each.message}" for source in sources for each in source.not_analysed]


def unparsed(sources: Iterable[Source]) -> list[str]:
    """What is no Python, where no finding says it."""
    return [f"{where(p.span)}: not analysed: {p.message}" for source in sources for p in source.problems]


def matters(source: Source) -> bool:
    """Can this text have to do with layers at all?"""
    return about_layers(source.text)
