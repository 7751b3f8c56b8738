"""git, run where nothing of a repository can make it run anything else.

What a repository configures (filters, hooks, a monitor of files, commands that fetch what is missing, attributes) has its
say in git's own commands, and each version of git brings more of it. So git never works in a repository that is looked at,
but in an empty one of padlint's own, in a temporary folder: its refs are a copy, its objects are borrowed, and its
configuration is written here. Of the other configuration only the format is taken over and, where the revision asks for
them, which branch follows which.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import weakref
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from padlint.errors import PadlintError, UnreadableError, UsageError
from padlint.reading import irregular, read_file
from padlint.repository import Repository, owners

PATIENCE = 300
"""Seconds that one command of git may take: what it reads could be a pipe that nobody writes to."""
MAX_COPIED = 200_000_000
"""Bytes of refs and reflogs: far more than the largest repositories have."""

_HEAD = re.compile(r"[A-Z_]*HEAD")
_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?(?=\s|$)")
_PACKED = re.compile(rb"^([0-9a-f]{40}(?:[0-9a-f]{24})?) ([^\r\n]+)", re.MULTILINE)
_FORMAT = re.compile(rb"extensions\.(objectformat|refstorage)\n([a-z0-9]+)")
_FOLLOWS = re.compile(rb"(branch|remote)\.(.*)\.(remote|merge|fetch)\n(.*)", re.DOTALL)
_ESCAPED = {b"\\": b"\\\\", b'"': b'\\"', b"\n": b"\\n"}


class Sealed:
    """An empty repository that borrows what another one holds. Raises PadlintError: no git, or what cannot be read."""

    def __init__(self, program: str, repository: Repository, *, reflogs: bool) -> None:
        """`reflogs`: what `@{...}` asks for is needed, too."""
        self._program = program
        self._folder = tempfile.TemporaryDirectory(prefix="padlint-")
        weakref.finalize(self, self._folder.cleanup)
        self._own = Path(self._folder.name, "own")
        self._common = Path(self._folder.name, "common") if repository.own != repository.common else self._own
        self._left = MAX_COPIED
        with _told_plainly():
            self._borrow(repository)
            for name in filter(_HEAD.fullmatch, os.listdir(repository.own)):
                self._copy(os.path.join(repository.own, name), self._own / name)
            for source, target in {repository.own: self._own, repository.common: self._common}.items():
                self._pack(source, target)
                for name in ("shallow", "reftable", *(["logs"] if reflogs else [])):
                    self._copy(os.path.join(source, name), target / name)
            (self._common / "config").write_bytes(self._configuration(repository, follows=reflogs))

    @property
    def shallow(self) -> bool:
        """Does the history end before its beginning?"""
        return (self._common / "shallow").exists()

    def run(
        self, *words: str, given: str | bytes = b"", folder: Path | None = None, index: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """What a command of git says in a folder of this one; `index` is where it keeps what it is told of files."""
        environment = {
            **_without_git(os.environ),
            "LC_ALL": "C",
            "HOME": self._folder.name,
            "XDG_CONFIG_HOME": self._folder.name,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_DIR": str(self._own),
            "GIT_INDEX_FILE": str(index or self._own / "index"),
        }
        return _run([self._program, *words], folder or Path(self._folder.name), environment, os.fsencode(given))

    def asked(
        self,
        *words: str,
        given: str | bytes = b"",
        folder: Path | None = None,
        index: Path | None = None,
        fine: Collection[int] = (0,),
    ) -> bytes:
        """The same of a command that must not fail. Raises PadlintError."""
        done = self.run(*words, given=given, folder=folder, index=index)
        if done.returncode not in fine:
            raise PadlintError(f"git {words[0]}: {_complaint(done)}")
        return done.stdout

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """An empty folder for a while."""
        with _told_plainly(), tempfile.TemporaryDirectory(dir=self._folder.name) as name:
            yield Path(name)

    def _borrow(self, repository: Repository) -> None:
        for path in (self._own, self._common):
            (path / "refs").mkdir(parents=True, exist_ok=True)
        if self._own != self._common:
            (self._own / "commondir").write_bytes(os.fsencode(self._common))
        (self._common / "config").write_text("")
        objects = os.fsencode(os.path.join(repository.common, "objects").replace(os.sep, "/"))
        if b"\n" in objects:
            raise PadlintError(f"{repository.common}: git borrows from no folder whose name has a line end")
        _write(self._common / "objects" / "info" / "alternates", objects + b"\n")

    def _pack(self, source: str, target: Path) -> None:
        """All refs in one file, as to make a file of each takes long; only those that name another one have their own."""
        listed = self._taken(os.path.join(source, "packed-refs")) or b""
        packed = {name: each for each, name in _PACKED.findall(listed)}
        for path, copy in _files(os.path.join(source, "refs"), target / "refs"):
            data = self._taken(path) or b""
            if found := _ID.match(data):
                packed[os.fsencode(copy.relative_to(target).as_posix())] = found[0]
            elif data:
                _write(copy, data)
        lines = (b"%s %s\n" % (each, name) for name, each in packed.items() if b"\n" not in name)
        _write(target / "packed-refs", b"".join(lines))

    def _copy(self, source: str, target: Path) -> None:
        for path, copy in _files(source, target):
            data = self._taken(path)
            if data is not None:
                _write(copy, data)

    def _taken(self, path: str) -> bytes | None:
        """What a file holds; what is no file is no ref."""
        if not os.path.exists(path) or irregular(os.stat(path)):
            return None
        with open(path, "rb") as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise PadlintError(f"{path}: more than {MAX_COPIED // 10**6} MB of refs")
        return data

    def _configuration(self, repository: Repository, *, follows: bool) -> bytes:
        path = os.path.join(repository.common, "config")
        theirs = read_file(path) if os.path.lexists(path) else b""
        entries = self.asked("config", "--file", "-", "--no-includes", "-z", "--list", given=theirs).split(b"\0")
        formats = [b"\t%s = %s\n" % found.groups() for found in map(_FORMAT.fullmatch, entries) if found]
        lines = [b"[core]\n\trepositoryformatversion = %d\n" % bool(formats), b"[extensions]\n", *formats]
        for found in map(_FOLLOWS.fullmatch, entries if follows else ()):
            if found:
                section, name, key, value = found.groups()
                lines.append(b'[%s "%s"]\n\t%s = "%s"\n' % (section, _escaped(name), key, _escaped(value)))
        return b"".join(lines)


def git_outside(top: str | None) -> str:
    """The program git, from a folder that PATH names wholly and that is not part of the work tree. Raises UsageError."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in filter(os.path.isabs, os.get_exec_path()):
        path = os.path.join(os.path.realpath(folder), name)
        if os.path.isfile(path) and os.access(path, os.X_OK) and not (top and _below(path, top)):
            return path
    raise UsageError(f"--since needs git: {os.strerror(2)}")


def is_trusted(repository: Repository, program: str) -> bool:
    """Is it this user's own, or one that their configuration calls safe? Else git does not take it for a repository."""
    if not hasattr(os, "geteuid"):
        return True
    trusted = {os.geteuid()}
    if 0 in trusted and os.environ.get("SUDO_UID", "").isdecimal():
        trusted.add(int(os.environ["SUDO_UID"]))
    return owners(repository) <= trusted or _is_called_safe(repository.top, program)


def _complaint(done: subprocess.CompletedProcess[bytes]) -> str:
    """The first line of what git says."""
    return done.stderr.decode(errors="replace").strip().split("\n")[0].removeprefix("fatal: ").removeprefix("error: ")


def _is_called_safe(top: str, program: str) -> bool:
    """By the user or the system: git asks no repository for that, and there is none where it runs here."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    with tempfile.TemporaryDirectory(prefix="padlint-") as folder:
        alone = {
            **_without_git(os.environ),
            **kept,
            "GIT_CEILING_DIRECTORIES": os.path.dirname(os.path.realpath(folder)),
        }
        asked = [program, "config", "--type=path", "-z", "--get-all", "safe.directory"]
        said = _run(asked, Path(folder), alone, b"").stdout.split(b"\0")[:-1]
    names = [os.fsdecode(name) for name in said]
    if "" in names:  # which takes back what was said before
        names = names[len(names) - names[::-1].index("") :]
    return any(
        name == "*" or os.path.realpath(name) == top or (name.endswith("/*") and _below(top, name[:-2]))
        for name in names
    )


def _below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(os.path.realpath(folder), ""))


def _without_git(environment: Mapping[str, str]) -> dict[str, str]:
    """A hook of git's, or of another tool's, is told by such variables where it is: that need not be where padlint looks."""
    return {name: value for name, value in environment.items() if not name.startswith("GIT_")}


def _run(
    command: list[str], folder: Path, environment: Mapping[str, str], given: bytes
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, input=given, capture_output=True, check=False, timeout=PATIENCE
        )
    except OSError as problem:
        raise UsageError(f"--since needs git: {problem.strerror}") from None
    except subprocess.TimeoutExpired:
        raise PadlintError(f"git {command[1]} takes more than {PATIENCE} seconds") from None


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise UnreadableError(f"{problem.filename}: {problem.strerror}") from None


def _files(source: str, target: Path) -> Iterator[tuple[str, Path]]:
    """A file, or all files below a folder, and where their copies belong."""
    if not os.path.isdir(source):
        yield source, target
    for folder, _, names in os.walk(source):
        for name in names:
            yield os.path.join(folder, name), target / os.path.relpath(folder, source) / name


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _escaped(text: bytes) -> bytes:
    return re.sub(rb'[\\"\n]', lambda found: _ESCAPED[found[0]], text)
