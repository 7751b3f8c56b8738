"""PAD202 shape-not-valid: a layer that is meant to be `valid`, but pads."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.intended import intended
from padlint.checks.layer import describe, differs
from padlint.checks.mend import to_valid
from padlint.layers.base import Tensor
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """Valid means no padding; a padding that the stride swallows changes no size, and is not reported."""
    for found, intent, wanted in intended(trace, "valid"):
        if not differs(found.after, wanted):
            continue
        changes = to_valid(found)
        message = f"{describe(found.module)} gives {by(found.after)} from {by(found.before)}; valid gives {by(wanted)}"
        shape = op.output.shape if (op := found.op) is not None and isinstance(op.output, Tensor) else ()
        yield Problem(
            "PAD202", message, found.module.place, found.op, "padding", (*shape[: -len(wanted)], *wanted),
            (intent.evidence,), (Repair(changes),) if changes else (), declared=True,
        )  # fmt: skip


RULE = Rule("PAD202", "shape-not-valid", "error", "intended valid, but pads", find)
