"""PAD203 unexpected-output-shape: a layer or model that gives another shape than the one stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from padlint.arithmetic.dims import Unknown, symbols
from padlint.checks.base import Problem, Repair, Rule, Trace
from padlint.checks.flow import upstream
from padlint.checks.layer import describe, differs, shape_text, slid
from padlint.checks.mend import to_target
from padlint.checks.refusals import call_refusals
from padlint.evaluate.record import Op
from padlint.intent import Said, Stated
from padlint.layers.base import Tensor
from padlint.units import JUDGED, UNSURE


def find(trace: Trace) -> Iterator[Problem]:
    """At a layer its own padding is at fault; at a model the cause may lie in any layer of it."""
    for op in trace.run.record.ops:
        stated = trace.declarations.stated(op) if op.instance is not None else None
        if stated is None:
            continue
        if stated.said is not None:
            _heard(op, stated.said, trace)
        if op.guarded or op.refusal is not None or not isinstance(op.output, Tensor):
            continue
        if _contradicts(op, op.output, stated):
            yield _problem(op, op.output, stated, trace)
    yield from _asserted(trace)


def _heard(op: Op, said: Said, trace: Trace) -> None:
    """Note whether a statement was compared with what a call gives, and why not."""
    refused = any(
        each.refusal is not None and op.number in (each.number, *each.within) for each in trace.run.record.ops
    )
    if op.guarded:
        trace.declarations.note(said, UNSURE, "it may raise")
    elif isinstance(op.output, Tensor) or refused:  # where torch refuses, that is what is said
        trace.declarations.note(said, JUDGED)
    else:
        reason = f": {op.output.reason}" if isinstance(op.output, Unknown) else ""
        trace.declarations.note(said, UNSURE, f"the output of {op.name} is not known{reason}")


def _asserted(trace: Trace) -> Iterator[Problem]:
    """An assertion about the sizes of what layers gave; one about an input says what the input must be."""
    for problem in call_refusals(trace, "PAD203", elsewhere=True):
        op = problem.op
        if op is not None and any(each.kind == "layer" for each in upstream(op, trace.run.record)):
            source = trace.declarations.source(op.place.path)
            written = " ".join(source.text_of(source.span(op.place)).split())
            shapes = " and ".join(shape_text(value) for value in op.inputs if isinstance(value, Tensor))
            yield replace(problem, message=f"the assertion {written} does not hold for {shapes}")


def _contradicts(op: Op, output: Tensor, stated: Stated) -> bool:
    """Names of the statement mean what they mean in the input; one that is not there says nothing."""
    if len(output.shape) != len(stated.shape):
        return True
    given = op.inputs[0] if op.inputs else None
    known = {name for size in given.shape for name in symbols(size)} if isinstance(given, Tensor) else set()
    pairs = [(a, b) for a, b in zip(output.shape, stated.shape, strict=True) if symbols(b) <= known]
    return differs([a for a, _ in pairs], [b for _, b in pairs])


def _problem(op: Op, output: Tensor, stated: Stated, trace: Trace) -> Problem:
    assert op.instance is not None
    shown = f"({', '.join(map(str, output.shape))})"
    wanted = f"({', '.join(map(str, stated.shape))})"
    message = f"{describe(op.instance)} gives {shown}; {wanted} is stated"
    repairs: tuple[Repair, ...] = ()
    found = slid(op)
    if found is not None and len(output.shape) == len(stated.shape):
        changes = to_target(found, stated.shape[-len(found.windows) :])
        repairs = (Repair(changes),) if changes else ()
    return Problem(
        "PAD203", message, op.instance.place, op, "padding" if found is not None else None, stated.shape,
        (stated.evidence,), repairs, declared=True, elsewhere=op.kind == "module",
    )  # fmt: skip


RULE = Rule("PAD203", "unexpected-output-shape", "error", "another shape than the one stated", find)
