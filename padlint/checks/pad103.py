"""PAD103 oversized-pool-padding: pool padding over kernel_size // 2, which torch refuses at every call."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.legal import with_padding
from padlint.checks.refusals import built_refusals, call_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """The fix is the legal padding that gives ceil(n/s), the size that padding a pool is mostly meant to give."""
    yield from built_refusals(trace, "PAD103", _mend)
    yield from call_refusals(trace, "PAD103", _mend)


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    return with_padding(module, op)


RULE = Rule("PAD103", "oversized-pool-padding", "error", "pool padding over kernel_size // 2", find)
