"""One line a finding: `models.py:12:13: PAD201 [*] message`; the star says that `--fix` fixes it."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.finding import Finding
from padlint.report.context import Context
from padlint.report.terminal import SEVERITY_STYLES, printable, styled
from padlint.where import exactly


def render(findings: Sequence[Finding], context: Context) -> str:
    return "".join(f"{_line(finding, context.color)}\n" for finding in findings)


def _line(finding: Finding, color: bool) -> str:
    code = styled(finding.code, SEVERITY_STYLES[finding.severity], color)
    return f"{styled(printable(exactly(finding.span)), 'bold', color)}: {code} {headline(finding, color)}"


def headline(finding: Finding, color: bool) -> str:
    """The message, after a star where a safe fix exists."""
    star = finding.fix is not None and finding.fix.applicability == "safe"
    mark = f"[{styled('*', 'green', color)}] " if star else ""
    return mark + printable(finding.message)
