"""What a run sees of the disk, each thing once, and written down: what was read, and what was looked for in vain."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from padlint import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

try:  # hashlib has it from there, and loads OpenSSL first
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

from padlint.errors import UnreadableError
from padlint.reading import read_file

Facts = Mapping[str, str]
"""By path, what was found there: as much of it as somebody wanted to know."""

NOTHING, FOLDER, FILE, OTHER = "", "d", "f", "o"
CONTENT, ENTRIES = "=", "e"


class Disk:
    """`facts` grow with every question; what was answered once is answered in the same way for the rest of the run.
    `texts` lie over the files."""

    def __init__(self, texts: Mapping[str, bytes] | None = None) -> None:
        self.facts: dict[str, str] = {}
        self._watchers: list[dict[str, str]] = []
        self._kinds: dict[str, str] = {}
        texts = texts or {}
        self._over = frozenset(os.path.realpath(path) for path in texts)
        self._contents = {os.path.realpath(path): _content(path, data) for path, data in texts.items()}

    @contextmanager
    def watched(self) -> Iterator[Facts]:
        """The facts that are asked for from now on, known ones too."""
        facts: dict[str, str] = {}
        self._watchers.append(facts)
        try:
            yield facts
        finally:
            self._watchers.pop()

    # ------------------------------------------------------------ questions

    def is_file(self, path: Path | str) -> bool:
        return self._told(str(path), self._kind(str(path)))[:1] == FILE

    def is_folder(self, path: Path) -> bool:
        return self._told(str(path), self._kind(str(path))) == FOLDER

    def exists(self, path: Path) -> bool:
        return self._told(str(path), self._kind(str(path))) != NOTHING

    def read(self, path: Path | str, display: str) -> bytes:
        """The content of a file. Raises UnreadableError, OversizedError."""
        name = str(path)
        try:
            data = read_file(name, display)
        except UnreadableError:
            self._contents[name] = CONTENT
            raise
        else:
            self._contents[name] = _content(name, data)
            return data
        finally:
            self.read_again(path)

    def read_again(self, path: Path | str) -> None:
        """Somebody uses the content of a file that was read before, or lies over the disk."""
        self._told(str(path), self._content(str(path)))

    def entries(self, path: str) -> None:
        """Somebody looks for sources in a folder."""
        self._told(path, _entries(path))

    def agrees(self, facts: Facts) -> bool:
        """Does what another run saw still hold?"""
        return all(self._like(fact, path) == fact for path, fact in facts.items())

    def _like(self, fact: str, path: str) -> str:
        """What is found at a path now, as much of it as the fact says."""
        if fact.startswith(CONTENT):
            return self._content(path)
        return _entries(path) if fact.startswith(ENTRIES) else self._kind(path)

    # ------------------------------------------------------------ facts

    def facts_on_disk(self) -> Facts:
        """The facts that no text lies over."""
        return {path: fact for path, fact in self.facts.items() if path not in self._over}

    def also(self, facts: Facts) -> None:
        """What another look at the same disk saw."""
        for path, fact in facts.items():
            self._told(path, fact)

    def _told(self, name: str, fact: str) -> str:
        for facts in (self.facts, *self._watchers):
            if fact.startswith((CONTENT, ENTRIES)) or not facts.get(name, NOTHING).startswith((CONTENT, ENTRIES)):
                facts[name] = fact
        return fact

    def _kind(self, name: str) -> str:
        if name not in self._kinds:
            self._kinds[name] = _kind(name)
        return self._kinds[name]

    def _content(self, name: str) -> str:
        if name not in self._contents:
            self._contents[name] = _read(name)
        return self._contents[name]


def digest(data: bytes, size: int) -> str:
    """A hash of so many bytes, as text."""
    return blake2b(data, digest_size=size).hexdigest()


def _kind(path: str) -> str:
    """What lies at a path; of a link also where it leads."""
    try:
        mode = os.lstat(path).st_mode
        leads = ""
        if stat.S_ISLNK(mode):
            leads, mode = os.path.realpath(path), os.stat(path).st_mode
    except (OSError, ValueError):
        return NOTHING
    if stat.S_ISDIR(mode):
        return FOLDER
    return FILE + leads if stat.S_ISREG(mode) else OTHER


def _entries(path: str) -> str:
    """The folders in a folder, and its files that may have to do with sources, with their sizes and times."""
    found: list[str] = []
    try:
        for entry in os.scandir(path):
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith((".", "__")):  # no sources; padlint's own cache is one of them
                    found.append(entry.name)
            elif entry.name.endswith((".py", ".ipynb", ".gitignore")):
                status = entry.stat()
                found.append(f"{entry.name}/{status.st_size} {status.st_mtime_ns}")
    except OSError:
        return NOTHING
    return ENTRIES + digest("\n".join(sorted(found)).encode("utf-8", "surrogatepass"), 16)


def _read(path: str) -> str:
    """The content of a file; nothing else is opened, whatever a cache says that was read."""
    try:
        return _content(path, read_file(path))
    except UnreadableError:
        return CONTENT


def _content(path: str, data: bytes) -> str:
    leads = os.path.realpath(path) if os.path.islink(path) else ""
    return CONTENT + digest(data, 16) + leads
