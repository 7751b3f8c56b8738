"""PAD305 oversized-reflect-padding: reflect or circular padding that is larger than the map allows."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Change, Problem, Repair, Rule, Trace
from padlint.checks.refusals import call_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """The fix takes the nearest mode that may repeat the border at will; it keeps all sizes."""
    yield from call_refusals(trace, "PAD305", _mend)


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    if "padding_mode" not in (module.args or {}):
        return ()
    return (Repair((Change(module.place, "padding_mode", "replicate"),)),)


RULE = Rule(
    "PAD305", "oversized-reflect-padding", "error", "reflect or circular padding not smaller than torch wants", find
)
