"""PAD301 channel-mismatch: a layer fed with another number of channels."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import as_wanted, call_refusals


def find(trace: Trace) -> Iterator[Problem]:
    """The layer takes what it says; its argument can be set to what arrives."""
    yield from call_refusals(trace, "PAD301", as_wanted)


RULE = Rule("PAD301", "channel-mismatch", "error", "a layer fed with another number of channels", find)
