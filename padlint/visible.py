"""Which findings of a check are shown, fixed and counted: all of them, or only what is news."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from padlint.finding import Finding
from padlint.syntax.source import Source

Visible = Callable[[Sequence[Finding], Callable[[str], Source]], list[Finding]]
"""Those of the findings that are shown; the second argument gives the sources as they were checked."""


def everything(findings: Sequence[Finding], source: Callable[[str], Source]) -> list[Finding]:
    return list(findings)


def what_all_show(filters: Sequence[Visible]) -> Visible:
    """What passes every one of the filters, one after the other."""

    def visible(findings: Sequence[Finding], source: Callable[[str], Source]) -> list[Finding]:
        left = list(findings)
        for each in filters:
            left = each(left, source)
        return left

    return visible
