"""Reports to their places: which format goes where, from which sources, and the summary for people."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from padlint.config import SEVERITIES
from padlint.errors import UnreadableError, UsageError
from padlint.finding import Finding, Severity
from padlint.output import emit
from padlint.report import formats
from padlint.report.context import Context
from padlint.report.terminal import wants_color
from padlint.result import Change

if TYPE_CHECKING:
    from padlint.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Target:
    """An output format and the file that it goes to; "" is the stream."""

    format: str
    file: str


def targets(texts: Sequence[str], output_file: str | None) -> tuple[Target, ...]:
    """The `NAME[:FILE]` of `--output-format`. Raises UsageError for an unknown format, and for two in one place."""
    found: list[Target] = []
    for text in texts:
        name, _, file = text.partition(":")
        formats.renderer(name)
        target = Target(name, file or output_file or "")
        if any(other.file == target.file for other in found):
            place = target.file or "standard output"
            raise UsageError(f"two output formats go to {place}; give each a file, as in sarif:report.sarif")
        found.append(target)
    return tuple(found)


def deliver(
    findings: Sequence[Finding], wanted: Iterable[Target], overlay: Mapping[str, bytes], stream: TextIO, color: str
) -> Iterator[str]:
    """Write every report; gives a line for each that could not be written. `overlay` holds what lies over the files."""
    sources = Sources(overlay)
    for target in wanted:
        context = Context(sources, os.getcwd(), not target.file and wants_color(color, stream))
        text = formats.renderer(target.format)(findings, context)
        if not target.file:
            emit(text, stream)
            continue
        try:
            with open(target.file, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
        except OSError as problem:
            yield f"{target.file}: {problem.strerror}"


def rendered(findings: Sequence[Finding], wanted: Iterable[Target]) -> Iterator[str]:
    """The reports without colours."""
    context = Context(Sources({}), os.getcwd())
    return (formats.renderer(target.format)(findings, context) for target in wanted)


class Sources:
    """Files as they were checked, each read once."""

    def __init__(self, overlay: Mapping[str, bytes]) -> None:
        self._overlay = overlay
        self._known: dict[str, Source] = {}

    def __call__(self, path: str) -> Source:
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> Source:
        from pathlib import Path

        from padlint.syntax.source import Source

        if path in self._overlay:
            return Source.from_bytes(self._overlay[path], path)
        try:
            return Source.read(Path(path), path)
        except UnreadableError:
            return Source(path, "")  # the findings say it, or it has gone since


def statistics(findings: Iterable[Finding]) -> str:
    """How many findings each rule has, the most frequent first."""
    counted = Counter((finding.code, finding.name) for finding in findings)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:>6}  {code}  {name}\n" for (code, name), count in ordered)


_WORDS: Mapping[Severity, tuple[str, str]] = {
    "error": ("error", "errors"),
    "warning": ("warning", "warnings"),
    "information": ("note", "notes"),
}


def summary(
    findings: Sequence[Finding],
    changes: Sequence[Change],
    files: int,
    hidden: int = 0,
    ignores: bool = False,
    incomplete: int = 0,
    unread: int = 0,
) -> str:
    """What was fixed (or, with `ignores`, given a comment), what is left, in how many files, how many of these were not
    fully analysed, how many others not read, and what `--fix` could do about it."""
    fixed = sum(change.fixes for change in changes)
    severities = Counter(finding.severity for finding in findings)
    counts = [_counted(severities[each], *_WORDS[each]) for each in SEVERITIES if severities[each]]
    done = f"{_counted(fixed, 'ignore', 'ignores')} added" if ignores else f"{_counted(fixed, 'fix', 'fixes')} applied"
    said = [done] if fixed else []
    said.append(f"{', '.join(counts) or 'nothing'} found in {_counted(files, 'file', 'files')}")
    if incomplete:
        said.append(f"{incomplete} not fully analysed")
    if unread:
        said.append(f"{unread} not read")
    if hidden:
        said.append(f"{hidden} not shown (known or unchanged)")
    offered = Counter(finding.fix.applicability for finding in findings if finding.fix is not None)
    if offered["safe"]:
        said.append(f"{_counted(offered['safe'], 'fix', 'fixes')} available (--fix)")
    if offered["unsafe"]:
        said.append(f"{_counted(offered['unsafe'], 'unsafe fix', 'unsafe fixes')} available (--fix --unsafe-fixes)")
    return "; ".join(said)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
