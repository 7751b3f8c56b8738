"""PAD401 keras-padding-mismatch: padding that is not that of the Keras reference."""

from __future__ import annotations

from functools import partial

from padlint.checks.base import Rule
from padlint.checks.keras import differences

RULE = Rule(
    "PAD401",
    "keras-padding-mismatch",
    "error",
    "padding that is not that of the Keras reference",
    partial(differences, code="PAD401"),
)
