"""From files to results: reads them, runs their roots, and gives tables and findings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from padlint.config import Settings
from padlint.errors import UnreadableError
from padlint.evaluate.session import run_files
from padlint.evaluate.world import World
from padlint.finding import Place, Span
from padlint.project import Project, find_roots
from padlint.result import Shapes
from padlint.shapes import tables
from padlint.syntax.source import Source

RECURSION = 20_000
_MARKS = (b"torch", b"keras", b"nn.")


def open_project(paths: Sequence[str], settings: Settings) -> tuple[Project, list[Path], list[str]]:
    """The project around some files, those of them that can matter, and what could not be read."""
    found = [Path(path) for path in paths]
    search = [Path(settings.root) / folder for folder in settings.search_path]
    project = Project(find_roots(found, search))
    wanted: list[Path] = []
    problems: list[str] = []
    for path in found:
        try:
            source = project.source(path, str(path))
        except UnreadableError as problem:
            problems.append(str(problem))
            continue
        if matters(source):
            wanted.append(path)
    return project, wanted, problems


def matters(source: Source) -> bool:
    """Can this text have to do with layers at all?"""
    data = source.text.encode("utf-8", "replace")
    return any(mark in data for mark in _MARKS)


def locator(world: World) -> Callable[[Place], Span]:
    """Where a place of any module of the run stands."""
    sources = {module.path: module.source for module in world.modules.values()}

    def locate(place: Place) -> Span:
        if place.path not in sources:
            sources.update({module.path: module.source for module in world.modules.values()})
        return sources[place.path].span(place)

    return locate


def shapes(paths: Iterable[str], settings: Settings) -> Shapes:
    """Every Sequential that these files build."""
    sys.setrecursionlimit(RECURSION)
    project, wanted, problems = open_project(list(paths), settings)
    world = World(project)
    runs = run_files(world, wanted, lambda place: None)
    entries = tables(runs, locator(world))
    own = {project.source(path).path for path in wanted}
    return Shapes(tuple(entry for entry in entries if entry.path in own), tuple(problems))
