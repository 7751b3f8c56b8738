"""Comments that hide findings, written where the findings are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from padlint.checks import rules
from padlint.finding import Edit, Finding, Fix
from padlint.syntax.directives import Ignore, directives
from padlint.syntax.source import Source


def with_ignores(findings: Iterable[Finding], source: Callable[[str], Source]) -> list[Finding]:
    """The findings that a comment can hide, each with the fix that writes it; findings on one line share theirs."""
    lines: dict[tuple[str, int | None, int], list[Finding]] = {}
    for finding in findings:
        if rules()[finding.code].find is not None:  # what is said of comments no comment hides
            lines.setdefault((finding.span.path, finding.span.cell, finding.span.start.line), []).append(finding)
    return [replace(each, fix=_fix(found, source(each.span.path))) for found in lines.values() for each in found]


def _fix(findings: Sequence[Finding], source: Source) -> Fix:
    """One comment at the end of the line on which the findings start."""
    codes = ", ".join(sorted({finding.code for finding in findings}))
    span = findings[0].span
    present = _ignore_on(source, span.cell, span.start.line)
    if present is not None:
        at = source.offset(present.span.start, present.span.cell) + source.text_of(present.span).index("]")
        return Fix(f"ignore {codes} here", (Edit(source.span_between(at, at), f", {codes}"),), "safe")
    line = source.layout.line(span.start.line, span.cell)
    at = source.lines.start(line) + len(source.lines.slice(line, line).rstrip("\r\n"))
    return Fix(f"ignore {codes} here", (Edit(source.span_between(at, at), f"  # padlint: ignore[{codes}]"),), "safe")


def _ignore_on(source: Source, cell: int | None, line: int) -> Ignore | None:
    """An ignore of ours that stands behind the code of a line."""
    ours = (each for each in directives(source) if isinstance(each, Ignore) and _is_ours(source.text_of(each.span)))
    return next((each for each in ours if (each.span.cell, each.span.start.line) == (cell, line)), None)


def _is_ours(comment: str) -> bool:
    return "padlint:" in comment.lower()  # "noqa" has another form
