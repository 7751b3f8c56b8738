"""SARIF 2.1.0 (OASIS): the rules' pages as help, fixes, and fingerprints that stay when lines are inserted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from padlint import __version__
from padlint.finding import Edit, Finding, Fix, Severity, Span
from padlint.pages import Page, pages
from padlint.report.context import Context, fingerprints
from padlint.trace import Json
from padlint.where import exactly

_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "information": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(findings: Sequence[Finding], context: Context) -> str:
    described = pages()
    codes = sorted(described)
    prints = fingerprints(findings, context)
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "padlint",
                "semanticVersion": __version__,
                "rules": [_rule(described[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, one, codes, context) for finding, one in zip(findings, prints, strict=True)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(page: Page) -> Json:
    return {
        "id": page.code,
        "name": page.name,
        "shortDescription": {"text": page.summary},
        "help": {"text": page.text, "markdown": page.text},
    }


def _result(finding: Finding, fingerprint: str, codes: Sequence[str], context: Context) -> Json:
    span = finding.span
    text = finding.message if span.cell is None else f"{exactly(span)}: {finding.message}"
    result: dict[str, Json] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [{"physicalLocation": _location(span, context)}],
        "partialFingerprints": {"padlint/v1": fingerprint},
    }
    if finding.code in codes:
        result["ruleIndex"] = codes.index(finding.code)
    fixes = [fix for fix in (finding.fix, *finding.alternatives) if fix is not None and _in_files(fix)]
    if fixes:
        result["fixes"] = [_fix(fix, context) for fix in fixes]
    return result


def _in_files(fix: Fix) -> bool:
    """SARIF's regions are lines of files; the cells of a notebook are none."""
    return bool(fix.edits) and all(edit.span.cell is None for edit in fix.edits)


def _location(span: Span, context: Context) -> dict[str, Json]:
    location: dict[str, Json] = {"artifactLocation": {"uri": context.uri(span.path)}}
    if span.cell is None:
        location["region"] = _region(span)
    return location


def _region(span: Span) -> Json:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _fix(fix: Fix, context: Context) -> Json:
    by_path: dict[str, list[Json]] = {}
    for edit in fix.edits:
        by_path.setdefault(context.uri(edit.span.path), []).append(_replacement(edit))
    changes: list[Json] = [{"artifactLocation": {"uri": uri}, "replacements": each} for uri, each in by_path.items()]
    caution = "" if fix.applicability == "safe" else " (unsafe)"
    return {"description": {"text": fix.message + caution}, "artifactChanges": changes}


def _replacement(edit: Edit) -> Json:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.content}}
