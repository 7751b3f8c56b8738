"""Calls for which `same` or `valid` is intended, with the windows as they lie on what comes in."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import Dim
from padlint.checks.base import Trace
from padlint.checks.layer import Slid, padded, slid, slid_function
from padlint.checks.mend import same_target, valid_target
from padlint.evaluate.modules import torch_base_layer
from padlint.evaluate.record import Op
from padlint.evaluate.said import places_of
from padlint.intent import Intent
from padlint.units import JUDGED, NOTHING, UNSURE

Wanted = tuple[Dim, ...]


def intended(trace: Trace, *kinds: str) -> Iterator[tuple[Slid, Intent, Wanted]]:
    """Every call of a layer with windows, or of a function that does the same, for which one of these kinds is intended,
    with the sizes that it should give."""
    for op in trace.calls:
        intent = trace.declarations.intent(op, trace.run.record)
        if intent is None or intent.kind not in kinds:
            continue
        found = (slid(op) or slid_function(op)) if op.refusal is None and not op.guarded else None
        if found is None or not found.after:
            _unheard(op, intent, trace)
            continue
        for each in intent.around:  # what is around a word that counts may well be overruled by it
            trace.declarations.note(each, JUDGED)
        target = valid_target if intent.kind == "valid" else same_target
        # What stands in front of a layer may be its padding for `same`; `valid` speaks of the layer alone.
        found = found if intent.kind == "valid" else padded(found, trace.run.record)
        yield found, intent, tuple(target(n, window) for n, window in zip(found.before, found.windows, strict=True))


def _unheard(op: Op, intent: Intent, trace: Trace) -> None:
    """Note why an intent could not be compared with what a call does."""
    note, layer = trace.declarations.note, torch_base_layer(op.instance)
    if op.refusal is not None:
        note(intent.said, JUDGED)  # torch does not come to it
    elif op.kind == "function" or (layer is not None and layer.windows is None):
        alone = op.instance is not None and intent.said.place in places_of(op.instance)
        note(intent.said, NOTHING if alone else UNSURE, f"{op.name} has no window" if alone else "no window is inside")
    else:
        note(intent.said, UNSURE, "it may raise" if op.guarded else f"the sizes of {op.name} are not known")
