"""The layers of torch.nn by name, and the binding of a call's arguments to their parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

import padlint.layers
from padlint.arithmetic.dims import Unknown
from padlint.layers.base import Arguments, Layer, Parameter, Refusal, Tensor, Value


class Signed(Protocol):
    """What has a signature: a layer of torch or of Keras."""

    @property
    def signature(self) -> tuple[Parameter, ...]: ...


@cache
def layers() -> Mapping[str, Layer]:
    """Every declared layer by its name in torch.nn: the `LAYERS` of every module of this package."""
    found: dict[str, Layer] = {}
    for module in iter_modules(padlint.layers.__path__, "padlint.layers."):
        declared: tuple[Layer, ...] = () if module.ispkg else getattr(import_module(module.name), "LAYERS", ())
        found.update((layer.name, layer) for layer in declared)
    return found


def find(name: str) -> Layer | None:
    """The layer that torch.nn calls `name`; None for a name that is no layer."""
    return layers().get(name)


def kept(layer: Layer, arguments: Arguments, name: str) -> Value:
    """What a built layer has under the name of one of its arguments."""
    others = layer.kept(arguments)
    if name in others or name != "bias":
        return others.get(name, arguments[name])
    slots = layer.state(arguments)
    if isinstance(slots, Unknown):
        return slots
    return next((Tensor(slot.shape) for slot in slots if slot.name == "bias"), None)


def bind(layer: Signed, positional: Sequence[Value], keywords: Mapping[str, Value]) -> Arguments | Refusal:
    """The arguments by name, defaults filled in. PAD106 where Python raises.

    Under the names of *args and **kwargs stand the surplus values and the surplus names.
    """
    by_place = [parameter.name for parameter in layer.signature if parameter.kind == "positional"]
    named = {parameter.name for parameter in layer.signature if parameter.kind in ("positional", "keyword")}
    surplus = {parameter.kind: parameter.name for parameter in layer.signature if parameter.name not in named}
    if len(positional) > len(by_place) and "args" not in surplus:
        return Refusal("PAD106", f"takes {_count(len(by_place))}, gets {len(positional)}")
    bound: dict[str, Value] = dict(zip(by_place, positional, strict=False))
    for name, value in keywords.items():
        if name in bound:
            return Refusal("PAD106", f"gets {name!r} twice", name)
        if name in named:
            bound[name] = value
        elif "kwargs" not in surplus:
            return Refusal("PAD106", f"has no argument {name!r}", name)
    if "args" in surplus:
        bound[surplus["args"]] = tuple(positional[len(by_place) :])
    if "kwargs" in surplus:
        bound[surplus["kwargs"]] = tuple(name for name in keywords if name not in named)
    return _complete(layer, bound)


def _complete(layer: Signed, bound: dict[str, Value]) -> Arguments | Refusal:
    missing = [parameter.name for parameter in layer.signature if parameter.required and parameter.name not in bound]
    if missing:
        return Refusal("PAD106", f"needs {', '.join(missing)}")
    return {parameter.name: bound.get(parameter.name, parameter.default) for parameter in layer.signature}


def _count(arguments: int) -> str:
    return "1 argument" if arguments == 1 else f"{arguments} arguments"
