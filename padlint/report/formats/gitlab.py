"""GitLab's Code Quality report: a list in Code Climate's form with relative paths."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from padlint.finding import Finding, Severity
from padlint.report.context import Context, fingerprints
from padlint.where import in_cell

_SEVERITIES: Mapping[Severity, str] = {"error": "critical", "warning": "major", "information": "info"}


def render(findings: Sequence[Finding], context: Context) -> str:
    prints = fingerprints(findings, context)
    issues = [_issue(finding, one, context) for finding, one in zip(findings, prints, strict=True)]
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str, context: Context) -> Mapping[str, object]:
    span = finding.span
    return {
        "description": f"{finding.code}: {finding.message}{in_cell(span)}",
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": context.relative(span.path),
            "positions": {
                "begin": {"line": span.start.line, "column": span.start.column},
                "end": {"line": span.end.line, "column": span.end.column},
            },
        },
    }
