"""Workflow commands: GitHub Actions shows them as annotations on the changed lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from padlint.finding import Finding, Severity
from padlint.report.context import Context
from padlint.report.terminal import printable
from padlint.where import exactly

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "information": "notice"}


def render(findings: Sequence[Finding], context: Context) -> str:
    return "".join(_command(finding, context) for finding in findings)


def _command(finding: Finding, context: Context) -> str:
    span = finding.span
    properties = {"title": f"padlint ({finding.code} {finding.name})", "file": printable(context.relative(span.path))}
    if span.cell is None:  # lines of a cell mean nothing in the notebook's file
        properties |= {"line": str(span.start.line), "col": str(span.start.column), "endLine": str(span.end.line)}
        if span.end.line == span.start.line:
            properties["endColumn"] = str(span.end.column)
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    message = f"{exactly(span)}: {finding.code} {finding.message}"
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(printable(message))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
