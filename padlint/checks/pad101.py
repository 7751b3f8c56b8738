"""PAD101 strided-same-padding: `padding='same'` with a stride other than 1, which torch refuses to build."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.legal import with_padding
from padlint.checks.refusals import built_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """torch refuses it because its alignment is ambiguous, so the fix, the number that gives ceil(n/s), is unsafe."""
    yield from built_refusals(trace, "PAD101", _mend)


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    return with_padding(module, op)


RULE = Rule("PAD101", "strided-same-padding", "error", "padding='same' with a stride other than 1", find)
