"""Comments that hide findings, and what is said about comments and files themselves: PAD001, PAD002, PAD003."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from padlint.checks import rules
from padlint.finding import Finding, Fix, Span
from padlint.hints import did_you_mean
from padlint.syntax.directives import Ignore, IgnoreFile, Malformed, directives
from padlint.syntax.source import Source
from padlint.unused import without

Use = tuple[Span, str]


@dataclass(frozen=True, slots=True)
class Comments:
    """The suppressions of one file, and the findings about its text."""

    source: Source
    ignores: tuple[Ignore | IgnoreFile, ...]
    findings: tuple[Finding, ...]

    def hiding(self, finding: Finding) -> Iterator[Use]:
        """The comments that hide a finding, each with the code that does ("" where it names none)."""
        if finding.span.path != self.source.path:
            return
        for ignore in self.ignores:
            if isinstance(ignore, IgnoreFile) or ignore.hides(finding.span):
                for code in ignore.codes or ("",):
                    if not code or covers(code, finding.code):
                        yield ignore.span, code

    def unused(self, used: set[Use], selected: frozenset[str]) -> Iterator[Finding]:
        """The codes of comments that hid nothing, though the rules that they name spoke."""
        for ignore in self.ignores:
            named = ignore.codes or ("",)
            silent = [
                code
                for code in named
                if (ignore.span, code) not in used and (not code or any(covers(code, each) for each in selected))
            ]
            if silent:
                whole = len(silent) == len(named)
                said = f" of {', '.join(silent)}" if silent != [""] else ""
                what = "the comment" if whole else ", ".join(silent)
                fix = Fix(f"remove {what}", (without(self.source, ignore.span, silent),), "safe")
                yield about_text("PAD003", f"this ignore{said} hides nothing", ignore.span, fix)

    def unknown(self) -> Iterator[Finding]:
        """The codes and names that no rule has."""
        words = [word for rule in rules().values() for word in (rule.code, rule.name)]
        for ignore in self.ignores:
            for code in ignore.codes:
                if not any(covers(code, each) for each in rules()):
                    yield about_text("PAD002", f"unknown rule {code!r}{did_you_mean(code, words)}", ignore.span)


def comments_of(source: Source) -> Comments:
    """Read the comments of a file. A file that cannot be parsed has a PAD001 and nothing else, a notebook one for each cell
    that cannot."""
    wrong = tuple(about_text("PAD001", each.message, each.span) for each in source.problems)
    if source.problem is not None:
        return Comments(source, (), wrong)
    found = directives(source)
    malformed = tuple(about_text("PAD002", each.message, each.span) for each in found if isinstance(each, Malformed))
    ignores = tuple(each for each in found if isinstance(each, Ignore | IgnoreFile))
    read = Comments(source, ignores, malformed)
    return replace(read, findings=(*wrong, *malformed, *read.unknown()))


def covers(code: str, other: str) -> bool:
    """Does a code, the beginning of one, or a name of an ignore mean this rule?"""
    rule = rules().get(other)
    return other.startswith(code.upper()) or (rule is not None and rule.name == code)


def about_text(code: str, message: str, span: Span, fix: Fix | None = None) -> Finding:
    """A finding about a comment or a file, which no run has to do with."""
    rule = rules()[code]
    return Finding(code, rule.name, message, rule.severity, span, fix=fix)
