"""PAD106 invalid-layer-argument: an argument that torch refuses."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Problem, Rule, Trace
from padlint.checks.refusals import built_refusals, call_refusals


def find(trace: Trace) -> Iterator[Problem]:
    """What the catalogue says of each layer; the right value is the author's to know: no fix."""
    yield from built_refusals(trace, "PAD106")
    yield from call_refusals(trace, "PAD106")


RULE = Rule("PAD106", "invalid-layer-argument", "error", "an argument that torch refuses", find)
