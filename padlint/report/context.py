"""What a reporter may ask beyond the findings, and the few words that several formats share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from padlint.finding import Finding
from padlint.paths import below, reference, slashed, uri_of

if TYPE_CHECKING:
    from padlint.syntax.source import Source

Sources = Callable[[str], "Source"]
"""A file as it was checked; an empty source where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Context:
    """`source` gives the files, `root` is the folder that paths are shown relative to, `color` is for terminals."""

    source: Sources
    root: str
    color: bool = False

    def lines(self, path: str, cell: int | None, first: int, last: int) -> list[str]:
        """These lines without their ends; fewer where the text has fewer."""
        source = self.source(path)
        begin, end = (source.layout.line(number, cell) for number in (first, last))
        lines = source.written
        return [lines.slice(number, number).rstrip("\r\n") for number in range(begin, min(end, len(lines.starts)) + 1)]

    def relative(self, path: str) -> str:
        """The path from `root`, with slashes; a path outside stays absolute."""
        found = below(path, self.root)
        return slashed(os.path.abspath(path)) if found is None else found

    def uri(self, path: str) -> str:
        """A relative URI; for a path outside `root`, a file: URI."""
        found = below(path, self.root)
        return uri_of(os.path.abspath(path)) if found is None else reference(found)


def shape(sizes: Iterable[int | str | None]) -> str:
    """A shape as Python writes a tuple; `None` is a size that is left open."""
    texts = [str(size) for size in sizes]
    return f"({texts[0]},)" if len(texts) == 1 else f"({', '.join(texts)})"


def fingerprints(findings: Sequence[Finding], context: Context) -> tuple[str, ...]:
    """For each finding a hash that stays when lines are inserted: of path, code, model, layer and binding; findings
    that agree in all of them are counted."""
    import hashlib

    seen: Counter[tuple[str, ...]] = Counter()
    found: list[str] = []
    for finding in findings:
        parts = (finding.code, finding.model, finding.layer, finding.binding)
        key = (context.relative(finding.span.path), *map(str, parts))
        seen[key] += 1
        text = "\x00".join((*key, str(seen[key])))
        found.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return tuple(found)
