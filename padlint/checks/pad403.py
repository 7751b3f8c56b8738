"""PAD403 keras-channel-mismatch: other filters, units or bias than the Keras reference."""

from __future__ import annotations

from functools import partial

from padlint.checks.base import Rule
from padlint.checks.keras import differences

RULE = Rule(
    "PAD403",
    "keras-channel-mismatch",
    "error",
    "other filters, units or bias than the Keras reference",
    partial(differences, code="PAD403"),
)
