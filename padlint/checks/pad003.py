"""PAD003 unused-suppression: an ignore that hides nothing.

It is about the text of a file and not about a run; `padlint.suppress` reports it.
"""

from __future__ import annotations

from padlint.checks.base import Rule

RULE = Rule("PAD003", "unused-suppression", "warning", "an ignore that hides nothing", None)
