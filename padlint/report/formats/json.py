"""A list of objects; paths as they were given, lines and columns from 1, columns in code points."""

from __future__ import annotations

import json
from collections.abc import Sequence

from padlint.finding import Finding, Fix, Position, Span
from padlint.pages import url
from padlint.report.context import Context
from padlint.trace import Json


def render(findings: Sequence[Finding], context: Context) -> str:
    return json.dumps([as_json(finding) for finding in findings], indent=2) + "\n"


def as_json(finding: Finding) -> dict[str, Json]:
    """One finding under the documented keys."""
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        "severity": finding.severity,
        "path": finding.span.path,
        "cell": finding.span.cell,
        "start": _position(finding.span.start),
        "end": _position(finding.span.end),
        "highlight": _range(finding.highlight),
        "model": finding.model,
        "layer": finding.layer,
        "layer_type": finding.layer_type,
        "input_shape": _shape(finding.input_shape),
        "output_shape": _shape(finding.output_shape),
        "expected_shape": _shape(finding.expected_shape),
        "binding": None if finding.binding is None else dict(finding.binding),
        "evidence": list(finding.evidence),
        "fix": None if finding.fix is None else _fix(finding.fix),
        "alternatives": [_fix(fix) for fix in finding.alternatives],
        "url": url(finding.code),
    }


def _position(position: Position) -> Json:
    return {"line": position.line, "column": position.column}


def _range(span: Span | None) -> Json:
    return None if span is None else {"start": _position(span.start), "end": _position(span.end)}


def _shape(shape: tuple[int | str, ...] | None) -> Json:
    return None if shape is None else list(shape)


def _fix(fix: Fix) -> Json:
    return {
        "applicability": fix.applicability,
        "message": fix.message,
        "edits": [
            {
                "path": edit.span.path,
                "cell": edit.span.cell,
                "start": _position(edit.span.start),
                "end": _position(edit.span.end),
                "content": edit.content,
            }
            for edit in fix.edits
        ],
    }
