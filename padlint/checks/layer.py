"""A layer in the words of a message, and its windows seen together with a pad layer in front of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.checks.flow import users
from padlint.evaluate.library.torch_functions import as_layer, as_pad_layer
from padlint.evaluate.modules import plain, torch_base_layer, torch_layer
from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import Instance
from padlint.layers.arguments import numbers
from padlint.layers.base import Layer, Tensor, Window
from padlint.layers.base import Value as LayerValue

_SHOWN = ("kernel_size", "stride", "padding", "dilation", "ceil_mode", "output_padding", "groups", "padding_mode")
_PADS = ("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad")


def describe(module: Instance, *also: str) -> str:
    """`Conv2d(kernel_size=5, padding=1)`: the class with what decides its sizes, torch's defaults left out."""
    layer = torch_layer(module)
    if layer is None or module.args is None:
        return module.cls.name
    shown: list[str] = []
    for parameter in layer.signature:
        value = module.args.get(parameter.name)
        wanted = parameter.name in also or parameter.name in _SHOWN
        default = not parameter.required and value == parameter.default and type(value) is type(parameter.default)
        if wanted and not isinstance(value, Unknown) and (parameter.name in also or not default):
            shown.append(f"{parameter.name}={value!r}" if isinstance(value, str) else f"{parameter.name}={text(value)}")
    return f"{module.cls.name}({', '.join(shown)})" if shown else module.cls.name


def text(value: object) -> str:
    """A value as Python would write it."""
    if isinstance(value, tuple):
        inner = ", ".join(text(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value) if isinstance(value, str) else str(value)


def shape_text(tensor: Tensor) -> str:
    """`(2, 64, 32, 32)`"""
    return f"({', '.join(map(str, tensor.shape))}{',' if len(tensor.shape) == 1 else ''})"


@dataclass(frozen=True, slots=True)
class Slid:
    """One call of a layer with windows: the sizes before and after, and the windows as they lie on what came in.

    A pad layer directly in front of the layer is part of its windows: `before` is what went into the pad layer.
    """

    op: Op | None
    layer: Layer
    module: Instance
    before: tuple[Dim, ...]
    after: tuple[Dim, ...]
    windows: tuple[Window, ...]
    pad: Op | None = None


def slid(op: Op) -> Slid | None:
    """The windows of a call, without what is padded in front of it; None for layers without windows and calls whose
    sizes are not known."""
    return _slid_by(op, op.instance) if op.kind == "layer" else None


def slid_within(op: Op) -> Slid | None:
    """The same for torch's own forward, also where a class of the program calls it as a part of its own."""
    return _slid(op, op.instance, torch_base_layer(op.instance)) if op.kind == "layer" else None


def slid_function(op: Op) -> Slid | None:
    """The same for a call of `F.max_pool2d` and its like, with the layer that it does the work of."""
    return _slid_by(op, as_layer(op)) if op.kind == "function" else None


def _slid_by(op: Op, module: Instance | None) -> Slid | None:
    return _slid(op, module, torch_layer(module))


def _slid(op: Op, module: Instance | None, layer: Layer | None) -> Slid | None:
    if module is None or layer is None or layer.windows is None or module.args is None:
        return None
    windows = layer.windows(module.args) if op.inputs and isinstance(op.inputs[0], Tensor) else Unknown("no tensor")
    if isinstance(windows, Unknown) or not isinstance(op.inputs[0], Tensor):
        return None
    before = op.inputs[0].shape[-len(windows) :]
    after = op.output.shape[-len(windows) :] if isinstance(op.output, Tensor) else ()
    return Slid(op, layer, module, before, after, windows)


def pad_layer(found: Slid) -> Slid | None:
    """The pad layer, or `F.pad`, in front of a layer, with the windows that both have together."""
    module = (found.pad.instance or as_pad_layer(found.pad)) if found.pad is not None else None
    layer = torch_layer(module)
    if found.pad is None or module is None or layer is None or not isinstance(found.pad.output, Tensor):
        return None
    return replace(found, op=found.pad, layer=layer, module=module, after=found.pad.output.shape[-len(found.before) :])


def padded(found: Slid, record: Record) -> Slid:
    """The same call with a pad layer in front of it, or `F.pad`, taken as part of its windows."""
    at: Op | None = found.op
    while at is not None and at.inputs and (before := record.maker(at.inputs[0])) is not None:
        if any(user is not at for user in users(before.number, record)):
            return found
        if _pad_amounts(before) is not None:
            found = _with_pad(found, before)
        elif not _keeps_sizes(before):
            return found
        at = before
    return found


def _keeps_sizes(op: Op) -> bool:
    """An activation, a dropout or a normalisation."""
    layer = torch_layer(op.instance)
    return op.kind == "layer" and layer is not None and (layer.same_input or "Norm" in layer.name)


def _pad_amounts(pad: Op) -> LayerValue:
    """What a pad layer, or the function, puts around the map: (left, right, top, bottom, ...)."""
    if pad.kind == "function" and pad.name == "pad":
        return plain(pad.call.get(1, "pad"))
    if pad.instance is not None and pad.name.startswith(_PADS) and torch_layer(pad.instance) is not None:
        return (pad.instance.args or {}).get("padding")
    return None


def _with_pad(found: Slid, pad: Op) -> Slid:
    amounts = _pad_amounts(pad)
    if amounts is None or not isinstance(pad.inputs[0], Tensor) or not isinstance(pad.output, Tensor):
        return found
    axes = len(found.windows)
    sides = numbers(amounts) if isinstance(amounts, tuple) else None
    if sides is None:
        single = numbers((amounts,))
        if single is None:
            return found
        sides = single * (2 * axes)
    if len(sides) != 2 * axes:
        return found
    pairs = [(sides[2 * axis], sides[2 * axis + 1]) for axis in reversed(range(axes))]
    windows = tuple(
        replace(window, lo=window.lo + lo, hi=window.hi + hi)
        for window, (lo, hi) in zip(found.windows, pairs, strict=True)
    )
    return replace(found, before=pad.inputs[0].shape[-axes:], windows=windows, pad=pad)


def differs(found: Sequence[Dim], wanted: Sequence[Dim]) -> bool:
    """Are two lists of sizes proved to be different?"""
    return any(equal(a, b) is False for a, b in zip(found, wanted, strict=True))
