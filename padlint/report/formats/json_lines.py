"""The objects of `json`, one a line."""

from __future__ import annotations

import json
from collections.abc import Sequence

from padlint.finding import Finding
from padlint.report.context import Context
from padlint.report.formats.json import as_json


def render(findings: Sequence[Finding], context: Context) -> str:
    return "".join(json.dumps(as_json(finding)) + "\n" for finding in findings)
