"""PAD208 branch-shape-mismatch: branches that are concatenated, and disagree in another axis."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import call_refusals


def find(trace: Trace) -> Iterator[Problem]:
    """Sizes proved to differ in an axis along which they are not joined; the cause is a layer of a branch."""
    yield from call_refusals(trace, "PAD208", elsewhere=True)


RULE = Rule("PAD208", "branch-shape-mismatch", "error", "branches that are concatenated and do not fit", find)
