"""Comments that hide findings, and what is said about comments and files themselves: PAD001, PAD002, PAD003."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from padlint.checks import rules
from padlint.finding import Edit, Finding, Fix, Span
from padlint.syntax.directives import Ignore, IgnoreFile, Malformed, directives
from padlint.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Comments:
    """The suppressions of one file, and the findings about its text."""

    path: str
    ignores: tuple[Ignore | IgnoreFile, ...]
    findings: tuple[Finding, ...]

    def hiding(self, finding: Finding) -> Iterator[Span]:
        """The comments that hide a finding."""
        if finding.span.path != self.path:
            return
        for ignore in self.ignores:
            covered = isinstance(ignore, IgnoreFile) or ignore.hides(finding.span)
            if covered and _names(ignore.codes, finding):
                yield ignore.span

    def unused(self, used: set[Span], selected: frozenset[str]) -> Iterator[Finding]:
        """The comments that hid nothing, though the rules that they name spoke."""
        for ignore in self.ignores:
            silent = ignore.codes and not any(_covers(code, chosen) for code in ignore.codes for chosen in selected)
            if ignore.span not in used and not silent:
                codes = f" of {', '.join(ignore.codes)}" if ignore.codes else ""
                fix = Fix("remove the comment", (Edit(ignore.span, ""),), "safe")
                yield _about_text("PAD003", f"this ignore{codes} hides nothing", ignore.span, fix)


def comments_of(source: Source) -> Comments:
    """Read the comments of a file. A file that cannot be parsed has a PAD001 and nothing else."""
    if source.problem is not None:
        return Comments(source.path, (), (_about_text("PAD001", source.problem.message, source.problem.span),))
    found = directives(source)
    malformed = tuple(_about_text("PAD002", each.message, each.span) for each in found if isinstance(each, Malformed))
    return Comments(source.path, tuple(e for e in found if isinstance(e, Ignore | IgnoreFile)), malformed)


def _names(codes: tuple[str, ...], finding: Finding) -> bool:
    return not codes or any(code == finding.name or _covers(code, finding.code) for code in codes)


def _covers(code: str, other: str) -> bool:
    rule = rules().get(other)
    return other.startswith(code.upper()) or (rule is not None and rule.name == code)


def _about_text(code: str, message: str, span: Span, fix: Fix | None = None) -> Finding:
    rule = rules()[code]
    return Finding(code, rule.name, message, rule.severity, span, fix=fix)
