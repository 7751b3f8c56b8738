"""PAD208 branch-shape-mismatch: branches that are concatenated or added, and disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import call_refusals, unfit


def find(trace: Trace) -> Iterator[Problem]:
    """Sizes proved to differ in an axis along which they are not joined; the cause is a layer of a branch."""
    yield from call_refusals(trace, "PAD208", elsewhere=True)
    for problem in unfit(trace, residual=False):
        yield replace(problem, code="PAD208")


RULE = Rule("PAD208", "branch-shape-mismatch", "error", "branches that are joined and do not fit", find)
