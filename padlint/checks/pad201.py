"""PAD201 shape-not-same: a layer that is meant to give `same`, and gives another size."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.intended import intended
from padlint.checks.layer import describe, differs, text
from padlint.checks.mend import to_same
from padlint.layers.base import Tensor
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """ceil(n/s), or n*s for a transposed convolution, is what the word means."""
    for found, intent, wanted in intended(trace, "same", "same-upper", "same-lower"):
        if not differs(found.after, wanted):
            continue
        changes = to_same(found)
        advice = " and ".join(f"{change.argument}={text(change.value)}" for change in changes or ())
        needs = f"same needs {advice}" if advice else f"same is {by(wanted)}"
        message = f"{describe(found.module, 'padding')} gives {by(found.after)} from {by(found.before)}; {needs}"
        shape = op.output.shape if (op := found.op) is not None and isinstance(op.output, Tensor) else ()
        yield Problem(
            "PAD201", message, found.module.place, found.op, "padding", (*shape[: -len(wanted)], *wanted),
            (intent.evidence,), (Repair(changes),) if changes else (), declared=True,
        )  # fmt: skip


RULE = Rule("PAD201", "shape-not-same", "error", "intended same, gives another size", find)
