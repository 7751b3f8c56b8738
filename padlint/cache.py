"""The cache on disk: plain data under names that say all that it depends on, except for files.

An entry is compressed JSON behind its own checksum. Reading never trusts one: what is corrupt, foreign or out of date counts
as missing and is written again. Writing goes through a temporary file, so that parallel runs see an entry whole or not at
all. Whatever goes wrong with the folder, there is no cache then, and no noise.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec

from padlint import TYPE_CHECKING, __version__
from padlint.disk import NAME, Disk, Facts, digest

if TYPE_CHECKING:
    from typing import TypeVar

    from padlint.config import Settings
    from padlint.plain import Plain

    T = TypeVar("T")

VARIABLE = "PADLINT_CACHE_DIR"
MOST = 128 * 1024 * 1024
"""Bytes that a folder may hold; beyond them the oldest entries go until three quarters are left."""

_TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is padlint's cache; see https://bford.info/cachedir/\n"
)
_SUFFIX = ".entry"
_ENTRY = r"[0-9a-f]{40}\.entry(\.[0-9]+-[0-9]+)?$"
_STALE = 3600.0
"""Seconds after which a temporary file belongs to nobody."""


def folder_of(settings: Settings) -> str:
    """Where the cache of a project lies: what the environment says, else the configuration, else in its root."""
    chosen = os.environ.get(VARIABLE) or settings.cache_dir or NAME
    return os.path.join(settings.root, os.path.expanduser(chosen))


@cache
def program() -> str:
    """Which padlint, LibCST and Python this is: the same for the same files of the package."""
    package = os.path.dirname(os.path.abspath(__file__))
    spec = find_spec("libcst")
    parser = _stamp(os.stat(spec.origin)) if spec is not None and spec.origin is not None else ""
    files = sorted(_sources(package))
    return "\n".join([__version__, sys.version, parser, *files])


def _sources(folder: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            yield f"{entry.path} {_stamp(entry.stat())}"
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _sources(entry.path)


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns}"


class Cache:
    """A folder with entries. `most`: how many bytes it may hold."""

    def __init__(self, folder: str, most: int = MOST) -> None:
        self.folder, self.most = folder, most

    def recall(self, key: str, disk: Disk, kind: type[T]) -> T | None:
        """What was kept under a key, as it was; None also where it is no such thing any more."""
        from padlint.plain import unpack

        found = self.load(key, disk)
        try:
            return unpack(kind, found) if found is not None else None
        except ValueError:
            return None

    def keep(self, key: str, facts: Facts, value: object) -> None:
        """Keep a value of plain data with what it was made from."""
        from padlint.plain import pack

        self.save(key, facts, pack(value))

    def load(self, key: str, disk: Disk) -> Plain:
        """What was kept under a key, if all files that it was made from are as they were; None where nothing is."""
        path = self._path(key)
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):
                return None
            with open(path, "rb") as file:
                checksum, _, packed = file.read(self.most).partition(b"\n")
            if checksum != _checksum(packed):
                return None
            entry = json.loads(zlib.decompressobj().decompress(packed, self.most))
        except (OSError, ValueError, RecursionError, zlib.error):
            return None
        match entry:
            case {"key": str(own), "facts": dict(facts), "value": value} if own == named(key):
                if all(isinstance(fact, str) for fact in facts.values()) and disk.agrees(facts):
                    disk.also(facts)
                    with suppress(OSError):
                        os.utime(path)
                    return value  # type: ignore[no-any-return]
        return None

    def save(self, key: str, facts: Facts, value: Plain) -> None:
        """Keep a value with what it was made from."""
        entry = {"key": named(key), "facts": dict(facts), "value": value}
        packed = zlib.compress(json.dumps(entry, separators=(",", ":")).encode(), 1)
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}-{time.monotonic_ns()}"
        try:
            self._make()
            with open(temporary, "xb") as file:
                file.write(_checksum(packed) + b"\n" + packed)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)

    def trim(self) -> None:
        """Take the oldest entries out of a folder that holds too much, and what killed runs left behind."""
        now = time.time()
        entries: list[tuple[float, int, str]] = []
        for path, status in self._files():
            if not path.endswith(_SUFFIX):
                if now - status.st_mtime > _STALE:
                    _unlink(path)
            else:
                entries.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        if total > self.most:
            for _, size, path in sorted(entries):
                _unlink(path)
                total -= size
                if total <= self.most * 3 // 4:
                    break

    def clean(self) -> bool:
        """Remove the folder; whether there was one. Of a folder that is not padlint's own only the entries go."""
        if not os.path.isdir(self.folder) or os.path.islink(self.folder):
            return False
        for path, _ in list(self._files()):
            _unlink(path)
        if os.path.isfile(os.path.join(self.folder, "CACHEDIR.TAG")):
            for name in ("CACHEDIR.TAG", ".gitignore"):
                _unlink(os.path.join(self.folder, name))
        with suppress(OSError):
            os.rmdir(self.folder)
        return True

    # ------------------------------------------------------------ the folder

    def _path(self, key: str) -> str:
        return os.path.join(self.folder, named(key) + _SUFFIX)

    def _make(self) -> None:
        """Raises OSError also where the folder is a link: what lies behind it is not padlint's."""
        if os.path.islink(self.folder):
            raise OSError("a link")
        if not os.path.isdir(self.folder):
            os.makedirs(self.folder, exist_ok=True)
            for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
                with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
                    file.write(text)

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        """The entries and the temporary files."""
        import re

        with suppress(OSError):
            for entry in os.scandir(self.folder):
                if re.match(_ENTRY, entry.name):
                    with suppress(OSError):
                        yield entry.path, entry.stat(follow_symlinks=False)


def _unlink(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)


def named(key: str) -> str:
    """A short name for a key."""
    return digest(key.encode("utf-8", "surrogatepass"), 20)


def _checksum(body: bytes) -> bytes:
    return digest(body, 16).encode()
