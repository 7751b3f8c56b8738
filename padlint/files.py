"""Which files to look at: what was named, and what lies in the folders that were named.

`.gitignore` counts inside folders, `exclude` too; a file that was named is always looked at, unless `force-exclude`
says that hooks name files without meaning them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from padlint.config import Settings
from padlint.disk import IGNORE_FILE, Disk
from padlint.errors import UnreadableError
from padlint.paths import below, globs, identity, seen_from

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SettingsFor = Callable[[str], Settings]
"""The settings for the files of a folder."""


@dataclass(frozen=True, slots=True)
class Files:
    """`found`: the files with their settings, each once, in the order of the paths, sorted within folders. `problems`
    make the run fail, `warnings` do not."""

    found: tuple[tuple[str, Settings], ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ignore:
    """The patterns of one `.gitignore`, relative to its folder."""

    directory: str
    spec: GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to walk, with the `.gitignore`s above it."""

    path: str
    ignores: tuple[_Ignore, ...]


def discover(paths: Sequence[str], settings_for: SettingsFor, disk: Disk) -> Files:
    """The files under `paths`. Raises UsageError where a configuration on the way is wrong."""
    found: dict[str, tuple[str, Settings]] = {}
    problems: list[str] = []
    warnings: list[str] = []
    exclusion = _Exclusion()
    for path in map(os.path.normpath, paths):
        if disk.is_folder(path):
            walked = list(_Walk(path, settings_for, disk, exclusion, problems).files())
            if not walked:
                warnings.append(f"no Python files in {path}")
            for file, settings in walked:
                found.setdefault(identity(file), (file, settings))
            continue
        problem = disk.why_no_file(path)
        if problem is not None:
            problems.append(f"{path}: {problem}")
            continue
        settings = settings_for(os.path.dirname(path) or ".")
        if not (settings.force_exclude and exclusion.covers(path, settings)):
            found.setdefault(identity(path), (path, settings))
    return Files(tuple(found.values()), tuple(problems), tuple(warnings))


FOLDERS = 300
"""Folders of a project that are searched for files that were not named."""


def beside(folder: str, settings: Settings, disk: Disk) -> Iterator[str]:
    """The files in a folder that nobody named, for somebody who reads them without asking the disk for the content of each.
    Of many folders only the first are read."""
    for path, _ in _Walk(folder, lambda _: settings, disk, _Exclusion(), [], disk.changes_of, FOLDERS).files():
        yield path


class _Walk:
    """One folder that was named. What excludes or ignores the folder itself does not count below it: who names a folder
    wants what is in it."""

    def __init__(
        self,
        start: str,
        settings_for: SettingsFor,
        disk: Disk,
        exclusion: _Exclusion,
        problems: list[str],
        entered: Callable[[str], None] = lambda folder: None,
        most: int = sys.maxsize,
    ) -> None:
        self._start = start
        self._settings_for = settings_for
        self._disk = disk
        self._exclusion = exclusion
        self._problems = problems
        self._entered = entered
        self._left = most

    def files(self) -> Iterator[tuple[str, Settings]]:
        above = _ignores_above(self._start, self._disk)
        stack = [self._in(self._start, () if _ignored(self._start, True, above) else above)]
        while stack:  # no recursion: folders can be nested deeper than Python's stack
            for found in stack[-1]:
                if isinstance(found, _Folder):
                    stack.append(self._in(found.path, found.ignores))
                    break
                yield found
            else:
                stack.pop()

    def _in(self, folder: str, ignores: tuple[_Ignore, ...]) -> Iterator[tuple[str, Settings] | _Folder]:
        """The files and the folders of a folder, in order."""
        if not self._left:
            return
        self._left -= 1
        self._entered(folder)
        settings = self._settings_for(folder)
        origin = self._start if self._exclusion.covers(self._start, settings) else settings.root
        ignores = (*ignores, *_ignores_in(folder, self._disk))
        for name, is_folder in self._entries(folder):
            path = name if folder == "." else os.path.join(folder, name)
            if name == IGNORE_FILE and not is_folder:
                continue
            if self._exclusion.covers(path, settings, origin) or _ignored(path, is_folder, ignores):
                continue
            yield _Folder(path, ignores) if is_folder else (path, settings)

    def _entries(self, folder: str) -> tuple[tuple[str, bool], ...]:
        try:
            return self._disk.entries(folder)
        except OSError as problem:
            self._problems.append(f"{folder}: {problem.strerror}")
            return ()


def excluded(path: str, settings: Settings) -> bool:
    """Whether `exclude` or `extend-exclude` cover a path."""
    return _Exclusion().covers(path, settings)


class _Exclusion:
    """`exclude` and `extend-exclude` as compiled patterns, once for each settings."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, ...], GitIgnoreSpec] = {}

    def covers(self, path: str, settings: Settings, origin: str | None = None) -> bool:
        """The path, or a folder that it lies in, fits a pattern; patterns are read as `.gitignore`'s, from `origin`
        (by default the root of the settings)."""
        home = origin or settings.root
        patterns = globs(settings.exclude + settings.extend_exclude, home)
        relative = below(path, home)
        if relative is None:
            relative = os.path.basename(path)
        if not any(character in pattern for pattern in patterns for character in "*?[!/"):
            return not set(patterns).isdisjoint(relative.split("/"))  # plain names need no pattern engine
        if patterns not in self._compiled:
            self._compiled[patterns] = _compile(patterns)
        return self._compiled[patterns].match_file(relative)


def _compile(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there are patterns

    return GitIgnoreSpec.from_lines(patterns)


def _ignores_in(folder: str, disk: Disk) -> tuple[_Ignore, ...]:
    path = os.path.join(folder, IGNORE_FILE)
    if not disk.is_file(path):  # most folders have none
        return ()
    try:
        text = disk.read(path, path).decode("utf-8", "surrogateescape")
    except UnreadableError:  # git, too, passes over one that cannot be read
        return ()
    return (_Ignore(folder, _compile(text.replace("\r\n", "\n").split("\n"))),)


def _ignores_above(folder: str, disk: Disk) -> tuple[_Ignore, ...]:
    """The `.gitignore` of the folders above, up to the repository's top; none outside a repository."""
    found: list[_Ignore] = []
    current = os.path.abspath(folder)
    while not disk.is_there(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return ()
        found[:0] = _ignores_in(parent, disk)
        current = parent
    return tuple(found)


def _ignored(path: str, is_folder: bool, ignores: tuple[_Ignore, ...]) -> bool:
    """As git does: the nearest `.gitignore` that says something of the path decides."""
    for ignore in reversed(ignores):
        relative = seen_from(path, ignore.directory)
        verdict = ignore.spec.check_file(relative + "/" if is_folder else relative).include
        if verdict is not None:
            return verdict
    return False
