"""Who calls what some files define: the other files of their project that import it.

What is said of a helper must not depend on which files happen to be named, so those parts of other files that call it are
evaluated with it. A big project has many: the nearest are taken, and only so many.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from padlint.errors import UnreadableError
from padlint.evaluate.survey import Survey, Target
from padlint.evaluate.values import PythonModule
from padlint.evaluate.world import World
from padlint.files import beside
from padlint.finding import Place
from padlint.project import Project, project_folder
from padlint.session import Session
from padlint.syntax import ir
from padlint.syntax.index import Header
from padlint.units import Task

CANDIDATES = 100
"""Files whose imports are read."""
FILES = 3000
"""Files that are searched for the names."""
WORK = 20_000
"""Characters of definitions that are evaluated beside those of the files that were named."""

Callers = Mapping[str, frozenset[int]]
"""By file, the statements that define what calls; beside them all that stands at its top level runs."""


def callers(session: Session, project: Project, paths: Sequence[Path]) -> Callers:
    """What in other files than these calls a function or class of theirs that takes arguments and that they do not call
    themselves."""
    survey = Survey(World(project))
    modules = [module for path in paths if (module := survey.world.module_at(path)) is not None]
    wanted = {target for module in modules for target in _uncalled(survey, module)} if session.callers else set()
    if not wanted:
        return {}
    search = _Search(survey, wanted)
    own = {project.disk.real(path) for path in paths}
    near = {os.path.dirname(path) for path in own}
    files = [path for path in _files(session, project, wanted) if path not in own and search.mentioned_in(path)]
    files.sort(key=lambda path: (os.path.dirname(path) not in near, path))
    found = ((path, calling) for path in files[:CANDIDATES] if (calling := search.calling_in(Path(path))) is not None)
    return dict(_bounded(islice(found, session.callers)))


def calling(task: Task, callers: Callers) -> Task | None:
    """What of a task is left where only what calls is to be evaluated."""
    if task.file not in callers:
        return task
    definitions = tuple(each for each in task.definitions if each[1] in callers[task.file])
    return replace(task, definitions=definitions, relevant=()) if definitions or task.first else None


def _bounded(found: Iterable[tuple[str, Mapping[int, int]]]) -> Iterator[tuple[str, frozenset[int]]]:
    left = WORK
    for path, sizes in found:
        if sum(sizes.values()) <= left:
            left -= sum(sizes.values())
            yield path, frozenset(sizes)


def _files(session: Session, project: Project, wanted: Iterable[Target]) -> Iterator[str]:
    folders = {str(project_folder(Path(str(module.names["__file__"])), project.disk)) for module, _ in wanted}
    for folder in sorted(folders):
        yield from islice(beside(folder, session.settings, project.disk), FILES)


def _uncalled(survey: Survey, module: PythonModule) -> Iterator[Target]:
    """What nothing else in its file names, so that only other files say what it is called with."""
    own = survey.of(module)
    headers = (*own.values(), *survey.statements[module])
    named = {target for header in headers for target in survey.references(module, header)}
    for name, header in own.items():
        if (module, name) not in named and _needs_arguments(module, header):
            yield module, name


def _needs_arguments(module: PythonModule, header: Header) -> bool:
    """What can be called without any is evaluated that way, unless something is declared for it. A class that does not say
    takes what its base takes."""
    for node in module.source.lower(header.index):
        if isinstance(node, ir.Class):
            made = [each for each in node.body if isinstance(each, ir.Function) and each.name == "__init__"]
            return not made or _wanted(module, header, node, made[-1].parameters[1:])
        if isinstance(node, ir.Function):
            return _wanted(module, header, node, node.parameters)
    return False


def _wanted(module: PythonModule, header: Header, node: ir.Node, parameters: Sequence[ir.Parameter]) -> bool:
    declared = Place(module.path, header.index, node.at) in module.marked
    return _required(parameters) or (declared and bool(parameters))


def _required(parameters: Iterable[ir.Parameter]) -> bool:
    return any(each.default is None and each.kind not in ("args", "kwargs") for each in parameters)


class _Search:
    """What is searched for: in the bytes of a file first, then in what its statements name."""

    def __init__(self, survey: Survey, wanted: set[Target]) -> None:
        self._survey, self._wanted = survey, wanted
        modules = {part for module, _ in wanted for part in module.name.split(".") if part}
        self._import = re.compile(rf"\b(?:from|import)\s[^\n]*\b{_one_of(modules)}\b|\bfrom\s+\.+\s+import\b".encode())
        self._name = re.compile(rf"\b{_one_of({name for _, name in wanted})}\b".encode())

    def mentioned_in(self, path: str) -> bool:
        try:
            data = self._survey.world.project.disk.glance(path)
        except UnreadableError:
            return False
        return bool(self._import.search(data) and self._name.search(data))

    def calling_in(self, path: Path) -> Mapping[int, int] | None:
        """The definitions that call, or call what calls, with their sizes; None where nothing does."""
        module = self._survey.world.module_at(path)
        if module is None:
            return None
        own = self._survey.of(module)
        named = {
            header.index: self._named(module, header) for header in (*own.values(), *self._survey.statements[module])
        }
        reached = {name for name, header in own.items() if self._calls(named[header.index])}
        while (
            more := {n for n, each in own.items() if any((module, r) in named[each.index] for r in reached)} - reached
        ):
            reached |= more
        if not reached and not any(map(self._calls, named.values())):
            return None
        return {own[name].index: len(module.source.statement_text(own[name].index)) for name in reached}

    def _named(self, module: PythonModule, header: Header) -> set[Target]:
        """The definitions that a statement names, wherever they come from."""
        words = module.source.words(header.index)
        dotted = {
            (home, name) for home, name in self._wanted if name in words and home.name.rpartition(".")[2] in words
        }
        return dotted | {self._origin(*target) for target in self._survey.references(module, header)}

    def _calls(self, named: set[Target]) -> bool:
        return not self._wanted.isdisjoint(named)

    def _origin(self, home: PythonModule, name: str) -> Target:
        """Where a name comes from that a package hands on."""
        passed: set[PythonModule] = set()
        while name not in self._survey.of(home) and home not in passed:
            passed.add(home)
            home, name = self._survey.imports_of(home).get(name, (home, name))
        return home, name


def _one_of(words: set[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words)))})"
