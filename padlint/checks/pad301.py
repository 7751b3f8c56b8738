"""PAD301 channel-mismatch: a layer fed with another number of channels."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import as_wanted, call_refusals
from padlint.checks.spelt import features_as_spelt


def find(trace: Trace) -> Iterator[Problem]:
    """The layer takes what it says; its argument can be set to what arrives."""
    for problem in call_refusals(trace, "PAD301", as_wanted):
        yield features_as_spelt(problem, trace)


RULE = Rule("PAD301", "channel-mismatch", "error", "a layer fed with another number of channels", find)
