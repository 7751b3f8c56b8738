"""The files as a revision has them, under the names that they had."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from padlint.errors import UsageError
from padlint.reading import MAX_BYTES
from padlint.sealed import Sealed
from padlint.syntax.source import Source

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFUSED = {".", "..", ".git"}
"""What git takes for no part of a path, in whatever case."""


class Past:
    """The tree of the commit where the current commit and a revision part (the revision's own, if it is behind).

    Raises UsageError: no such revision, or not all of it is there.
    """

    def __init__(self, git: Sealed, top: str, revision: str) -> None:
        self._git, self._top, self._revision = git, top, revision
        self._old: dict[str, Source | None] = {}
        self.commit = self._base()

    def of(self, sources: Sequence[Source]) -> list[Source | None]:
        """Each file as it was; None where there was none."""
        names = {source.path: self._name(source.path) for source in sources if source.path not in self._old}
        news = {names[source.path]: source for source in sources if source.path in names}
        born = {name: source.encode(source.text) for name, source in news.items() if name and name not in self._tree}
        renamed = self._renamed(born) if born else {}
        before = {path: renamed.get(name, name) for path, name in names.items()}
        contents = self._contents([name for name in before.values() if name in self._tree])
        self._old |= {
            path: _source(path, contents[name]) if name in contents else None for path, name in before.items()
        }
        return [self._old[source.path] for source in sources]

    def _base(self) -> str:
        problem = f"--since {self._revision}: no such revision"
        tip = commit_of(self._git, self._revision)
        if tip is None and self._git.shallow:
            raise UsageError(f"{problem} in this shallow clone; to get all of its history: git fetch --unshallow")
        if tip is None:
            raise UsageError(problem)
        if commit_of(self._git, "HEAD") is None:  # nothing was committed yet
            return tip
        parted = self._git.asked("merge-base", tip, "HEAD", fine=(0, 1)).strip().decode()
        if not parted and self._git.shallow:
            raise UsageError(
                f"--since {self._revision}: this shallow clone does not reach back to where that and the current commit "
                "part; to get more of its history: git fetch --deepen=100 (or --unshallow)"
            )
        return parted or tip

    @cached_property
    def _tree(self) -> Mapping[str, str]:
        """The id of each file's contents, by the file's path below the top with `/` between its parts."""
        done = self._git.run("ls-tree", "-r", "-z", "--full-tree", self.commit)
        if done.returncode:
            raise self._lacking("all folders")
        found = {}
        for line in done.stdout.split(b"\0")[:-1]:
            about, _, path = line.partition(b"\t")
            mode, _, blob = about.decode().split()
            if mode.startswith("100"):  # no link, no submodule
                found[os.fsdecode(path)] = blob
        return found

    def _name(self, path: str) -> str:
        """The path as a tree has it; nothing for what lies outside."""
        real, inside = os.path.realpath(path), os.path.join(self._top, "")
        return real[len(inside) :].replace(os.sep, "/") if real.startswith(inside) else ""

    def _renamed(self, born: Mapping[str, bytes]) -> dict[str, str]:
        """The old names of new files, as git sees them: files that are gone, by what stood in them."""
        gone = {name: blob for name, blob in self._tree.items() if self._is_gone(name)}
        sizes = self._sizes(gone.values())
        kinds = {os.path.splitext(name)[1] for name in born}
        for name, blob in gone.items():
            if blob not in sizes and os.path.splitext(name)[1] in kinds:
                raise self._lacking(f"{name}, which may have been renamed,")
        known = {name: blob for name, blob in gone.items() if sizes.get(blob, MAX_BYTES + 1) <= MAX_BYTES}
        if not known:
            return {}
        trees = [self._tree_of(known), self._tree_of(dict(zip(born, self._kept([*born.values()]), strict=True)))]
        said = self._git.asked("diff-tree", "-r", "-z", "--name-status", "--find-renames", "--diff-filter=R", *trees)
        words = iter(os.fsdecode(said).split("\0"))
        return {new: old for _, old, new in zip(words, words, words, strict=False)}

    def _is_gone(self, name: str) -> bool:
        parts = name.split("/")
        return not os.path.lexists(os.path.join(self._top, *parts)) and not _REFUSED & {part.lower() for part in parts}

    def _kept(self, contents: Sequence[bytes]) -> list[str]:
        """The ids of what the past has not."""
        with self._git.workshop() as folder:
            for number, data in enumerate(contents):
                (folder / str(number)).write_bytes(data)
            numbers = "".join(f"{number}\n" for number in range(len(contents)))
            said = self._git.asked("hash-object", "-w", "--no-filters", "--stdin-paths", given=numbers, folder=folder)
        return said.decode().split()

    def _tree_of(self, blobs: Mapping[str, str]) -> str:
        """A tree that has these files only."""
        entries = "".join(f"100644 {blob}\t{name}\0" for name, blob in blobs.items())
        with self._git.workshop() as folder:
            index = folder / "index"
            self._git.asked("update-index", "-z", "--replace", "--index-info", given=entries, index=index)
            return self._git.asked("write-tree", "--missing-ok", index=index).decode().strip()

    def _sizes(self, blobs: Collection[str]) -> dict[str, int]:
        """How large contents are, of those that are there."""
        said = self._git.asked("cat-file", "--batch-check", given="".join(f"{blob}\n" for blob in blobs))
        lines = [line.split() for line in said.decode().splitlines()]
        return {line[0]: int(line[2]) for line in lines if len(line) == 3}

    def _contents(self, names: Sequence[str]) -> dict[str, bytes | None]:
        """The bytes of files; None where there are too many."""
        sizes = self._sizes([self._tree[name] for name in names])
        for name in names:
            if self._tree[name] not in sizes:
                raise self._lacking(name)
        wanted = [blob for blob, size in sizes.items() if size <= MAX_BYTES]
        rest = self._git.asked("cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted))
        found, start = {}, 0
        for blob in wanted:
            start = rest.index(b"\n", start) + 1
            found[blob] = rest[start : start + sizes[blob]]
            start += sizes[blob] + 1
        return {name: found.get(self._tree[name]) for name in names}

    def _lacking(self, what: str) -> UsageError:
        return UsageError(
            f"--since {self._revision}: this clone has not {what} of the commit {self.commit[:12]}, and padlint fetches "
            f"nothing; to get it: git diff --stat {self.commit[:12]}"
        )


def commit_of(git: Sealed, revision: str) -> str | None:
    """The id of the one commit that is meant."""
    if not revision or revision.startswith("-"):
        return None
    done = git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    said = done.stdout.strip().decode()
    return said if done.returncode == 0 and _COMMIT.fullmatch(said) else None


def _source(path: str, data: bytes | None) -> Source:
    return Source.oversized(path) if data is None else Source.from_bytes(data, path)
