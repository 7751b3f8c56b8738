"""What becomes of a layer's output, and how its arguments are written: evidence for what is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from padlint.checks.base import Trace
from padlint.checks.flow import before
from padlint.checks.layer import Slid, padded, slid
from padlint.evaluate.havoc import walk
from padlint.evaluate.record import Op
from padlint.finding import Place
from padlint.layers.base import Layer, Tensor
from padlint.syntax import ir
from padlint.syntax.source import Source


def undeclared(trace: Trace, suspect: Callable[[Slid], bool]) -> Iterator[Slid]:
    """Calls of layers with windows that are suspect, of which nothing is declared, and that nothing later is seen to fit."""
    record, declarations = trace.run.record, trace.declarations
    bare = [op for op in trace.calls if op.refusal is None and not op.guarded and op.instance is not None]
    found = [each for op in bare if (each := slid(op)) is not None and each.after and suspect(each)]
    fitting = before(_fits, record) if found else set()
    for each in found:
        op = each.op
        if op is None or op.number in fitting or padded(each, record).pad is not None:
            continue
        if declarations.stated(op) is None and declarations.intent(op, record) is None:
            yield each


def _fits(user: Op) -> bool:
    """Is a tensor cropped here, or joined with another one that it fits?"""
    others = sum(isinstance(value, Tensor) for value in user.inputs) - 1
    joined = user.kind == "function" and user.refusal is None and others > 0
    return joined or user.name == "index" or "pad" in user.name.lower()


def written(source: Source, place: Place, argument: str, layer: Layer) -> ir.Expression | None:
    """The expression that an argument of a layer's call is written as."""
    call = call_at(source, place)
    return argument_of(call, argument, names_of(layer)) if call is not None else None


def call_at(source: Source, place: Place) -> ir.Call | None:
    """The call that stands at a place, if it is one."""
    node = next((node for node in _nodes(source.lower(place.statement)) if node.at == place.node), None)
    return node if isinstance(node, ir.Call) else None


def argument_of(call: ir.Call, argument: str, names: Sequence[str]) -> ir.Expression | None:
    """The expression given for an argument, by keyword or by its position among the names; None behind a star."""
    for position, each in enumerate(call.args):
        if each.star:
            return None
        if each.keyword == argument or (each.keyword is None and list(names[position : position + 1]) == [argument]):
            return each.value
    return None


def names_of(layer: Layer) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in layer.signature)


def _nodes(block: ir.Node | tuple[object, ...]) -> Iterator[ir.Node]:
    """Every node below, with those that run only when a function is called."""
    for node in walk(block):
        yield node
        if isinstance(node, ir.Function | ir.Class | ir.Lambda):
            yield from _nodes(node.body)


def halves(padding: ir.Expression | None, kernel: ir.Expression | None) -> bool:
    """Is one expression `k // 2` or `(k - 1) // 2` of the other, `k` a name or attribute?"""
    if not isinstance(padding, ir.Binary) or padding.op != "//" or not _is(padding.right, 2):
        return False
    base = padding.left
    if isinstance(base, ir.Binary) and base.op == "-" and _is(base.right, 1):
        base = base.left
    return kernel is not None and (spelt := ir.spelt(base)) is not None and spelt == ir.spelt(kernel)


def _is(node: ir.Expression, value: int) -> bool:
    return isinstance(node, ir.Constant) and node.value == value
