"""`--since REV`: the findings in models that changed since a revision, as git knows them.

What counts is the text of the program: for a notebook that of its code cells, and never how lines end. No file of the work
tree is given to git by its name: the files that are checked are compared as padlint read them, with the revision's tree.
What a filter makes of a file when git stores it (`filter`, `working-tree-encoding`) is not undone: such lines count as changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from padlint.errors import UsageError
from padlint.finding import Finding
from padlint.past import Past
from padlint.repository import repository_of
from padlint.sealed import Sealed, git_outside, is_trusted
from padlint.syntax.source import Source

_FOUND = re.compile(rb"^(?:diff --git old/(\d+) |@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hunk:
    """The lines from `first` to `last` are new; where `last` is below `first`, what stood before `first` is gone."""

    first: int
    last: int

    def touches(self, first: int, last: int) -> bool:
        return self.first <= last and self.last >= first if self.first <= self.last else first <= self.first <= last


class Changed:
    """What differs from the point where the current commit and a revision part (the revision itself, if it is behind).

    Raises PadlintError: no git, no repository, no such revision, or not all of it is there.
    """

    def __init__(self, revision: str) -> None:
        repository = repository_of(os.getcwd())
        program = git_outside(repository.top if repository else None)
        if repository is None:
            raise UsageError(f"--since {revision}: not a git repository, nor is a folder above")
        if not is_trusted(repository, program):
            raise UsageError(
                f"--since {revision}: {repository.top} is another user's; "
                f"if you trust it: git config --global --add safe.directory {repository.top}"
            )
        self._git = Sealed(program, repository, reflogs="@{" in revision)
        self._past = Past(self._git, repository.top, revision)
        self._hunks: dict[tuple[str, str], tuple[Hunk, ...]] = {}

    @property
    def commit(self) -> str:
        """What the files are compared with."""
        return self._past.commit

    def __call__(self, findings: Sequence[Finding], source: Callable[[str], Source]) -> list[Finding]:
        """The findings whose own lines, or whose models, changed."""
        self._compare({finding.span.path: source(finding.span.path) for finding in findings}.values())
        return [finding for finding in findings if self._is_news(finding, source(finding.span.path))]

    def _is_news(self, finding: Finding, source: Source) -> bool:
        hunks = self._hunks[source.path, source.text]
        if source.problem is not None:
            return bool(hunks)
        span = finding.span
        first, last = (source.layout.line(position.line, span.cell) for position in (span.start, span.end))
        around = [(first, last) if finding.code != "PAD001" else _cell(source, first)]
        head = (finding.model or "").partition(".")[0]
        for header in source.statements:
            if header.first_line <= first <= header.last_line or head in header.names:
                around.append((_with_comments(source, header.first_line), header.last_line))
        return any(hunk.touches(*lines) for hunk in hunks for lines in around)

    def _compare(self, sources: Iterable[Source]) -> None:
        unknown = [source for source in sources if (source.path, source.text) not in self._hunks]
        pairs = []
        for source, old in zip(unknown, self._past.of(unknown), strict=True):
            new = _lines(source)
            self._hunks[source.path, source.text] = () if old else (Hunk(1, max(len(new), 1)),)
            if old is not None:
                pairs.append((source, _lines(old), new))
        changed = [(source, old, new) for source, old, new in pairs if old != new]
        hunks = _hunks(self._git, [(old, new) for _, old, new in changed])
        for (source, _, _), found in zip(changed, hunks, strict=True):
            self._hunks[source.path, source.text] = tuple(found)


def _cell(source: Source, line: int) -> tuple[int, int]:
    """The lines of the cell around a line: it is no Python as a whole."""
    first = last = line
    locate = source.layout.locate
    while locate(first - 1)[0] == locate(line)[0] and locate(first)[1] > 1:
        first -= 1
    while last < len(source.lines.starts) and locate(last + 1)[0] == locate(line)[0]:
        last += 1
    return first, last


def _with_comments(source: Source, line: int) -> int:
    """The first of the lines of comments right above a line, in its cell: directives stand there."""
    while source.layout.locate(line)[1] > 1 and source.lines.slice(line - 1, line - 1).lstrip().startswith("#"):
        line -= 1
    return line


def _lines(source: Source) -> list[str]:
    return [text.rstrip("\r\n") for text in source.written.texts]


def _hunks(git: Sealed, pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[Hunk]]:
    """What git finds between two texts, for each pair of them."""
    found: list[list[Hunk]] = [[] for _ in pairs]
    if not pairs:
        return found
    with git.workshop() as folder:
        for side, name in enumerate(("old", "new")):
            (folder / name).mkdir()
            for number, pair in enumerate(pairs):
                text = "".join(f"{line}\n" for line in pair[side])
                (folder / name / str(number)).write_bytes(text.encode("utf-8", "surrogatepass"))
        words = "--no-index --unified=0 --text --no-color --no-ext-diff --no-textconv --no-renames --no-prefix old new"
        said = git.asked("diff", *words.split(), folder=folder, fine=(0, 1))
    hunks = found[0]
    for number, first, count in _FOUND.findall(said):
        if number:
            hunks = found[int(number)]
        else:
            hunks.append(_hunk(int(first), int(count or 1)))
    return found


def _hunk(first: int, count: int) -> Hunk:
    """Where lines are gone, git names the line before them."""
    return Hunk(first, first + count - 1) if count else Hunk(first + 1, first)
