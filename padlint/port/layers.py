"""The lines of PyTorch that compute what one layer of Keras computes, and how its weights are copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import padlint.port
from padlint.arithmetic.dims import Unknown
from padlint.evaluate.keras_rules import through
from padlint.evaluate.values import KerasObject
from padlint.layers.base import Refusal, Shape
from padlint.port.elements import activation
from padlint.port.line import CannotPort, Copy, Line, Order, Place, Wanted, Writer, in_torch, permuted

_OWN_ACTIVATION = frozenset({"Activation", "LSTM", "GRU", "SimpleRNN"})
_ALIKE = frozenset({"Dense", "Activation", "Dropout", "ReLU", "LeakyReLU", "ELU"})
"""Layers that do at each step what they do to all of them at once."""


@cache
def writers() -> Mapping[str, Writer]:
    """How each layer is written: the `WRITERS` of every module of this package."""
    found: dict[str, Writer] = {}
    for module in iter_modules(padlint.port.__path__, f"{padlint.port.__name__}."):
        if module.name != __name__:
            found.update(getattr(import_module(module.name), "WRITERS", {}))
    return found


def lines(layer: KerasObject, before: Shape, order: Order) -> tuple[list[Line], Order]:
    """The lines for a layer, its activation included, with a permutation in front where one is needed; and the order of
    axes behind it. Raises CannotPort."""
    after = through(layer, before)
    if not isinstance(after, tuple):
        raise CannotPort(_reason(after))
    inner = layer.parts.get("layer")
    if layer.kind == "TimeDistributed" and inner is not None and inner.layer is not None:
        return lines(inner, before, order) if inner.kind in _ALIKE else _each_step(inner, before, order)
    writer = writers().get(layer.kind)
    if writer is None:
        raise CannotPort("no layer of torch is known for it")
    at = Place(layer, before, after, order, dict(layer.args))
    wanted = writer.wants(at)
    found = list(permuted(order, wanted, before))
    at = replace(at, order=wanted.order)
    found += writer.write(at)
    given = writer.gives(at)
    function = layer.parts.get("activation")
    if function is not None:
        more, given = lines(function, after, given)
        found += more
    elif layer.kind not in _OWN_ACTIVATION and at.args.get("activation") is not None:
        found += activation(at.args["activation"], given)
    return found, given


def _reason(after: Refusal | Unknown) -> str:
    return after.message if isinstance(after, Refusal) else after.reason


def _each_step(inner: KerasObject, before: Shape, order: Order) -> tuple[list[Line], Order]:
    """One module that is called on all steps of a batch as if they were a larger batch."""
    shape = (before[0], *before[2:])
    own, given = lines(inner, shape, in_torch(len(shape)))
    found = list(permuted(order, Wanted((0, 1, *(each + 1 for each in in_torch(len(shape))[1:]))), before))
    paths = ["module"] if len(own) == 1 else [f"module[{index}]" for index in range(len(own))]
    copies: list[Copy] = []
    taken = 0
    for path, line in zip(paths, own, strict=True):
        copies += [Copy(f"{path}.{each.attribute}", taken + each.weight, each.turned) for each in line.copies]
        taken += counted(line)
    inside = own[0].written if len(own) == 1 else f"nn.Sequential({', '.join(line.written for line in own)})"
    found += [Line(f"EachStep({inside})", "", tuple(copies), "EachStep")]
    return found, (0, 1, *(each + 1 for each in given[1:]))


def counted(line: Line) -> int:
    """How many weights of Keras a line uses up."""
    return max((each.weight + 1 for each in line.copies), default=0)
