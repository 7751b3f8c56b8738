"""PAD104 wrong-padding-rank: a tuple whose length torch refuses for this layer."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import built_refusals, call_refusals


def find(trace: Trace) -> Iterator[Problem]:
    """The length of the tuple says how many axes it was written for; which one is too many, nobody can know: no fix."""
    yield from built_refusals(trace, "PAD104")
    yield from call_refusals(trace, "PAD104")


RULE = Rule("PAD104", "wrong-padding-rank", "error", "a tuple whose length torch refuses for this layer", find)
