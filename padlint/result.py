"""What a run over files gives: findings, changed files, and what went wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass

from padlint.finding import Finding


@dataclass(frozen=True, slots=True)
class Change:
    """A file that fixes change: its path as it was given, its bytes before and after, how many fixes were applied."""

    path: str
    old: bytes
    new: bytes
    fixes: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is selected and not hidden by a comment, with fixes that nobody has proved yet. `problems` (exit code 2: a
    file that cannot be read) and `notes` (what was not analysed) are lines for standard error; `incomplete`: the files that
    the notes are about."""

    findings: tuple[Finding, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    incomplete: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """The findings, after fixing those that remain. `problems`, `notes` and `incomplete` as in a verdict. `hidden`:
    the findings that are not shown as they are no news."""

    findings: tuple[Finding, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    hidden: tuple[Finding, ...] = ()
