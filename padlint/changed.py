"""`--since REV`: the findings in models that changed since a revision, as git knows them.

What counts is the text of the program: for a notebook that of its code cells, and never how lines end.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from padlint.errors import UsageError
from padlint.finding import Finding
from padlint.syntax.source import Source

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_RENAMED = b"R"


@dataclass(frozen=True, slots=True)
class Hunk:
    """The lines from `first` to `last` are new; where `last` is below `first`, what stood before `first` is gone."""

    first: int
    last: int

    def touches(self, first: int, last: int) -> bool:
        return self.first <= last and self.last >= first if self.first <= self.last else first <= self.first <= last


class Changed:
    """What differs from the point where the current commit and a revision part (the revision itself, if it is behind).

    Raises UsageError: no git, no repository, no such revision.
    """

    def __init__(self, revision: str) -> None:
        self.revision = revision
        self._hunks: dict[tuple[str, str], tuple[Hunk, ...]] = {}
        self._top = os.path.realpath(os.fsdecode(self._asked("rev-parse", "--show-toplevel")))
        if revision.startswith("-") or not revision:
            raise UsageError(f"--since {revision}: no such revision")
        name = f"{revision}^{{commit}}"
        done = _git("rev-parse", "--verify", "--quiet", name)
        if done.returncode:
            raise UsageError(f"--since {revision}: no such revision")
        tip = os.fsdecode(done.stdout.strip())
        forked = _git("merge-base", tip, "HEAD")
        self._commit = os.fsdecode(forked.stdout.strip()) if forked.returncode == 0 else tip

    def __call__(self, findings: Sequence[Finding], source: Callable[[str], Source]) -> list[Finding]:
        """The findings whose own lines, or whose models, changed."""
        return [finding for finding in findings if self._is_news(finding, source(finding.span.path))]

    def _is_news(self, finding: Finding, source: Source) -> bool:
        hunks = self._of(source)
        if source.problem is not None:
            return bool(hunks)
        span = finding.span
        first, last = (source.layout.line(position.line, span.cell) for position in (span.start, span.end))
        around = [(first, last)]
        head = (finding.model or "").partition(".")[0]
        for header in source.statements:
            if header.first_line <= first <= header.last_line or head in header.names:
                around.append((_with_comments(source, header.first_line), header.last_line))
        return any(hunk.touches(*lines) for hunk in hunks for lines in around)

    def _of(self, source: Source) -> tuple[Hunk, ...]:
        key = (source.path, source.text)
        if key not in self._hunks:
            old = self._old(source.path)
            new = _lines(source)
            self._hunks[key] = (Hunk(1, max(len(new), 1)),) if old is None else _compare(_lines(old), new)
        return self._hunks[key]

    def _old(self, path: str) -> Source | None:
        """The file as it was, under the name that it had; None where there was none."""
        relative = os.path.relpath(os.path.realpath(path), self._top).replace(os.sep, "/")
        done = _git("cat-file", "blob", f"{self._commit}:{self._renamed.get(relative, relative)}")
        return Source.from_bytes(done.stdout, path) if done.returncode == 0 else None

    @cached_property
    def _renamed(self) -> dict[str, str]:
        """The old name of each file that got another one."""
        listed = self._asked(
            "-c",
            "diff.relative=false",
            "diff",
            "--name-status",
            "-z",
            "--find-renames",
            "--diff-filter=R",
            self._commit,
        )
        words = iter(listed.split(b"\0"))
        pairs = [(next(words), next(words)) for word in words if word.startswith(_RENAMED)]
        return {os.fsdecode(new): os.fsdecode(old) for old, new in pairs}

    def _asked(self, *words: str) -> bytes:
        done = _git(*words)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().split("\n")[0].removeprefix("fatal: ")
            raise UsageError(f"--since {self.revision}: {said}")
        return done.stdout.removesuffix(b"\n")


def _with_comments(source: Source, line: int) -> int:
    """The first of the lines of comments right above a line: directives stand there."""
    while line > 1 and source.lines.slice(line - 1, line - 1).lstrip().startswith("#"):
        line -= 1
    return line


def _lines(source: Source) -> list[str]:
    count = len(source.lines.starts)
    return [source.lines.slice(number, number).rstrip("\r\n") for number in range(1, count + 1)]


def _compare(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    if old == new:
        return ()
    with tempfile.TemporaryDirectory(prefix="padlint-") as folder:
        for name, lines in (("old", old), ("new", new)):
            text = "".join(f"{line}\n" for line in lines)
            Path(folder, name).write_bytes(text.encode("utf-8", "surrogatepass"))
        done = _git(
            "diff", "--no-index", "--unified=0", "--text", "--no-color", "--no-ext-diff", "old", "new", cwd=folder
        )
    found = [(int(first), int(count) if count else 1) for first, count in _HUNK.findall(done.stdout)]
    # where lines are gone, git names the line before them
    return tuple(Hunk(first, first + count - 1) if count else Hunk(first + 1, first) for first, count in found)


def _git(*words: str, cwd: str | None = None) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        return subprocess.run(["git", *words], cwd=cwd, env=environment, capture_output=True, check=False)
    except OSError as problem:
        raise UsageError(f"--since needs git: {problem.strerror}") from None
