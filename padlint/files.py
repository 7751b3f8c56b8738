"""Which files to look at: what was named, and what lies in the folders that were named.

`.gitignore` counts inside folders, `exclude` too; a file that was named is always looked at, unless `force-exclude`
says that hooks name files without meaning them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from padlint.config import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".ipynb")

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


def discover(paths: Sequence[str], settings_for: SettingsFor) -> Files:
    """The files under `paths`. Raises UsageError where a configuration on the way is wrong."""
    found: dict[str, tuple[str, Settings]] = {}
    problems: list[str] = []
    warnings: list[str] = []
    exclusion = _Exclusion()
    for path in map(os.path.normpath, paths):
        if os.path.isdir(path):
            walked = list(_walk(path, _ignores_above(path), settings_for, exclusion, problems))
            if not walked:
                warnings.append(f"no Python files in {path}")
            for file, settings in walked:
                found.setdefault(os.path.abspath(file), (file, settings))
        elif os.path.lexists(path):
            settings = settings_for(os.path.dirname(path) or ".")
            if not (settings.force_exclude and exclusion.covers(path, settings)):
                found.setdefault(os.path.abspath(path), (path, settings))
        else:
            problems.append(f"{path}: no such file or directory")
    return Files(tuple(found.values()), tuple(problems), tuple(warnings))


def _walk(
    folder: str, ignores: tuple[_Ignore, ...], settings_for: SettingsFor, exclusion: _Exclusion, problems: list[str]
) -> Iterator[tuple[str, Settings]]:
    settings = settings_for(folder)
    ignores = (*ignores, *_ignores_in(folder))
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as problem:
        problems.append(f"{folder}: {problem.strerror}")
        return
    for entry in entries:
        path = entry.name if folder == "." else entry.path
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not (entry.name.endswith(SUFFIXES) and entry.is_file()):
            continue
        if exclusion.covers(path, settings) or _ignored(path, is_folder, ignores):
            continue
        if is_folder:
            yield from _walk(path, ignores, settings_for, exclusion, problems)
        else:
            yield path, settings


def excluded(path: str, settings: Settings) -> bool:
    """Whether `exclude` or `extend-exclude` cover a path."""
    return _Exclusion().covers(path, settings)


class _Exclusion:
    """`exclude` and `extend-exclude` as compiled patterns, once for each settings."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, ...], GitIgnoreSpec] = {}

    def covers(self, path: str, settings: Settings) -> bool:
        """The path, or a folder that it lies in, fits a pattern; patterns are read as `.gitignore`'s, from `root`."""
        patterns = settings.exclude + settings.extend_exclude
        relative = os.path.relpath(path, settings.root)
        if relative.split(os.sep)[0] == os.pardir:
            relative = os.path.basename(path)
        if not any(character in pattern for pattern in patterns for character in "*?[!/"):
            return not set(patterns).isdisjoint(relative.split(os.sep))  # plain names need no pattern engine
        if patterns not in self._compiled:
            self._compiled[patterns] = _compile(patterns)
        return self._compiled[patterns].match_file(relative)


def _compile(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # only where there are patterns

    return GitIgnoreSpec.from_lines(patterns)


def _ignores_in(folder: str) -> tuple[_Ignore, ...]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="surrogateescape") as file:
            return (_Ignore(folder, _compile(file.read().split("\n"))),)
    except OSError:  # most folders have none; git, too, passes over one that cannot be read
        return ()


def _ignores_above(folder: str) -> tuple[_Ignore, ...]:
    """The `.gitignore` of the folders above, up to the repository's top; none outside a repository."""
    found: list[_Ignore] = []
    current = os.path.abspath(folder)
    while not os.path.lexists(os.path.join(current, ".git")):
        parent = os.path.dirname(current)
        if parent == current:
            return ()
        found[:0] = _ignores_in(parent)
        current = parent
    return tuple(found)


def _ignored(path: str, is_folder: bool, ignores: tuple[_Ignore, ...]) -> bool:
    """As git does: the nearest `.gitignore` that says something of the path decides."""
    for ignore in reversed(ignores):
        relative = os.path.relpath(path, ignore.directory).replace(os.sep, "/")
        verdict = ignore.spec.check_file(relative + "/" if is_folder else relative).include
        if verdict is not None:
            return verdict
    return False
