"""PAD402 keras-geometry-mismatch: another kernel, stride, dilation or groups than the Keras reference."""

from __future__ import annotations

from functools import partial

from padlint.checks.base import Rule
from padlint.checks.keras import differences

RULE = Rule(
    "PAD402",
    "keras-geometry-mismatch",
    "error",
    "another kernel, stride, dilation or groups than the Keras reference",
    partial(differences, code="PAD402"),
)
