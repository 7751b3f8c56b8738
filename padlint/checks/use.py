"""What becomes of a layer's output, and how its arguments are written: evidence for what is meant."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Trace
from padlint.checks.flow import before
from padlint.checks.layer import Slid, padded, slid
from padlint.checks.refusals import called
from padlint.evaluate.havoc import walk
from padlint.evaluate.record import Op
from padlint.finding import Place
from padlint.layers.base import Layer, Tensor
from padlint.syntax import ir
from padlint.syntax.source import Source


def undeclared(trace: Trace) -> Iterator[Slid]:
    """Calls of layers with windows of which nothing is declared, and that nothing later is seen to fit."""
    record = trace.run.record
    fitting = before(_fits, record)
    for op in called(trace):
        if op.refusal is not None or op.guarded or op.instance is None or trace.declarations.stated(op) is not None:
            continue
        found = slid(op, record)
        if found is None or not found.after or padded(found, record).pad is not None or op.number in fitting:
            continue
        if trace.declarations.intent(op, record) is None:
            yield found


def _fits(user: Op) -> bool:
    """Is a tensor cropped here, or joined with another one that it fits?"""
    others = sum(isinstance(value, Tensor) for value in user.inputs) - 1
    joined = user.kind == "function" and user.refusal is None and others > 0
    return joined or user.name == "index" or "pad" in user.name.lower()


def written(source: Source, place: Place, argument: str, layer: Layer) -> ir.Expression | None:
    """The expression that an argument of a layer's call is written as."""
    call = next((node for node in _nodes(source.lower(place.statement)) if node.at == place.node), None)
    if not isinstance(call, ir.Call):
        return None
    names = [parameter.name for parameter in layer.signature]
    for position, each in enumerate(call.args):
        if each.star:
            return None
        if each.keyword == argument or (each.keyword is None and names[position : position + 1] == [argument]):
            return each.value
    return None


def _nodes(block: ir.Block) -> Iterator[ir.Node]:
    for node in walk(block):
        yield node
        if isinstance(node, ir.Function | ir.Class):
            yield from _nodes(node.body)


def halves(padding: ir.Expression | None, kernel: ir.Expression | None) -> bool:
    """Is one expression `k // 2` or `(k - 1) // 2` of the other, `k` a name or attribute?"""
    if not isinstance(padding, ir.Binary) or padding.op != "//" or not _is(padding.right, 2):
        return False
    base = padding.left
    if isinstance(base, ir.Binary) and base.op == "-" and _is(base.right, 1):
        base = base.left
    return kernel is not None and (spelt := _spelt(base)) is not None and spelt == _spelt(kernel)


def _is(node: ir.Expression, value: int) -> bool:
    return isinstance(node, ir.Constant) and node.value == value


def _spelt(node: ir.Expression) -> str | None:
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        inner = _spelt(node.value)
        return f"{inner}.{node.attr}" if inner is not None else None
    return None
