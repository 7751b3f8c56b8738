"""Pylint's parseable lines: `models.py:12: [PAD201(shape-not-same), Net.features] message`."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.finding import Finding
from padlint.report.context import Context
from padlint.report.terminal import printable
from padlint.where import in_cell


def render(findings: Sequence[Finding], context: Context) -> str:
    return "".join(f"{printable(_line(finding, context))}\n" for finding in findings)


def _line(finding: Finding, context: Context) -> str:
    where = f"{context.relative(finding.span.path)}:{finding.span.start.line}"
    return f"{where}: [{finding.code}({finding.name}), {finding.model or ''}] {finding.message}{in_cell(finding.span)}"
