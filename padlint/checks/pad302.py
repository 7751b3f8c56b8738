"""PAD302 norm-feature-mismatch: a normalisation fed with other features."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import as_wanted, call_refusals
from padlint.checks.spelt import features_as_spelt


def find(trace: Trace) -> Iterator[Problem]:
    """The layer takes what it says; its argument can be set to what arrives."""
    for problem in call_refusals(trace, "PAD302", as_wanted):
        yield features_as_spelt(problem, trace)


RULE = Rule("PAD302", "norm-feature-mismatch", "error", "a normalisation fed with other features", find)
