"""What a run sees of the disk, each thing once, and written down: every answer of padlint depends on this and on nothing
else of the disk.

A fact is a question with its answer. Whatever is asked goes through a `Disk`, so that what an earlier run found holds for as
long as all questions that it asked have the same answers: this is the one place that says what a file, a folder or a link
has to do with an answer.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from padlint import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

try:  # hashlib has it from there, and loads OpenSSL first
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

from padlint.errors import UnreadableError
from padlint.reading import irregular, read_file

Facts = Mapping[str, str]
"""By question, the answer. A question is one of the letters below and a path."""

KIND, CONTENT, NAMES, STAMPS, TARGET = "k", "=", "n", "s", ">"
"""What lies at a path; a hash of the content of a file; what a folder holds that may have to do with sources; the same with
sizes and times; where a path leads when all links are followed."""

NOTHING, FOLDER, FILE, OTHER, DANGLING = "", "d", "f", "o", "l"
"""Kinds of what lies at a path, links followed; DANGLING: a link that leads nowhere."""

FAILED = "!"
"""Before the reason why something could not be read."""

NAME = ".padlint_cache"
BYPASSED = (NAME, "__pycache__")
"""Folders that padlint and Python make while they run, and that never hold sources."""
SUFFIXES = (".py", ".ipynb")
IGNORE_FILE = ".gitignore"

TICK = 10_000_000
"""Nanoseconds within which a file system may give two changes of one file the same time."""


class Disk:
    """What was answered once is answered in the same way for the rest of the run. `facts` grow with every question.
    `texts` lie over the files, or where there is none: then it is as if they were saved."""

    def __init__(self, texts: Mapping[str, bytes] | None = None) -> None:
        self.facts: dict[str, str] = {}
        self._watchers: list[dict[str, str]] = []
        self._answers: dict[str, str] = {}
        self._listed: dict[str, tuple[tuple[str, bool], ...]] = {}
        self._folders: dict[str, str] = {}
        texts = texts or {}
        self._texts = {os.path.realpath(path): data for path, data in texts.items()}
        self._answers.update((CONTENT + path, digest(data, 16)) for path, data in self._texts.items())
        self._added = _added(self._texts)
        for folder, names in self._added.items():
            self._answers.update((KIND + os.path.join(folder, name), kind) for name, kind in names.items())
        self._over = frozenset([*self._answers, *(NAMES + folder for folder in self._added)])

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
        return self._asked(KIND, str(path)) == FILE

    def is_folder(self, path: Path | str) -> bool:
        return self._asked(KIND, str(path)) == FOLDER

    def exists(self, path: Path | str) -> bool:
        """Is there something, wherever links to it lead?"""
        return self._asked(KIND, str(path)) not in (NOTHING, DANGLING)

    def is_there(self, path: Path | str) -> bool:
        """Is there something, a link that leads nowhere too?"""
        return self._asked(KIND, str(path)) != NOTHING

    def why_no_file(self, path: str) -> str | None:
        """Why there is no file to read: nothing is there, a link leads nowhere or in circles, or it is a pipe."""
        if self.is_file(path):
            return None
        try:
            return irregular(os.stat(path))
        except OSError as problem:
            return problem.strerror
        except ValueError as problem:  # a null character in it
            return str(problem)

    def real(self, path: Path | str) -> str:
        """The path without links, absolute."""
        return self._asked(TARGET, str(path))

    def resolve(self, path: Path) -> Path:
        """As `Path.resolve`."""
        return type(path)(self.real(path))

    def read(self, path: Path | str, display: str) -> bytes:
        """The content of a file. Raises UnreadableError, OversizedError."""
        question = CONTENT + str(path)
        try:
            data = read_file(str(path), display)
        except UnreadableError as problem:
            self._answers[question] = _failed(problem, display)
            raise
        else:
            self._answers[question] = digest(data, 16)
            return data
        finally:
            self.read_again(path)

    def read_again(self, path: Path | str) -> None:
        """Somebody uses the content of a file that was read before, or lies over the disk."""
        self._asked(CONTENT, str(path))

    def glance(self, path: str) -> bytes:
        """The content of a file in a folder whose changes somebody asks for; no fact of its own. Raises UnreadableError."""
        return self._texts[path] if path in self._texts else read_file(path)

    def entries(self, folder: str) -> tuple[tuple[str, bool], ...]:
        """The names in a folder that may have to do with sources, sorted, each with whether it is a folder. Raises OSError."""
        answer = self._asked(NAMES, folder)
        if answer.startswith(FAILED):
            raise OSError(0, answer.removeprefix(FAILED))
        return self._listed[folder]

    def changes_of(self, folder: str) -> None:
        """Somebody reads sources of a folder without asking for the content of each: sizes and times stand for it."""
        self._asked(STAMPS, folder)

    def agrees(self, facts: Facts) -> bool:
        """Does what another run saw still hold?"""
        return all(self._answer(question) == answer for question, answer in facts.items())

    # ------------------------------------------------------------ facts

    def facts_on_disk(self) -> Facts:
        """The facts that no text lies over."""
        return {question: answer for question, answer in self.facts.items() if question not in self._over}

    def also(self, facts: Facts) -> None:
        """What another look at the same disk saw."""
        for each in (self.facts, *self._watchers):
            each.update(facts)

    def _asked(self, kind: str, path: str) -> str:
        question = kind + path
        answer = self._answer(question)
        for facts in (self.facts, *self._watchers):
            facts[question] = answer
        return answer

    def _answer(self, question: str) -> str:
        """What is found now, as much of it as the question asks for; known answers are given again."""
        if question not in self._answers:
            self._answers[question] = self._looked(question[:1], question[1:])
        return self._answers[question]

    def _looked(self, kind: str, path: str) -> str:
        if kind == KIND:
            return _kind(path)
        if kind == CONTENT:
            return _content(path)
        if kind == NAMES:
            return self._names(path)
        if kind == STAMPS:
            return _stamps(path)
        return self._real(path) if kind == TARGET else NOTHING

    def _names(self, folder: str) -> str:
        added = self._added.get(folder, {})
        try:
            found = list(_sources(folder)) if not added or os.path.isdir(folder) else []
        except OSError as problem:
            return FAILED + (problem.strerror or "")
        found += ((name, kind == FOLDER) for name, kind in added.items() if kind == FOLDER or name.endswith(SUFFIXES))
        self._listed[folder] = tuple(sorted(found))
        return _digest_of(f"{name}/" if is_folder else name for name, is_folder in self._listed[folder])

    def _real(self, path: str) -> str:
        """`os.path.realpath`, each folder once."""
        folder, last = os.path.split(path)
        if last in ("", os.curdir, os.pardir):
            return os.path.realpath(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder or os.curdir)
        whole = os.path.join(self._folders[folder], last)
        try:
            return os.path.realpath(whole) if os.path.islink(whole) else whole
        except ValueError:  # a null character in the path
            return whole


def digest(data: bytes, size: int) -> str:
    """A hash of so many bytes, as text."""
    return blake2b(data, digest_size=size).hexdigest()


def _digest_of(lines: Iterator[str]) -> str:
    return digest("\n".join(lines).encode("utf-8", "surrogatepass"), 16)


def _added(texts: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """What is there only as texts are taken to be saved: by folder, names with their kinds."""
    found: dict[str, dict[str, str]] = {}
    for path in texts:
        kind = FILE
        while _kind(path) == NOTHING:
            folder, name = os.path.split(path)
            found.setdefault(folder, {})[name] = kind
            path, kind = folder, FOLDER
    return found


def _kind(path: str) -> str:
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            try:
                mode = os.stat(path).st_mode
            except OSError:
                return DANGLING
    except (OSError, ValueError):
        return NOTHING
    if stat.S_ISDIR(mode):
        return FOLDER
    return FILE if stat.S_ISREG(mode) else OTHER


def _content(path: str) -> str:
    """A hash of a file; nothing but files is opened, whatever a cache says that was read."""
    try:
        return digest(read_file(path, ""), 16)
    except UnreadableError as problem:
        return _failed(problem, "")


def _failed(problem: UnreadableError, display: str) -> str:
    return FAILED + str(problem).removeprefix(f"{display}: ")


def _sources(folder: str) -> Iterator[tuple[str, bool]]:
    """What a folder holds that may have to do with sources. Raises OSError."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in BYPASSED:
                    yield entry.name, True
            elif entry.name == IGNORE_FILE or (entry.name.endswith(SUFFIXES) and os.path.isfile(entry.path)):
                yield entry.name, False


def _stamps(folder: str) -> str:
    """The size, the times and the number of every source in a folder. What changed a moment ago could change again without
    another time: then a moment is waited for."""
    for _ in range(3):
        try:
            found = {name: _stamp(os.path.join(folder, name)) for name, is_folder in _sources(folder) if not is_folder}
        except OSError as problem:
            return FAILED + (problem.strerror or "")
        latest = max((max(stamp[1:3]) for stamp in found.values()), default=0)
        if not 0 <= time.time_ns() - latest < TICK:
            break
        time.sleep(TICK / 1e9)
    return _digest_of(f"{name} {stamp}" for name, stamp in sorted(found.items()))


def _stamp(path: str) -> tuple[int, int, int, int]:
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0, 0, 0
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
