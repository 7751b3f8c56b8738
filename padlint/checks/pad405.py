"""PAD405 keras-layer-mismatch: a layer that one side lacks, or another activation than the Keras reference."""

from __future__ import annotations

from functools import partial

from padlint.checks.base import Rule
from padlint.checks.keras import differences

RULE = Rule(
    "PAD405",
    "keras-layer-mismatch",
    "error",
    "a layer that one side lacks, or another activation than the Keras reference",
    partial(differences, code="PAD405"),
)
