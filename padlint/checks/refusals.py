"""What torch would raise, as the catalogue says: when a layer is built and when it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from padlint.arithmetic.dims import Expr
from padlint.arithmetic.terms import symbols_of
from padlint.checks.base import Change, Problem, Repair, Trace
from padlint.checks.flow import upstream
from padlint.checks.layer import describe, shape_text
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal, Tensor

Mend = Callable[[Instance, Refusal, "Op | None"], tuple[Repair, ...]]


def nothing(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    return ()


def as_wanted(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    """Give the argument the value that torch would take, unless that is a free size, for which there is no name."""
    wanted = refusal.wanted
    free = isinstance(wanted, Expr) and any(one.minimum is not None for one in symbols_of(wanted.total))
    if refusal.argument is None or wanted is None or free:
        return ()
    return (Repair((Change(module.place, refusal.argument, refusal.wanted),), keeps_state=False),)


def built_refusals(trace: Trace, code: str, mend: Mend = nothing) -> Iterator[Problem]:
    """Layers that torch would not build, or that can never be called."""
    calls = {id(op.instance): op for op in trace.run.record.ops if op.kind == "layer"}
    for built in trace.run.record.built:
        module, refusal = built.instance, built.instance.refusal
        if refusal is not None and refusal.code == code and not built.guarded:
            op = calls.get(id(module))
            message = f"{name_of(module)}: {refusal.message}"
            repairs = mend(module, refusal, op)
            yield Problem(code, message, module.place, op, refusal.argument, repairs=repairs)


def call_refusals(trace: Trace, code: str, mend: Mend = nothing, elsewhere: bool = False) -> Iterator[Problem]:
    """Calls that torch would refuse. Such a call is not looked into where it is not known to happen."""
    for op in trace.calls:
        module, refusal = op.instance, op.refusal
        if refusal is None or refusal.code != code or op.guarded:
            continue
        if module is None:
            shapes = " and ".join(shape_text(value) for value in op.inputs if isinstance(value, Tensor))
            yield Problem(code, f"{op.name} of {shapes}: {refusal.message}", op.place, op, elsewhere=True)
            continue
        repairs = mend(module, refusal, op)
        message = f"{describe(module)} {refusal.message}"
        yield Problem(code, message, module.place, op, refusal.argument, repairs=repairs, elsewhere=elsewhere)


def unfit(trace: Trace, *, residual: bool) -> Iterator[Problem]:
    """Tensors that are added and do not fit: one made from the other (`residual`), or both made beside each other."""
    for problem in call_refusals(trace, "PAD207", elsewhere=True):
        op = problem.op
        if op is not None and is_residual(op, trace.run.record) is residual:
            yield problem


def unflattened(problem: Problem) -> bool:
    """Is a Linear given maps, not features?"""
    op = problem.op
    given = op.inputs[0] if op is not None and op.kind == "layer" and op.inputs else None
    return isinstance(given, Tensor) and len(given.shape) >= 4


def is_residual(op: Op, record: Record) -> bool:
    """Does what one operand was made from include the other, or the input of the whole?"""
    makers = [record.maker(value) for value in op.inputs if isinstance(value, Tensor)]
    known = [maker for maker in makers if maker is not None]
    if len(known) < len(makers):
        return True
    return any(other in upstream(maker, record) for maker in known for other in known if other is not maker)


def name_of(module: Instance) -> str:
    layer = torch_layer(module)
    return describe(module) if layer is not None and module.args is not None else module.cls.name
