"""Where git keeps what belongs to a folder, found without git and without a word of any configuration."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

from padlint.errors import UnreadableError
from padlint.reading import read_file

_NAMES = b"gitdir: "


@dataclass(frozen=True, slots=True)
class Repository:
    """`top` is the work tree, `own` holds what is of this work tree alone (HEAD), `common` what all of them share."""

    top: str
    own: str
    common: str


def repository_of(folder: str) -> Repository | None:
    """The nearest one upwards that has an entry `.git`, as git cannot track one. A folder that looks like a bare
    repository is none: that can be tracked, and comes with a clone. Raises UnreadableError: a file `.git` that leads nowhere.
    """
    for top in _upwards(os.path.realpath(folder)):
        entry = os.path.join(top, ".git")
        is_file = os.path.lexists(entry) and not os.path.isdir(entry)
        own = os.path.join(top, _named(entry, _NAMES)) if is_file else entry
        shared = os.path.join(own, "commondir")
        common = os.path.join(own, _named(shared)) if os.path.lexists(shared) else own
        if _is_repository(own, common):
            return Repository(top, os.path.realpath(own), os.path.realpath(common))
        if is_file:
            raise UnreadableError(f"{entry}: {own} is no git repository")
    return None


def owners(repository: Repository) -> set[int]:
    """Who could have written what git would take for this user's: the owners that git itself looks at."""
    paths = (repository.top, os.path.join(repository.top, ".git"), repository.own)
    return {os.lstat(path).st_uid for path in paths}


def _upwards(folder: str) -> Iterator[str]:
    while True:
        yield folder
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return


def _named(path: str, before: bytes = b"") -> str:
    """The path that a file of git's holds."""
    data = read_file(path)
    name = data.removeprefix(before).rstrip(b"\r\n")
    if not data.startswith(before) or not name or b"\0" in name:
        raise UnreadableError(f"{path}: names no git repository")
    return os.fsdecode(name)


def _is_repository(own: str, common: str) -> bool:
    kept = (os.path.join(common, name) for name in ("objects", "refs"))
    return os.path.lexists(os.path.join(own, "HEAD")) and all(map(os.path.isdir, kept))
