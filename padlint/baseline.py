"""A baseline: findings that are known and not shown. Its entries know no lines, so that moving code changes nothing."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from padlint import fixes
from padlint.config import Settings
from padlint.disk import Disk
from padlint.errors import UnreadableError, UsageError
from padlint.finding import Finding
from padlint.paths import identity, seen_from
from padlint.select import Rules, selection
from padlint.syntax.source import Source

VERSION = 1

Spoke = Callable[[str, str], bool]
"""Would a finding in this file (an absolute path), of this code, have been seen?"""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """What a finding is about. `path` is relative to the baseline's folder, with slashes; "" is no model, no layer."""

    path: str
    code: str
    model: str
    layer: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The content of a baseline file: each entry with how many findings it stands for."""

    file: str
    counts: Mapping[Entry, int]
    text: bytes | None = None

    def __call__(self, findings: Sequence[Finding], source: Callable[[str], Source]) -> list[Finding]:
        """The findings that are not in the baseline; of several with one entry the first ones are the known ones."""
        left = Counter(self.counts)
        shown: list[Finding] = []
        for finding in sorted(findings, key=lambda each: (each.span.cell or 0, each.span.start)):
            entry = self._entry(finding)
            if left[entry] > 0:
                left[entry] -= 1
            else:
                shown.append(finding)
        return shown

    def written(self, findings: Iterable[Finding], spoke: Spoke) -> Baseline:
        """With these findings in the place of all that would have been seen again."""
        kept = {entry: count for entry, count in self.counts.items() if not spoke(self._absolute(entry), entry.code)}
        return replace(self, counts=dict(Counter(kept) | Counter(map(self._entry, findings))))

    def pruned(self, findings: Iterable[Finding], spoke: Spoke) -> Baseline:
        """Without what would have been seen again and was not."""
        seen = Counter(map(self._entry, findings))
        counts = {
            entry: min(count, seen[entry]) if spoke(self._absolute(entry), entry.code) else count
            for entry, count in self.counts.items()
        }
        return replace(self, counts={entry: count for entry, count in counts.items() if count})

    def save(self) -> None:
        """Write the file if that changes it. Raises UnreadableError."""
        new = _text(self.counts)
        if self.text is not None and self.text != new:
            fixes.write(self.file, self.text, new)
        elif self.text is None:
            try:
                Path(self.file).write_bytes(new)
            except OSError as problem:
                raise UnreadableError(f"{self.file}: {problem.strerror}") from None

    def _entry(self, finding: Finding) -> Entry:
        folder = os.path.dirname(os.path.abspath(self.file))
        return Entry(seen_from(finding.span.path, folder), finding.code, finding.model or "", finding.layer or "")

    def _absolute(self, entry: Entry) -> str:
        return os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(self.file)), entry.path))


def spoken(files: Iterable[tuple[str, Settings]], rules: Rules) -> Spoke:
    """In the files that were checked, what is selected for them; in a file that is gone, everything."""
    codes = {identity(path): selection(settings, rules).codes(path) for path, settings in files}
    return lambda path, code: code in codes[identity(path)] if identity(path) in codes else not os.path.exists(path)


def read_baseline(file: str, disk: Disk, may_be_missing: bool) -> Baseline:
    """Raises UsageError where the file is no baseline; UnreadableError."""
    if not disk.is_there(file):
        if may_be_missing:
            return Baseline(file, {})
        raise UnreadableError(f"{file}: no such baseline; --write-baseline makes one")
    text = disk.read(file, file)
    try:
        counts: Counter[Entry] = Counter()
        for entry, count in _entries(json.loads(text)):
            counts[entry] += count
    except (ValueError, RecursionError) as problem:
        said = "nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        raise UsageError(f"{file}: not a baseline: {said}") from None
    return Baseline(file, counts, text)


def _entries(document: object) -> Iterator[tuple[Entry, int]]:
    """Raises ValueError that says what is wrong."""
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError(f"must be an object with version {VERSION}")
    findings = document.get("findings")
    if not isinstance(findings, list):
        raise ValueError("findings must be a list")
    for number, each in enumerate(findings, 1):
        values = (
            [each.get(key) for key in ("path", "code", "model", "layer", "count")] if isinstance(each, dict) else []
        )
        match values:
            case [str(path), str(code), str() | None as model, str() | None as layer, int(count)] if count > 0:
                yield Entry(path, code, model or "", layer or ""), count
            case _:
                raise ValueError(f"finding {number} must have path, code, model, layer and count")


def _text(counts: Mapping[Entry, int]) -> bytes:
    """One line an entry, so that a diff of two baselines reads well."""
    lines = [json.dumps(_as_json(entry, count)) for entry, count in sorted(counts.items())]
    listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'.encode()


def _as_json(entry: Entry, count: int) -> dict[str, str | int | None]:
    named = {"model": entry.model or None, "layer": entry.layer or None}
    return {"path": entry.path, "code": entry.code, **named, "count": count}
