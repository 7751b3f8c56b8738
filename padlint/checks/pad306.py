"""PAD306 wrong-input-rank: a tensor with another number of axes than the layer takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import call_refusals, unflattened


def find(trace: Trace) -> Iterator[Problem]:
    """A missing Flatten, or one too many; where it belongs is the author's to know: no fix."""
    yield from call_refusals(trace, "PAD306")
    for problem in call_refusals(trace, "PAD303"):
        if unflattened(problem):
            message = f"{problem.message} in the last of its axes: a Flatten is missing"
            yield replace(problem, code="PAD306", message=message)


RULE = Rule("PAD306", "wrong-input-rank", "error", "a tensor with another number of axes than the layer takes", find)
