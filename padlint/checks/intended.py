"""Calls for which `same` or `valid` is intended, with the windows as they lie on what comes in."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Trace
from padlint.checks.layer import Slid, padded, slid
from padlint.intent import Intent


def intended(trace: Trace, *kinds: str) -> Iterator[tuple[Slid, Intent]]:
    """Every call of a layer with windows for which one of these kinds is intended."""
    for op in trace.calls:
        if op.refusal is not None or op.guarded or op.instance is None:
            continue
        intent = trace.declarations.intent(op, trace.run.record)
        if intent is None or intent.kind not in kinds:
            continue
        found = slid(op)
        if found is not None and found.after:
            # What stands in front of a layer may be its padding for `same`; `valid` speaks of the layer alone.
            yield (found if intent.kind == "valid" else padded(found, trace.run.record)), intent
