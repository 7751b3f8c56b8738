"""PAD002 invalid-directive: a padlint comment that cannot be understood.

It is about the text of a file and not about a run; `padlint.suppress` reports it.
"""

from __future__ import annotations

from padlint.checks.base import Rule

RULE = Rule("PAD002", "invalid-directive", "warning", "a padlint comment that cannot be understood", None)
