"""`x.view(-1, 400)` where a sample has another number of elements: the number that a Linear behind it takes, too."""

from __future__ import annotations

from dataclasses import replace

from padlint.arithmetic.dims import Dim, equal
from padlint.checks.base import Change, Problem, Repair, Trace
from padlint.checks.layer import describe, shape_text
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.values import Instance
from padlint.layers.base import Tensor


def at_linear(problem: Problem, trace: Trace) -> Problem:
    """The problem of such a view at the Linear that was written for the same number, with the repair of both."""
    op = problem.op
    if op is None or op.kind != "function" or op.name != "view" or not isinstance(op.inputs[0], Tensor):
        return problem
    sizes = op.call.args[1:]
    if len(sizes) != 2 or equal_size(sizes[0], -1) is not True or not isinstance(sizes[1], int):
        return problem
    elements: Dim = 1
    for size in op.inputs[0].shape[1:]:
        elements = elements * size
    linears = [
        built.instance
        for built in trace.run.record.everything_built()
        if (layer := torch_layer(built.instance)) is not None
        and layer.name == "Linear"
        and equal_size((built.instance.args or {}).get("in_features"), sizes[1]) is True
    ]
    if len(linears) != 1 or not isinstance(elements, int):
        return problem
    return _repaired(problem, linears[0], elements)


def mixes_samples(problem: Problem, trace: Trace) -> bool:
    """Does the view that was refused make another number of samples now? Such elements fit by chance: nothing is mended."""
    if problem.op is None or problem.op.name != "view":
        return False
    views = [op for op in trace.run.record.ops if op.name == "view" and op.place == problem.op.place]
    return any(
        isinstance(before := op.inputs[0], Tensor)
        and isinstance(op.output, Tensor)
        and equal(before.shape[0], op.output.shape[0]) is False
        for op in views
    )


def _repaired(problem: Problem, linear: Instance, elements: int) -> Problem:
    assert problem.op is not None
    changes = (Change(problem.op.place, 1, elements), Change(linear.place, "in_features", elements))
    given = shape_text(problem.op.inputs[0]) if isinstance(problem.op.inputs[0], Tensor) else ""
    taken = (linear.args or {}).get("in_features")
    message = (
        f"{describe(linear)} takes {taken} features, as the view before it says; a sample of {given} has {elements}"
    )
    repairs = (Repair(changes, keeps_state=False),)
    return replace(problem, place=linear.place, argument="in_features", message=message, repairs=repairs)


def equal_size(value: object, size: int) -> bool | None:
    return equal(value, size) if isinstance(value, int) else None
