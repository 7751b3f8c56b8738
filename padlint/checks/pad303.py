"""PAD303 linear-feature-mismatch: a Linear fed with another number of features."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.demands import impossible, is_impossible
from padlint.checks.refusals import as_wanted, call_refusals, unflattened
from padlint.checks.views import at_linear


def find(trace: Trace) -> Iterator[Problem]:
    """The number that arrives is made by every window before it, so the cause may lie in one of them."""
    for problem in call_refusals(trace, "PAD303", as_wanted, elsewhere=True):
        if not unflattened(problem) and not is_impossible(problem, trace):
            yield at_linear(problem, trace)
    yield from impossible(trace)


RULE = Rule("PAD303", "linear-feature-mismatch", "error", "a Linear fed with another number of features", find)
