"""PAD207 residual-shape-mismatch: a block whose output is added to its input, and cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import unfit


def find(trace: Trace) -> Iterator[Problem]:
    """Sizes that are proved to differ, and neither is 1; the cause is a layer of the block."""
    yield from unfit(trace, residual=True)


RULE = Rule("PAD207", "residual-shape-mismatch", "error", "tensors that are added and do not fit", find)
