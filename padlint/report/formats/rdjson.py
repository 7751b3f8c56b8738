"""reviewdog's Diagnostic Format; its columns count UTF-8 bytes from 1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from padlint.finding import Finding, Fix, Position, Severity, Span
from padlint.pages import url
from padlint.report.context import Context
from padlint.where import exactly

_SEVERITIES: Mapping[Severity, str] = {"error": "ERROR", "warning": "WARNING", "information": "INFO"}


def render(findings: Sequence[Finding], context: Context) -> str:
    report = {
        "source": {"name": "padlint"},
        "severity": "WARNING",
        "diagnostics": [_diagnostic(finding, context) for finding in findings],
    }
    return json.dumps(report, indent=2) + "\n"


def _diagnostic(finding: Finding, context: Context) -> Mapping[str, object]:
    span = finding.span
    location: dict[str, object] = {"path": context.relative(span.path)}
    if span.cell is None:  # lines of a cell mean nothing in the notebook's file
        location["range"] = _range(span, context)
    return {
        "message": finding.message if span.cell is None else f"{exactly(span)}: {finding.message}",
        "location": location,
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code, "url": url(finding.code)},
        "suggestions": _suggestions(finding.fix, span, context),
    }


def _suggestions(fix: Fix | None, span: Span, context: Context) -> list[Mapping[str, object]]:
    """The edits of a fix; they have no path of their own, so all must be in the finding's file."""
    edits = fix.edits if fix is not None else ()
    if any(edit.span.path != span.path or edit.span.cell is not None for edit in edits):
        return []
    return [{"range": _range(edit.span, context), "text": edit.content} for edit in edits]


def _range(span: Span, context: Context) -> Mapping[str, object]:
    return {edge: _position(at, span, context) for edge, at in (("start", span.start), ("end", span.end))}


def _position(position: Position, span: Span, context: Context) -> Mapping[str, int]:
    line = "".join(context.lines(span.path, span.cell, position.line, position.line))
    before = line[: position.column - 1].encode("utf-8", "surrogatepass")
    return {"line": position.line, "column": len(before) + 1}
