"""PAD404 keras-norm-mismatch: a normalisation with another axis, epsilon or momentum than the Keras reference."""

from __future__ import annotations

from functools import partial

from padlint.checks.base import Rule
from padlint.checks.keras import differences

RULE = Rule(
    "PAD404",
    "keras-norm-mismatch",
    "error",
    "a normalisation with another axis, epsilon or momentum than the Keras reference",
    partial(differences, code="PAD404"),
)
