"""The `# padlint:` and `# noqa:` comments of a source, and the constructs that they belong to.

At the end of a line of code a comment belongs to the outermost construct that starts on that line; alone on a line, to
the outermost construct that starts on the next line of code. Constructs are classes and functions (with their
decorators), assignments and calls. Where several stand side by side it belongs to all of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from padlint.errors import UsageError
from padlint.finding import Place, Span
from padlint.syntax.comments import Codes, Item, parse_comment
from padlint.syntax.constructs import Construct, Constructs
from padlint.syntax.source import Source
from padlint.where import where

_DIRECTIVE = re.compile(r"#[ \t]*padlint:([^#]*)", re.IGNORECASE)
_NOQA = re.compile(r"#[ \t]*noqa:[ \t]*((?:[A-Z]+[0-9]+[\s,]*)+)", re.IGNORECASE)
_OUR_CODE = re.compile(r"PAD[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directive:
    """`span` is the comment. `places` are the constructs that it belongs to, and the call that one of them assigns."""

    span: Span
    places: tuple[Place, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings that start on a line of one of `covers` are hidden: the whole construct that starts on the comment's
    line, or else the innermost call around it, or else that line."""

    span: Span
    codes: tuple[str, ...]
    reason: str
    covers: tuple[Span, ...]

    def hides(self, span: Span) -> bool:
        return any(
            (span.path, span.cell) == (cover.path, cover.cell) and cover.start.line <= span.start.line <= cover.end.line
            for cover in self.covers
        )


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    span: Span
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Malformed:
    """A `# padlint:` comment that cannot be understood, or that belongs to nothing."""

    span: Span
    message: str


Comment = Directive | Ignore | IgnoreFile | Malformed


def directives(source: Source) -> tuple[Comment, ...]:
    """In the order of the text. None where the source has a problem: then nothing is known of its constructs."""
    if source.problem is not None or source.abandoned or not source.scan.comments:
        return ()
    reader = _Reader(source)
    return tuple(comment for start, end in source.scan.comments for comment in reader.read(start, end))


def by_place(comments: Iterable[Comment]) -> Mapping[Place, tuple[Item, ...]]:
    """What is declared for each place, over all its comments."""
    found: dict[Place, list[Item]] = {}
    for comment in comments:
        if isinstance(comment, Directive):
            for place in comment.places:
                found.setdefault(place, []).extend(comment.items)
    return {place: tuple(items) for place, items in found.items()}


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.constructs = Constructs(source)

    def read(self, start: int, end: int) -> Iterator[Comment]:
        """One comment of the text, which may hold several (`# noqa: PAD201  # padlint: same`)."""
        line, _ = self.source.lines.locate(start)
        alone = not self.source.text[self.source.lines.start(line) : start].strip()
        target = self._next_code(line) if alone else line
        for match in _DIRECTIVE.finditer(self.source.text, start, end):
            span = self.source.span_between(match.start(), match.start() + len(match[0].rstrip()))
            yield self._directive(span, match[1], target)
        noqa = _NOQA.search(self.source.text, start, end)
        codes = tuple(code.upper() for code in _OUR_CODE.findall(noqa[1])) if noqa else ()
        if noqa and codes and not alone:
            span = self.source.span_between(noqa.start(), noqa.start() + len(noqa[0].rstrip(" \t,")))
            yield Ignore(span, codes, "", self._covers(line, whole_definitions=False))

    def _next_code(self, line: int) -> int | None:
        later = bisect_right(self._code, line)
        return self._code[later] if later < len(self._code) else None

    @cached_property
    def _code(self) -> list[int]:
        """The lines that hold more than a comment."""
        lines = self.source.lines
        texts = ((number, lines.slice(number, number).lstrip()) for number in range(1, len(lines.starts) + 1))
        return [number for number, text in texts if text and not text.startswith("#")]

    def _directive(self, span: Span, body: str, target: int | None) -> Comment:
        try:
            parsed = parse_comment(body)
        except UsageError as error:
            return Malformed(span, str(error))
        if isinstance(parsed, Codes):
            if parsed.whole_file:
                return IgnoreFile(span, parsed.codes)
            covers = (span,) if target is None else self._covers(target, whole_definitions=True)
            return Ignore(span, parsed.codes, parsed.reason, covers)
        starting = () if target is None else self.constructs.starting_on(target)
        if not starting and (target is None or self.constructs.analysed(target)):
            return Malformed(span, self._belongs_to_nothing(target, span))
        return Directive(span, tuple(place for construct in starting for place in construct.places), parsed)

    def _belongs_to_nothing(self, target: int | None, span: Span) -> str:
        if target is None:
            return "belongs to nothing: no code follows"
        start = self.source.lines.start(target)
        told = where(self.source.span_between(start, start), span)
        return f"belongs to nothing: no layer, assignment, function or class starts on {told}"

    def _covers(self, line: int, whole_definitions: bool) -> tuple[Span, ...]:
        """`noqa` is about a line, so it does not reach into a class or function that starts there."""
        starting: tuple[Construct, ...] = self.constructs.starting_on(line)
        if not whole_definitions:
            starting = tuple(construct for construct in starting if not construct.is_definition)
        if not starting and (call := self.constructs.innermost_call(line)) is not None:
            starting = (call,)
        if not starting:
            start = self.source.lines.start(line)
            return (self.source.span_between(start, start),)
        return tuple(self.source.span_between(construct.start, construct.end) for construct in starting)
