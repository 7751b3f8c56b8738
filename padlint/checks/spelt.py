"""Repairs as expressions, for a layer that is built with several bindings, where one number would not do.

`same` for a layer of a helper: its padding by what its other arguments are written as. The features that arrive: by
what the layer that makes them was told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from padlint.arithmetic.dims import Unknown, equal
from padlint.checks.base import Change, Problem, Repair, Trace
from padlint.checks.layer import Slid
from padlint.checks.use import names_of
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import Derived, Instance
from padlint.finding import Place
from padlint.layers.base import Layer, Value
from padlint.syntax.source import Source
from padlint.written import argument_span

Written = Mapping[str, str]
_MADE = ("out_channels", "out_features")


def same_as_spelt(calls: Sequence[Slid], source: Source) -> tuple[Change, ...] | None:
    """`padding=dilation * (kernel_size - 1) // 2`, `(k - s) // 2` where transposed; None where no name is written."""
    first, known = calls[0], _written(calls[0], source)
    if first.windows[0].transposed:
        derived = Derived(_of_transposed(known), _amount_of_transposed) if known else None
    else:
        odd = all(equal(window.kernel % 2, 1) is True for call in calls for window in call.windows)
        derived = Derived(_of_window(known, odd), _amount) if known else None
    return _padded_by(calls, derived) if derived is not None else None


def full_as_spelt(calls: Sequence[Slid], source: Source) -> tuple[Change, ...] | None:
    """`padding=dilation * (kernel_size - 1)`, what a causal convolution has before its surplus is cut off."""
    first, known = calls[0], _written(calls[0], source)
    if first.windows[0].transposed or not known:
        return None
    kernel, dilation = known["kernel_size"], known.get("dilation", "1")
    reach = str(int(kernel) - 1) if kernel.isdecimal() else f"{kernel} - 1"
    factor = reach if reach.isdecimal() else f"({reach})"
    return _padded_by(calls, Derived(f"{dilation} * {factor}" if dilation != "1" else reach, _full_amount))


def _padded_by(calls: Sequence[Slid], derived: Derived) -> tuple[Change, ...] | None:
    """This padding, where it is a number for all calls."""
    amounts = [derived.of(call.module.args or {}) for call in calls]
    known = all(isinstance(amount, int) for amount in amounts)
    return (Change(calls[0].module.place, "padding", derived),) if known else None


def _written(call: Slid, source: Source) -> Written:
    """How the arguments are written that decide about padding; nothing where no name is among them."""
    if "padding" not in (call.module.args or {}):
        return {}
    place, layer = call.module.place, call.layer
    written = {name: spelt(place, name, layer, source) for name in ("kernel_size", "stride", "dilation")}
    known = {name: text for name, text in written.items() if text is not None}
    decides = ("kernel_size", "stride" if call.windows[0].transposed else "dilation")
    named = any(not known.get(name, "1").isdecimal() for name in decides)
    return known if named and "kernel_size" in known else {}


def features_as_spelt(problem: Problem, trace: Trace) -> Problem:
    """The same problem, with the expression for the features that arrive as its first repair, where there is one.

    The layer that makes them was built in the same call of the same function, before the one that takes them.
    """
    made, taken = _maker(problem.op, trace.run.record), problem.op.instance if problem.op is not None else None
    layer, argument = torch_layer(taken), problem.argument
    if made is None or taken is None or layer is None or argument is None or made.place.path != taken.place.path:
        return problem
    builts = {id(built.instance): (number, built) for number, built in enumerate(trace.run.record.built)}
    earlier, later = builts.get(id(made)), builts.get(id(taken))
    maker, source = torch_layer(made), trace.declarations.source(taken.place.path)
    if earlier is None or later is None or maker is None or earlier[0] > later[0]:
        return problem
    if not earlier[1].frames or earlier[1].frames[-1] is not later[1].frames[-1]:
        return problem
    own = spelt(taken.place, argument, layer, source)
    wanted = next((spelt(made.place, name, maker, source) for name in _MADE if name in (made.args or {})), None)
    if own is None or wanted is None or own == wanted or own.isdecimal() or wanted.isdecimal():
        return problem
    change = Change(taken.place, argument, Derived(wanted.strip("()"), lambda args: args[argument]))
    return replace(problem, repairs=(Repair((change,), keeps_state=False), *problem.repairs))


def _maker(op: Op | None, record: Record) -> Instance | None:
    """The layer that made the features that go into a call: the last one that says how many it gives."""
    while op is not None and op.inputs and (op := record.maker(op.inputs[0])) is not None:
        if op.kind != "layer" or op.instance is None:
            return None
        if set(_MADE) & set(op.instance.args or {}):
            return op.instance
    return None


def spelt(place: Place, argument: str, layer: Layer, source: Source) -> str | None:
    """What stands in the source for an argument, ready to be a factor; None where it is not given."""
    span = argument_span(source, place, argument, names_of(layer))
    text = source.text_of(span) if span is not None else ""
    if not text or "\n" in text:
        return None
    return text if text.replace(".", "").isidentifier() or text.isdecimal() else f"({text})"


def _of_window(written: Written, odd: bool) -> str:
    kernel, dilation = written["kernel_size"], written.get("dilation", "1")
    if kernel.isdecimal() and int(kernel) % 2:
        half = int(kernel) // 2
        return dilation if half == 1 else f"{half} * {dilation}"
    if dilation == "1":
        return f"{kernel} // 2" if odd else f"({kernel} - 1) // 2"
    return f"{dilation} * ({kernel} - 1) // 2"


def _of_transposed(written: Written) -> str:
    return f"({written['kernel_size']} - {written.get('stride', '1')}) // 2"


def _amount(args: Mapping[str, Value]) -> Value:
    """d*(k - 1)//2, which is `same` for odd kernels at any stride."""
    kernel, dilation = args.get("kernel_size"), args.get("dilation", 1)
    if isinstance(kernel, int) and isinstance(dilation, int) and kernel > 0 and dilation > 0:
        return dilation * (kernel - 1) // 2
    return Unknown("a padding that follows from numbers for each axis")


def _full_amount(args: Mapping[str, Value]) -> Value:
    """d*(k - 1)"""
    kernel, dilation = args.get("kernel_size"), args.get("dilation", 1)
    if isinstance(kernel, int) and isinstance(dilation, int):
        return dilation * (kernel - 1)
    return Unknown("a padding that follows from numbers for each axis")


def _amount_of_transposed(args: Mapping[str, Value]) -> Value:
    """(k - s)//2, which gives n*s where k - s is even."""
    kernel, stride = args.get("kernel_size"), args.get("stride")
    if isinstance(kernel, int) and isinstance(stride, int) and kernel >= stride:
        return (kernel - stride) // 2
    return Unknown("a padding that follows from numbers for each axis")
