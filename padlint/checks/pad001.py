"""PAD001 syntax-error: a file, or a cell of a notebook, that cannot be parsed or decoded.

It is about the text of a file and not about a run; `padlint.suppress` reports it.
"""

from __future__ import annotations

from padlint.checks.base import Rule

RULE = Rule(
    "PAD001", "syntax-error", "error", "a file, or a cell of a notebook, that cannot be parsed or decoded", None
)
