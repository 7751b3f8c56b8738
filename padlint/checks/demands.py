"""Linears that no input can feed: what is proved without any declaration."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.accepts import indivisible
from padlint.checks.base import Problem, Trace
from padlint.sizes import Demand, demand


def impossible(trace: Trace) -> Iterator[Problem]:
    """Linears behind a Flatten whose in_features no size of the model's input gives."""
    for op in trace.calls:
        asked = demand(op, trace.run.record) if not op.guarded else None
        if asked is not None and not asked.boxes and op.instance is not None and asked.wanted > 0:
            message = f"Linear takes {asked.wanted} features, which no input gives: {_why(asked)}"
            yield Problem("PAD303", message, op.instance.place, op, "in_features")


def is_impossible(problem: Problem, trace: Trace) -> bool:
    """Is this the refusal of a Linear that `impossible` reports?"""
    asked = demand(problem.op, trace.run.record) if problem.op is not None else None
    return asked is not None and not asked.boxes


def _why(asked: Demand) -> str:
    """`(8, H - 2, W - 2) is flattened, and 8 does not divide 100`."""
    flattened = f"({', '.join(map(str, asked.factors))}) is flattened"
    known = indivisible(asked.factors, asked.wanted)
    if known is not None:
        return f"{flattened}, and {known} does not divide {asked.wanted}"
    return f"{flattened}, and no sizes of the input make that {asked.wanted}"
