"""Where the value of a layer's argument is given: at the layer, or at the call of the function that only passes it on.

`nn.Conv2d(cin, cout, k, padding=p)` in a helper is right for most of its callers: a value that is wrong for one of them
stands in that one's call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from padlint.checks.base import Change, Repair
from padlint.checks.use import argument_of, call_at, names_of
from padlint.evaluate.modules import torch_base_layer
from padlint.evaluate.record import Built, Frame
from padlint.evaluate.values import ClassValue, Derived, initialiser
from padlint.finding import Place
from padlint.syntax import ir
from padlint.syntax.source import Source

Sources = Callable[[str], Source]


@dataclass(frozen=True, slots=True)
class Given:
    """A call of the program, and which of its arguments a layer gets."""

    place: Place
    argument: str


def given_at(built: Built | None, argument: str, source: Sources) -> Given | None:
    """The outermost call that gives the value of a layer's argument; None where that is the layer's own."""
    layer = torch_base_layer(built.instance) if built is not None else None
    if built is None or layer is None:
        return None
    found: Given | None = None
    place, names = built.place, names_of(layer)
    value = (built.instance.args or {}).get(argument)
    for frame in reversed(built.frames):
        parameter = _passed(call_at(source(place.path), place), argument, names, frame)
        if parameter is None or (built.instance.args and not _same(dict(frame.arguments).get(parameter, value), value)):
            break
        place, argument, names = frame.place, parameter, positional(frame)
        if not _can_give(call_at(source(place.path), place), argument, names, frame):
            break
        found = Given(place, argument)
    return found


def moved(repair: Repair, place: Place, argument: str, given: Given) -> Repair | None:
    """A repair of a layer's argument as one of the call that gives it; None where it speaks of the layer's own names."""
    if any(isinstance(change.value, Derived) for change in repair.changes):
        return None
    return replace(repair, changes=tuple(_moved(change, place, argument, given) for change in repair.changes))


def _moved(change: Change, place: Place, argument: str, given: Given) -> Change:
    own = change.place == place and change.argument == argument
    return Change(given.place, given.argument, change.value) if own else change


def positional(frame: Frame) -> tuple[str, ...]:
    """The parameters that a call gives by position, without the one for the instance."""
    bound = {name for name, _ in frame.arguments}
    kinds = ("positional", "positional_only")
    return tuple(each.name for each in _parameters(frame) if each.kind in kinds and each.name in bound)


def _parameters(frame: Frame) -> Iterable[ir.Parameter]:
    function = initialiser(frame.callee) if isinstance(frame.callee, ClassValue) else frame.callee
    return function.node.parameters if function is not None else ()


def _passed(call: ir.Call | None, argument: str, names: tuple[str, ...], frame: Frame) -> str | None:
    """The parameter of the function around a call that is passed on as this argument."""
    if call is None or any(each.star == "*" for each in call.args):
        return None
    kinds = {each.name: each.kind for each in _parameters(frame)}
    written = argument_of(call, argument, names)
    if isinstance(written, ir.Name) and kinds.get(written.id) not in (None, "args", "kwargs"):
        return written.id
    rest = [each.value for each in call.args if each.star == "**"]
    whole = len(rest) == 1 and isinstance(rest[0], ir.Name) and kinds.get(rest[0].id) == "kwargs"
    return argument if written is None and whole else None


def _can_give(call: ir.Call | None, argument: str, names: tuple[str, ...], frame: Frame) -> bool:
    """Does a call give this argument, or could it, as one of any name?"""
    if call is None or any(each.star for each in call.args):
        return False
    return argument_of(call, argument, names) is not None or argument not in {each.name for each in _parameters(frame)}


def _same(a: object, b: object) -> bool:
    return type(a) is type(b) and a == b
