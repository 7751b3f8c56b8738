"""PAD304 vanishing-output: windows that leave nothing of the map."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.legal import with_padding
from padlint.checks.refusals import call_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """Every window before it made the map smaller, so the cause may lie in one of them, or here."""
    yield from call_refusals(trace, "PAD304", _mend, elsewhere=True)


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    return with_padding(module, op)


RULE = Rule("PAD304", "vanishing-output", "error", "an output of size 0 or less", find)
